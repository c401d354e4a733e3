// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One scan of the text counts what the parsed value cannot tell: how deep it
// goes, and how many members were written.

#include "compiler/Import/JsonText.h"

#include "llvm/Support/raw_ostream.h"

using llvm::StringRef;
using llvm::Twine;
namespace json = llvm::json;

namespace qcc {

/// Deeper than any file of a model, and far from the end of a stack.
static constexpr unsigned maxDepth = 64;

namespace {

struct TextCounts {
  unsigned depth = 0;
  uint64_t members = 0; // colons outside strings
};

} // namespace

static TextCounts countText(StringRef text) {
  TextCounts counts;
  unsigned depth = 0;
  bool isInString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char letter = text[i];
    if (isInString) {
      i += letter == '\\'; // the next one is escaped
      isInString = letter != '"';
      continue;
    }
    if (letter == '"')
      isInString = true;
    else if (letter == '{' || letter == '[')
      counts.depth = std::max(counts.depth, ++depth);
    else if ((letter == '}' || letter == ']') && depth > 0)
      --depth;
    else if (letter == ':')
      ++counts.members;
  }
  return counts;
}

static uint64_t countMembers(const json::Value &value) {
  uint64_t count = 0;
  if (const json::Object *object = value.getAsObject()) {
    count = object->size();
    for (const auto &member : *object)
      count += countMembers(member.second);
  } else if (const json::Array *array = value.getAsArray()) {
    for (const json::Value &element : *array)
      count += countMembers(element);
  }
  return count;
}

llvm::Expected<json::Object> parseJsonObject(StringRef text,
                                             const Twine &label) {
  TextCounts counts = countText(text);
  if (counts.depth > maxDepth)
    return llvm::createStringError(label + ": expected JSON of at most " +
                                   Twine(maxDepth) + " levels, but got " +
                                   Twine(counts.depth));
  llvm::Expected<json::Value> value = json::parse(text);
  if (!value)
    return llvm::createStringError(label + ": expected JSON, but got " +
                                   llvm::toString(value.takeError()));
  json::Object *object = value->getAsObject();
  if (!object)
    return llvm::createStringError(label + ": expected an object, but got " +
                                   describeJson(&*value));
  uint64_t members = countMembers(*value);
  if (members != counts.members)
    return llvm::createStringError(
        label + ": expected every key once, but got " +
        Twine(counts.members - members) + " of them again");
  return std::move(*object);
}

std::string describeJson(const json::Value *value) {
  if (!value)
    return "nothing";
  if (value->kind() == json::Value::Object)
    return "an object";
  if (value->kind() == json::Value::Array)
    return "a list of " + std::to_string(value->getAsArray()->size());
  std::string text;
  llvm::raw_string_ostream(text) << *value;
  // A message stays a line.
  return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

} // namespace qcc
