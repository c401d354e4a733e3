// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The four kinds of tokenizers in GGUF files. Numbers of types and default ids
// are those of llama.cpp's reader.

#include "compiler/Import/Tokenizer/GgufTokenizer.h"

#include "compiler/Import/Tokenizer/EndTokens.h"
#include "compiler/Import/Tokenizer/RegexSyntax.h"
#include "compiler/Import/Tokenizer/TokenizerBuilder.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/ConvertUTF.h"

#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace qcc::text;

namespace qcc {

static constexpr StringRef kBlock = "\xE2\x96\x81"; // U+2581, for a space

namespace {

class GgufReader {
public:
  explicit GgufReader(const GgufVocabulary &vocabulary) : in(vocabulary) {}

  Expected<TokenizerDescription> read();

private:
  Error readTokens();
  Error readSpecial();
  Error readScoredPairs();
  Error readBytePairs();
  Error readUnigrams();
  Error readWordPieces();
  Error readMerges();
  void findNamedTokens();
  std::string bytesBeforeBlocks() const;
  void findByteTokens();

  Expected<int32_t> readId(StringRef key, std::optional<int64_t> id,
                           int32_t fallback) const;
  Error addAround(bool addBos, bool addEos);
  void addStep(std::vector<TokenizerStep> &steps, TokenizerStep step) {
    steps.push_back(std::move(step));
  }

