// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recursive descent over the tokens of a template. Precedence is Jinja's,
// which is not quite Python's: ~ binds closer than +, and filters closer than
// any operator but a sign's.

#ifndef QCC_TEXT_JINJA_PARSER_H
#define QCC_TEXT_JINJA_PARSER_H

#include "runtime/text/jinja/lexer.h"
#include "runtime/text/jinja/syntax.h"

#include <initializer_list>

namespace qcc::jinja {

class Parser {
public:
  /// The tokens and the rendering must outlive it.
  Parser(const std::vector<Token> &tokens, Rendering &rendering)
      : tokens(tokens), rendering(rendering) {}

  /// The whole template; empty after an error.
  Body parse();

private:
  using Names = std::initializer_list<std::string_view>;

  // Tokens.
  const Token &current() const { return tokens[place]; }
  const Token &ahead() const {
    return tokens[place + (place + 1 < tokens.size())];
  }
  /// Moves on, but not past the end.
  const Token &next();
  bool skipName(std::string_view name);
  bool skipOperator(std::string_view text);
  bool expectOperator(std::string_view text);
  bool expect(TokenKind kind, const char *what);
  std::string expectName(const char *what);
  bool isAnyName(Names names) const;
  bool fail(const std::string &expected);

  // Expressions, in parser.cpp.
  ExpressionPointer make(ExpressionKind kind, int line);
  ExpressionPointer adopt(ExpressionPointer parent);
  ExpressionPointer binary(Operator op, ExpressionPointer left,
                           ExpressionPointer right, int line);
  ExpressionPointer parseExpression(bool withConditional = true);
  ExpressionPointer parseOr();
  ExpressionPointer parseAnd();
  ExpressionPointer parseNot();
  ExpressionPointer parseCompare();
  bool parseComparison(Operator &op);
  ExpressionPointer parseSum();
  ExpressionPointer parseConcat();
  ExpressionPointer parseProduct();
  ExpressionPointer parsePower();
  ExpressionPointer parseUnary(bool withFilter = true);

  // Their parts, in parser_parts.cpp.
  ExpressionPointer parsePrimary(bool withSpace = false);
  ExpressionPointer parseName(bool withSpace);
  ExpressionPointer parseNumber();
  ExpressionPointer parseString();
  ExpressionPointer parseList();
  ExpressionPointer parseDict();
  ExpressionPointer parsePostfix(ExpressionPointer value);
  ExpressionPointer parseFilters(ExpressionPointer value);
  ExpressionPointer parseFilter(ExpressionPointer value);
  ExpressionPointer parseTest(ExpressionPointer value);
  ExpressionPointer parseSubscript(ExpressionPointer value);
  ExpressionPointer parseSubscribed();
  ExpressionPointer parseCall(ExpressionPointer value);
  void parseArguments(CallSyntax &call);
  bool parseArgument(CallSyntax &call);

  struct TupleRules {
    bool isTarget = false; ///< Names only; attributes of namespaces too.
    bool withSpace = false;
    bool withConditional = true;
    bool isBracketed = false; ///< May be empty.
    std::string_view end;     ///< A name that ends it.
  };
  ExpressionPointer parseTuple(const TupleRules &rules);
  bool isTupleEnd(std::string_view end) const;

  // Statements, in statements.cpp.
  using StatementPointer = std::unique_ptr<Statement>;
  Body parseBody(Names ends);
  Body parseBlock(Names ends);
  StatementPointer parseStatement();
  StatementPointer parseKnown(const std::string &tag, StatementPointer node);
  StatementPointer parseIf(StatementPointer node);
  StatementPointer parseFor(StatementPointer node);
  StatementPointer parseSet(StatementPointer node);
  StatementPointer parseMacro(StatementPointer node);
  StatementPointer parseCallBlock(StatementPointer node);
  StatementPointer parseFilterBlock(StatementPointer node);
  StatementPointer parseWith(StatementPointer node);
  Body parseOutsideOfLoops(Names ends);
  void parseParameters(std::vector<Parameter> &parameters);
  ExpressionPointer parseTarget(bool withSpace, std::string_view end);
  bool isTarget(const Expression &target) const;

  const std::vector<Token> &tokens;
  Rendering &rendering;
  size_t place = 0;
  int depth = 0; ///< Of open brackets, operators and blocks.
  int loops = 0; ///< Those that break and continue can leave.
};

} // namespace qcc::jinja

#endif // QCC_TEXT_JINJA_PARSER_H
