// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fields of JSON objects with checked types.

#include "compiler/Import/Tokenizer/JsonParts.h"

#include "compiler/Import/Tokenizer/RegexSyntax.h"

using namespace llvm;

namespace qcc {

// LLVM's parser calls itself for each level.
constexpr int kDeepestJson = 100;

static bool isTooDeep(StringRef text) {
  int depth = 0;
  bool isInString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char letter = text[i];
    if (isInString) {
      if (letter == '\\')
        ++i;
      else if (letter == '"')
        isInString = false;
    } else if (letter == '"') {
      isInString = true;
    } else if (letter == '[' || letter == '{') {
      if (++depth > kDeepestJson)
        return true;
    } else if (letter == ']' || letter == '}') {
      --depth;
    }
  }
  return false;
}

Expected<json::Value> parseJson(StringRef text, StringRef file) {
  if (isTooDeep(text))
    return createStringError(file + ": expected JSON of at most " +
                             Twine(kDeepestJson) + " levels, but got more");
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return createStringError(file + ": expected JSON, but got " +
                             toString(value.takeError()));
  if (!value->getAsObject())
    return createStringError(file + ": expected an object, but got another "
                                    "value");
  return value;
}

Error JsonPart::fail(const Twine &expected, const Twine &got) const {
  return createStringError(name + ": expected " + expected + ", but got " +
                           got);
}

Error JsonPart::failAtField(StringRef field, const Twine &expected) const {
  const json::Value *value = find(field);
  if (!value)
    return createStringError(name + ": expected " + expected + " as '" + field +
                             "', but got none");
  std::string text;
  raw_string_ostream stream(text);
  stream << *value;
  if (text.size() > 60)
    text = text.substr(0, 60) + "...";
  return createStringError(name + ": expected " + expected + " as '" + field +
                           "', but got " + text);
}

StringRef JsonPart::getType() const {
  return object.getString("type").value_or("");
}

const json::Value *JsonPart::find(StringRef field) const {
  const json::Value *value = object.get(field);
  return value && value->kind() != json::Value::Null ? value : nullptr;
}

Expected<bool> JsonPart::getBool(StringRef field, bool fallback) const {
  const json::Value *value = find(field);
  if (!value)
    return fallback;
  if (auto flag = value->getAsBoolean())
    return *flag;
  return failAtField(field, "true or false");
}

Expected<int64_t> JsonPart::getInteger(StringRef field, int64_t least,
                                       int64_t most, int64_t fallback) const {
  const json::Value *value = find(field);
  if (!value)
    return fallback;
  auto number = value->getAsInteger();
  if (number && *number >= least && *number <= most)
    return *number;
  return failAtField(field,
                     "an integer from " + Twine(least) + " to " + Twine(most));
}

Expected<std::string> JsonPart::getString(StringRef field) const {
  if (const json::Value *value = find(field))
    if (auto text = value->getAsString())
      return text->str();
  return failAtField(field, "a string");
}

Expected<std::string> JsonPart::getOptional(StringRef field) const {
  if (!find(field))
    return "";
  return getString(field);
}

Error JsonPart::readEach(StringRef field,
                         function_ref<Error(const JsonPart &)> read) const {
  const json::Value *value = find(field);
  const json::Array *array = value ? value->getAsArray() : nullptr;
  if (!array)
    return failAtField(field, "a list");
  for (auto [i, element] : enumerate(*array)) {
    const json::Object *part = element.getAsObject();
    if (!part)
      return failAtField(field, "a list of objects");
    std::string partName =
        name + "." + field.str() + "[" + std::to_string(i) + "]";
    if (Error error = read(JsonPart(*part, std::move(partName))))
      return error;
  }
  return Error::success();
}

Expected<std::string> JsonPart::getPattern(bool &isRegex) const {
  const json::Value *value = find("pattern");
  isRegex = false;
  if (!value)
    return failAtField("pattern", "a pattern");
  if (auto text = value->getAsString())
    return text->str();
  const json::Object *pattern = value->getAsObject();
  if (pattern)
    if (auto text = pattern->getString("String"))
      return text->str();
  auto text = pattern ? pattern->getString("Regex") : std::nullopt;
  if (!text)
    return failAtField("pattern", "a String or a Regex");
  isRegex = true;
  Expected<std::string> translated = translatePattern(*text);
  if (!translated)
    return createStringError(name + ": " + toString(translated.takeError()));
  return translated;
}

} // namespace qcc
