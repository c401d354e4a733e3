// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Filters of lists. Most return a generator, which is true even when it is
// empty and can be read once; templates are written around that.

#include "runtime/text/jinja/builtins.h"

#include <algorithm>

namespace qcc::jinja {

static Value length(Interpreter &interpreter, const Value &value,
                    const Arguments &arguments) {
  Parameters given(interpreter, arguments, "length", {});
  return Value::number(interpreter.lengthOf(value));
}

static Value first(Interpreter &interpreter, const Value &value,
                   const Arguments &arguments) {
  Parameters given(interpreter, arguments, "first", {});
  Rendering &rendering = interpreter.rendering;
  if (value.is(Kind::Generator)) {
    auto &generator = value.as<ListObject>();
    if (generator.next < generator.items.size())
      return generator.items[generator.next++];
    return rendering.undefined("there is no first item");
  }
  if (value.is(Kind::String))
    return value.text().empty()
               ? rendering.undefined("there is no first item")
               : interpreter.getItem(value, Value::number(int64_t(0)));
  std::vector<Value> items;
  if (!interpreter.iterate(value, items))
    return Value();
  return items.empty() ? rendering.undefined("there is no first item")
                       : items.front();
}

static Value last(Interpreter &interpreter, const Value &value,
                  const Arguments &arguments) {
  Parameters given(interpreter, arguments, "last", {});
  if (value.is(Kind::Generator))
    return interpreter.rendering.fail(
        "last: expected a value with a length, but got generator");
  std::vector<Value> items;
  if (!interpreter.iterate(value, items))
    return Value();
  return items.empty()
             ? interpreter.rendering.undefined("there is no last item")
             : items.back();
}

static Value list(Interpreter &interpreter, const Value &value,
                  const Arguments &arguments) {
  Parameters given(interpreter, arguments, "list", {});
  std::vector<Value> items;
  interpreter.iterate(value, items);
  return interpreter.rendering.list(std::move(items));
}

static Value join(Interpreter &interpreter, const Value &value,
                  const Arguments &arguments) {
  Parameters given(interpreter, arguments, "join", {"d", "attribute"});
  std::string separator = given.has(0) ? interpreter.print(given[0]) : "";
  KeyOf textOf(interpreter, given.has(1) ? &given[1] : nullptr, true);
  std::vector<Value> items;
  if (!interpreter.iterate(value, items))
    return Value();
  std::string out;
  for (size_t i = 0; i < items.size(); ++i) {
    out += i > 0 ? separator : "";
    out += interpreter.print(textOf(items[i]));
    if (!interpreter.rendering.spend(1 + separator.size() / 64))
      return Value();
  }
  return interpreter.rendering.text(std::move(out));
}

static Value items(Interpreter &interpreter, const Value &value,
                   const Arguments &arguments) {
  Parameters given(interpreter, arguments, "items", {});
  Rendering &rendering = interpreter.rendering;
  std::vector<Value> pairs;
  if (value.is(Kind::Dict)) {
    for (const auto &[key, element] : value.as<DictObject>().entries)
      pairs.push_back(rendering.list({key, element}, Kind::Tuple));
  } else if (!value.is(Kind::Undefined)) {
    return rendering.fail(std::string("items: expected a dict, but got ") +
                          nameOf(value));
  }
  return rendering.list(std::move(pairs), Kind::Generator);
}

static Value reverse(Interpreter &interpreter, const Value &value,
                     const Arguments &arguments) {
  Parameters given(interpreter, arguments, "reverse", {});
  std::vector<Value> items;
  if (!interpreter.iterate(value, items))
    return Value();
  std::reverse(items.begin(), items.end());
  // Python cannot walk a generator from its end, and makes a list.
  Kind kind = value.is(Kind::Generator) ? Kind::List : Kind::Generator;
  if (!value.is(Kind::String))
    return interpreter.rendering.list(std::move(items), kind);
  std::string text;
  for (const Value &item : items)
    text += item.text();
  return interpreter.rendering.text(std::move(text));
}

/// Arguments behind the first `count`.
static Arguments dropFirst(const Arguments &arguments, size_t count) {
  Arguments rest = arguments;
  rest.positional.erase(
      rest.positional.begin(),
      rest.positional.begin() +
          static_cast<std::ptrdiff_t>(std::min(count, rest.positional.size())));
  return rest;
}

/// The builtin that the argument names; null and an error if there is none.
static Builtin findNamed(Interpreter &interpreter, const Arguments &arguments,
                         size_t index, Builtin (*find)(std::string_view)) {
  const Value &name = arguments.positional[index];
  Builtin found = name.is(Kind::String) ? find(name.text()) : nullptr;
  if (!found)
    interpreter.rendering.fail(
        "expected a filter or test that is known, but got '" +
        interpreter.print(name) + "'");
  return found;
}

static Value map(Interpreter &interpreter, const Value &value,
                 const Arguments &arguments) {
  Rendering &rendering = interpreter.rendering;
  std::vector<Value> items, results;
  if (!isTrue(value)) // none has no items either
    return rendering.list({}, Kind::Generator);
  if (arguments.positional.empty()) {
    Parameters given(interpreter, arguments, "map", {"attribute", "default"},
                     1);
    if (given.failed() || !interpreter.iterate(value, items))
      return Value();
    const Value *standard = given.isSet(1) ? &given[1] : nullptr;
    KeyOf key(interpreter, &given[0], true, standard);
    for (const Value &item : items)
      results.push_back(key(item));
    return rendering.list(std::move(results), Kind::Generator);
  }
  Builtin filter = findNamed(interpreter, arguments, 0, findFilter);
  if (!filter || !interpreter.iterate(value, items))
    return Value();
  Arguments rest = dropFirst(arguments, 1);
  for (const Value &item : items) {
    results.push_back(filter(interpreter, item, rest));
    if (!rendering.spend(1))
      return Value();
  }
  return rendering.list(std::move(results), Kind::Generator);
}

/// Items whose attribute (or that themselves) pass a test, or are true.
static Value pick(Interpreter &interpreter, const Value &value,
                  const Arguments &arguments, bool isWanted,
                  bool hasAttribute) {
  Rendering &rendering = interpreter.rendering;
  if (!isTrue(value)) // none has no items either
    return rendering.list({}, Kind::Generator);
  if (hasAttribute && arguments.positional.empty())
    return rendering.fail("expected a name of an attribute, but got none");
  size_t used = hasAttribute;
  Builtin test = nullptr;
  if (arguments.positional.size() > used) {
    test = findNamed(interpreter, arguments, used, findTest);
    if (!test)
      return Value();
  }
  KeyOf key(interpreter, hasAttribute ? &arguments.positional[0] : nullptr,
            true);
  Arguments rest = dropFirst(arguments, used + 1);
  std::vector<Value> items, picked;
  if (!interpreter.iterate(value, items))
    return Value();
  for (Value &item : items) {
    Value tested = key(item);
    if (test)
      tested = test(interpreter, tested, rest);
    if (!rendering.spend(1))
      return Value();
    if (isTrue(tested) == isWanted)
      picked.push_back(std::move(item));
  }
  return rendering.list(std::move(picked), Kind::Generator);
}

template <bool isWanted, bool hasAttribute>
static Value pickItems(Interpreter &interpreter, const Value &value,
                       const Arguments &arguments) {
  return pick(interpreter, value, arguments, isWanted, hasAttribute);
}

static Value batch(Interpreter &interpreter, const Value &value,
                   const Arguments &arguments) {
  Parameters given(interpreter, arguments, "batch", {"linecount", "fill_with"},
                   1);
  Rendering &rendering = interpreter.rendering;
  std::vector<Value> items, rows, row;
  if (given.failed() || !interpreter.iterate(value, items))
    return Value();
  int64_t size = given.integer(0, 1);
  if (size < 1)
    return rendering.fail("batch: expected at least 1 item, but got " +
                          std::to_string(size));
  for (Value &item : items) {
    if (static_cast<int64_t>(row.size()) == size)
      rows.push_back(rendering.list(std::exchange(row, {})));
    row.push_back(std::move(item));
  }
  if (!row.empty()) {
    bool isFilled = given.isSet(1);
    while (isFilled && static_cast<int64_t>(row.size()) < size &&
           rendering.spend(1))
      row.push_back(given[1]);
    rows.push_back(rendering.list(std::move(row)));
  }
  return rendering.list(std::move(rows), Kind::Generator);
}

static Value slice(Interpreter &interpreter, const Value &value,
                   const Arguments &arguments) {
  Parameters given(interpreter, arguments, "slice", {"slices", "fill_with"}, 1);
  Rendering &rendering = interpreter.rendering;
  std::vector<Value> items, columns;
  if (given.failed() || !interpreter.iterate(value, items))
    return Value();
  int64_t count = given.integer(0, 1);
  if (count < 1)
    return rendering.fail("slice: expected at least 1 slice, but got " +
                          std::to_string(count));
  auto size = static_cast<int64_t>(items.size());
  int64_t place = 0, extra = size % count;
  for (int64_t i = 0; i < count && rendering.spend(1); ++i) {
    int64_t length = size / count + (i < extra);
    std::vector<Value> column(items.begin() + place,
                              items.begin() + place + length);
    if (given.isSet(1) && i >= extra)
      column.push_back(given[1]);
    columns.push_back(rendering.list(std::move(column)));
    place += length;
  }
  return rendering.list(std::move(columns), Kind::Generator);
}

BuiltinTable listFilters() {
  static constexpr BuiltinEntry entries[] = {
      {"batch", batch},
      {"count", length},
      {"first", first},
      {"items", items},
      {"join", join},
      {"last", last},
      {"length", length},
      {"list", list},
      {"map", map},
      {"reject", pickItems<false, false>},
      {"rejectattr", pickItems<false, true>},
      {"reverse", reverse},
      {"select", pickItems<true, false>},
      {"selectattr", pickItems<true, true>},
      {"slice", slice},
  };
  return {entries, std::size(entries)};
}

} // namespace qcc::jinja
