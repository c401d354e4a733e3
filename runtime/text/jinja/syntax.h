// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A parsed template: statements and expressions as trees.

#ifndef QCC_TEXT_JINJA_SYNTAX_H
#define QCC_TEXT_JINJA_SYNTAX_H

#include "runtime/text/jinja/value.h"

namespace qcc::jinja {

enum class ExpressionKind : uint8_t {
  Constant,
  Name,
  Attribute, ///< operands[0].name
  Item,      ///< operands[0][operands[1]]
  Slice,     ///< operands[0:1:2], each may be null; only inside Item
  Call,      ///< operands[0](call)
  Filter,    ///< operands[0] | name(call)
  Test,      ///< operands[0] is name(call)
  Tuple,
  List,
  Dict, ///< keys and values in turn
  Not,
  Negative,
  Positive,
  Binary,  ///< operators[0]
  Concat,  ///< ~
  Compare, ///< a < b < c: one operator less than operands
  And,
  Or,
  Conditional, ///< operands[1] if operands[0] else operands[2], or null
};

enum class Operator : uint8_t {
  Add,
  Subtract,
  Multiply,
  Divide,
  FloorDivide,
  Modulo,
  Power,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  In,
  NotIn,
};

struct Expression;
using ExpressionPointer = std::unique_ptr<Expression>;

struct CallSyntax {
  std::vector<ExpressionPointer> positional;
  std::vector<std::pair<std::string, ExpressionPointer>> keywords;
  ExpressionPointer list; ///< *list
  ExpressionPointer dict; ///< **dict
};

struct Expression {
  ExpressionKind kind;
  int line = 0;
  int depth = 1; ///< Of the tree below, so that walking it has a limit.
  std::string name;
  Value constant;
  std::vector<ExpressionPointer> operands;
  std::vector<Operator> operators;
  CallSyntax call;
};

enum class StatementKind : uint8_t {
  Data,     ///< text
  Print,    ///< value
  If,       ///< branches, then otherwise
  For,      ///< target in value if condition: body, otherwise
  Set,      ///< target = value
  SetBlock, ///< target = body | value, which filters the name-less body
  Macro,    ///< name(parameters): body
  Call,     ///< value with the macro caller(parameters): body
  Filter,   ///< body | value
  With,     ///< targets = values: body
  Scope,    ///< body with its own names: {% generation %}
  Break,
  Continue,
};

struct Statement;
using Body = std::vector<std::unique_ptr<Statement>>;

struct Branch {
  ExpressionPointer condition;
  Body body;
};

struct Parameter {
  std::string name;
  ExpressionPointer standard; ///< What it is if it is not given, or null.
};

struct Statement {
  StatementKind kind;
  int line = 0;
  std::string name; ///< Also the text of Data.
  ExpressionPointer target;
  ExpressionPointer value;
  ExpressionPointer condition;
  std::vector<std::pair<ExpressionPointer, ExpressionPointer>> assignments;
  std::vector<Branch> branches;
  std::vector<Parameter> parameters;
  Body body;
  Body otherwise;
  bool isRecursive = false;
};

} // namespace qcc::jinja

#endif // QCC_TEXT_JINJA_SYNTAX_H
