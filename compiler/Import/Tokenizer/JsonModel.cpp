// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The model of a tokenizer.json: its vocabulary, and how tokens are chosen.

#include "compiler/Import/Tokenizer/JsonParts.h"
#include "compiler/Import/Tokenizer/TokenizerBuilder.h"

#include <cmath>

using namespace llvm;
using namespace qcc::text;

namespace qcc {

namespace {

class JsonModel {
public:
  JsonModel(const JsonPart &part, TokenizerDescription &out)
      : part(part), out(out) {}

  Error readBytePair();
  Error readUnigram();
  Error readWordPiece();
  Error readWordLevel();

private:
  Error readVocabulary();
  Error addMerge(StringRef left, StringRef right);
  Error readMerge(const json::Value &value);
  Error readMerges();
  Error readUnknown(bool isNeeded);
  Error readFlag(StringRef field, uint32_t flag);
  void findByteTokens();

  const JsonPart &part;
  TokenizerDescription &out;
  StringMap<int32_t> ids;
};

} // namespace

Error JsonModel::readVocabulary() {
  const json::Value *value = part.find("vocab");
  const json::Object *vocabulary = value ? value->getAsObject() : nullptr;
  if (!vocabulary || vocabulary->empty())
    return part.failAtField("vocab", "an object of tokens and ids");
  int64_t limit = std::min(kMaxTokens, int64_t(vocabulary->size()) + kMaxIdGap);
  for (const auto &[key, idValue] : *vocabulary) {
    StringRef text = key;
    auto id = idValue.getAsInteger();
    if (!id || *id < 0 || *id >= limit)
      return part.fail("an id below " + Twine(limit) + " for token '" + text +
                           "'",
                       id ? Twine(*id) : Twine("none"));
    if (size_t(*id) >= out.tokens.size())
      out.tokens.resize(size_t(*id) + 1);
    TokenizerToken &token = out.tokens[size_t(*id)];
    if (token.kind != kMissing)
      return part.fail("one token for each id", "'" + token.text + "' and '" +
                                                    text + "' for " +
                                                    Twine(*id));
    token = {text.str(), kNormal, 0, true};
    ids[text] = int32_t(*id);
  }
  return Error::success();
}

Error JsonModel::addMerge(StringRef left, StringRef right) {
  StringRef rest = right;
  rest.consume_front(out.continuationPrefix);
  std::string result = (left + rest).str();
  for (StringRef text : {left, right, StringRef(result)})
    if (!ids.contains(text))
      return part.fail("merges of tokens in the vocabulary",
                       "'" + text + "' of '" + left + "' and '" + right + "'");
  out.merges.push_back({left.str(), right.str(), std::move(result)});
  return Error::success();
}

Error JsonModel::readMerge(const json::Value &value) {
  if (auto text = value.getAsString()) {
    auto [left, right] = text->split(' ');
    if (left.empty() || right.empty() || right.contains(' '))
      return part.fail("a merge of two tokens", "'" + *text + "'");
    return addMerge(left, right);
  }
  const json::Array *pair = value.getAsArray();
  auto left = pair && pair->size() == 2 ? (*pair)[0].getAsString()
                                        : std::optional<StringRef>();
  auto right = left ? (*pair)[1].getAsString() : std::nullopt;
  if (!right)
    return part.fail("merges to be pairs of tokens", "another value");
  return addMerge(*left, *right);
}

Error JsonModel::readMerges() {
  const json::Value *value = part.find("merges");
  const json::Array *merges = value ? value->getAsArray() : nullptr;
  if (!merges)
    return part.failAtField("merges", "a list");
  for (const json::Value &merge : *merges) {
    // Files that were made of merges.txt kept its first line.
    auto text = merge.getAsString();
    if (text && text->starts_with("#version"))
      continue;
    if (Error error = readMerge(merge))
      return error;
  }
  return Error::success();
}

Error JsonModel::readUnknown(bool isNeeded) {
  Expected<std::string> name = part.getOptional("unk_token");
  if (!name)
    return name.takeError();
  auto token = ids.find(*name);
  if (token != ids.end() && !name->empty())
    out.unknown = token->second;
  else if (isNeeded)
    return part.failAtField("unk_token", "a token of the vocabulary");
  return Error::success();
}

Error JsonModel::readFlag(StringRef field, uint32_t flag) {
  Expected<bool> value = part.getBool(field, false);
  if (!value)
    return value.takeError();
  if (*value)
    out.flags |= flag;
  return Error::success();
}

void JsonModel::findByteTokens() {
  for (int byte = 0; byte < 256; ++byte) {
    char name[8];
    std::snprintf(name, sizeof name, "<0x%02X>", byte);
    auto token = ids.find(StringRef(name));
    if (token != ids.end())
      out.byteTokens[size_t(byte)] = token->second;
  }
}

Error JsonModel::readBytePair() {
  out.model = Model::BytePair;
  out.isLastMergeKept = true;
  if (Error error = readVocabulary())
    return error;
  Expected<std::string> prefix = part.getOptional("continuing_subword_prefix");
  if (!prefix)
    return prefix.takeError();
  Expected<std::string> suffix = part.getOptional("end_of_word_suffix");
  if (!suffix)
    return suffix.takeError();
  out.continuationPrefix = *prefix;
  out.wordSuffix = *suffix;
  const json::Value *dropout = part.find("dropout");
  if (dropout && dropout->getAsNumber().value_or(1) != 0)
    return part.failAtField("dropout", "no probability");
  if (Error error = readMerges())
    return error;
  if (Error error = readUnknown(false))
    return error;
  findByteTokens();
  if (Error error = readFlag("fuse_unk", kFuseUnknown))
    return error;
  if (Error error = readFlag("byte_fallback", kByteFallback))
    return error;
  return readFlag("ignore_merges", kIgnoreMerges);
}

Error JsonModel::readUnigram() {
  out.model = Model::Unigram;
  out.flags |= kFuseUnknown;
  const json::Value *value = part.find("vocab");
  const json::Array *vocabulary = value ? value->getAsArray() : nullptr;
  if (!vocabulary || vocabulary->empty() ||
      vocabulary->size() > size_t(kMaxTokens))
    return part.failAtField("vocab", "a list of tokens and scores");
  double least = INFINITY;
  for (const json::Value &entry : *vocabulary) {
    const json::Array *pair = entry.getAsArray();
    auto text = pair && pair->size() == 2 ? (*pair)[0].getAsString()
                                          : std::optional<StringRef>();
    auto score = text ? (*pair)[1].getAsNumber() : std::nullopt;
    if (!score || !std::isfinite(*score))
      return part.fail("each token to have a score",
                       "none at " + Twine(out.tokens.size()));
    least = std::min(least, *score);
    ids[*text] = int32_t(out.tokens.size());
    out.tokens.push_back({text->str(), kNormal, *score, true});
  }
  Expected<int64_t> unknown =
      part.getInteger("unk_id", 0, int64_t(out.tokens.size()) - 1, kNoToken);
  if (!unknown)
    return unknown.takeError();
  out.unknown = int32_t(*unknown);
  out.unknownScore = least - 10;
  findByteTokens();
  return readFlag("byte_fallback", kByteFallback);
}

Error JsonModel::readWordPiece() {
  out.model = Model::WordPiece;
  if (Error error = readVocabulary())
    return error;
  if (part.find("continuing_subword_prefix")) {
    Expected<std::string> prefix = part.getString("continuing_subword_prefix");
    if (!prefix)
      return prefix.takeError();
    out.continuationPrefix = *prefix;
  } else {
    out.continuationPrefix = "##";
  }
  Expected<int64_t> most =
      part.getInteger("max_input_chars_per_word", 1, INT32_MAX, 100);
  if (!most)
    return most.takeError();
  out.maxCharacters = uint32_t(*most);
  return readUnknown(true);
}

Error JsonModel::readWordLevel() {
  out.model = Model::WordLevel;
  if (Error error = readVocabulary())
    return error;
  return readUnknown(false);
}

/// Old files do not say; each model has a field of its own.
static StringRef guessType(const JsonPart &part) {
  if (part.find("merges"))
    return "BPE";
  if (part.find("max_input_chars_per_word"))
    return "WordPiece";
  const json::Value *vocabulary = part.find("vocab");
  return vocabulary && vocabulary->getAsArray() ? "Unigram" : "WordLevel";
}

Error readJsonModel(const JsonPart &part, TokenizerDescription &out) {
  JsonModel model(part, out);
  StringRef type = part.getType();
  if (type.empty())
    type = guessType(part);
  if (type == "BPE")
    return model.readBytePair();
  if (type == "Unigram")
    return model.readUnigram();
  if (type == "WordPiece")
    return model.readWordPiece();
  if (type == "WordLevel")
    return model.readWordLevel();
  return part.fail("type BPE, Unigram, WordPiece or WordLevel",
                   "'" + type + "'");
}

} // namespace qcc
