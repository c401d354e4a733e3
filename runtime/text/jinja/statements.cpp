// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parses tags. Those that read other templates are unknown here, as is `do`.

#include "runtime/text/jinja/parser.h"

#include <algorithm>

namespace qcc::jinja {

Body Parser::parse() {
  Body body = parseBody({});
  if (rendering.failed())
    body.clear();
  return body;
}

/// Statements up to a tag of one of these names, of which the name is then
/// the current token; without names, up to the end of the template.
Body Parser::parseBody(Names ends) {
  Body body;
  while (!rendering.failed() && current().kind != TokenKind::End) {
    int line = current().line;
    auto node = std::make_unique<Statement>();
    node->line = line;
    if (current().kind == TokenKind::Data) {
      node->kind = StatementKind::Data;
      node->name = next().text;
    } else if (current().kind == TokenKind::PrintBegin) {
      next();
      node->kind = StatementKind::Print;
      node->value = parseTuple({});
      expect(TokenKind::PrintEnd, "'}}'");
    } else {
      expect(TokenKind::BlockBegin, "a tag");
      if (isAnyName(ends))
        return body;
      node = parseStatement();
      expect(TokenKind::BlockEnd, "'%}'");
    }
    body.push_back(std::move(node));
  }
  if (ends.size() > 0 && !rendering.failed())
    fail("{% " + std::string(*(ends.end() - 1)) + " %}");
  return body;
}

/// The rest of a tag, then its body.
Body Parser::parseBlock(Names ends) {
  if (++depth > Rendering::maxDepth)
    fail("at most " + std::to_string(Rendering::maxDepth) +
         " levels of nesting");
  skipOperator(":");
  expect(TokenKind::BlockEnd, "'%}'");
  Body body = parseBody(ends);
  --depth;
  return body;
}

Parser::StatementPointer Parser::parseStatement() {
  auto node = std::make_unique<Statement>();
  node->line = current().line;
  node->kind = StatementKind::Data;
  size_t start = place;
  std::string tag = expectName("a name of a tag");
  if (rendering.failed())
    return node;
  node = parseKnown(tag, std::move(node));
  if (!node) {
    place = start;
    fail("a tag of chat templates");
    node = std::make_unique<Statement>();
    node->kind = StatementKind::Data;
  }
  return node;
}

/// Null for a tag that is not known.
Parser::StatementPointer Parser::parseKnown(const std::string &tag,
                                            StatementPointer node) {
  if (tag == "if")
    return parseIf(std::move(node));
  if (tag == "for")
    return parseFor(std::move(node));
  if (tag == "set")
    return parseSet(std::move(node));
  if (tag == "macro")
    return parseMacro(std::move(node));
  if (tag == "call")
    return parseCallBlock(std::move(node));
  if (tag == "filter")
    return parseFilterBlock(std::move(node));
  if (tag == "with")
    return parseWith(std::move(node));
  if (tag == "generation") {
    node->kind = StatementKind::Scope;
    node->body = parseOutsideOfLoops({"endgeneration"});
    next();
    return node;
  }
  if (tag != "break" && tag != "continue")
    return nullptr;
  node->kind = tag == "break" ? StatementKind::Break : StatementKind::Continue;
  if (loops == 0)
    fail("'" + tag + "' inside of a loop");
  return node;
}

Parser::StatementPointer Parser::parseIf(StatementPointer node) {
  node->kind = StatementKind::If;
  TupleRules rules;
  rules.withConditional = false;
  do {
    Branch branch;
    branch.condition = parseTuple(rules);
    branch.body = parseBlock({"elif", "else", "endif"});
    node->branches.push_back(std::move(branch));
  } while (!rendering.failed() && skipName("elif"));
  if (skipName("else"))
    node->otherwise = parseBlock({"endif"});
  next();
  return node;
}

Parser::StatementPointer Parser::parseFor(StatementPointer node) {
  node->kind = StatementKind::For;
  node->target = parseTarget(/*withSpace=*/false, "in");
  if (!skipName("in"))
    fail("'in'");
  TupleRules rules;
  rules.withConditional = false;
  rules.end = "recursive";
  node->value = parseTuple(rules);
  if (skipName("if"))
    node->condition = parseExpression();
  node->isRecursive = skipName("recursive");
  ++loops;
  node->body = parseBlock({"endfor", "else"});
  --loops;
  if (!rendering.failed() && next().text == "else") {
    node->otherwise = parseBlock({"endfor"});
    next();
  }
  return node;
}

Parser::StatementPointer Parser::parseSet(StatementPointer node) {
  node->target = parseTarget(/*withSpace=*/true, {});
  if (skipOperator("=")) {
    node->kind = StatementKind::Set;
    node->value = parseTuple({});
    return node;
  }
  node->kind = StatementKind::SetBlock;
  while (!rendering.failed() && skipOperator("|"))
    node->value = parseFilter(std::move(node->value));
  node->body = parseBlock({"endset"});
  next();
  return node;
}

/// A body that is a function: what leaves a loop cannot reach around it.
Body Parser::parseOutsideOfLoops(Names ends) {
  int outer = std::exchange(loops, 0);
  Body body = parseBlock(ends);
  loops = outer;
  return body;
}

Parser::StatementPointer Parser::parseMacro(StatementPointer node) {
  node->kind = StatementKind::Macro;
  node->name = expectName("a name of a macro");
  parseParameters(node->parameters);
  node->body = parseOutsideOfLoops({"endmacro"});
  next();
  return node;
}

void Parser::parseParameters(std::vector<Parameter> &parameters) {
  expectOperator("(");
  while (!rendering.failed() && !current().isOperator(")")) {
    if (!parameters.empty() && !expectOperator(","))
      return;
    Parameter parameter;
    parameter.name = expectName("a name of a parameter");
    for (const Parameter &other : parameters)
      if (other.name == parameter.name)
        fail("parameters of different names");
    if (skipOperator("="))
      parameter.standard = parseExpression();
    else if (!parameters.empty() && parameters.back().standard)
      fail("'=' behind a parameter that follows one with it");
    parameters.push_back(std::move(parameter));
  }
  expectOperator(")");
}

Parser::StatementPointer Parser::parseCallBlock(StatementPointer node) {
  node->kind = StatementKind::Call;
  if (current().isOperator("("))
    parseParameters(node->parameters);
  node->value = parseExpression();
  if (node->value->kind != ExpressionKind::Call)
    fail("a call");
  node->body = parseOutsideOfLoops({"endcall"});
  next();
  return node;
}

Parser::StatementPointer Parser::parseFilterBlock(StatementPointer node) {
  node->kind = StatementKind::Filter;
  node->value = parseFilter(nullptr);
  while (!rendering.failed() && skipOperator("|"))
    node->value = parseFilter(std::move(node->value));
  node->body = parseBlock({"endfilter"});
  next();
  return node;
}

Parser::StatementPointer Parser::parseWith(StatementPointer node) {
  node->kind = StatementKind::With;
  while (!rendering.failed() && current().kind != TokenKind::BlockEnd) {
    if (!node->assignments.empty() && !expectOperator(","))
      break;
    ExpressionPointer target = parseTarget(/*withSpace=*/false, {});
    expectOperator("=");
    node->assignments.emplace_back(std::move(target), parseExpression());
  }
  node->body = parseBlock({"endwith"});
  next();
  return node;
}

bool Parser::isTarget(const Expression &target) const {
  switch (target.kind) {
  case ExpressionKind::Name:
    return true;
  case ExpressionKind::Attribute:
    return target.operands[0]->kind == ExpressionKind::Name;
  case ExpressionKind::Tuple:
    return std::all_of(
        target.operands.begin(), target.operands.end(),
        [&](const ExpressionPointer &part) { return isTarget(*part); });
  default:
    return false;
  }
}

ExpressionPointer Parser::parseTarget(bool withSpace, std::string_view end) {
  TupleRules rules;
  rules.isTarget = true;
  rules.withSpace = withSpace;
  rules.end = end;
  ExpressionPointer target = parseTuple(rules);
  if (!rendering.failed() && !isTarget(*target))
    fail("a name to assign to in front");
  return target;
}

} // namespace qcc::jinja
