// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of a config.json, each with its kind checked.

#include "compiler/Import/HuggingFace/ConfigReader.h"

#include "compiler/Import/JsonText.h"

#include "llvm/ADT/Twine.h"

#include <cmath>
#include <limits>

using llvm::StringRef;
using llvm::Twine;
namespace json = llvm::json;

namespace qcc {

ConfigReader::ConfigReader(const json::Object &object, StringRef label)
    : object(&object), label(label), failure(std::make_shared<std::string>()) {}

const json::Value *ConfigReader::find(StringRef key) const {
  const json::Value *value = object->get(key);
  return value && value->kind() != json::Value::Null ? value : nullptr;
}

bool ConfigReader::has(StringRef key) const { return find(key) != nullptr; }

void ConfigReader::fail(StringRef key, const Twine &message) const {
  if (failure->empty())
    *failure = (label + ": '" + key + "': " + message).str();
}

void ConfigReader::refuse(StringRef key, const Twine &expected) const {
  fail(key, "expected " + expected + ", but got " + describeJson(find(key)));
}

int64_t ConfigReader::count(StringRef key,
                            std::optional<int64_t> fallback) const {
  const json::Value *value = find(key);
  if (!value && fallback)
    return *fallback;
  std::optional<int64_t> count;
  if (value)
    count = value->getAsInteger();
  int64_t least = fallback && *fallback == 0 ? 0 : 1;
  if (count && *count >= least && *count <= std::numeric_limits<int32_t>::max())
    return *count;
  refuse(key, "a count from " + Twine(least) + " to 2^31 - 1");
  return fallback.value_or(1);
}

double ConfigReader::number(StringRef key,
                            std::optional<double> fallback) const {
  const json::Value *value = find(key);
  if (!value && fallback)
    return *fallback;
  std::optional<double> number;
  if (value)
    number = value->getAsNumber();
  if (number && std::isfinite(*number))
    return *number;
  refuse(key, "a number");
  return fallback.value_or(1);
}

bool ConfigReader::flag(StringRef key, bool fallback) const {
  const json::Value *value = find(key);
  if (!value)
    return fallback;
  if (std::optional<bool> flag = value->getAsBoolean())
    return *flag;
  refuse(key, "true or false");
  return fallback;
}

std::string ConfigReader::word(StringRef key, StringRef fallback) const {
  const json::Value *value = find(key);
  if (!value)
    return fallback.str();
  if (std::optional<StringRef> word = value->getAsString())
    return word->str();
  refuse(key, "a string");
  return fallback.str();
}

std::vector<double> ConfigReader::numbers(StringRef key) const {
  std::vector<double> result;
  const json::Value *value = find(key);
  const json::Array *list = value ? value->getAsArray() : nullptr;
  if (value && !list)
    refuse(key, "a list of numbers");
  for (size_t i = 0; list && i < list->size(); ++i) {
    std::optional<double> number = (*list)[i].getAsNumber();
    if (std::optional<bool> flag = (*list)[i].getAsBoolean())
      number = *flag; // lists of 0 and 1 are also written as booleans
    if (!number || !std::isfinite(*number)) {
      fail(key, "expected numbers, but got " + describeJson(&(*list)[i]));
      return result;
    }
    result.push_back(*number);
  }
  return result;
}

std::vector<std::string> ConfigReader::words(StringRef key) const {
  std::vector<std::string> result;
  const json::Value *value = find(key);
  const json::Array *list = value ? value->getAsArray() : nullptr;
  if (value && !list)
    refuse(key, "a list of strings");
  for (size_t i = 0; list && i < list->size(); ++i) {
    std::optional<StringRef> word = (*list)[i].getAsString();
    if (!word) {
      fail(key, "expected strings, but got " + describeJson(&(*list)[i]));
      return result;
    }
    result.push_back(word->str());
  }
  return result;
}

std::optional<ConfigReader> ConfigReader::section(StringRef key) const {
  const json::Value *value = find(key);
  if (!value)
    return std::nullopt;
  const json::Object *inner = value->getAsObject();
  if (!inner) {
    refuse(key, "an object");
    return std::nullopt;
  }
  ConfigReader reader(*inner, label + ": " + key.str());
  reader.failure = failure;
  return reader;
}

llvm::Error ConfigReader::takeError() const {
  if (failure->empty())
    return llvm::Error::success();
  return llvm::createStringError(Twine(*failure));
}

} // namespace qcc
