// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Making values: each is counted before it is made.

#include "runtime/text/jinja/rendering.h"

#include "runtime/text/jinja/numbers.h"

#include <algorithm>
#include <cmath>

namespace qcc::jinja {

Value Rendering::fail(std::string message) {
  if (!hasFailed) {
    hasFailed = true;
    error = std::move(message);
    lineOfError = current;
  }
  return Value();
}

bool Rendering::spend(uint64_t count) {
  if (hasFailed)
    return false;
  if (count > maxSteps - steps) {
    fail("expected at most " + std::to_string(maxSteps) +
         " steps, but got more");
    return false;
  }
  steps += count;
  return true;
}

template <typename T> std::shared_ptr<T> Rendering::make(size_t size) {
  if (!spendText(size))
    return nullptr;
  size += sizeof(T);
  if (size > maxBytes - bytes) {
    fail("expected values of at most " + std::to_string(maxBytes) +
         " bytes, but got more");
    return nullptr;
  }
  auto object = std::make_shared<T>();
  object->counter = &bytes;
  object->bytes = size;
  bytes += size;
  return object;
}

Value Rendering::text(std::string text, bool isMarkup) {
  if (text.size() > maxText)
    return fail("expected texts of at most " + std::to_string(maxText) +
                " bytes, but got " + std::to_string(text.size()));
  auto object = make<StringObject>(text.size());
  if (!object)
    return Value();
  object->text = std::move(text);
  object->isMarkup = isMarkup;
  return Value(Kind::String, std::move(object));
}

Value Rendering::undefined(std::string why) {
  auto object = make<StringObject>(why.size());
  if (!object)
    return Value();
  object->text = std::move(why);
  return Value(Kind::Undefined, std::move(object));
}

Value Rendering::list(std::vector<Value> items, Kind kind) {
  auto object = make<ListObject>(items.size() * sizeof(Value));
  if (!object)
    return Value();
  for (const Value &item : items)
    object->depth = std::max(object->depth, 1 + depthOf(item));
  if (object->depth > maxDepth)
    return fail("expected at most " + std::to_string(maxDepth) +
                " levels of lists, but got more");
  object->items = std::move(items);
  return Value(kind, std::move(object));
}

/// The text that the index of a dict knows a key by.
bool Rendering::makeKey(const Value &key, std::string &out) {
  if (key.is(Kind::String)) {
    out = "s" + key.text();
    return true;
  }
  if (key.is(Kind::None) || key.is(Kind::Undefined)) {
    out = key.is(Kind::None) ? "n" : "u";
    return true;
  }
  if (key.isNumber()) {
    double real = key.asReal();
    bool isWhole = real == std::floor(real) && std::abs(real) < 0x1p53;
    out = key.isInteger() ? "i" + std::to_string(key.asInteger())
          : isWhole       ? "i" + std::to_string(int64_t(real))
                          : "f" + formatReal(real);
    return true;
  }
  if (key.is(Kind::Tuple)) {
    out = "t";
    for (const Value &item : key.items()) {
      std::string part;
      if (!makeKey(item, part))
        return false;
      out += std::to_string(part.size()) + part;
    }
    return true;
  }
  fail(std::string("expected a key that can be hashed, but got ") +
       nameOf(key));
  return false;
}

Value Rendering::dict(std::vector<std::pair<Value, Value>> entries) {
  // An entry of the index takes about as much again.
  size_t size = entries.size() * (2 * sizeof(entries[0]) + 64);
  auto object = make<DictObject>(size);
  if (!object)
    return Value();
  for (auto &[key, value] : entries) {
    std::string text;
    if (!makeKey(key, text))
      return Value();
    object->depth = std::max(object->depth, 1 + depthOf(value));
    auto [place, isNew] =
        object->index.try_emplace(std::move(text), object->entries.size());
    if (isNew)
      object->entries.emplace_back(std::move(key), std::move(value));
    else
      object->entries[place->second].second = std::move(value);
  }
  if (object->depth > maxDepth)
    return fail("expected at most " + std::to_string(maxDepth) +
                " levels of dicts, but got more");
  return Value(Kind::Dict, std::move(object));
}

Value Rendering::space(std::vector<std::pair<std::string, Value>> attributes) {
  auto object = make<NamespaceObject>(attributes.size() * 64);
  if (!object)
    return Value();
  object->attributes = std::move(attributes);
  spaces.push_back(object);
  // Not an owner, or a namespace that holds itself would never go.
  return Value(Kind::Namespace,
               std::shared_ptr<Object>(std::shared_ptr<void>(), object.get()));
}

Value Rendering::function(
    std::string name,
    std::function<Value(Interpreter &, const Arguments &)> body) {
  auto object = make<FunctionObject>(name.size() + 64);
  if (!object)
    return Value();
  object->name = std::move(name);
  object->body = std::move(body);
  return Value(Kind::Function, std::move(object));
}

std::shared_ptr<LoopObject> Rendering::loop(std::vector<Value> items) {
  auto object = make<LoopObject>(items.size() * sizeof(Value));
  if (object)
    object->items = std::move(items);
  return object;
}

const Value *Rendering::find(const Value &dict, const Value &key) {
  std::string text;
  if (!makeKey(key, text))
    return nullptr;
  const auto &object = dict.as<DictObject>();
  auto found = object.index.find(text);
  return found == object.index.end() ? nullptr
                                     : &object.entries[found->second].second;
}

const Value *Rendering::find(const Value &dict, std::string_view key) {
  const auto &object = dict.as<DictObject>();
  auto found = object.index.find("s" + std::string(key));
  return found == object.index.end() ? nullptr
                                     : &object.entries[found->second].second;
}

} // namespace qcc::jinja
