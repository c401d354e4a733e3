// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Methods of lists, dicts and loops, and the global functions. Methods that
// would change a value are known, to say that they cannot.

#include "runtime/text/jinja/builtins.h"

#include <algorithm>

namespace qcc::jinja {

static Value refuseChange(Interpreter &interpreter, const Value &value,
                          const Arguments &) {
  return interpreter.rendering.fail(
      std::string("expected a template that changes no value, but got a method "
                  "that changes a ") +
      nameOf(value));
}

static Value keys(Interpreter &interpreter, const Value &value,
                  const Arguments &arguments) {
  Parameters given(interpreter, arguments, "keys", {});
  std::vector<Value> items;
  interpreter.iterate(value, items);
  return interpreter.rendering.list(std::move(items), Kind::View);
}

static Value values(Interpreter &interpreter, const Value &value,
                    const Arguments &arguments) {
  Parameters given(interpreter, arguments, "values", {});
  std::vector<Value> items;
  for (const auto &[key, element] : value.as<DictObject>().entries)
    items.push_back(element);
  return interpreter.rendering.list(std::move(items), Kind::View);
}

static Value pairs(Interpreter &interpreter, const Value &value,
                   const Arguments &arguments) {
  Parameters given(interpreter, arguments, "items", {});
  std::vector<Value> items;
  for (const auto &[key, element] : value.as<DictObject>().entries)
    items.push_back(interpreter.rendering.list({key, element}, Kind::Tuple));
  return interpreter.rendering.list(std::move(items), Kind::View);
}

static Value get(Interpreter &interpreter, const Value &value,
                 const Arguments &arguments) {
  Parameters given(interpreter, arguments, "get", {"key", "default"}, 1);
  if (given.failed())
    return Value();
  if (const Value *found = interpreter.rendering.find(value, given[0]))
    return *found;
  return given.has(1) ? given[1] : Value::none();
}

static Value copy(Interpreter &interpreter, const Value &value,
                  const Arguments &arguments) {
  Parameters given(interpreter, arguments, "copy", {});
  return value;
}

static Value index(Interpreter &interpreter, const Value &value,
                   const Arguments &arguments) {
  Parameters given(interpreter, arguments, "index", {"value"}, 1);
  if (given.failed())
    return Value();
  for (size_t i = 0; i < value.items().size(); ++i)
    if (interpreter.isEqual(value.items()[i], given[0]))
      return Value::number(static_cast<int64_t>(i));
  return interpreter.rendering.fail("index: expected a value of the " +
                                    std::string(nameOf(value)));
}

static Value count(Interpreter &interpreter, const Value &value,
                   const Arguments &arguments) {
  Parameters given(interpreter, arguments, "count", {"value"}, 1);
  if (given.failed())
    return Value();
  int64_t found = 0;
  for (const Value &item : value.items())
    found += interpreter.isEqual(item, given[0]);
  return Value::number(found);
}

static Value cycle(Interpreter &interpreter, const Value &value,
                   const Arguments &arguments) {
  if (arguments.positional.empty())
    return interpreter.rendering.fail("cycle: expected values, but got none");
  size_t index = value.as<LoopObject>().index;
  return arguments.positional[index % arguments.positional.size()];
}

static Value changed(Interpreter &interpreter, const Value &value,
                     const Arguments &arguments) {
  // A printed copy: the loop would hold itself if it kept the values.
  std::string now = " ";
  for (const Value &argument : arguments.positional)
    interpreter.printTo(now, argument);
  auto &loop = value.as<LoopObject>();
  bool isChanged = loop.changed != now;
  loop.changed = std::move(now);
  return Value::boolean(isChanged);
}

Builtin findMethod(Kind kind, std::string_view name) {
  static constexpr BuiltinEntry dict[] = {{"clear", refuseChange},
                                          {"copy", copy},
                                          {"get", get},
                                          {"items", pairs},
                                          {"keys", keys},
                                          {"pop", refuseChange},
                                          {"popitem", refuseChange},
                                          {"setdefault", refuseChange},
                                          {"update", refuseChange},
                                          {"values", values}};
  static constexpr BuiltinEntry list[] = {
      {"append", refuseChange}, {"clear", refuseChange},
      {"copy", copy},           {"count", count},
      {"extend", refuseChange}, {"index", index},
      {"insert", refuseChange}, {"pop", refuseChange},
      {"remove", refuseChange}, {"reverse", refuseChange},
      {"sort", refuseChange}};
  static constexpr BuiltinEntry tuple[] = {{"count", count}, {"index", index}};
  static constexpr BuiltinEntry loop[] = {{"changed", changed},
                                          {"cycle", cycle}};
  switch (kind) {
  case Kind::String: {
    Builtin found = stringMethods().find(name);
    return found ? found : searchMethods().find(name);
  }
  case Kind::Dict:
    return BuiltinTable{dict, std::size(dict)}.find(name);
  case Kind::List:
    return BuiltinTable{list, std::size(list)}.find(name);
  case Kind::Tuple:
    return BuiltinTable{tuple, std::size(tuple)}.find(name);
  case Kind::Loop:
    return BuiltinTable{loop, std::size(loop)}.find(name);
  default:
    return nullptr;
  }
}

static Value range(Interpreter &interpreter, const Value &,
                   const Arguments &arguments) {
  Parameters given(interpreter, arguments, "range", {"start", "stop", "step"},
                   1);
  if (given.failed())
    return Value();
  bool hasStart = given.has(1);
  int64_t first = hasStart ? given.integer(0, 0) : 0;
  int64_t last = hasStart ? given.integer(1, 0) : given.integer(0, 0);
  int64_t step = given.integer(2, 1);
  if (step == 0)
    return interpreter.rendering.fail("range: expected a step other than 0");
  constexpr size_t most = 100000; // Jinja's limit too
  std::vector<Value> items;
  while (step > 0 ? first < last : first > last) {
    if (items.size() == most)
      return interpreter.rendering.fail(
          "range: expected at most 100000 numbers, but got more");
    items.push_back(Value::number(first));
    if (__builtin_add_overflow(first, step, &first))
      break;
  }
  return interpreter.rendering.list(std::move(items));
}

/// Entries of a dict, or pairs, and then names.
static bool collect(Interpreter &interpreter, const Arguments &arguments,
                    std::vector<std::pair<Value, Value>> &entries) {
  Rendering &rendering = interpreter.rendering;
  if (arguments.positional.size() > 1) {
    rendering.fail("expected at most 1 dict, but got " +
                   std::to_string(arguments.positional.size()));
    return false;
  }
  for (const Value &argument : arguments.positional) {
    if (argument.is(Kind::Dict)) {
      entries = argument.as<DictObject>().entries;
      continue;
    }
    std::vector<Value> items;
    interpreter.iterate(argument, items);
    for (const Value &item : items) {
      std::vector<Value> pair;
      interpreter.iterate(item, pair);
      if (pair.size() != 2) {
        rendering.fail("expected pairs of a key and a value");
        return false;
      }
      entries.emplace_back(pair[0], pair[1]);
    }
  }
  for (const auto &[name, value] : arguments.keywords)
    entries.emplace_back(rendering.text(name), value);
  return rendering.spend(entries.size());
}

static Value makeDict(Interpreter &interpreter, const Value &,
                      const Arguments &arguments) {
  std::vector<std::pair<Value, Value>> entries;
  if (!collect(interpreter, arguments, entries))
    return Value();
  return interpreter.rendering.dict(std::move(entries));
}

static Value makeNamespace(Interpreter &interpreter, const Value &,
                           const Arguments &arguments) {
  std::vector<std::pair<Value, Value>> entries;
  if (!collect(interpreter, arguments, entries))
    return Value();
  std::vector<std::pair<std::string, Value>> attributes;
  for (auto &[key, value] : entries)
    attributes.emplace_back(interpreter.print(key), std::move(value));
  return interpreter.rendering.space(std::move(attributes));
}

static Value raise(Interpreter &interpreter, const Value &,
                   const Arguments &arguments) {
  Parameters given(interpreter, arguments, "raise_exception", {"message"}, 1);
  return given.failed()
             ? Value()
             : interpreter.rendering.fail(interpreter.print(given[0]));
}

/// A function that returns its text on all calls but the first.
static Value makeJoiner(Interpreter &interpreter, const Value &,
                        const Arguments &arguments) {
  Parameters given(interpreter, arguments, "joiner", {"sep"});
  Value text = interpreter.rendering.text(given.text(0, ", "));
  auto isUsed = std::make_shared<bool>(false);
  return interpreter.rendering.function(
      "joiner", [text, isUsed](Interpreter &other, const Arguments &) {
        return std::exchange(*isUsed, true) ? text : other.rendering.text("");
      });
}

Builtin findGlobal(std::string_view name) {
  static constexpr BuiltinEntry entries[] = {
      {"dict", makeDict},
      {"joiner", makeJoiner},
      {"namespace", makeNamespace},
      {"raise_exception", raise},
      {"range", range},
      {"strftime_now", formatTime},
  };
  return BuiltinTable{entries, std::size(entries)}.find(name);
}

} // namespace qcc::jinja
