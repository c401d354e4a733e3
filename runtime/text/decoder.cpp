// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The steps of decoders, as Hugging Face's library and GGUF's readers define
// them.

#include "runtime/text/decoder.h"

#include "runtime/text/normalizer.h"
#include "runtime/text/utf8.h"

namespace qcc::text {

Decoder::Decoder(const DataView &view, uint32_t flags)
    : view(view), showsSpecial(flags & QCC_RT_SHOW_SPECIAL) {
  if (flags & QCC_RT_CONTINUES) {
    isFirst = false;
    isStripping = false;
  }
}

void Decoder::load(const qcc_rt_stream_t &state) {
  isFirst = isFirst && !(state.decoder[0] & 1);
  endsWord = state.decoder[0] & 2;
  isStripping = isStripping && !(state.decoder[0] & 4);
  stripped = state.decoder[1];
}

void Decoder::save(qcc_rt_stream_t &state) const {
  state.decoder[0] = uint64_t(!isFirst) | uint64_t(endsWord) << 1 |
                     uint64_t(!isStripping) << 2;
  state.decoder[1] = stripped;
}

/// The byte that a token like <0x0A> stands for, or -1.
static int32_t byteOfToken(std::string_view token) {
  if (token.size() != 6 || token.substr(0, 3) != "<0x" || token[5] != '>')
    return -1;
  int32_t value = 0;
  for (char letter : token.substr(3, 2)) {
    int32_t digit = letter >= '0' && letter <= '9'   ? letter - '0'
                    : letter >= 'A' && letter <= 'F' ? letter - 'A' + 10
                    : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
                                                     : -1;
    if (digit < 0)
      return -1;
    value = value * 16 + digit;
  }
  return value;
}

/// GPT-2's letters to bytes; a token with another letter stays as it is.
static void unmapBytes(std::string &token) {
  std::string bytes;
  for (size_t i = 0; i < token.size();) {
    size_t length = validLength(std::string_view(token).substr(i));
    int32_t byte = length == 0 ? -1 : byteOfLetter(decodeAt(&token[i]));
    if (byte < 0)
      return;
    bytes += char(byte);
    i += length;
  }
  token.swap(bytes);
}

static void cleanUp(std::string &token) {
  constexpr std::string_view kRules[][2] = {
      {" .", "."},   {" ?", "?"},     {" !", "!"},    {" ,", ","},
      {" ' ", "'"},  {" n't", "n't"}, {" 'm", "'m"},  {" do not", " don't"},
      {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};
  for (const auto &rule : kRules)
    replaceAll(rule[0], rule[1], token);
}

static bool startsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

static bool endsWith(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() &&
         text.substr(text.size() - suffix.size()) == suffix;
}

void Decoder::joinWordPieces(const Step &step, std::string &token) {
  std::string_view prefix = view.getText(step.first);
  if (!isFirst) {
    if (!prefix.empty() && startsWith(token, prefix))
      token.erase(0, prefix.size());
    else
      token.insert(0, 1, ' ');
  }
  if (step.flags & kCleanUp)
    cleanUp(token);
}

/// The suffix is a space, but at the end of the text it is nothing: so it
/// waits for the next token.
void Decoder::endWord(std::string_view suffix, std::string &token) {
  if (!suffix.empty() && endsWith(token, suffix)) {
    token.erase(token.size() - suffix.size());
    endsWord = true;
  }
  replaceAll(suffix, " ", token);
}

void Decoder::stripText(const Step &step, std::string &token) {
  std::string_view text = view.getText(step.first);
  if (text.empty())
    return;
  uint64_t count = isFused ? stripped : 0;
  bool isAtStart = !isFused || isStripping;
  while (isAtStart && count < step.value && startsWith(token, text)) {
    token.erase(0, text.size());
    ++count;
  }
  if (isFused) {
    stripped = count;
    if (count >= step.value || !token.empty())
      isStripping = false;
    return;
  }
  for (uint32_t i = 0; i < uint32_t(step.behavior) && endsWith(token, text);
       ++i)
    token.erase(token.size() - text.size());
}

void Decoder::applyStep(const Step &step, std::string &token) {
  std::string_view first = view.getText(step.first);
  switch (step.kind) {
  case StepKind::ByteMap:
    return unmapBytes(token);
  case StepKind::ByteToken:
    if (int32_t byte = byteOfToken(token); byte >= 0)
      token.assign(1, char(byte));
    return;
  case StepKind::ReplaceText:
    return replaceAll(first, view.getText(step.second), token);
  case StepKind::DropSpaces:
    return replaceAll(first, isFirst ? "" : " ", token);
  case StepKind::SkipSpace:
    if (isFirst && startsWith(token, " "))
      token.erase(0, 1);
    return;
  case StepKind::WordPieces:
    return joinWordPieces(step, token);
  case StepKind::EndOfWord:
    return endWord(first, token);
  case StepKind::Fuse:
    isFused = true;
    return;
  case StepKind::StripText:
    return stripText(step, token);
  default:
    return; // of other parts; the compiler writes none here
  }
}

void Decoder::add(int32_t id, std::string &text) {
  uint8_t kind = view.tokenKinds[uint32_t(id)];
  bool isSpecial = kind == kControl || kind == kUnknown;
  if ((isSpecial && !showsSpecial) || kind == kMissing)
    return;
  std::string token(view.getSymbol(uint32_t(id)));
  if (endsWord)
    text += ' ';
  endsWord = false;
  isFused = false;
  for (const Step &step : view.decoders) {
    bool isVerbatimKind = isSpecial || kind == kUserDefined;
    if (step.kind == StepKind::VerbatimAdded && isVerbatimKind)
      break;
    applyStep(step, token);
  }
  if ((view.header->flags & kJoinWithSpace) && !isFirst)
    text += ' ';
  text += token;
  isFirst = false;
}

} // namespace qcc::text
