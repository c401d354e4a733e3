// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Filters of single values: defaults, numbers, JSON.

#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/numbers.h"

#include <cmath>

namespace qcc::jinja {

static Value useDefault(Interpreter &interpreter, const Value &value,
                        const Arguments &arguments) {
  Parameters given(interpreter, arguments, "default",
                   {"default_value", "boolean"});
  bool isReplaced =
      value.is(Kind::Undefined) || (given.truth(1, false) && !isTrue(value));
  if (!isReplaced)
    return value;
  return given.has(0) ? given[0] : interpreter.rendering.text("");
}

static Value toInteger(Interpreter &interpreter, const Value &value,
                       const Arguments &arguments) {
  Parameters given(interpreter, arguments, "int", {"default", "base"});
  Value standard = given.has(0) ? given[0] : Value::number(int64_t(0));
  if (value.isInteger())
    return Value::number(value.asInteger());
  if (value.is(Kind::Undefined))
    return interpreter.rendering.fail("int: expected a value, but got none");
  std::optional<int64_t> integer;
  if (value.is(Kind::String)) {
    interpreter.rendering.spendText(value.text().size());
    integer = parseInteger(value.text(), int(given.integer(1, 10) & 63));
    std::optional<double> real;
    if (!integer)
      real = parseReal(value.text());
    if (real)
      integer = truncate(*real);
  } else if (value.is(Kind::Float)) {
    integer = truncate(value.asReal());
    if (!integer && std::isfinite(value.asReal()))
      return interpreter.rendering.fail(
          "int: expected an integer of 64 bits, but got a larger one");
  }
  return integer ? Value::number(*integer) : standard;
}

static Value toReal(Interpreter &interpreter, const Value &value,
                    const Arguments &arguments) {
  Parameters given(interpreter, arguments, "float", {"default"});
  if (value.isNumber())
    return Value::number(value.asReal());
  if (value.is(Kind::Undefined))
    return interpreter.rendering.fail("float: expected a value, but got none");
  if (value.is(Kind::String)) {
    interpreter.rendering.spendText(value.text().size());
    if (std::optional<double> real = parseReal(value.text()))
      return Value::number(*real);
  }
  return given.has(0) ? given[0] : Value::number(0.0);
}

static Value absolute(Interpreter &interpreter, const Value &value,
                      const Arguments &arguments) {
  Parameters given(interpreter, arguments, "abs", {});
  if (value.is(Kind::Float))
    return Value::number(std::abs(value.asReal()));
  if (!value.isInteger())
    return interpreter.rendering.fail(
        std::string("abs: expected a number, but got ") + nameOf(value));
  if (value.asInteger() >= 0)
    return Value::number(value.asInteger());
  return interpreter.apply(Operator::Subtract, Value::number(int64_t(0)),
                           value);
}

/// Half to even, on the exact decimal value, as Python rounds.
static Value roundCommon(const Value &value, int64_t precision) {
  double real = value.asReal();
  if (!std::isfinite(real) || precision > 300)
    return Value::number(real);
  if (precision >= 0)
    return Value::number(
        *parseReal(formatFixed(real, static_cast<int>(precision))));
  if (precision < -308)
    return Value::number(std::copysign(0.0, real));
  double scale = std::pow(10.0, double(-precision));
  return Value::number(std::nearbyint(real / scale) * scale);
}

static Value round(Interpreter &interpreter, const Value &value,
                   const Arguments &arguments) {
  Parameters given(interpreter, arguments, "round", {"precision", "method"});
  Rendering &rendering = interpreter.rendering;
  int64_t precision = given.integer(0, 0);
  std::string method = given.text(1, "common");
  if (given.failed())
    return Value();
  if (!value.isNumber())
    return rendering.fail(std::string("round: expected a number, but got ") +
                          nameOf(value));
  if (method == "common")
    return value.isInteger() && precision >= 0
               ? Value::number(value.asInteger())
           : value.isInteger()
               ? Value::number(truncate(roundCommon(value, precision).asReal())
                                   .value_or(0))
               : roundCommon(value, precision);
  if (method != "ceil" && method != "floor")
    return rendering.fail(
        "round: expected 'common', 'ceil' or 'floor', but got '" + method +
        "'");
  double scale = std::pow(10.0, double(precision));
  double scaled = value.asReal() * scale;
  double whole = method == "ceil" ? std::ceil(scaled) : std::floor(scaled);
  if (!std::isfinite(whole) || scale == 0)
    return rendering.fail("round: expected a finite number");
  return Value::number(whole / scale);
}

static Value attribute(Interpreter &interpreter, const Value &value,
                       const Arguments &arguments) {
  Parameters given(interpreter, arguments, "attr", {"name"}, 1);
  std::string name = given.text(0, "");
  // Keys of dicts are no attributes here.
  if (value.is(Kind::Dict) && !findMethod(Kind::Dict, name))
    return interpreter.rendering.undefined("dict has no attribute '" + name +
                                           "'");
  return interpreter.getAttribute(value, name);
}

BuiltinTable valueFilters() {
  static constexpr BuiltinEntry entries[] = {
      {"abs", absolute},       {"attr", attribute},   {"d", useDefault},
      {"default", useDefault}, {"float", toReal},     {"int", toInteger},
      {"round", round},        {"tojson", writeJson},
  };
  return {entries, std::size(entries)};
}

} // namespace qcc::jinja
