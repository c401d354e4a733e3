// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From text to tokens: names of tokens are found first, what is between them
// is normalized, cut into pieces and given to the model. This file is also the
// border that no exception crosses.

#include "runtime/text/tokenizer.h"

#include "runtime/core/status.h"
#include "runtime/text/decoder.h"
#include "runtime/text/tokenizer_state.h"
#include "runtime/text/utf8.h"

#include <algorithm>
#include <new>

using namespace qcc::text;

// Offsets in a text are 32 bits, and a step may make it several times longer.
static constexpr int64_t kLongestText = 1 << 28;

namespace {

/// One call of qcc_rt_tokenize.
class Run {
public:
  Run(const qcc_rt_tokenizer_t &tokenizer, uint32_t flags)
      : tokenizer(tokenizer), view(tokenizer.view), flags(flags) {}

  void run(std::string_view text);

  Tokens tokens;

private:
  bool wantsSpecial() const { return flags & QCC_RT_PARSE_SPECIAL; }
  void runPart(std::string_view text, PartPlace place);
  void runNormalized(std::string_view text, bool isFirst);
  void encode(std::string_view piece);

  const qcc_rt_tokenizer_t &tokenizer;
  const DataView &view;
  uint32_t flags;
  std::vector<FoundToken> found, foundNormalized;
  std::string normalized;
  Pieces pieces;
  Scratch scratch;
};

} // namespace

void Run::run(std::string_view text) {
  std::string valid;
  if (!(view.header->flags & kRawBytes)) {
    valid.reserve(text.size());
    appendValid(text, valid);
    text = valid;
  }
  if (flags & QCC_RT_ADD_SPECIAL)
    tokens.assign(view.prefixIds.begin(), view.prefixIds.end());
  tokenizer.added.find(text, wantsSpecial(), found);
  size_t last = 0;
  for (const FoundToken &token : found) {
    if (last < token.begin)
      runPart(text.substr(last, token.begin - last), {last == 0, true});
    tokens.push_back(token.id);
    last = token.end;
  }
  if (last < text.size())
    runPart(text.substr(last), {last == 0, true});
  if (flags & QCC_RT_ADD_SPECIAL)
    tokens.insert(tokens.end(), view.suffixIds.begin(), view.suffixIds.end());
}

void Run::runPart(std::string_view text, PartPlace place) {
  normalized.assign(text);
  tokenizer.normalizer.apply(place, normalized);
  if (!tokenizer.added.hasNormalized())
    return runNormalized(normalized, place.isFirst);
  text = normalized;
  tokenizer.added.findNormalized(text, wantsSpecial(), foundNormalized);
  size_t last = 0;
  for (const FoundToken &token : foundNormalized) {
    if (last < token.begin)
      runNormalized(text.substr(last, token.begin - last),
                    place.isFirst && last == 0);
    tokens.push_back(token.id);
    last = token.end;
  }
  if (last < text.size())
    runNormalized(text.substr(last), place.isFirst && last == 0);
}

void Run::runNormalized(std::string_view text, bool isFirst) {
  pieces.text.assign(text);
  tokenizer.preTokenizer.apply(pieces, isFirst);
  for (const Piece &piece : pieces.pieces)
    if (piece.begin != piece.end)
      encode(pieces.get(piece));
}

void Run::encode(std::string_view piece) {
  switch (view.header->model) {
  case Model::BytePair:
    return encodeBytePair(view, piece, scratch, tokens);
  case Model::ScoredPair:
    return encodeScoredPair(view, piece, scratch, tokens);
  case Model::Unigram:
    return encodeUnigram(view, piece, scratch, tokens);
  case Model::WordPiece:
    return encodeWordPiece(view, piece, scratch, tokens);
  case Model::WordLevel:
    return encodeWordLevel(view, piece, tokens);
  }
}

/// Runs `body`, and makes what it throws a status.
template <typename Body>
static qcc_code_t guard(qcc_status_t *status, Body body) {
  try {
    return body();
  } catch (const PatternError &) {
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a text that the tokenizer's patterns split "
                       "within their limits, but got one that takes longer");
  } catch (const UnknownError &) {
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a text that the model has tokens for, but "
                       "got other characters and no token for unknown ones");
  } catch (...) {
    // Allocation fails as std::bad_alloc, or std::length_error.
    return qcc_rt_fail(status, QCC_OUT_OF_MEMORY,
                       "expected memory for a text, but got none");
  }
}

extern "C" {

qcc_code_t qcc_rt_tokenizer_create(const uint8_t *data, int64_t size,
                                   qcc_rt_tokenizer_t **tokenizer,
                                   qcc_status_t *status) {
  *tokenizer = nullptr;
  return guard(status, [&] {
    auto made = std::make_unique<qcc_rt_tokenizer_t>();
    if (const char *expected = made->view.open(data, size_t(size)))
      return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                         "expected %s in a tokenizer, but got others",
                         expected);
    std::string why;
    if (!made->normalizer.open(made->view, why) ||
        !made->preTokenizer.open(made->view, why))
      return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                         "expected a pattern, but got an error: %s",
                         why.c_str());
    made->added.open(made->view);
    *tokenizer = made.release();
    return qcc_rt_succeed(status);
  });
}

