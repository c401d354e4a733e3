// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes, elements, slices and what can be walked over. What is not there
// is Undefined, which prints as nothing but takes no further step.

#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/interpreter.h"
#include "runtime/text/jinja/letters.h"

#include <algorithm>

namespace qcc::jinja {

Value Interpreter::getLoopAttribute(const Value &value,
                                    const std::string &name) {
  auto &loop = value.as<LoopObject>();
  auto index = static_cast<int64_t>(loop.index);
  auto length = static_cast<int64_t>(loop.items.size());
  if (name == "index")
    return Value::number(index + 1);
  if (name == "index0")
    return Value::number(index);
  if (name == "revindex")
    return Value::number(length - index);
  if (name == "revindex0")
    return Value::number(length - index - 1);
  if (name == "first")
    return Value::boolean(index == 0);
  if (name == "last")
    return Value::boolean(index + 1 >= length);
  if (name == "length")
    return Value::number(length);
  if (name == "depth")
    return Value::number(loop.depth + 1);
  if (name == "depth0")
    return Value::number(loop.depth);
  if (name == "previtem")
    return index > 0 ? loop.items[index - 1]
                     : rendering.undefined("there is no previous item");
  if (name == "nextitem")
    return index + 1 < length ? loop.items[index + 1]
                              : rendering.undefined("there is no next item");
  return rendering.undefined("loop has no attribute '" + name + "'");
}

Value Interpreter::getAttribute(const Value &value, const std::string &name) {
  if (rendering.failed())
    return Value();
  if (value.is(Kind::Undefined))
    return rendering.fail("expected a value with attribute '" + name +
                          "', but got " +
                          (value.identity() ? value.text() : "none"));
  if (Builtin method = findMethod(value.kind(), name))
    return rendering.function(
        name,
        [value, method](Interpreter &interpreter, const Arguments &arguments) {
          return method(interpreter, value, arguments);
        });
  if (value.is(Kind::Dict)) {
    if (const Value *found = rendering.find(value, name))
      return *found;
  } else if (value.is(Kind::Namespace)) {
    const auto &attributes = value.as<NamespaceObject>().attributes;
    rendering.spend(1 + attributes.size() / 8);
    for (const auto &[known, attribute] : attributes)
      if (known == name)
        return attribute;
  } else if (value.is(Kind::Loop)) {
    return getLoopAttribute(value, name);
  } else if (value.is(Kind::Function) && name == "name") {
    return rendering.text(value.as<FunctionObject>().name);
  }
  return rendering.undefined(std::string(nameOf(value)) +
                             " has no attribute '" + name + "'");
}

Value Interpreter::getItem(const Value &value, const Value &index) {
  if (rendering.failed())
    return Value();
  if (value.is(Kind::Undefined))
    return rendering.fail("expected a value with elements, but got " +
                          (value.identity() ? value.text() : "none"));
  if (value.is(Kind::Dict)) {
    // Lists are no keys, and so their elements are not there.
    bool isKey = index.isNumber() || index.is(Kind::String) ||
                 index.is(Kind::None) || index.is(Kind::Tuple);
    const Value *found = isKey ? rendering.find(value, index) : nullptr;
    if (found)
      return *found;
  }
  bool isList = value.is(Kind::List) || value.is(Kind::Tuple);
  if ((isList || value.is(Kind::String)) && index.isInteger()) {
    bool isText = value.is(Kind::String);
    int64_t length = lengthOf(value), place = index.asInteger();
    place += place < 0 ? length : 0;
    if (place >= 0 && place < length) {
      if (!isText)
        return value.items()[place];
      std::string_view text = value.text();
      size_t start = findCode(text, static_cast<size_t>(place)), end = start;
      readCode(text, end);
      return rendering.text(std::string(text.substr(start, end - start)),
                            value.isMarkup());
    }
  }
  if (index.is(Kind::String))
    return getAttribute(value, index.text());
  return rendering.undefined(std::string(nameOf(value)) + " has no element " +
                             print(index));
}

/// A bound of a slice, clipped to what there is.
static int64_t clip(const Value &bound, int64_t standard, int64_t length,
                    bool isForward) {
  if (!bound.isInteger())
    return standard;
  int64_t place = bound.asInteger();
  if (place < 0)
    place = place < -length ? -1 : place + length;
  int64_t least = isForward ? 0 : -1;
  int64_t most = isForward ? length : length - 1;
  return std::min(std::max(place, least), most);
}

Value Interpreter::getSlice(const Value &value, const Value &start,
                            const Value &stop, const Value &step) {
  if (rendering.failed())
    return Value();
  bool isText = value.is(Kind::String);
  if (!isText && !value.is(Kind::List) && !value.is(Kind::Tuple)) {
    return rendering.fail(std::string("expected a text or a list to slice, "
                                      "but got ") +
                          nameOf(value));
  }
  for (const Value *bound : {&start, &stop, &step})
    if (!bound->isInteger() && !bound->is(Kind::None))
      return rendering.fail(
          std::string("expected integers in a slice, but got ") +
          nameOf(*bound));
  int64_t stride = step.isInteger() ? step.asInteger() : 1;
  if (stride == 0)
    return rendering.fail("expected a step of a slice other than 0");
  std::vector<Value> characters;
  if (isText && !iterate(value, characters))
    return Value();
  const std::vector<Value> &items = isText ? characters : value.items();
  auto length = static_cast<int64_t>(items.size());
  bool isForward = stride > 0;
  int64_t first = clip(start, isForward ? 0 : length - 1, length, isForward);
  int64_t last = clip(stop, isForward ? length : -1, length, isForward);
  std::vector<Value> selected;
  std::string text;
  while (isForward ? first < last : first > last) {
    if (!rendering.spend(1))
      return Value();
    if (isText)
      text += items[first].text();
    else
      selected.push_back(items[first]);
    if (__builtin_add_overflow(first, stride, &first))
      break;
  }
  return isText ? rendering.text(std::move(text), value.isMarkup())
                : rendering.list(std::move(selected), value.kind());
}

int64_t Interpreter::lengthOf(const Value &value) {
  switch (value.kind()) {
  case Kind::Undefined:
    return 0;
  case Kind::String:
    rendering.spendText(value.text().size());
    return static_cast<int64_t>(countCodes(value.text()));
  case Kind::List:
  case Kind::Tuple:
  case Kind::View:
    return static_cast<int64_t>(value.items().size());
  case Kind::Dict:
    return static_cast<int64_t>(value.as<DictObject>().entries.size());
  case Kind::Loop:
    return static_cast<int64_t>(value.as<LoopObject>().items.size());
  default:
    rendering.fail(std::string("expected a value with a length, but got ") +
                   nameOf(value));
    return -1;
  }
}

bool Interpreter::iterate(const Value &value, std::vector<Value> &items) {
  if (rendering.failed())
    return false;
  switch (value.kind()) {
  case Kind::Undefined:
    return true;
  case Kind::List:
  case Kind::Tuple:
  case Kind::View:
    if (!rendering.spend(value.items().size()))
      return false;
    items = value.items();
    return true;
  case Kind::Generator: {
    auto &generator = value.as<ListObject>();
    if (!rendering.spend(generator.items.size() - generator.next))
      return false;
    items.assign(generator.items.begin() +
                     static_cast<std::ptrdiff_t>(generator.next),
                 generator.items.end());
    generator.next = generator.items.size();
    return true;
  }
  case Kind::Dict:
    if (!rendering.spend(value.as<DictObject>().entries.size()))
      return false;
    for (const auto &[key, element] : value.as<DictObject>().entries)
      items.push_back(key);
    return true;
  case Kind::String: {
    std::string_view text = value.text();
    for (size_t place = 0; place < text.size();) {
      size_t start = place;
      readCode(text, place);
      items.push_back(
          rendering.text(std::string(text.substr(start, place - start))));
      if (rendering.failed())
        return false;
    }
    return true;
  }
  default:
    rendering.fail(std::string("expected a value to walk over, but got ") +
                   nameOf(value));
    return false;
  }
}

} // namespace qcc::jinja
