// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What operators stand between: literals, calls, filters and tests.

#include "runtime/text/jinja/numbers.h"
#include "runtime/text/jinja/parser.h"

namespace qcc::jinja {

ExpressionPointer Parser::parsePrimary(bool withSpace) {
  int line = current().line;
  switch (current().kind) {
  case TokenKind::Name:
    return parseName(withSpace);
  case TokenKind::String:
    return parseString();
  case TokenKind::Integer:
  case TokenKind::Real:
    return parseNumber();
  default:
    break;
  }
  if (skipOperator("(")) {
    TupleRules rules;
    rules.isBracketed = true;
    ExpressionPointer value = parseTuple(rules);
    expectOperator(")");
    return value;
  }
  if (current().isOperator("["))
    return parseList();
  if (current().isOperator("{"))
    return parseDict();
  fail("an expression");
  return make(ExpressionKind::Constant, line);
}

ExpressionPointer Parser::parseName(bool withSpace) {
  const Token &token = next();
  std::string_view name = token.text;
  ExpressionPointer node = make(ExpressionKind::Constant, token.line);
  if (name == "true" || name == "True" || name == "false" || name == "False") {
    node->constant = Value::boolean(name[0] == 't' || name[0] == 'T');
  } else if (name == "none" || name == "None") {
    node->constant = Value::none();
  } else if (withSpace && skipOperator(".")) {
    node->kind = ExpressionKind::Attribute;
    node->operands.push_back(make(ExpressionKind::Name, token.line));
    node->operands[0]->name = name;
    node->name = expectName("a name of an attribute");
  } else {
    node->kind = ExpressionKind::Name;
    node->name = name;
  }
  return node;
}

ExpressionPointer Parser::parseNumber() {
  const Token &token = current();
  ExpressionPointer node = make(ExpressionKind::Constant, token.line);
  if (token.kind == TokenKind::Real) {
    if (auto real = parseReal(token.text))
      node->constant = Value::number(*real);
    else
      fail("a number");
  } else if (auto integer = parseInteger(token.text, 0)) {
    node->constant = Value::number(*integer);
  } else {
    fail("an integer below 2^63");
  }
  next();
  return node;
}

/// Strings that follow each other are one.
ExpressionPointer Parser::parseString() {
  ExpressionPointer node = make(ExpressionKind::Constant, current().line);
  std::string text;
  while (current().kind == TokenKind::String && !rendering.failed())
    text += unescape(next(), rendering);
  node->constant = rendering.text(std::move(text));
  return node;
}

ExpressionPointer Parser::parseList() {
  ExpressionPointer node = make(ExpressionKind::List, next().line);
  while (!rendering.failed() && !current().isOperator("]")) {
    if (!node->operands.empty() && !expectOperator(","))
      break;
    if (current().isOperator("]"))
      break;
    node->operands.push_back(parseExpression());
  }
  expectOperator("]");
  return adopt(std::move(node));
}

ExpressionPointer Parser::parseDict() {
  ExpressionPointer node = make(ExpressionKind::Dict, next().line);
  while (!rendering.failed() && !current().isOperator("}")) {
    if (!node->operands.empty() && !expectOperator(","))
      break;
    if (current().isOperator("}"))
      break;
    node->operands.push_back(parseExpression());
    expectOperator(":");
    node->operands.push_back(parseExpression());
  }
  expectOperator("}");
  return adopt(std::move(node));
}

bool Parser::isTupleEnd(std::string_view end) const {
  const Token &token = current();
  return token.kind == TokenKind::PrintEnd ||
         token.kind == TokenKind::BlockEnd || token.isOperator(")") ||
         (!end.empty() && token.isName(end));
}

/// One expression, or several with commas, of which the last may be bare.
ExpressionPointer Parser::parseTuple(const TupleRules &rules) {
  ExpressionPointer node = make(ExpressionKind::Tuple, current().line);
  bool hasComma = false;
  while (!rendering.failed() && !isTupleEnd(rules.end)) {
    node->operands.push_back(rules.isTarget
                                 ? parsePrimary(rules.withSpace)
                                 : parseExpression(rules.withConditional));
    if (!skipOperator(","))
      break;
    hasComma = true;
  }
  if (!hasComma && node->operands.size() == 1)
    return std::move(node->operands[0]);
  if (!hasComma && !rules.isBracketed)
    fail("an expression");
  return adopt(std::move(node));
}

ExpressionPointer Parser::parsePostfix(ExpressionPointer value) {
  while (!rendering.failed()) {
    if (current().isOperator(".") || current().isOperator("["))
      value = parseSubscript(std::move(value));
    else if (current().isOperator("("))
      value = parseCall(std::move(value));
    else
      break;
  }
  return value;
}

ExpressionPointer Parser::parseFilters(ExpressionPointer value) {
  while (!rendering.failed()) {
    if (skipOperator("|"))
      value = parseFilter(std::move(value));
    else if (current().isName("is"))
      value = parseTest(std::move(value));
    else if (current().isOperator("("))
      value = parseCall(std::move(value));
    else
      break;
  }
  return value;
}

/// Behind the |, or in {% filter %}, where there is no value.
ExpressionPointer Parser::parseFilter(ExpressionPointer value) {
  ExpressionPointer node = make(ExpressionKind::Filter, current().line);
  node->name = expectName("a name of a filter");
  node->operands.push_back(std::move(value));
  if (current().isOperator("("))
    parseArguments(node->call);
  return adopt(std::move(node));
}

ExpressionPointer Parser::parseTest(ExpressionPointer value) {
  int line = next().line;
  bool isNegated = skipName("not");
  ExpressionPointer node = make(ExpressionKind::Test, line);
  node->name = expectName("a name of a test");
  node->operands.push_back(std::move(value));
  const Token &token = current();
  bool isOperand =
      token.kind == TokenKind::Name || token.kind == TokenKind::String ||
      token.kind == TokenKind::Integer || token.kind == TokenKind::Real ||
      token.isOperator("[") || token.isOperator("{");
  if (token.isOperator("(")) {
    parseArguments(node->call);
  } else if (token.isName("is")) {
    fail("one test of a value");
  } else if (isOperand && !isAnyName({"else", "or", "and"})) {
    if (++depth > Rendering::maxDepth)
      fail("at most " + std::to_string(Rendering::maxDepth) +
           " levels of nesting");
    else
      node->call.positional.push_back(parsePostfix(parsePrimary()));
    --depth;
  }
  node = adopt(std::move(node));
  if (!isNegated)
    return node;
  ExpressionPointer negation = make(ExpressionKind::Not, line);
  negation->operands.push_back(std::move(node));
  return adopt(std::move(negation));
}

ExpressionPointer Parser::parseSubscript(ExpressionPointer value) {
  const Token &token = next();
  ExpressionPointer node = make(ExpressionKind::Item, token.line);
  node->operands.push_back(std::move(value));
  if (token.text == ".") {
    if (current().kind == TokenKind::Integer) {
      node->operands.push_back(parseNumber());
      return adopt(std::move(node));
    }
    node->kind = ExpressionKind::Attribute;
    node->name = expectName("a name or a number");
    return adopt(std::move(node));
  }
  ExpressionPointer indices = make(ExpressionKind::Tuple, token.line);
  while (!rendering.failed() && !current().isOperator("]")) {
    if (!indices->operands.empty() && !expectOperator(","))
      break;
    indices->operands.push_back(parseSubscribed());
  }
  expectOperator("]");
  if (indices->operands.size() == 1)
    node->operands.push_back(std::move(indices->operands[0]));
  else
    node->operands.push_back(adopt(std::move(indices)));
  return adopt(std::move(node));
}

/// An index, or a slice a:b:c of which each part may be missing.
ExpressionPointer Parser::parseSubscribed() {
  ExpressionPointer slice = make(ExpressionKind::Slice, current().line);
  if (!current().isOperator(":")) {
    ExpressionPointer first = parseExpression();
    if (!current().isOperator(":"))
      return first;
    slice->operands.push_back(std::move(first));
  } else {
    slice->operands.push_back(nullptr);
  }
  while (slice->operands.size() < 3) {
    bool isGiven = skipOperator(":") && !current().isOperator(":") &&
                   !current().isOperator("]") && !current().isOperator(",");
    slice->operands.push_back(isGiven ? parseExpression() : nullptr);
  }
  return adopt(std::move(slice));
}

ExpressionPointer Parser::parseCall(ExpressionPointer value) {
  ExpressionPointer node = make(ExpressionKind::Call, current().line);
  node->operands.push_back(std::move(value));
  parseArguments(node->call);
  return adopt(std::move(node));
}

/// Plain ones, then name=value, then *list, then **dict.
void Parser::parseArguments(CallSyntax &call) {
  expectOperator("(");
  while (!rendering.failed() && !current().isOperator(")")) {
    if (!parseArgument(call)) {
      fail("arguments in order: values, names, *list, **dict");
      return;
    }
    if (!current().isOperator(")") && !expectOperator(","))
      return;
  }
  expectOperator(")");
}

bool Parser::parseArgument(CallSyntax &call) {
  if (skipOperator("*")) {
    if (call.list || call.dict)
      return false;
    call.list = parseExpression();
    return true;
  }
  if (skipOperator("**")) {
    if (call.dict)
      return false;
    call.dict = parseExpression();
    return true;
  }
  if (current().kind == TokenKind::Name && ahead().isOperator("=")) {
    if (call.dict)
      return false;
    std::string name(next().text);
    next();
    for (const auto &[other, value] : call.keywords)
      if (other == name)
        return fail("arguments of different names");
    call.keywords.emplace_back(std::move(name), parseExpression());
    return true;
  }
  if (call.list || call.dict || !call.keywords.empty())
    return false;
  call.positional.push_back(parseExpression());
  return true;
}

} // namespace qcc::jinja
