// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks a parsed template. Names live in scopes: loops, macros and blocks have
// their own, `if` has not, and what is set inside of one is gone behind it.

#ifndef QCC_TEXT_JINJA_INTERPRETER_H
#define QCC_TEXT_JINJA_INTERPRETER_H

#include "runtime/text/jinja/rendering.h"
#include "runtime/text/jinja/syntax.h"

#include <deque>

namespace qcc::jinja {

struct Scope {
  Scope *parent = nullptr;
  std::vector<std::pair<std::string, Value>> names;

  void set(std::string_view name, Value value);
};

class Interpreter {
public:
  /// What strftime_now tells: seconds since 1970, or 0 for the clock's.
  explicit Interpreter(Rendering &rendering, int64_t now = 0)
      : rendering(rendering), now(now) {}

  /// Renders the statements with these names defined. Look for an error in the
  /// rendering.
  std::string render(const Body &body,
                     std::vector<std::pair<std::string, Value>> names);

  Value call(const Value &function, const Arguments &arguments);

  // What operators, filters and tests share; in operators.cpp and access.cpp.
  Value apply(Operator op, const Value &a, const Value &b);
  bool isEqual(const Value &a, const Value &b);
  /// Less than 0, 0 or more; fails for values that have no order.
  int compare(const Value &a, const Value &b);
  bool contains(const Value &container, const Value &item);
  Value getAttribute(const Value &value, const std::string &name);
  Value getItem(const Value &value, const Value &index);
  Value getSlice(const Value &value, const Value &start, const Value &stop,
                 const Value &step);
  /// The elements; false after an error. A generator is empty afterwards.
  bool iterate(const Value &value, std::vector<Value> &items);
  /// Elements of what has a length, else -1 and an error.
  int64_t lengthOf(const Value &value);
  /// Python's str() and repr().
  std::string print(const Value &value);
  void printTo(std::string &out, const Value &value, int depth = 0);

  Rendering &rendering;
  const int64_t now;

private:
  enum class Flow { Next, Break, Continue };
  using Captures = size_t;

  // Statements, in interpreter.cpp.
  Flow execute(const Body &body, Scope &scope, std::string &out);
  Flow execute(const Statement &node, Scope &scope, std::string &out);
  Flow executeIf(const Statement &node, Scope &scope, std::string &out);
  void executeFor(const Statement &node, Scope &scope, std::string &out);
  void executeLoop(const Statement &node, const Value &over, int64_t depth,
                   Scope &scope, std::string &out);
  std::vector<Value> selectItems(const Statement &node,
                                 std::vector<Value> items, Scope &scope);
  void executeSetBlock(const Statement &node, Scope &scope);
  void executeCall(const Statement &node, Scope &scope, std::string &out);
  void executeFilter(const Statement &node, Scope &scope, std::string &out);
  void executeWith(const Statement &node, Scope &scope, std::string &out);
  Value makeMacro(const Statement &node, Scope &scope);
  Value callMacro(const Statement &node, Scope &scope,
                  const Arguments &arguments);
  void bindParameters(const Statement &node, const Arguments &arguments,
                      Scope &inner);
  void assign(const Expression &target, const Value &value, Scope &scope);
  void append(std::string &out, std::string_view text);
  Scope &enter(Scope &parent);
  void leave(Captures before);

  // Expressions, in expressions.cpp.
  Value evaluate(const Expression &node, Scope &scope);
  Value evaluateNode(const Expression &node, Scope &scope);
  Value evaluateName(const Expression &node, Scope &scope);
  Value evaluateItem(const Expression &node, Scope &scope);
  Value evaluateItems(const Expression &node, Scope &scope);
  Value evaluateDict(const Expression &node, Scope &scope);
  Value evaluateConcat(const Expression &node, Scope &scope);
  Value evaluateCompare(const Expression &node, Scope &scope);
  Value evaluateConditional(const Expression &node, Scope &scope);
  Value evaluateSign(const Expression &node, Scope &scope);
  Value evaluateFilter(const Expression &node, Value value, Scope &scope);
  Value filterBlock(const Expression &node, Value value, Scope &scope);
  Value evaluateTest(const Expression &node, Scope &scope);
  Arguments evaluateArguments(const CallSyntax &call, Scope &scope);

  // In operators.cpp and access.cpp.
  Value add(const Value &a, const Value &b);
  Value multiply(const Value &a, const Value &b);
  Value repeat(const Value &value, int64_t count);
  Value calculate(Operator op, const Value &a, const Value &b);
  Value calculateIntegers(Operator op, int64_t a, int64_t b);
  Value refuse(Operator op, const Value &a, const Value &b);
  bool isEqualDict(const Value &a, const Value &b);
  Value getLoopAttribute(const Value &value, const std::string &name);

  std::deque<Scope> scopes;
  /// Macros that refer to a scope: it must then live on.
  Captures captures = 0;
  int depth = 0;
};

} // namespace qcc::jinja

#endif // QCC_TEXT_JINJA_INTERPRETER_H
