// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arguments by the names of their parameters, keys of items, and the search of
// the tables.

#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/letters.h"
#include "runtime/text/jinja/numbers.h"

#include <algorithm>

namespace qcc::jinja {

Builtin BuiltinTable::find(std::string_view name) const {
  auto found =
      std::find_if(entries, entries + count, [&](const BuiltinEntry &entry) {
        return entry.name == name;
      });
  return found == entries + count ? nullptr : found->body;
}

Builtin findFilter(std::string_view name) {
  for (const BuiltinTable &table :
       {textFilters(), listFilters(), orderFilters(), valueFilters()})
    if (Builtin found = table.find(name))
      return found;
  return nullptr;
}

Parameters::Parameters(Interpreter &interpreter, const Arguments &arguments,
                       const char *function,
                       std::initializer_list<const char *> names,
                       size_t required)
    : interpreter(interpreter), function(function), names(names),
      values(names.size()) {
  if (arguments.positional.size() > values.size()) {
    interpreter.rendering.fail(std::string(function) + ": expected at most " +
                               std::to_string(values.size()) +
                               " arguments, but got " +
                               std::to_string(arguments.positional.size()));
    return;
  }
  for (size_t i = 0; i < arguments.positional.size(); ++i)
    values[i] = &arguments.positional[i];
  for (const auto &[name, value] : arguments.keywords) {
    auto found = std::find(this->names.begin(), this->names.end(), name);
    size_t index = static_cast<size_t>(found - this->names.begin());
    if (index == values.size() || values[index]) {
      interpreter.rendering.fail(std::string(function) +
                                 ": expected each parameter once, but got '" +
                                 name + "'");
      return;
    }
    values[index] = &value;
  }
  for (size_t i = 0; i < required; ++i)
    if (!values[i])
      interpreter.rendering.fail(std::string(function) + ": expected '" +
                                 this->names[i] + "', but got none");
}

int64_t Parameters::integer(size_t index, int64_t standard) const {
  if (!has(index))
    return standard;
  const Value &value = *values[index];
  if (value.isInteger())
    return value.asInteger();
  interpreter.rendering.fail(std::string(function) +
                             ": expected an integer for '" + names[index] +
                             "', but got " + nameOf(value));
  return standard;
}

std::string Parameters::text(size_t index, std::string_view standard) const {
  if (!has(index))
    return std::string(standard);
  const Value &value = *values[index];
  if (value.is(Kind::String))
    return value.text();
  interpreter.rendering.fail(std::string(function) + ": expected a text for '" +
                             names[index] + "', but got " + nameOf(value));
  return std::string(standard);
}

KeyOf::KeyOf(Interpreter &interpreter, const Value *attribute,
             bool isCaseSensitive, const Value *standard)
    : interpreter(interpreter), isCaseSensitive(isCaseSensitive),
      standard(standard) {
  if (!attribute || attribute->is(Kind::None))
    return;
  if (!attribute->is(Kind::String)) {
    path.push_back(*attribute);
    return;
  }
  std::string_view rest = attribute->text();
  while (interpreter.rendering.spend(1)) {
    size_t dot = std::min(rest.find('.'), rest.size());
    std::string part(rest.substr(0, dot));
    bool isIndex =
        !part.empty() && std::all_of(part.begin(), part.end(), [](char letter) {
          return letter >= '0' && letter <= '9';
        });
    std::optional<int64_t> index;
    if (isIndex)
      index = parseInteger(part, 10);
    path.push_back(index ? Value::number(*index)
                         : interpreter.rendering.text(std::move(part)));
    if (dot == rest.size())
      break;
    rest.remove_prefix(dot + 1);
  }
}

Value KeyOf::operator()(const Value &item) const {
  Value key = item;
  for (const Value &part : path) {
    key = interpreter.getItem(key, part);
    if (standard && key.is(Kind::Undefined))
      key = *standard;
  }
  if (isCaseSensitive || !key.is(Kind::String))
    return key;
  interpreter.rendering.spendText(key.text().size());
  return interpreter.rendering.text(toLower(key.text()));
}

} // namespace qcc::jinja
