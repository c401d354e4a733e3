// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The escapes of string literals, which are Python's.

#include "runtime/text/jinja/letters.h"
#include "runtime/text/jinja/lexer.h"

namespace qcc::jinja {

static int valueOfHex(char digit) {
  if (digit >= '0' && digit <= '9')
    return digit - '0';
  int letter = (digit | 0x20) - 'a';
  return letter >= 0 && letter < 6 ? 10 + letter : -1;
}

/// \xhh, \uhhhh and \Uhhhhhhhh; `place` is behind the letter.
static bool appendHexEscape(std::string_view text, size_t &place, size_t digits,
                            std::string &out) {
  uint32_t code = 0;
  for (size_t i = 0; i < digits; ++i) {
    int value = place < text.size() ? valueOfHex(text[place]) : -1;
    if (value < 0)
      return false;
    code = code << 4 | static_cast<uint32_t>(value);
    ++place;
  }
  if (code > 0x10ffff)
    return false;
  // Half of a pair is no character.
  appendCode(out, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
  return true;
}

static void appendOctalEscape(std::string_view text, size_t &place,
                              std::string &out) {
  uint32_t code = 0;
  for (int i = 0; i < 3 && place < text.size(); ++i, ++place) {
    if (text[place] < '0' || text[place] > '7')
      break;
    code = code * 8 + static_cast<uint32_t>(text[place] - '0');
  }
  appendCode(out, code);
}

/// `place` is at the letter behind the backslash.
static bool appendEscape(std::string_view text, size_t &place,
                         std::string &out) {
  static constexpr std::string_view letters = "\n\\'\"abfnrtv";
  static constexpr std::string_view meanings[] = {
      "", "\\", "'", "\"", "\a", "\b", "\f", "\n", "\r", "\t", "\v"};
  char letter = text[place];
  if (letter >= '0' && letter <= '7') {
    appendOctalEscape(text, place, out);
    return true;
  }
  ++place;
  if (letter == 'x' || letter == 'u' || letter == 'U')
    return appendHexEscape(text, place,
                           letter == 'x'   ? 2
                           : letter == 'u' ? 4
                                           : 8,
                           out);
  size_t known = letters.find(letter);
  if (known != std::string_view::npos)
    out += meanings[known];
  else
    (out += '\\') += letter; // an unknown escape stands for itself
  return letter != 'N';      // names of characters
}

std::string unescape(const Token &token, Rendering &rendering) {
  std::string_view text = token.text.substr(1, token.text.size() - 2);
  std::string out;
  for (size_t place = 0; place < text.size();) {
    if (text[place] != '\\' || place + 1 >= text.size()) {
      out += text[place++];
      continue;
    }
    size_t start = place++;
    if (!appendEscape(text, place, out)) {
      rendering.setLine(token.line);
      rendering.fail("expected an escape of Python, but got '" +
                     std::string(text.substr(start, place - start)) + "'");
      break;
    }
  }
  return out;
}

} // namespace qcc::jinja