void qcc_rt_tokenizer_destroy(qcc_rt_tokenizer_t *tokenizer) {
  delete tokenizer;
}

qcc_code_t qcc_rt_tokenize(const qcc_rt_tokenizer_t *tokenizer,
                           qcc_rt_text_t text, uint32_t flags,
                           qcc_rt_ids_t *ids, qcc_status_t *status) {
  ids->count = 0;
  if (text.size < 0 || text.size > kLongestText)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a text of at most %lld bytes, but got %lld",
                       static_cast<long long>(kLongestText),
                       static_cast<long long>(text.size));
  return guard(status, [&] {
    Run run(*tokenizer, flags);
    run.run({text.data, size_t(text.size)});
    ids->count = int64_t(run.tokens.size());
    std::copy_n(run.tokens.begin(),
                std::clamp<int64_t>(ids->capacity, 0, ids->count), ids->data);
    return qcc_rt_succeed(status);
  });
}

/// An id that is out of range, or true.
static bool checkIds(const qcc_rt_tokenizer_t *tokenizer, const int32_t *ids,
                     int64_t count, qcc_status_t *status) {
  for (int64_t i = 0; i < count; ++i)
    if (ids[i] < 0 || uint32_t(ids[i]) >= tokenizer->view.header->vocabulary) {
      qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                  "expected ids below %u, but got %d at %lld",
                  tokenizer->view.header->vocabulary, ids[i],
                  static_cast<long long>(i));
      return false;
    }
  return true;
}

static void copyText(const std::string &from, qcc_rt_buffer_t *text) {
  text->size = int64_t(from.size());
  from.copy(text->data,
            size_t(std::clamp<int64_t>(text->capacity, 0, text->size)));
}

qcc_code_t qcc_rt_detokenize(const qcc_rt_tokenizer_t *tokenizer,
                             const int32_t *ids, int64_t count, uint32_t flags,
                             qcc_rt_buffer_t *text, qcc_status_t *status) {
  text->size = 0;
  if (!checkIds(tokenizer, ids, count, status))
    return QCC_INVALID_ARGUMENT;
  return guard(status, [&] {
    Decoder decoder(tokenizer->view, flags);
    std::string result;
    for (int64_t i = 0; i < count; ++i)
      decoder.add(ids[i], result);
    copyText(result, text);
    return qcc_rt_succeed(status);
  });
}

/// How many bytes at the end may still become a character.
static size_t countPending(std::string_view bytes) {
  for (size_t tail = std::min<size_t>(bytes.size(), 3); tail > 0; --tail)
    if (missingBytes(bytes.substr(bytes.size() - tail)) != 0)
      return tail;
  return 0;
}

qcc_code_t qcc_rt_stream(const qcc_rt_tokenizer_t *tokenizer,
                         qcc_rt_stream_t *state, const int32_t *ids,
                         int64_t count, qcc_rt_buffer_t *text,
                         qcc_status_t *status) {
  text->size = 0;
  if (!checkIds(tokenizer, ids, count, status))
    return QCC_INVALID_ARGUMENT;
  return guard(status, [&] {
    qcc_rt_stream_t next = *state;
    Decoder decoder(tokenizer->view, next.flags);
    decoder.load(next);
    std::string bytes(reinterpret_cast<char *>(next.pending),
                      std::min<size_t>(next.num_pending, 3));
    for (int64_t i = 0; i < count; ++i)
      decoder.add(ids[i], bytes);
    decoder.save(next);
    size_t pending = countPending(bytes), whole = bytes.size() - pending;
    next.num_pending = uint32_t(pending);
    bytes.copy(reinterpret_cast<char *>(next.pending), pending, whole);
    std::string result;
    appendValid(std::string_view(bytes).substr(0, whole), result);
    copyText(result, text);
    if (text->size <= text->capacity)
      *state = next;
    return qcc_rt_succeed(status);
  });
}

void qcc_rt_tokenizer_info(const qcc_rt_tokenizer_t *tokenizer,
                           qcc_rt_tokenizer_info_t *info) {
  const DataView &view = tokenizer->view;
  const Header &header = *view.header;
  std::string_view chat = view.getText(header.chatTemplate);
  *info = {int32_t(header.vocabulary),
           header.bos,
           header.eos,
           header.eot,
           header.unknown,
           header.pad,
           int32_t(view.endIds.size),
           0,
           view.endIds.data,
           chat.data(),
           int64_t(chat.size())};
}

const char *qcc_rt_token_text(const qcc_rt_tokenizer_t *tokenizer, int32_t id,
                              int64_t *size) {
  *size = 0;
  if (id < 0 || uint32_t(id) >= tokenizer->view.header->vocabulary)
    return nullptr;
  std::string_view text = tokenizer->view.getSymbol(uint32_t(id));
  *size = int64_t(text.size());
  return text.data();
}

int32_t qcc_rt_token_is_special(const qcc_rt_tokenizer_t *tokenizer,
                                int32_t id) {
  if (id < 0 || uint32_t(id) >= tokenizer->view.header->vocabulary)
    return 0;
  uint8_t kind = tokenizer->view.tokenKinds[uint32_t(id)];
  return kind == kControl || kind == kUnknown;
}

} // extern "C"
