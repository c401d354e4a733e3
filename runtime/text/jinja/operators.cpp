// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Python's operators. Its integers have no limit; ours end at 64 bits, with an
// error.

#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/interpreter.h"
#include "runtime/text/jinja/letters.h"
#include "runtime/text/jinja/numbers.h"

#include <cmath>
#include <cstring>

namespace qcc::jinja {

Value Interpreter::refuse(Operator op, const Value &a, const Value &b) {
  static constexpr const char *names[] = {"+",  "-",  "*",  "/",  "//",
                                          "%",  "**", "==", "!=", "<",
                                          "<=", ">",  ">=", "in", "not in"};
  for (const Value *value : {&a, &b})
    if (value->is(Kind::Undefined) && value->identity())
      return rendering.fail("expected values for " +
                            std::string(names[int(op)]) + ", but got " +
                            value->text());
  return rendering.fail("expected values for " + std::string(names[int(op)]) +
                        " that go together, but got " + nameOf(a) + " and " +
                        nameOf(b));
}

Value Interpreter::apply(Operator op, const Value &a, const Value &b) {
  if (rendering.failed())
    return Value();
  switch (op) {
  case Operator::Equal:
    return Value::boolean(isEqual(a, b));
  case Operator::NotEqual:
    return Value::boolean(!isEqual(a, b));
  case Operator::In:
    return Value::boolean(contains(b, a));
  case Operator::NotIn:
    return Value::boolean(!contains(b, a));
  case Operator::Less:
  case Operator::LessEqual:
  case Operator::Greater:
  case Operator::GreaterEqual: {
    bool isUnordered = a.isNumber() && b.isNumber() &&
                       (std::isnan(a.asReal()) || std::isnan(b.asReal()));
    if (isUnordered)
      return Value::boolean(false);
    int order = compare(a, b);
    return Value::boolean(op == Operator::Less        ? order < 0
                          : op == Operator::LessEqual ? order <= 0
                          : op == Operator::Greater   ? order > 0
                                                      : order >= 0);
  }
  case Operator::Add:
    return add(a, b);
  case Operator::Multiply:
    return multiply(a, b);
  case Operator::Modulo:
    if (a.is(Kind::String))
      return formatPercent(*this, a, b);
    [[fallthrough]];
  default:
    return calculate(op, a, b);
  }
}

Value Interpreter::add(const Value &a, const Value &b) {
  if (a.is(Kind::String) && b.is(Kind::String)) {
    bool isMarkup = a.isMarkup() || b.isMarkup();
    std::string text;
    for (const Value *value : {&a, &b})
      append(text, isMarkup && !value->isMarkup() ? escapeMarkup(value->text())
                                                  : value->text());
    return rendering.text(std::move(text), isMarkup);
  }
  bool isList = a.is(Kind::List) && b.is(Kind::List);
  if (!isList && !(a.is(Kind::Tuple) && b.is(Kind::Tuple)))
    return calculate(Operator::Add, a, b);
  std::vector<Value> items;
  if (!rendering.spend(a.items().size() + b.items().size()))
    return Value();
  items.insert(items.end(), a.items().begin(), a.items().end());
  items.insert(items.end(), b.items().begin(), b.items().end());
  return rendering.list(std::move(items), a.kind());
}

Value Interpreter::multiply(const Value &a, const Value &b) {
  auto canRepeat = [](const Value &value) {
    return value.is(Kind::String) || value.is(Kind::List) ||
           value.is(Kind::Tuple);
  };
  if (canRepeat(a) && b.isInteger())
    return repeat(a, b.asInteger());
  if (a.isInteger() && canRepeat(b))
    return repeat(b, a.asInteger());
  return calculate(Operator::Multiply, a, b);
}

Value Interpreter::repeat(const Value &value, int64_t count) {
  bool isText = value.is(Kind::String);
  size_t size = isText ? value.text().size() : value.items().size();
  size_t times = count > 0 && size > 0 ? static_cast<size_t>(count) : 0;
  if (times > 0 && size > Rendering::maxText / times)
    return rendering.fail("expected texts of at most " +
                          std::to_string(Rendering::maxText) +
                          " bytes, but got " + std::to_string(size) +
                          " bytes " + std::to_string(count) + " times");
  if (!rendering.spend(isText ? size * times / 64 + times / 8 : size * times))
    return Value();
  if (isText) {
    std::string text;
    text.reserve(size * times);
    for (size_t i = 0; i < times; ++i)
      text += value.text();
    return rendering.text(std::move(text), value.isMarkup());
  }
  std::vector<Value> items;
  items.reserve(size * times);
  for (size_t i = 0; i < times; ++i)
    items.insert(items.end(), value.items().begin(), value.items().end());
  return rendering.list(std::move(items), value.kind());
}

Value Interpreter::calculateIntegers(Operator op, int64_t a, int64_t b) {
  int64_t result = 0;
  bool isOverflow = false;
  switch (op) {
  case Operator::Add:
    isOverflow = __builtin_add_overflow(a, b, &result);
    break;
  case Operator::Subtract:
    isOverflow = __builtin_sub_overflow(a, b, &result);
    break;
  case Operator::Multiply:
    isOverflow = __builtin_mul_overflow(a, b, &result);
    break;
  case Operator::FloorDivide:
    isOverflow = a == INT64_MIN && b == -1;
    result = divideFloor(a, b);
    break;
  case Operator::Modulo:
    result = modulo(a, b);
    break;
  default: {
    std::optional<int64_t> raised = power(a, b);
    isOverflow = !raised;
    result = raised.value_or(0);
    break;
  }
  }
  if (isOverflow)
    return rendering.fail("expected integers of 64 bits, but got larger ones");
  return Value::number(result);
}

Value Interpreter::calculate(Operator op, const Value &a, const Value &b) {
  if (!a.isNumber() || !b.isNumber())
    return refuse(op, a, b);
  bool isDivision = op == Operator::Divide || op == Operator::FloorDivide ||
                    op == Operator::Modulo;
  if (isDivision && b.asReal() == 0)
    return rendering.fail("expected a divisor other than 0");
  bool isInteger = a.isInteger() && b.isInteger() && op != Operator::Divide;
  if (op == Operator::Power && b.asReal() < 0) {
    isInteger = false;
    if (a.asReal() == 0)
      return rendering.fail("expected a divisor other than 0");
  }
  if (isInteger)
    return calculateIntegers(op, a.asInteger(), b.asInteger());
  double x = a.asReal(), y = b.asReal();
  switch (op) {
  case Operator::Add:
    return Value::number(x + y);
  case Operator::Subtract:
    return Value::number(x - y);
  case Operator::Multiply:
    return Value::number(x * y);
  case Operator::Divide:
    return Value::number(x / y);
  case Operator::FloorDivide:
    return Value::number(divideFloor(x, y));
  case Operator::Modulo:
    return Value::number(modulo(x, y));
  default:
    break;
  }
  double result = std::pow(x, y);
  if (std::isfinite(x) && std::isfinite(y) && !std::isfinite(result))
    return rendering.fail("expected a power that is a number, but got none");
  return Value::number(result);
}

bool Interpreter::isEqualDict(const Value &a, const Value &b) {
  const auto &entries = a.as<DictObject>().entries;
  if (entries.size() != b.as<DictObject>().entries.size())
    return false;
  for (const auto &[key, value] : entries) {
    const Value *other = rendering.find(b, key);
    if (!other || !isEqual(value, *other))
      return false;
  }
  return true;
}

bool Interpreter::isEqual(const Value &a, const Value &b) {
  if (!rendering.spend(1))
    return false;
  if (a.isNumber() && b.isNumber())
    return a.isInteger() && b.isInteger() ? a.asInteger() == b.asInteger()
                                          : a.asReal() == b.asReal();
  if (a.kind() != b.kind())
    return false;
  switch (a.kind()) {
  case Kind::Undefined:
  case Kind::None:
    return true;
  case Kind::String:
    return a.text().size() == b.text().size() &&
           rendering.spendText(a.text().size()) && a.text() == b.text();
  case Kind::List:
  case Kind::Tuple: {
    const std::vector<Value> &left = a.items(), &right = b.items();
    if (left.size() != right.size())
      return false;
    for (size_t i = 0; i < left.size(); ++i)
      if (!isEqual(left[i], right[i]))
        return false;
    return true;
  }
  case Kind::Dict:
    return isEqualDict(a, b);
  default:
    return a.identity() == b.identity();
  }
}

int Interpreter::compare(const Value &a, const Value &b) {
  if (!rendering.spend(1))
    return 0;
  if (a.isInteger() && b.isInteger())
    return a.asInteger() < b.asInteger() ? -1 : a.asInteger() > b.asInteger();
  if (a.isNumber() && b.isNumber())
    return a.asReal() < b.asReal() ? -1 : a.asReal() > b.asReal();
  if (a.is(Kind::String) && b.is(Kind::String)) {
    // The order of UTF-8 is that of code points.
    rendering.spendText(std::min(a.text().size(), b.text().size()));
    return a.text().compare(b.text());
  }
  bool isList = a.is(Kind::List) && b.is(Kind::List);
  if (!isList && !(a.is(Kind::Tuple) && b.is(Kind::Tuple))) {
    refuse(Operator::Less, a, b);
    return 0;
  }
  const std::vector<Value> &left = a.items(), &right = b.items();
  for (size_t i = 0; i < left.size() && i < right.size(); ++i)
    if (!isEqual(left[i], right[i]))
      return rendering.failed() ? 0 : compare(left[i], right[i]);
  return left.size() < right.size() ? -1 : left.size() > right.size();
}

bool Interpreter::contains(const Value &container, const Value &item) {
  switch (container.kind()) {
  case Kind::String:
    if (!item.is(Kind::String)) {
      refuse(Operator::In, item, container);
      return false;
    }
    rendering.spendText(container.text().size() + item.text().size());
    // memmem takes linear time; std::string::find may not.
    return item.text().empty() ||
           memmem(container.text().data(), container.text().size(),
                  item.text().data(), item.text().size());
  case Kind::Dict:
    return rendering.find(container, item) != nullptr;
  case Kind::Undefined:
  case Kind::List:
  case Kind::Tuple:
  case Kind::View:
  case Kind::Generator: {
    std::vector<Value> items;
    iterate(container, items);
    for (const Value &other : items)
      if (isEqual(item, other))
        return true;
    return false;
  }
  default:
    refuse(Operator::In, item, container);
    return false;
  }
}

} // namespace qcc::jinja