  const GgufVocabulary &in;
  TokenizerDescription out;
  StringMap<int32_t> ids;
  int32_t separator = kNoToken, cls = kNoToken;
};

} // namespace

static Error fail(const Twine &expected, const Twine &got) {
  return createStringError("tokenizer: expected " + expected + ", but got " +
                           got);
}

static Expected<TokenKind> readKind(int32_t type) {
  switch (type) {
  case 0: // undefined
  case 1:
    return kNormal;
  case 2:
    return kUnknown;
  case 3:
    return kControl;
  case 4:
    return kUserDefined;
  case 5:
    return kUnused;
  case 6:
    return kByte;
  default:
    return fail("token_type to be 0 to 6", Twine(type));
  }
}

Error GgufReader::readTokens() {
  size_t count = in.tokens.size();
  if (count == 0 || count > size_t(kMaxTokens))
    return fail("1 to " + Twine(kMaxTokens) + " tokens", Twine(count));
  if (!in.scores.empty() && in.scores.size() != count)
    return fail(Twine(count) + " scores, as many as tokens",
                Twine(in.scores.size()));
  if (!in.types.empty() && in.types.size() != count)
    return fail(Twine(count) + " entries of token_type, as many as tokens",
                Twine(in.types.size()));
  for (size_t i = 0; i < count; ++i) {
    TokenizerToken token = {in.tokens[i].str(), kNormal, 0, true};
    if (token.text.empty())
      token.text = "[EMPTY_" + std::to_string(i) + "]";
    if (!in.types.empty()) {
      Expected<TokenKind> kind = readKind(in.types[i]);
      if (!kind)
        return kind.takeError();
      token.kind = *kind;
    }
    if (!in.scores.empty()) {
      if (std::isnan(in.scores[i]))
        return fail("a score for token " + Twine(i), "nan");
      token.score = in.scores[i];
    }
    ids[token.text] = int32_t(i);
    out.tokens.push_back(std::move(token));
  }
  return Error::success();
}

/// An id out of range is as good as none, as for llama.cpp.
Expected<int32_t> GgufReader::readId(StringRef key, std::optional<int64_t> id,
                                     int32_t fallback) const {
  int64_t count = int64_t(out.tokens.size());
  if (id && *id >= 0 && *id < count)
    return int32_t(*id);
  // Files without a token say 2^32 - 1.
  if (id && *id >= 0 && *id < (int64_t(1) << 32) - 1)
    return fail(key + " to be an id below " + Twine(count), Twine(*id));
  return fallback < count ? fallback : kNoToken;
}

Error GgufReader::readSpecial() {
  bool isPair = in.model == "llama", isWord = in.model == "bert";
  bool isUnigram = in.model == "t5", isByte = in.model == "gpt2";
  struct {
    StringRef key;
    std::optional<int64_t> id;
    int32_t fallback;
    int32_t *result;
  } special[] = {
      {"bos_token_id", in.bos,
       isPair   ? 1
       : isWord ? 101
       : isByte ? 11
                : kNoToken,
       &out.bos},
      {"eos_token_id", in.eos,
       isPair      ? 2
       : isUnigram ? 1
       : isByte    ? 11
                   : kNoToken,
       &out.eos},
      {"eot_token_id", in.eot, kNoToken, &out.eot},
      {"unknown_token_id", in.unknown,
       isPair      ? 0
       : isWord    ? 100
       : isUnigram ? 2
                   : kNoToken,
       &out.unknown},
      {"padding_token_id", in.padding, isWord || isUnigram ? 0 : kNoToken,
       &out.pad},
      {"seperator_token_id", in.separator, isWord ? 102 : kNoToken, &separator},
      {"cls_token_id", in.cls, isWord ? 101 : kNoToken, &cls},
  };
  for (auto &entry : special) {
    Expected<int32_t> id = readId(entry.key, entry.id, entry.fallback);
    if (!id)
      return id.takeError();
    *entry.result = *id;
  }
  Expected<int32_t> eom = readId("eom_token_id", in.eom, kNoToken);
  if (!eom)
    return eom.takeError();
  findEndTokens(out, *eom);
  return Error::success();
}

Error GgufReader::addAround(bool addBos, bool addEos) {
  if (in.addBos.value_or(addBos)) {
    if (out.bos == kNoToken)
      return fail("bos_token_id, since add_bos_token is true", "none");
    out.prefixIds.push_back(out.bos);
  }
  if (in.addEos.value_or(addEos)) {
    if (out.eos == kNoToken)
      return fail("eos_token_id, since add_eos_token is true", "none");
    out.suffixIds.push_back(out.eos);
  }
  return Error::success();
}

void GgufReader::findByteTokens() {
  bool isNamed = in.model != "gpt2";
  for (int byte = 0; byte < 256; ++byte) {
    char name[8];
    std::snprintf(name, sizeof name, "<0x%02X>", byte);
    auto token = ids.find(StringRef(name));
    if (token == ids.end() || !isNamed) {
      char letter = char(byte);
      token = ids.find(StringRef(&letter, 1));
    }
    if (token != ids.end())
      out.byteTokens[size_t(byte)] = token->second;
  }
}

/// Tokens that are found by their names, the longest first.
void GgufReader::findNamedTokens() {
  bool isPhi3 =
      StringRef(in.modelName).lower().find("phi-3") != std::string::npos ||
      StringRef(in.modelName).lower().find("phi3") != std::string::npos;
  for (auto [index, token] : enumerate(out.tokens)) {
    bool isSpecial = token.kind == kControl || token.kind == kUnknown;
    if (!isSpecial && token.kind != kUserDefined)
      continue;
    uint32_t flags = isSpecial ? uint32_t(kSpecial) : 0;
    if (isPhi3 && token.text != "<unk>" && token.text != "<s>" &&
        token.text != "<|endoftext|>")
      flags |= kRightStrip;
    out.added.push_back({token.text, int32_t(index), flags, false});
    if (in.model == "t5" && token.kind == kUserDefined)
      out.userDefined.push_back(token.text);
  }
  llvm::stable_sort(out.added, [](const NamedToken &a, const NamedToken &b) {
    return a.text.size() > b.text.size();
  });
}

/// Bytes that some token has right before a space, other spaces aside.
std::string GgufReader::bytesBeforeBlocks() const {
  std::string bytes;
  for (const TokenizerToken &token : out.tokens) {
    StringRef text = token.text;
    for (size_t at = text.find(kBlock, 1); at != StringRef::npos;
         at = text.find(kBlock, at + 1))
      if (!text.take_front(at).ends_with(kBlock) &&
          !StringRef(bytes).contains(text[at - 1]))
        bytes += text[at - 1];
  }
  return bytes;
}

Error GgufReader::readScoredPairs() {
  out.model = Model::ScoredPair;
  out.flags = kByteFallback | kRawBytes;
  bool addsSpace = in.addSpacePrefix.value_or(true);
  if (addsSpace)
    addStep(out.normalizers, {StepKind::PrependAfter, 0, " "});
  addStep(out.normalizers, {StepKind::ReplaceText, 0, " ", kBlock.str()});
  addStep(out.splitters,
          {StepKind::SplitBefore, 0, kBlock.str(), bytesBeforeBlocks()});
  addStep(out.decoders, {StepKind::VerbatimAdded});
  addStep(out.decoders, {StepKind::ByteToken});
  addStep(out.decoders, {StepKind::ReplaceText, 0, kBlock.str(), " "});
  if (addsSpace)
    addStep(out.decoders, {StepKind::SkipSpace});
  return addAround(true, false);
}

Error GgufReader::readMerges() {
  for (StringRef merge : in.merges) {
    size_t blank = merge.find(' ', 1);
    if (blank == StringRef::npos)
      continue; // never found in a text
    StringRef left = merge.take_front(blank), right = merge.substr(blank + 1);
    if (right.empty())
      continue;
    out.merges.push_back({left.str(), right.str(), (left + right).str()});
  }
  return Error::success();
}

Error GgufReader::readBytePairs() {
  StringRef name = in.pre.empty() ? "default" : in.pre;
  if (in.model == "gemma4")
    name = "gemma4";
  const GgufPattern *pattern = findGgufPattern(name);
  if (!pattern)
    return fail("tokenizer.ggml.pre to be a name that qcc knows (default, "
                "gpt-2, llama-bpe, qwen2, ...)",
                "'" + name + "'");
  if (in.merges.empty())
    return fail("tokenizer.ggml.merges", "none");
  out.model = Model::BytePair;
  out.flags =
      kPartialBytes | (pattern->ignoresMerges ? uint32_t(kIgnoreMerges) : 0);
  if (pattern->isRaw) {
    addStep(out.normalizers, {StepKind::ReplaceText, 0, " ", kBlock.str()});
    addStep(out.decoders, {StepKind::VerbatimAdded});
    addStep(out.decoders, {StepKind::ByteToken});
    addStep(out.decoders, {StepKind::ReplaceText, 0, kBlock.str(), " "});
  } else {
    addStep(out.decoders, {StepKind::VerbatimAdded});
    addStep(out.decoders, {StepKind::ByteMap});
  }
  for (StringRef text : pattern->patterns) {
    Expected<std::string> translated = translatePattern(text);
    if (!translated)
      return translated.takeError();
    addStep(out.splitters, {StepKind::SplitRegex, 0, *translated});
  }
  if (!pattern->isRaw)
    addStep(out.splitters, {StepKind::ByteMap});
  if (Error error = readMerges())
    return error;
  return addAround(pattern->addsBos, false);
}

Error GgufReader::readUnigrams() {
  out.model = Model::Unigram;
  out.flags = kUnknownIsZero;
  if (out.unknown == kNoToken)
    return fail("unknown_token_id", "none");
  if (in.scores.empty())
    return fail("tokenizer.ggml.scores", "none");
  double least = 0;
  bool isFirst = true;
  for (const TokenizerToken &token : out.tokens)
    if (token.kind == kNormal && (isFirst || token.score < least)) {
      least = token.score;
      isFirst = false;
    }
  // In f32, as the penalty of SentencePiece is subtracted there.
  out.unknownScore = float(least) - 10.0f;
  TokenizerStep step = {StepKind::SentencePiece, kEscapeSpaces,
                        in.charsmap.str()};
  if (in.addSpacePrefix.value_or(false))
    step.flags |= kPrefixSpace;
  if (in.removeExtraWhitespaces.value_or(false))
    step.flags |= kMergeSpaces;
  addStep(out.normalizers, std::move(step));
  addStep(out.decoders, {StepKind::VerbatimAdded});
  addStep(out.decoders, {StepKind::ByteToken});
  addStep(out.decoders, {StepKind::ReplaceText, 0, kBlock.str(), " "});
  if (in.addSpacePrefix.value_or(false))
    addStep(out.decoders, {StepKind::SkipSpace});
  return addAround(false, true);
}

Error GgufReader::readWordPieces() {
  out.model = Model::WordPiece;
  if (out.unknown == kNoToken)
    return fail("unknown_token_id", "none");
  int32_t first = in.bos ? out.bos : cls;
  if (first == kNoToken || separator == kNoToken)
    return fail("cls_token_id and seperator_token_id", "none");
  out.prefixIds.push_back(first);
  out.suffixIds.push_back(separator);
  out.wordPrefix = kBlock.str();
  addStep(out.normalizers, {StepKind::Nfd, kFirstLetters});
  addStep(out.normalizers, {StepKind::CleanText});
  addStep(out.normalizers, {StepKind::StripAccents, kAllMarks});
  addStep(out.normalizers, {StepKind::Lowercase});
  addStep(out.normalizers, {StepKind::SpaceChinese});
  addStep(out.splitters,
          {StepKind::SplitClass, 0, "", "",
           uint32_t(CharacterClass::Whitespace), Behavior::Removed});
  addStep(out.splitters, {StepKind::SplitClass, 0, "", "",
                          uint32_t(CharacterClass::Punctuation)});
  addStep(out.decoders, {StepKind::VerbatimAdded});
  addStep(out.decoders, {StepKind::ReplaceText, 0, kBlock.str(), " "});
  addStep(out.decoders, {StepKind::SkipSpace});
  return Error::success();
}

Expected<TokenizerDescription> GgufReader::read() {
  if (Error error = readTokens())
    return error;
  if (Error error = readSpecial())
    return error;
  out.search = AddedSearch::Longest;
  out.chatTemplate = in.chatTemplate.str();
  const std::pair<StringRef, Error (GgufReader::*)()> models[] = {
      {"llama", &GgufReader::readScoredPairs},
      {"gpt2", &GgufReader::readBytePairs},
      {"gemma4", &GgufReader::readBytePairs},
      {"t5", &GgufReader::readUnigrams},
      {"bert", &GgufReader::readWordPieces}};
  const auto *model = llvm::find_if(
      models, [&](const auto &entry) { return entry.first == in.model; });
  if (model == std::end(models))
    return fail("tokenizer.ggml.model to be llama, gpt2, t5 or bert",
                "'" + in.model + "'");
  if (Error error = (this->*model->second)())
    return error;
  findByteTokens();
  findNamedTokens();
  return std::move(out);
}

Expected<TokenizerDescription>
describeGgufTokenizer(const GgufVocabulary &vocabulary) {
  return GgufReader(vocabulary).read();
}

} // namespace qcc
