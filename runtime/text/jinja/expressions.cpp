// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evaluates expressions.

#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/interpreter.h"

namespace qcc::jinja {

Value Interpreter::evaluate(const Expression &node, Scope &scope) {
  if (!rendering.spend(1))
    return Value();
  if (++depth > Rendering::maxCalls)
    rendering.fail("expected at most " + std::to_string(Rendering::maxCalls) +
                   " nested calls, but got more");
  rendering.setLine(node.line);
  Value value = rendering.failed() ? Value() : evaluateNode(node, scope);
  --depth;
  return value;
}

Value Interpreter::evaluateNode(const Expression &node, Scope &scope) {
  switch (node.kind) {
  case ExpressionKind::Constant:
    return node.constant;
  case ExpressionKind::Name:
    return evaluateName(node, scope);
  case ExpressionKind::Attribute:
    return getAttribute(evaluate(*node.operands[0], scope), node.name);
  case ExpressionKind::Item:
    return evaluateItem(node, scope);
  case ExpressionKind::Slice:
    return rendering.fail("expected one slice, but got several");
  case ExpressionKind::Call: {
    Value function = evaluate(*node.operands[0], scope);
    Arguments arguments = evaluateArguments(node.call, scope);
    rendering.setLine(node.line);
    return call(function, arguments);
  }
  case ExpressionKind::Filter:
    return evaluateFilter(node, evaluate(*node.operands[0], scope), scope);
  case ExpressionKind::Test:
    return evaluateTest(node, scope);
  case ExpressionKind::Tuple:
  case ExpressionKind::List:
    return evaluateItems(node, scope);
  case ExpressionKind::Dict:
    return evaluateDict(node, scope);
  case ExpressionKind::Not:
    return Value::boolean(!isTrue(evaluate(*node.operands[0], scope)));
  case ExpressionKind::Negative:
  case ExpressionKind::Positive:
    return evaluateSign(node, scope);
  case ExpressionKind::Binary: {
    Value left = evaluate(*node.operands[0], scope);
    Value right = evaluate(*node.operands[1], scope);
    rendering.setLine(node.line);
    return apply(node.operators[0], left, right);
  }
  case ExpressionKind::Concat:
    return evaluateConcat(node, scope);
  case ExpressionKind::Compare:
    return evaluateCompare(node, scope);
  case ExpressionKind::And: {
    Value left = evaluate(*node.operands[0], scope);
    return isTrue(left) ? evaluate(*node.operands[1], scope) : left;
  }
  case ExpressionKind::Or: {
    Value left = evaluate(*node.operands[0], scope);
    return isTrue(left) ? left : evaluate(*node.operands[1], scope);
  }
  case ExpressionKind::Conditional:
    return evaluateConditional(node, scope);
  }
  return Value();
}

Value Interpreter::evaluateName(const Expression &node, Scope &scope) {
  for (Scope *place = &scope; place; place = place->parent) {
    rendering.spend(1 + place->names.size() / 8);
    for (const auto &[name, value] : place->names)
      if (name == node.name)
        return value;
  }
  if (Builtin global = findGlobal(node.name))
    return rendering.function(node.name, [global](Interpreter &interpreter,
                                                  const Arguments &arguments) {
      return global(interpreter, Value(), arguments);
    });
  return rendering.undefined("'" + node.name + "' is undefined");
}

Value Interpreter::evaluateItem(const Expression &node, Scope &scope) {
  Value value = evaluate(*node.operands[0], scope);
  const Expression &index = *node.operands[1];
  if (index.kind != ExpressionKind::Slice)
    return getItem(value, evaluate(index, scope));
  Value parts[3] = {Value::none(), Value::none(), Value::none()};
  for (size_t i = 0; i < 3; ++i)
    if (index.operands[i])
      parts[i] = evaluate(*index.operands[i], scope);
  rendering.setLine(node.line);
  return getSlice(value, parts[0], parts[1], parts[2]);
}

Value Interpreter::evaluateItems(const Expression &node, Scope &scope) {
  std::vector<Value> items;
  for (const ExpressionPointer &operand : node.operands)
    items.push_back(evaluate(*operand, scope));
  return rendering.list(std::move(items), node.kind == ExpressionKind::List
                                              ? Kind::List
                                              : Kind::Tuple);
}

Value Interpreter::evaluateDict(const Expression &node, Scope &scope) {
  std::vector<std::pair<Value, Value>> entries;
  for (size_t i = 0; i + 1 < node.operands.size(); i += 2) {
    Value key = evaluate(*node.operands[i], scope);
    entries.emplace_back(std::move(key),
                         evaluate(*node.operands[i + 1], scope));
  }
  return rendering.failed() ? Value() : rendering.dict(std::move(entries));
}

Value Interpreter::evaluateConcat(const Expression &node, Scope &scope) {
  std::string text;
  for (const ExpressionPointer &operand : node.operands)
    append(text, print(evaluate(*operand, scope)));
  return rendering.text(std::move(text));
}

Value Interpreter::evaluateCompare(const Expression &node, Scope &scope) {
  Value left = evaluate(*node.operands[0], scope);
  for (size_t i = 0; i < node.operators.size(); ++i) {
    Value right = evaluate(*node.operands[i + 1], scope);
    rendering.setLine(node.line);
    Value result = apply(node.operators[i], left, right);
    if (!isTrue(result) || i + 1 == node.operators.size())
      return result;
    left = std::move(right);
  }
  return Value();
}

Value Interpreter::evaluateConditional(const Expression &node, Scope &scope) {
  bool isTaken = isTrue(evaluate(*node.operands[0], scope));
  if (rendering.failed())
    return Value();
  if (isTaken)
    return evaluate(*node.operands[1], scope);
  if (node.operands[2])
    return evaluate(*node.operands[2], scope);
  return rendering.undefined("a value of 'if' without 'else'");
}

Value Interpreter::evaluateSign(const Expression &node, Scope &scope) {
  Value value = evaluate(*node.operands[0], scope);
  if (rendering.failed())
    return Value();
  if (!value.isNumber())
    return rendering.fail(
        std::string("expected a number behind the sign, but got ") +
        nameOf(value));
  bool isNegative = node.kind == ExpressionKind::Negative;
  if (value.is(Kind::Float))
    return Value::number(isNegative ? -value.asReal() : value.asReal());
  if (!isNegative)
    return Value::number(value.asInteger());
  return apply(Operator::Subtract, Value::number(int64_t(0)), value);
}

Arguments Interpreter::evaluateArguments(const CallSyntax &call, Scope &scope) {
  Arguments arguments;
  for (const ExpressionPointer &value : call.positional)
    arguments.positional.push_back(evaluate(*value, scope));
  for (const auto &[name, value] : call.keywords)
    arguments.keywords.emplace_back(name, evaluate(*value, scope));
  if (call.list) {
    std::vector<Value> items;
    iterate(evaluate(*call.list, scope), items);
    for (Value &item : items)
      arguments.positional.push_back(std::move(item));
  }
  if (call.dict) {
    Value dict = evaluate(*call.dict, scope);
    if (!dict.is(Kind::Dict)) {
      rendering.fail(std::string("expected a dict behind **, but got ") +
                     nameOf(dict));
      return arguments;
    }
    const auto &entries = dict.as<DictObject>().entries;
    rendering.spend(entries.size());
    for (const auto &[key, value] : entries)
      arguments.keywords.emplace_back(print(key), value);
  }
  return arguments;
}

Value Interpreter::evaluateFilter(const Expression &node, Value value,
                                  Scope &scope) {
  Arguments arguments = evaluateArguments(node.call, scope);
  rendering.setLine(node.line);
  if (rendering.failed())
    return Value();
  Builtin filter = findFilter(node.name);
  if (!filter)
    return rendering.fail("expected a filter that is known, but got '" +
                          node.name + "'");
  return filter(*this, value, arguments);
}

/// Filters without a value of their own: the innermost one gets this.
Value Interpreter::filterBlock(const Expression &node, Value value,
                               Scope &scope) {
  if (node.operands[0])
    value = filterBlock(*node.operands[0], std::move(value), scope);
  return evaluateFilter(node, std::move(value), scope);
}

Value Interpreter::evaluateTest(const Expression &node, Scope &scope) {
  Value value = evaluate(*node.operands[0], scope);
  Arguments arguments = evaluateArguments(node.call, scope);
  rendering.setLine(node.line);
  if (rendering.failed())
    return Value();
  Builtin test = findTest(node.name);
  if (!test)
    return rendering.fail("expected a test that is known, but got '" +
                          node.name + "'");
  return test(*this, value, arguments);
}

} // namespace qcc::jinja
