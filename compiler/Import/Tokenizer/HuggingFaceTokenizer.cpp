// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// tokenizer.json says how text becomes tokens. Which of them begin and end
// texts is in files beside it, by name or by id.

#include "compiler/Import/Tokenizer/HuggingFaceTokenizer.h"

#include "compiler/Import/Tokenizer/EndTokens.h"
#include "compiler/Import/Tokenizer/JsonParts.h"
#include "compiler/Import/Tokenizer/TokenizerBuilder.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace qcc::text;

namespace qcc {

namespace {

class HuggingFaceReader {
public:
  Error readTokenizer(StringRef text);
  /// Of tokenizer_config.json and special_tokens_map.json.
  Error readNames(StringRef text, StringRef file);
  Error readChatTemplate(const json::Object &object, StringRef file);
  Error readGenerationConfig(StringRef text);
  void findEnds();

  TokenizerDescription out;

private:
  Error readAddedToken(const JsonPart &part);
  Error readAdded(const JsonPart &part);
  Error addGenerationId(const JsonPart &part, const json::Value &value);

  StringMap<int32_t> ids;
  std::vector<int32_t> generationEnds;
};

} // namespace

Error HuggingFaceReader::readAddedToken(const JsonPart &part) {
  Expected<std::string> content = part.getString("content");
  if (!content)
    return content.takeError();
  if (!part.find("id"))
    return part.failAtField("id", "an integer");
  int64_t limit = std::min(kMaxTokens, int64_t(out.tokens.size()) + kMaxIdGap);
  Expected<int64_t> id = part.getInteger("id", 0, limit - 1, 0);
  if (!id)
    return id.takeError();
  uint32_t flags = 0;
  const std::pair<StringRef, uint32_t> fields[] = {
      {"special", kSpecial},
      {"lstrip", kLeftStrip},
      {"rstrip", kRightStrip},
      {"single_word", kSingleWord}};
  for (auto [field, flag] : fields) {
    Expected<bool> value = part.getBool(field, false);
    if (!value)
      return value.takeError();
    flags |= *value ? flag : 0;
  }
  Expected<bool> normalized = part.getBool("normalized", !(flags & kSpecial));
  if (!normalized)
    return normalized.takeError();
  if (content->empty())
    return Error::success();
  // A token of the model keeps its id, whatever the entry says.
  auto known = ids.find(*content);
  int32_t index = known != ids.end() ? known->second : int32_t(*id);
  if (size_t(index) >= out.tokens.size())
    out.tokens.resize(size_t(index) + 1);
  TokenizerToken &token = out.tokens[size_t(index)];
  if (token.kind != kMissing && token.text != *content)
    return part.fail("id " + Twine(index) + " to be free for '" + *content +
                         "'",
                     "'" + token.text + "' there");
  token.text = *content;
  token.kind = flags & kSpecial ? kControl : kUserDefined;
  ids[*content] = index;
  out.added.push_back({*content, index, flags, *normalized});
  return Error::success();
}

Error HuggingFaceReader::readAdded(const JsonPart &part) {
  if (!part.find("added_tokens"))
    return Error::success();
  if (Error error = part.readEach("added_tokens", [&](const JsonPart &token) {
        return readAddedToken(token);
      }))
    return error;
  // A vocabulary may have a special token twice; both are special.
  StringSet<> special;
  for (const NamedToken &token : out.added)
    if (token.flags & kSpecial)
      special.insert(token.text);
  for (TokenizerToken &token : out.tokens)
    if (token.kind == kNormal && special.contains(token.text))
      token.kind = kControl;
  return Error::success();
}

Error HuggingFaceReader::readTokenizer(StringRef text) {
  Expected<json::Value> value = parseJson(text, "tokenizer.json");
  if (!value)
    return value.takeError();
  JsonPart root(*value->getAsObject(), "tokenizer.json");
  const std::tuple<StringRef,
                   Error (*)(const JsonPart &, TokenizerDescription &)>
      parts[] = {{"model", readJsonModel},
                 {"normalizer", readJsonNormalizer},
                 {"pre_tokenizer", readJsonPreTokenizer},
                 {"post_processor", readJsonPostProcessor},
                 {"decoder", readJsonDecoder}};
  for (auto [name, read] : parts) {
    const json::Value *field = root.find(name);
    if (!field && name != "model")
      continue;
    const json::Object *object = field ? field->getAsObject() : nullptr;
    if (!object)
      return root.failAtField(name, "an object");
    if (Error error =
            read(JsonPart(*object, "tokenizer.json: " + name.str()), out))
      return error;
  }
  if (!root.find("decoder"))
    out.flags |= kJoinWithSpace;
  for (auto [index, token] : enumerate(out.tokens))
    if (token.isInModel)
      ids[token.text] = int32_t(index);
  return readAdded(root);
}

/// A name, or an object that has it as content.
static StringRef nameOf(const json::Value *value) {
  if (!value)
    return "";
  if (const json::Object *object = value->getAsObject())
    return object->getString("content").value_or("");
  return value->getAsString().value_or("");
}

Error HuggingFaceReader::readNames(StringRef text, StringRef file) {
  if (text.empty())
    return Error::success();
  Expected<json::Value> value = parseJson(text, file);
  if (!value)
    return value.takeError();
  const json::Object &object = *value->getAsObject();
  const std::pair<StringRef, int32_t *> names[] = {{"bos_token", &out.bos},
                                                   {"eos_token", &out.eos},
                                                   {"eot_token", &out.eot},
                                                   {"unk_token", &out.unknown},
                                                   {"pad_token", &out.pad}};
  for (auto [field, id] : names) {
    // What the model does with unknown text is the model's to say.
    if (*id != kNoToken || field == "unk_token")
      continue;
    auto token = ids.find(nameOf(object.get(field)));
    if (token != ids.end())
      *id = token->second;
  }
  return readChatTemplate(object, file);
}

Error HuggingFaceReader::readChatTemplate(const json::Object &object,
                                          StringRef file) {
  const json::Value *value = object.get("chat_template");
  if (!value || value->kind() == json::Value::Null || !out.chatTemplate.empty())
    return Error::success();
  if (auto text = value->getAsString()) {
    out.chatTemplate = text->str();
    return Error::success();
  }
  const json::Array *list = value->getAsArray();
  if (!list)
    return createStringError(file + ": expected a string or a list as "
                                    "'chat_template', but got another value");
  for (const json::Value &entry : *list) {
    const json::Object *named = entry.getAsObject();
    if (named && named->getString("name").value_or("") == "default")
      out.chatTemplate = named->getString("template").value_or("").str();
  }
  return Error::success();
}

Error HuggingFaceReader::addGenerationId(const JsonPart &part,
                                         const json::Value &value) {
  auto id = value.getAsInteger();
  if (!id)
    return part.failAtField("eos_token_id", "an id or a list of ids");
  // Checkpoints are cut and grown; an id that is not there ends nothing.
  if (*id >= 0 && *id < int64_t(out.tokens.size()))
    generationEnds.push_back(int32_t(*id));
  return Error::success();
}

Error HuggingFaceReader::readGenerationConfig(StringRef text) {
  if (text.empty())
    return Error::success();
  Expected<json::Value> value = parseJson(text, "generation_config.json");
  if (!value)
    return value.takeError();
  JsonPart part(*value->getAsObject(), "generation_config.json");
  const json::Value *ends = part.find("eos_token_id");
  if (ends && ends->getAsArray()) {
    for (const json::Value &end : *ends->getAsArray())
      if (Error error = addGenerationId(part, end))
        return error;
  } else if (ends) {
    if (Error error = addGenerationId(part, *ends))
      return error;
  }
  if (out.eos == kNoToken && !generationEnds.empty())
    out.eos = generationEnds.front();
  const std::pair<StringRef, int32_t *> others[] = {{"bos_token_id", &out.bos},
                                                    {"pad_token_id", &out.pad}};
  for (auto [field, id] : others) {
    const json::Value *other = part.find(field);
    auto number = other ? other->getAsInteger() : std::nullopt;
    if (*id == kNoToken && number && *number >= 0 &&
        *number < int64_t(out.tokens.size()))
      *id = int32_t(*number);
  }
  return Error::success();
}

/// The file's list counts. Without one, names have to do.
void HuggingFaceReader::findEnds() {
  if (generationEnds.empty()) {
    // Names of plain text are no ends, so only special tokens are looked at.
    TokenizerDescription special = out;
    for (TokenizerToken &token : special.tokens)
      if (token.kind != kControl)
        token.kind = kMissing;
    findEndTokens(special, kNoToken);
    out.endIds = special.endIds;
    out.eot = special.eot;
    return;
  }
  out.endIds = generationEnds;
  if (out.eos != kNoToken)
    out.endIds.push_back(out.eos);
  // A second end beside eos is the one of a turn.
  for (int32_t id : generationEnds)
    if (out.eot == kNoToken && id != out.eos)
      out.eot = id;
}

Expected<TokenizerDescription>
describeHuggingFaceTokenizer(const HuggingFaceTokenizerFiles &files) {
  HuggingFaceReader reader;
  if (Error error = reader.readTokenizer(files.tokenizer))
    return error;
  reader.out.chatTemplate = files.chatTemplate.str();
  if (Error error = reader.readNames(files.config, "tokenizer_config.json"))
    return error;
  if (Error error =
          reader.readNames(files.specialTokensMap, "special_tokens_map.json"))
    return error;
  if (Error error = reader.readGenerationConfig(files.generationConfig))
    return error;
  reader.findEnds();
  return std::move(reader.out);
}

} // namespace qcc
