// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statements, scopes and macros.

#include "runtime/text/jinja/interpreter.h"

#include <algorithm>

namespace qcc::jinja {

void Scope::set(std::string_view name, Value value) {
  for (auto &[known, old] : names) {
    if (known == name) {
      old = std::move(value);
      return;
    }
  }
  names.emplace_back(name, std::move(value));
}

std::string
Interpreter::render(const Body &body,
                    std::vector<std::pair<std::string, Value>> names) {
  Scope &globals = scopes.emplace_back();
  globals.names = std::move(names);
  Scope &scope = scopes.emplace_back();
  scope.parent = &globals;
  std::string out;
  execute(body, scope, out);
  return out;
}

Scope &Interpreter::enter(Scope &parent) {
  Scope &scope = scopes.emplace_back();
  scope.parent = &parent;
  return scope;
}

/// The scope that was entered last goes, if no macro refers to it.
void Interpreter::leave(Captures before) {
  if (captures == before)
    scopes.pop_back();
}

void Interpreter::append(std::string &out, std::string_view text) {
  if (!rendering.spendText(text.size()))
    return;
  if (text.size() > Rendering::maxText - out.size()) {
    rendering.fail("expected texts of at most " +
                   std::to_string(Rendering::maxText) + " bytes, but got more");
    return;
  }
  out += text;
}

Interpreter::Flow Interpreter::execute(const Body &body, Scope &scope,
                                       std::string &out) {
  if (++depth > Rendering::maxCalls)
    rendering.fail("expected at most " + std::to_string(Rendering::maxCalls) +
                   " nested calls, but got more");
  Flow flow = Flow::Next;
  for (const auto &node : body) {
    if (!rendering.spend(1))
      break;
    flow = execute(*node, scope, out);
    if (flow != Flow::Next)
      break;
  }
  --depth;
  return flow;
}

Interpreter::Flow Interpreter::execute(const Statement &node, Scope &scope,
                                       std::string &out) {
  rendering.setLine(node.line);
  switch (node.kind) {
  case StatementKind::Data:
    append(out, node.name);
    break;
  case StatementKind::Print:
    append(out, print(evaluate(*node.value, scope)));
    break;
  case StatementKind::If:
    return executeIf(node, scope, out);
  case StatementKind::For:
    executeFor(node, scope, out);
    break;
  case StatementKind::Set:
    assign(*node.target, evaluate(*node.value, scope), scope);
    break;
  case StatementKind::SetBlock:
    executeSetBlock(node, scope);
    break;
  case StatementKind::Macro:
    scope.set(node.name, makeMacro(node, scope));
    break;
  case StatementKind::Call:
    executeCall(node, scope, out);
    break;
  case StatementKind::Filter:
    executeFilter(node, scope, out);
    break;
  case StatementKind::With:
    executeWith(node, scope, out);
    break;
  case StatementKind::Scope: {
    Captures before = captures;
    execute(node.body, enter(scope), out);
    leave(before);
    break;
  }
  case StatementKind::Break:
    return Flow::Break;
  case StatementKind::Continue:
    return Flow::Continue;
  }
  return Flow::Next;
}

Interpreter::Flow Interpreter::executeIf(const Statement &node, Scope &scope,
                                         std::string &out) {
  for (const Branch &branch : node.branches) {
    bool isTaken = isTrue(evaluate(*branch.condition, scope));
    if (rendering.failed())
      return Flow::Next;
    if (isTaken)
      return execute(branch.body, scope, out);
  }
  return execute(node.otherwise, scope, out);
}

void Interpreter::executeFor(const Statement &node, Scope &scope,
                             std::string &out) {
  Value over = evaluate(*node.value, scope);
  executeLoop(node, over, 0, scope, out);
}

std::vector<Value> Interpreter::selectItems(const Statement &node,
                                            std::vector<Value> items,
                                            Scope &scope) {
  std::vector<Value> selected;
  for (Value &item : items) {
    if (!rendering.spend(1))
      break;
    Captures before = captures;
    Scope &inner = enter(scope);
    assign(*node.target, item, inner);
    if (isTrue(evaluate(*node.condition, inner)))
      selected.push_back(std::move(item));
    leave(before);
  }
  return selected;
}

void Interpreter::executeLoop(const Statement &node, const Value &over,
                              int64_t level, Scope &scope, std::string &out) {
  std::vector<Value> items;
  if (!iterate(over, items))
    return;
  if (node.condition)
    items = selectItems(node, std::move(items), scope);
  std::shared_ptr<LoopObject> loop = rendering.loop(std::move(items));
  if (!loop)
    return;
  if (loop->items.empty()) {
    Captures before = captures;
    execute(node.otherwise, enter(scope), out);
    return leave(before);
  }
  loop->depth = level;
  if (node.isRecursive) {
    ++captures;
    loop->recurse = rendering.function(
        "loop", [&node, &scope, level](Interpreter &interpreter,
                                       const Arguments &arguments) {
          std::string text;
          if (arguments.positional.size() == 1)
            interpreter.executeLoop(node, arguments.positional[0], level + 1,
                                    scope, text);
          return interpreter.rendering.text(std::move(text));
        });
  }
  for (; loop->index < loop->items.size(); ++loop->index) {
    if (!rendering.spend(1))
      return;
    Captures before = captures;
    Scope &inner = enter(scope);
    inner.set("loop", Value(Kind::Loop, loop));
    assign(*node.target, loop->items[loop->index], inner);
    Flow flow = execute(node.body, inner, out);
    leave(before);
    if (flow == Flow::Break)
      return;
  }
}

void Interpreter::executeSetBlock(const Statement &node, Scope &scope) {
  std::string text;
  Captures before = captures;
  Scope &inner = enter(scope);
  execute(node.body, inner, text);
  Value value = rendering.text(std::move(text));
  if (node.value)
    value = filterBlock(*node.value, std::move(value), inner);
  leave(before);
  assign(*node.target, value, scope);
}

void Interpreter::executeFilter(const Statement &node, Scope &scope,
                                std::string &out) {
  std::string text;
  Captures before = captures;
  Scope &inner = enter(scope);
  execute(node.body, inner, text);
  Value value = rendering.text(std::move(text));
  append(out, print(filterBlock(*node.value, std::move(value), inner)));
  leave(before);
}

void Interpreter::executeCall(const Statement &node, Scope &scope,
                              std::string &out) {
  Value function = evaluate(*node.value->operands[0], scope);
  Arguments arguments = evaluateArguments(node.value->call, scope);
  arguments.keywords.emplace_back("caller", makeMacro(node, scope));
  append(out, print(call(function, arguments)));
}

void Interpreter::executeWith(const Statement &node, Scope &scope,
                              std::string &out) {
  Captures before = captures;
  Scope &inner = enter(scope);
  // The values do not see the names.
  for (const auto &[target, value] : node.assignments)
    assign(*target, evaluate(*value, scope), inner);
  execute(node.body, inner, out);
  leave(before);
}

void Interpreter::assign(const Expression &target, const Value &value,
                         Scope &scope) {
  if (rendering.failed())
    return;
  if (target.kind == ExpressionKind::Name) {
    rendering.spend(1 + scope.names.size() / 8);
    return scope.set(target.name, value);
  }
  if (target.kind == ExpressionKind::Attribute) {
    Value space = evaluate(*target.operands[0], scope);
    if (!space.is(Kind::Namespace)) {
      rendering.fail("expected a namespace to set '" + target.name +
                     "' of, but got " + nameOf(space));
      return;
    }
    auto &attributes = space.as<NamespaceObject>().attributes;
    rendering.spend(1 + attributes.size() / 8);
    for (auto &[name, old] : attributes) {
      if (name == target.name) {
        old = value;
        return;
      }
    }
    attributes.emplace_back(target.name, value);
    return;
  }
  std::vector<Value> items;
  if (!iterate(value, items))
    return;
  if (items.size() != target.operands.size()) {
    rendering.fail("expected " + std::to_string(target.operands.size()) +
                   " values to unpack, but got " +
                   std::to_string(items.size()));
    return;
  }
  for (size_t i = 0; i < items.size(); ++i)
    assign(*target.operands[i], items[i], scope);
}

Value Interpreter::makeMacro(const Statement &node, Scope &scope) {
  ++captures;
  std::string name = node.name.empty() ? "caller" : node.name;
  return rendering.function(
      std::move(name),
      [&node, &scope](Interpreter &interpreter, const Arguments &arguments) {
        return interpreter.callMacro(node, scope, arguments);
      });
}

/// Parameters in order; what is left over is varargs, kwargs and caller.
void Interpreter::bindParameters(const Statement &node,
                                 const Arguments &arguments, Scope &inner) {
  std::vector<bool> isTaken(arguments.keywords.size());
  auto take = [&](std::string_view name) -> const Value * {
    for (size_t i = 0; i < isTaken.size(); ++i) {
      if (arguments.keywords[i].first == name && !isTaken[i]) {
        isTaken[i] = true;
        return &arguments.keywords[i].second;
      }
    }
    return nullptr;
  };
  size_t count = arguments.positional.size();
  for (size_t i = 0; i < node.parameters.size(); ++i) {
    const Parameter &parameter = node.parameters[i];
    rendering.spend(1 + isTaken.size() / 8);
    const Value *given =
        i < count ? &arguments.positional[i] : take(parameter.name);
    if (given)
      inner.set(parameter.name, *given);
    else if (parameter.standard)
      inner.set(parameter.name, evaluate(*parameter.standard, inner));
    else
      inner.set(parameter.name,
                rendering.undefined("parameter '" + parameter.name +
                                    "' was not provided"));
  }
  if (const Value *caller = take("caller"))
    inner.set("caller", *caller);
  std::vector<Value> rest;
  for (size_t i = node.parameters.size(); i < count; ++i)
    rest.push_back(arguments.positional[i]);
  std::vector<std::pair<Value, Value>> named;
  for (size_t i = 0; i < isTaken.size(); ++i)
    if (!isTaken[i])
      named.emplace_back(rendering.text(arguments.keywords[i].first),
                         arguments.keywords[i].second);
  inner.set("varargs", rendering.list(std::move(rest), Kind::Tuple));
  inner.set("kwargs", rendering.dict(std::move(named)));
}

Value Interpreter::callMacro(const Statement &node, Scope &scope,
                             const Arguments &arguments) {
  Captures before = captures;
  Scope &inner = enter(scope);
  bindParameters(node, arguments, inner);
  std::string text;
  if (!rendering.failed())
    execute(node.body, inner, text);
  leave(before);
  return rendering.text(std::move(text));
}

Value Interpreter::call(const Value &function, const Arguments &arguments) {
  if (rendering.failed())
    return Value();
  const Value *callee = &function;
  if (function.is(Kind::Loop))
    callee = &function.as<LoopObject>().recurse;
  if (!callee->is(Kind::Function))
    return rendering.fail(std::string("expected a function to call, but got ") +
                          (function.is(Kind::Undefined) && function.identity()
                               ? function.text()
                               : nameOf(function)));
  int line = rendering.line();
  // A copy: the function may overwrite the variable that holds it.
  Value kept = *callee;
  Value result = kept.as<FunctionObject>().body(*this, arguments);
  rendering.setLine(line);
  return result;
}

} // namespace qcc::jinja
