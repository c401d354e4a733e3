// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tests: what stands behind `is`, and what select() and others are told.

#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/letters.h"

namespace qcc::jinja {

static bool isSequence(const Value &value) {
  switch (value.kind()) {
  case Kind::Undefined:
  case Kind::String:
  case Kind::List:
  case Kind::Tuple:
  case Kind::Dict:
    return true;
  default:
    return false;
  }
}

static bool isIterable(const Value &value) {
  return isSequence(value) || value.isSequence() || value.is(Kind::Loop);
}

static bool isCallable(const Value &value) {
  return value.is(Kind::Function) || value.is(Kind::Loop) ||
         value.is(Kind::Undefined);
}

static bool isDefined(const Value &value) { return !value.is(Kind::Undefined); }
static bool isReal(const Value &value) { return value.is(Kind::Float); }
static bool isInteger(const Value &value) { return value.is(Kind::Int); }
static bool isNumber(const Value &value) { return value.isNumber(); }
static bool isYes(const Value &value) {
  return value.is(Kind::Bool) && value.asInteger();
}
static bool isNo(const Value &value) {
  return value.is(Kind::Bool) && !value.asInteger();
}

template <Kind kind> static bool isKind(const Value &value) {
  return value.is(kind);
}

static bool isEscaped(const Value &value) { return value.isMarkup(); }

/// A test that looks at the value alone.
template <bool (*ask)(const Value &)>
static Value testValue(Interpreter &interpreter, const Value &value,
                       const Arguments &arguments) {
  Parameters given(interpreter, arguments, "test of a value", {});
  return Value::boolean(ask(value));
}

template <bool (*ask)(std::string_view)>
static Value testText(Interpreter &interpreter, const Value &value,
                      const Arguments &arguments) {
  Parameters given(interpreter, arguments, "test of a text", {});
  std::string text = interpreter.print(value);
  interpreter.rendering.spendText(text.size());
  return Value::boolean(ask(text));
}

template <Operator op>
static Value testOperator(Interpreter &interpreter, const Value &value,
                          const Arguments &arguments) {
  Parameters given(interpreter, arguments, "test of two values", {"other"}, 1);
  return given.failed() ? Value() : interpreter.apply(op, value, given[0]);
}

template <int64_t rest>
static Value testParity(Interpreter &interpreter, const Value &value,
                        const Arguments &arguments) {
  Parameters given(interpreter, arguments, "test of a number", {});
  Value found =
      interpreter.apply(Operator::Modulo, value, Value::number(int64_t(2)));
  return Value::boolean(interpreter.isEqual(found, Value::number(rest)));
}

static Value testDivisible(Interpreter &interpreter, const Value &value,
                           const Arguments &arguments) {
  Parameters given(interpreter, arguments, "divisibleby", {"num"}, 1);
  if (given.failed())
    return Value();
  Value rest = interpreter.apply(Operator::Modulo, value, given[0]);
  return Value::boolean(interpreter.isEqual(rest, Value::number(int64_t(0))));
}

static Value testSame(Interpreter &interpreter, const Value &value,
                      const Arguments &arguments) {
  Parameters given(interpreter, arguments, "sameas", {"other"}, 1);
  if (given.failed() || value.kind() != given[0].kind())
    return Value::boolean(false);
  if (value.isNumber() || value.is(Kind::None))
    return Value::boolean(interpreter.isEqual(value, given[0]));
  return Value::boolean(value.identity() == given[0].identity());
}

template <Builtin (*find)(std::string_view)>
static Value testKnown(Interpreter &interpreter, const Value &value,
                       const Arguments &arguments) {
  Parameters given(interpreter, arguments, "test of a name", {});
  return Value::boolean(value.is(Kind::String) && find(value.text()));
}

Builtin findTest(std::string_view name) {
  static constexpr BuiltinEntry entries[] = {
      {"!=", testOperator<Operator::NotEqual>},
      {"<", testOperator<Operator::Less>},
      {"<=", testOperator<Operator::LessEqual>},
      {"==", testOperator<Operator::Equal>},
      {">", testOperator<Operator::Greater>},
      {">=", testOperator<Operator::GreaterEqual>},
      {"boolean", testValue<isKind<Kind::Bool>>},
      {"callable", testValue<isCallable>},
      {"defined", testValue<isDefined>},
      {"divisibleby", testDivisible},
      {"eq", testOperator<Operator::Equal>},
      {"equalto", testOperator<Operator::Equal>},
      {"escaped", testValue<isEscaped>},
      {"even", testParity<0>},
      {"false", testValue<isNo>},
      {"filter", testKnown<findFilter>},
      {"float", testValue<isReal>},
      {"ge", testOperator<Operator::GreaterEqual>},
      {"greaterthan", testOperator<Operator::Greater>},
      {"gt", testOperator<Operator::Greater>},
      {"in", testOperator<Operator::In>},
      {"integer", testValue<isInteger>},
      {"iterable", testValue<isIterable>},
      {"le", testOperator<Operator::LessEqual>},
      {"lessthan", testOperator<Operator::Less>},
      {"lower", testText<isLower>},
      {"lt", testOperator<Operator::Less>},
      {"mapping", testValue<isKind<Kind::Dict>>},
      {"ne", testOperator<Operator::NotEqual>},
      {"none", testValue<isKind<Kind::None>>},
      {"number", testValue<isNumber>},
      {"odd", testParity<1>},
      {"sameas", testSame},
      {"sequence", testValue<isSequence>},
      {"string", testValue<isKind<Kind::String>>},
      {"test", testKnown<findTest>},
      {"true", testValue<isYes>},
      {"undefined", testValue<isKind<Kind::Undefined>>},
      {"upper", testText<isUpper>},
  };
  return BuiltinTable{entries, std::size(entries)}.find(name);
}

} // namespace qcc::jinja
