// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cuts a template into text, tags and their words. Blanks around tags go as
// they do in chat templates: with Jinja's trim_blocks and lstrip_blocks.

#ifndef QCC_TEXT_JINJA_LEXER_H
#define QCC_TEXT_JINJA_LEXER_H

#include "runtime/text/jinja/rendering.h"

namespace qcc::jinja {

enum class TokenKind : uint8_t {
  Data,       ///< Text outside of tags.
  PrintBegin, ///< {{
  PrintEnd,
  BlockBegin, ///< {%
  BlockEnd,
  Name,
  String, ///< With its quotes and escapes.
  Integer,
  Real,
  Operator,
  End,
};

struct Token {
  TokenKind kind;
  int line;
  std::string_view text; ///< Of the source.

  bool is(TokenKind wanted, std::string_view what) const {
    return kind == wanted && text == what;
  }
  bool isOperator(std::string_view what) const {
    return is(TokenKind::Operator, what);
  }
  bool isName(std::string_view what) const { return is(TokenKind::Name, what); }
};

/// Line breaks as \n, and without the last one.
std::string normalizeLines(std::string_view source);

/// The tokens of a normalized source, which must outlive them; the last one is
/// End. Errors are the rendering's.
std::vector<Token> cutTokens(std::string_view source, Rendering &rendering);

/// What a String token stands for.
std::string unescape(const Token &token, Rendering &rendering);

} // namespace qcc::jinja

#endif // QCC_TEXT_JINJA_LEXER_H
