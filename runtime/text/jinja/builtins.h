// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Filters, tests, methods and global functions by name. All have one shape: a
// value (what is filtered or tested, or whose method it is) and arguments.

#ifndef QCC_TEXT_JINJA_BUILTINS_H
#define QCC_TEXT_JINJA_BUILTINS_H

#include "runtime/text/jinja/interpreter.h"

#include <initializer_list>

namespace qcc::jinja {

using Builtin = Value (*)(Interpreter &interpreter, const Value &value,
                          const Arguments &arguments);

// Null for a name that is not known.
Builtin findFilter(std::string_view name);
Builtin findTest(std::string_view name);
Builtin findMethod(Kind kind, std::string_view name);
Builtin findGlobal(std::string_view name);

/// One file's part of a table.
struct BuiltinEntry {
  std::string_view name;
  Builtin body;
};
struct BuiltinTable {
  const BuiltinEntry *entries;
  size_t count;

  Builtin find(std::string_view name) const;
};
BuiltinTable textFilters();
BuiltinTable listFilters();
BuiltinTable orderFilters();
BuiltinTable valueFilters();
BuiltinTable stringMethods();
BuiltinTable searchMethods();

/// The arguments of one call, by the names of the parameters.
class Parameters {
public:
  /// Fails for arguments that have no parameter, and without one of the first
  /// `required`.
  Parameters(Interpreter &interpreter, const Arguments &arguments,
             const char *function, std::initializer_list<const char *> names,
             size_t required = 0);

  bool failed() const { return interpreter.rendering.failed(); }
  bool has(size_t index) const { return values[index] != nullptr; }
  /// Given, and not none.
  bool isSet(size_t index) const {
    return has(index) && !values[index]->is(Kind::None);
  }
  const Value &operator[](size_t index) const { return *values[index]; }
  bool truth(size_t index, bool standard) const {
    return has(index) ? isTrue(*values[index]) : standard;
  }
  /// Fails for another type.
  int64_t integer(size_t index, int64_t standard) const;
  std::string text(size_t index, std::string_view standard) const;

private:
  Interpreter &interpreter;
  const char *function;
  std::vector<const char *> names;
  std::vector<const Value *> values;
};

/// What sort, map and others look at: an attribute by its path ("a.b.0"), or
/// the value itself; in lower case if the case does not matter.
class KeyOf {
public:
  KeyOf(Interpreter &interpreter, const Value *attribute, bool isCaseSensitive,
        const Value *standard = nullptr);
  Value operator()(const Value &item) const;

private:
  Interpreter &interpreter;
  std::vector<Value> path;
  bool isCaseSensitive;
  const Value *standard;
};

/// Python's `text % value`.
Value formatPercent(Interpreter &interpreter, const Value &text,
                    const Value &value);
/// Python's text.format(...).
Value formatBraces(Interpreter &interpreter, const Value &text,
                   const Arguments &arguments);
/// JSON as Python's json.dumps writes it.
Value writeJson(Interpreter &interpreter, const Value &value,
                const Arguments &arguments);
/// Reads JSON; fails with the place of the error.
Value readJson(Rendering &rendering, std::string_view text);
/// strftime of C's locale.
Value formatTime(Interpreter &interpreter, const Value &value,
                 const Arguments &arguments);

} // namespace qcc::jinja

#endif // QCC_TEXT_JINJA_BUILTINS_H
