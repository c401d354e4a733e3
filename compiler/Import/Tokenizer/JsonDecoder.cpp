// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The decoder and the post-processor of a tokenizer.json: what happens after
// the model, in both directions.

#include "compiler/Import/Tokenizer/JsonParts.h"
#include "compiler/Import/Tokenizer/TokenizerBuilder.h"

using namespace llvm;
using namespace qcc::text;

namespace qcc {

static bool isFused(const TokenizerDescription &out) {
  return llvm::any_of(out.decoders, [](const TokenizerStep &step) {
    return step.kind == StepKind::Fuse;
  });
}

static Error readMetaspace(const JsonPart &part, TokenizerDescription &out) {
  Expected<std::string> letter = part.getString("replacement");
  if (!letter)
    return letter.takeError();
  Expected<bool> prefixes = part.getBool("add_prefix_space", true);
  if (!prefixes)
    return prefixes.takeError();
  Expected<std::string> scheme = part.getOptional("prepend_scheme");
  if (!scheme)
    return scheme.takeError();
  bool drops = scheme->empty() ? *prefixes : *scheme != "never";
  if (drops)
    out.decoders.push_back({StepKind::DropSpaces, 0, *letter});
  else
    out.decoders.push_back({StepKind::ReplaceText, 0, *letter, " "});
  return Error::success();
}

static Error readReplace(const JsonPart &part, TokenizerDescription &out) {
  bool isRegex;
  Expected<std::string> pattern = part.getPattern(isRegex);
  if (!pattern)
    return pattern.takeError();
  if (isRegex)
    return part.failAtField("pattern", "a String");
  if (isFused(out))
    return part.fail("Replace before Fuse", "it after that");
  Expected<std::string> content = part.getString("content");
  if (!content)
    return content.takeError();
  out.decoders.push_back({StepKind::ReplaceText, 0, *pattern, *content});
  return Error::success();
}

static Error readStrip(const JsonPart &part, TokenizerDescription &out) {
  Expected<std::string> content = part.getString("content");
  if (!content)
    return content.takeError();
  Expected<int64_t> start = part.getInteger("start", 0, INT32_MAX, 0);
  if (!start)
    return start.takeError();
  Expected<int64_t> stop = part.getInteger("stop", 0, INT32_MAX, 0);
  if (!stop)
    return stop.takeError();
  if (*stop != 0 && isFused(out))
    return part.failAtField("stop", "0 after Fuse");
  out.decoders.push_back({StepKind::StripText, 0, *content, "",
                          uint32_t(*start), Behavior(*stop)});
  return Error::success();
}

static Error readWordPiece(const JsonPart &part, TokenizerDescription &out) {
  Expected<std::string> prefix = part.getString("prefix");
  if (!prefix)
    return prefix.takeError();
  Expected<bool> cleans = part.getBool("cleanup", true);
  if (!cleans)
    return cleans.takeError();
  out.decoders.push_back(
      {StepKind::WordPieces, *cleans ? kCleanUp : 0u, *prefix});
  return Error::success();
}

Error readJsonDecoder(const JsonPart &part, TokenizerDescription &out) {
  StringRef type = part.getType();
  const std::pair<StringRef, StepKind> plain[] = {
      {"ByteLevel", StepKind::ByteMap},
      {"ByteFallback", StepKind::ByteToken},
      {"Fuse", StepKind::Fuse}};
  for (auto [name, kind] : plain)
    if (type == name) {
      out.decoders.push_back({kind});
      return Error::success();
    }
  if (type == "Sequence")
    return part.readEach("decoders", [&](const JsonPart &element) {
      return readJsonDecoder(element, out);
    });
  if (type == "Metaspace")
    return readMetaspace(part, out);
  if (type == "Replace")
    return readReplace(part, out);
  if (type == "Strip")
    return readStrip(part, out);
  if (type == "WordPiece")
    return readWordPiece(part, out);
  if (type == "BPEDecoder") {
    Expected<std::string> suffix = part.getString("suffix");
    if (!suffix)
      return suffix.takeError();
    out.decoders.push_back({StepKind::EndOfWord, 0, *suffix});
    return Error::success();
  }
  return part.fail("a decoder that qcc knows (BPEDecoder, ByteFallback, "
                   "ByteLevel, Fuse, Metaspace, Replace, Sequence, Strip or "
                   "WordPiece)",
                   "'" + type + "'");
}

/// Of ["[SEP]", 102].
static Expected<int32_t> readPair(const JsonPart &part, StringRef field) {
  const json::Value *value = part.find(field);
  const json::Array *pair = value ? value->getAsArray() : nullptr;
  auto id = pair && pair->size() == 2 ? (*pair)[1].getAsInteger()
                                      : std::optional<int64_t>();
  if (!id || *id < 0 || *id >= kMaxTokens)
    return part.failAtField(field, "a token and its id");
  return int32_t(*id);
}

static Error readAround(const JsonPart &part, TokenizerDescription &out) {
  Expected<int32_t> first = readPair(part, "cls");
  if (!first)
    return first.takeError();
  Expected<int32_t> last = readPair(part, "sep");
  if (!last)
    return last.takeError();
  out.prefixIds.insert(out.prefixIds.begin(), *first);
  out.suffixIds.push_back(*last);
  return Error::success();
}

/// The ids of a special token of a template.
static Error readTemplateToken(const JsonPart &part, StringRef name,
                               std::vector<int32_t> &ids) {
  const json::Value *tokens = part.find("special_tokens");
  const json::Object *all = tokens ? tokens->getAsObject() : nullptr;
  const json::Object *token = all ? all->getObject(name) : nullptr;
  const json::Array *list = token ? token->getArray("ids") : nullptr;
  if (!list)
    return part.fail("ids of '" + name + "' in special_tokens", "none");
  for (const json::Value &value : *list) {
    auto id = value.getAsInteger();
    if (!id || *id < 0 || *id >= kMaxTokens)
      return part.fail("ids of '" + name + "' in special_tokens",
                       "another value");
    ids.push_back(int32_t(*id));
  }
  return Error::success();
}

static Error readTemplate(const JsonPart &part, TokenizerDescription &out) {
  const json::Value *value = part.find("single");
  const json::Array *pieces = value ? value->getAsArray() : nullptr;
  if (!pieces)
    return part.failAtField("single", "a list");
  std::vector<int32_t> before, after;
  bool hasText = false;
  for (const json::Value &entry : *pieces) {
    const json::Object *piece = entry.getAsObject();
    const json::Object *token =
        piece ? piece->getObject("SpecialToken") : nullptr;
    if (token) {
      StringRef name = token->getString("id").value_or("");
      if (Error error = readTemplateToken(part, name, hasText ? after : before))
        return error;
      continue;
    }
    const json::Object *text = piece ? piece->getObject("Sequence") : nullptr;
    if (!text || hasText || text->getString("id").value_or("") != "A")
      return part.failAtField("single", "special tokens around one sequence");
    hasText = true;
  }
  if (!hasText)
    return part.failAtField("single", "a sequence");
  out.prefixIds.insert(out.prefixIds.begin(), before.begin(), before.end());
  out.suffixIds.insert(out.suffixIds.end(), after.begin(), after.end());
  return Error::success();
}

Error readJsonPostProcessor(const JsonPart &part, TokenizerDescription &out) {
  StringRef type = part.getType();
  if (type == "ByteLevel") // moves offsets, which nobody asks for
    return Error::success();
  if (type == "TemplateProcessing")
    return readTemplate(part, out);
  if (type == "BertProcessing" || type == "RobertaProcessing")
    return readAround(part, out);
  if (type != "Sequence")
    return part.fail("a post-processor that qcc knows (BertProcessing, "
                     "ByteLevel, RobertaProcessing, Sequence or "
                     "TemplateProcessing)",
                     "'" + type + "'");
  return part.readEach("processors", [&](const JsonPart &element) {
    return readJsonPostProcessor(element, out);
  });
}

} // namespace qcc
