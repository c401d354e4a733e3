// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokens and operators, loosest first.

#include "runtime/text/jinja/parser.h"

#include <algorithm>

namespace qcc::jinja {

const Token &Parser::next() {
  const Token &token = tokens[place];
  if (place + 1 < tokens.size())
    ++place;
  return token;
}

bool Parser::skipName(std::string_view name) {
  if (!current().isName(name))
    return false;
  next();
  return true;
}

bool Parser::skipOperator(std::string_view text) {
  if (!current().isOperator(text))
    return false;
  next();
  return true;
}

bool Parser::fail(const std::string &expected) {
  const Token &token = current();
  std::string got = "'" + std::string(token.text.substr(0, 40)) + "'";
  if (token.kind == TokenKind::End)
    got = "the end of the template";
  else if (token.kind == TokenKind::Data)
    got = "text";
  rendering.setLine(token.line);
  rendering.fail("expected " + expected + ", but got " + got);
  return false;
}

bool Parser::expectOperator(std::string_view text) {
  return skipOperator(text) || fail("'" + std::string(text) + "'");
}

bool Parser::expect(TokenKind kind, const char *what) {
  if (current().kind != kind)
    return fail(what);
  next();
  return true;
}

std::string Parser::expectName(const char *what) {
  if (current().kind != TokenKind::Name) {
    fail(what);
    return {};
  }
  return std::string(next().text);
}

bool Parser::isAnyName(Names names) const {
  return current().kind == TokenKind::Name &&
         std::find(names.begin(), names.end(), current().text) != names.end();
}

/// Never null, so that its callers need not ask.
ExpressionPointer Parser::make(ExpressionKind kind, int line) {
  rendering.spend(1);
  auto node = std::make_unique<Expression>();
  node->kind = kind;
  node->line = line;
  return node;
}

/// Counts the levels of a finished node.
ExpressionPointer Parser::adopt(ExpressionPointer parent) {
  auto measure = [&](const ExpressionPointer &child) {
    if (child)
      parent->depth = std::max(parent->depth, 1 + child->depth);
  };
  for (const ExpressionPointer &child : parent->operands)
    measure(child);
  for (const ExpressionPointer &child : parent->call.positional)
    measure(child);
  for (const auto &[name, child] : parent->call.keywords)
    measure(child);
  measure(parent->call.list);
  measure(parent->call.dict);
  if (parent->depth > Rendering::maxTree)
    fail("at most " + std::to_string(Rendering::maxTree) +
         " levels of operators");
  return parent;
}

ExpressionPointer Parser::binary(Operator op, ExpressionPointer left,
                                 ExpressionPointer right, int line) {
  ExpressionPointer node = make(ExpressionKind::Binary, line);
  node->operators.push_back(op);
  node->operands.push_back(std::move(left));
  node->operands.push_back(std::move(right));
  return adopt(std::move(node));
}

ExpressionPointer Parser::parseExpression(bool withConditional) {
  if (++depth > Rendering::maxDepth)
    fail("at most " + std::to_string(Rendering::maxDepth) +
         " levels of nesting");
  // After an error the tokens stay where they are, and so nothing recurses.
  ExpressionPointer value =
      rendering.failed() ? make(ExpressionKind::Constant, 0) : parseOr();
  while (withConditional && !rendering.failed() && current().isName("if")) {
    int line = next().line;
    ExpressionPointer node = make(ExpressionKind::Conditional, line);
    node->operands.push_back(parseOr());
    node->operands.push_back(std::move(value));
    node->operands.push_back(skipName("else") ? parseExpression() : nullptr);
    value = adopt(std::move(node));
  }
  --depth;
  return value;
}

ExpressionPointer Parser::parseOr() {
  ExpressionPointer value = parseAnd();
  while (!rendering.failed() && current().isName("or")) {
    ExpressionPointer node = make(ExpressionKind::Or, next().line);
    node->operands.push_back(std::move(value));
    node->operands.push_back(parseAnd());
    value = adopt(std::move(node));
  }
  return value;
}

ExpressionPointer Parser::parseAnd() {
  ExpressionPointer value = parseNot();
  while (!rendering.failed() && current().isName("and")) {
    ExpressionPointer node = make(ExpressionKind::And, next().line);
    node->operands.push_back(std::move(value));
    node->operands.push_back(parseNot());
    value = adopt(std::move(node));
  }
  return value;
}

ExpressionPointer Parser::parseNot() {
  // A loop, since `not not not` could be of any length.
  std::vector<int> lines;
  while (current().isName("not"))
    lines.push_back(next().line);
  ExpressionPointer value = parseCompare();
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (rendering.failed())
      break;
    ExpressionPointer node = make(ExpressionKind::Not, *line);
    node->operands.push_back(std::move(value));
    value = adopt(std::move(node));
  }
  return value;
}

