// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Filters that compare items. Sorting is our own merge: a comparison can fail,
// and the library's sort must not see an order that contradicts itself.

#include "runtime/text/jinja/builtins.h"

#include <algorithm>

namespace qcc::jinja {

namespace {

struct Keyed {
  Value key;
  Value item;
};

} // namespace

static void mergeSort(Interpreter &interpreter, std::vector<Keyed> &items,
                      bool isReversed) {
  std::vector<Keyed> other(items.size());
  for (size_t width = 1; width < items.size(); width *= 2) {
    for (size_t begin = 0; begin < items.size(); begin += 2 * width) {
      size_t middle = std::min(begin + width, items.size());
      size_t end = std::min(begin + 2 * width, items.size());
      size_t left = begin, right = middle;
      for (size_t out = begin; out < end; ++out) {
        bool isRight = left == middle;
        if (!isRight && right < end) {
          int order = interpreter.compare(items[right].key, items[left].key);
          isRight = isReversed ? order > 0 : order < 0;
        }
        other[out] = std::move(items[isRight ? right++ : left++]);
      }
    }
    items.swap(other);
    if (interpreter.rendering.failed())
      return;
  }
}

static std::vector<Keyed> addKeys(std::vector<Value> items, const KeyOf &key) {
  std::vector<Keyed> keyed;
  keyed.reserve(items.size());
  for (Value &item : items) {
    Value found = key(item);
    keyed.push_back({std::move(found), std::move(item)});
  }
  return keyed;
}

static std::vector<Value> dropKeys(std::vector<Keyed> keyed) {
  std::vector<Value> items;
  items.reserve(keyed.size());
  for (Keyed &entry : keyed)
    items.push_back(std::move(entry.item));
  return items;
}

/// One key, or a tuple of those that a list "a,b" names.
static Value keyOfSort(Interpreter &interpreter, const Value &item,
                       const std::vector<KeyOf> &keys) {
  std::vector<Value> parts;
  for (const KeyOf &key : keys)
    parts.push_back(key(item));
  return interpreter.rendering.list(std::move(parts));
}

static Value sort(Interpreter &interpreter, const Value &value,
                  const Arguments &arguments) {
  Parameters given(interpreter, arguments, "sort",
                   {"reverse", "case_sensitive", "attribute"});
  Rendering &rendering = interpreter.rendering;
  std::vector<Value> items;
  if (given.failed() || !interpreter.iterate(value, items))
    return Value();
  bool isSensitive = given.truth(1, false);
  std::vector<KeyOf> keys;
  if (given.has(2) && given[2].is(Kind::String)) {
    std::string_view rest = given[2].text();
    while (rendering.spend(1)) {
      size_t comma = std::min(rest.find(','), rest.size());
      Value part = rendering.text(std::string(rest.substr(0, comma)));
      keys.emplace_back(interpreter, &part, isSensitive);
      if (comma == rest.size())
        break;
      rest.remove_prefix(comma + 1);
    }
  } else {
    keys.emplace_back(interpreter, given.has(2) ? &given[2] : nullptr,
                      isSensitive);
  }
  std::vector<Keyed> keyed;
  for (Value &item : items) {
    Value key = keyOfSort(interpreter, item, keys);
    keyed.push_back({std::move(key), std::move(item)});
    if (!rendering.spend(1))
      return Value();
  }
  mergeSort(interpreter, keyed, given.truth(0, false));
  return rendering.list(dropKeys(std::move(keyed)));
}

static Value dictsort(Interpreter &interpreter, const Value &value,
                      const Arguments &arguments) {
  Parameters given(interpreter, arguments, "dictsort",
                   {"case_sensitive", "by", "reverse"});
  Rendering &rendering = interpreter.rendering;
  std::string by = given.text(1, "key");
  if (by != "key" && by != "value")
    return rendering.fail("dictsort: expected 'key' or 'value', but got '" +
                          by + "'");
  if (!value.is(Kind::Dict))
    return rendering.fail(std::string("dictsort: expected a dict, but got ") +
                          nameOf(value));
  Value index = Value::number(int64_t(by == "value"));
  KeyOf key(interpreter, &index, given.truth(0, false));
  std::vector<Value> pairs;
  for (const auto &[name, element] : value.as<DictObject>().entries)
    pairs.push_back(rendering.list({name, element}, Kind::Tuple));
  if (rendering.failed())
    return Value();
  std::vector<Keyed> keyed = addKeys(std::move(pairs), key);
  mergeSort(interpreter, keyed, given.truth(2, false));
  return rendering.list(dropKeys(std::move(keyed)));
}

static Value unique(Interpreter &interpreter, const Value &value,
                    const Arguments &arguments) {
  Parameters given(interpreter, arguments, "unique",
                   {"case_sensitive", "attribute"});
  Rendering &rendering = interpreter.rendering;
  std::vector<Value> items, kept;
  if (given.failed() || !interpreter.iterate(value, items))
    return Value();
  KeyOf key(interpreter, given.has(1) ? &given[1] : nullptr,
            given.truth(0, false));
  // A dict of the first places: its index tells equal keys.
  std::vector<std::pair<Value, Value>> entries;
  for (Value &item : items)
    entries.emplace_back(key(item), Value());
  if (rendering.failed())
    return Value();
  Value dict = rendering.dict(entries);
  if (rendering.failed())
    return Value();
  size_t next = 0;
  const auto &keys = dict.as<DictObject>().entries;
  for (size_t i = 0; i < items.size() && next < keys.size(); ++i) {
    if (!interpreter.isEqual(entries[i].first, keys[next].first))
      continue;
    kept.push_back(std::move(items[i]));
    ++next;
  }
  return rendering.list(std::move(kept), Kind::Generator);
}

template <bool isMost>
static Value findExtreme(Interpreter &interpreter, const Value &value,
                         const Arguments &arguments) {
  Parameters given(interpreter, arguments, isMost ? "max" : "min",
                   {"case_sensitive", "attribute"});
  std::vector<Value> items;
  if (given.failed() || !interpreter.iterate(value, items))
    return Value();
  if (items.empty())
    return interpreter.rendering.undefined("there is no item");
  KeyOf key(interpreter, given.has(1) ? &given[1] : nullptr,
            given.truth(0, false));
  size_t best = 0;
  Value bestKey = key(items[0]);
  for (size_t i = 1; i < items.size(); ++i) {
    Value other = key(items[i]);
    int order = interpreter.compare(other, bestKey);
    if (interpreter.rendering.failed())
      return Value();
    if (isMost ? order > 0 : order < 0) {
      best = i;
      bestKey = std::move(other);
    }
  }
  return items[best];
}

static Value sum(Interpreter &interpreter, const Value &value,
                 const Arguments &arguments) {
  Parameters given(interpreter, arguments, "sum", {"attribute", "start"});
  std::vector<Value> items;
  if (given.failed() || !interpreter.iterate(value, items))
    return Value();
  KeyOf key(interpreter, given.has(0) ? &given[0] : nullptr, true);
  Value total = given.has(1) ? given[1] : Value::number(int64_t(0));
  if (total.is(Kind::String))
    return interpreter.rendering.fail("sum: expected numbers, but got str");
  for (const Value &item : items)
    total = interpreter.apply(Operator::Add, total, key(item));
  return total;
}

static Value groupby(Interpreter &interpreter, const Value &value,
                     const Arguments &arguments) {
  Parameters given(interpreter, arguments, "groupby",
                   {"attribute", "default", "case_sensitive"}, 1);
  Rendering &rendering = interpreter.rendering;
  std::vector<Value> items, groups;
  if (given.failed() || !interpreter.iterate(value, items))
    return Value();
  const Value *standard = given.isSet(1) ? &given[1] : nullptr;
  KeyOf key(interpreter, &given[0], given.truth(2, false), standard);
  KeyOf printedKey(interpreter, &given[0], true, standard);
  std::vector<Keyed> keyed = addKeys(std::move(items), key);
  mergeSort(interpreter, keyed, false);
  for (size_t i = 0; i < keyed.size() && !rendering.failed();) {
    Value name = printedKey(keyed[i].item);
    std::vector<Value> members;
    size_t start = i;
    while (i < keyed.size() &&
           (i == start || interpreter.isEqual(keyed[i].key, keyed[start].key)))
      members.push_back(keyed[i++].item);
    Value list = rendering.list(std::move(members));
    groups.push_back(rendering.list({name, list}, Kind::Tuple));
  }
  return rendering.list(std::move(groups));
}

BuiltinTable orderFilters() {
  static constexpr BuiltinEntry entries[] = {
      {"dictsort", dictsort},
      {"groupby", groupby},
      {"max", findExtreme<true>},
      {"min", findExtreme<false>},
      {"sort", sort},
      {"sum", sum},
      {"unique", unique},
  };
  return {entries, std::size(entries)};
}

} // namespace qcc::jinja