/// Takes an operator that compares, if there is one.
bool Parser::parseComparison(Operator &op) {
  static constexpr std::pair<std::string_view, Operator> known[] = {
      {"==", Operator::Equal},     {"!=", Operator::NotEqual},
      {"<=", Operator::LessEqual}, {">=", Operator::GreaterEqual},
      {"<", Operator::Less},       {">", Operator::Greater}};
  for (auto [text, meaning] : known) {
    if (skipOperator(text)) {
      op = meaning;
      return true;
    }
  }
  if (skipName("in")) {
    op = Operator::In;
    return true;
  }
  if (current().isName("not") && ahead().isName("in")) {
    next();
    next();
    op = Operator::NotIn;
    return true;
  }
  return false;
}

ExpressionPointer Parser::parseCompare() {
  ExpressionPointer value = parseSum();
  int line = current().line;
  Operator op;
  if (rendering.failed() || !parseComparison(op))
    return value;
  ExpressionPointer node = make(ExpressionKind::Compare, line);
  node->operands.push_back(std::move(value));
  do {
    node->operators.push_back(op);
    node->operands.push_back(parseSum());
  } while (!rendering.failed() && parseComparison(op));
  return adopt(std::move(node));
}

ExpressionPointer Parser::parseSum() {
  ExpressionPointer value = parseConcat();
  while (!rendering.failed() &&
         (current().isOperator("+") || current().isOperator("-"))) {
    const Token &token = next();
    Operator op = token.text == "+" ? Operator::Add : Operator::Subtract;
    value = binary(op, std::move(value), parseConcat(), token.line);
  }
  return value;
}

ExpressionPointer Parser::parseConcat() {
  ExpressionPointer value = parseProduct();
  if (rendering.failed() || !current().isOperator("~"))
    return value;
  ExpressionPointer node = make(ExpressionKind::Concat, current().line);
  node->operands.push_back(std::move(value));
  while (!rendering.failed() && skipOperator("~"))
    node->operands.push_back(parseProduct());
  return adopt(std::move(node));
}

ExpressionPointer Parser::parseProduct() {
  static constexpr std::pair<std::string_view, Operator> known[] = {
      {"*", Operator::Multiply},
      {"/", Operator::Divide},
      {"//", Operator::FloorDivide},
      {"%", Operator::Modulo}};
  ExpressionPointer value = parsePower();
  while (!rendering.failed() && current().kind == TokenKind::Operator) {
    auto found = std::find_if(
        std::begin(known), std::end(known),
        [&](const auto &entry) { return entry.first == current().text; });
    if (found == std::end(known))
      break;
    int line = next().line;
    value = binary(found->second, std::move(value), parsePower(), line);
  }
  return value;
}

/// 2 ** 3 ** 2 is 64 in templates: the left one goes first.
ExpressionPointer Parser::parsePower() {
  ExpressionPointer value = parseUnary();
  while (!rendering.failed() && current().isOperator("**")) {
    int line = next().line;
    value = binary(Operator::Power, std::move(value), parseUnary(), line);
  }
  return value;
}

ExpressionPointer Parser::parseUnary(bool withFilter) {
  std::vector<Token> signs;
  while (current().isOperator("-") || current().isOperator("+"))
    signs.push_back(next());
  ExpressionPointer value = parsePostfix(parsePrimary());
  for (auto sign = signs.rbegin(); sign != signs.rend(); ++sign) {
    if (rendering.failed())
      break;
    ExpressionPointer node = make(sign->text == "-" ? ExpressionKind::Negative
                                                    : ExpressionKind::Positive,
                                  sign->line);
    node->operands.push_back(std::move(value));
    value = adopt(std::move(node));
  }
  return withFilter ? parseFilters(std::move(value)) : std::move(value);
}

} // namespace qcc::jinja
