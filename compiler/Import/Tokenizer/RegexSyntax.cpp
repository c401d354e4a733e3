// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The two differ little:
//
// - \s is White_Space, \w is Alphabetic, marks, digits and connectors.
// - \p{Han} are the characters of that script alone.
// - \uABCD is a character, \h is a hexadecimal digit.
// - x{1,3}+ repeats x{1,3}; in PCRE2 it would be possessive.
// - Sets of characters may be intersected (&&) and nested: refused.

#include "compiler/Import/Tokenizer/RegexSyntax.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

using namespace llvm;

namespace qcc {

// Those that tokenizers name.
static constexpr StringRef kScripts[] = {
    "Arabic",   "Armenian", "Bengali",   "Bopomofo",  "Cyrillic", "Devanagari",
    "Ethiopic", "Georgian", "Greek",     "Gujarati",  "Gurmukhi", "Han",
    "Hangul",   "Hebrew",   "Hiragana",  "Kannada",   "Katakana", "Khmer",
    "Lao",      "Latin",    "Malayalam", "Mongolian", "Myanmar",  "Sinhala",
    "Tamil",    "Telugu",   "Thai",      "Tibetan"};

namespace {

class Translator {
public:
  explicit Translator(StringRef pattern) : rest(pattern) {}

  Expected<std::string> run();

private:
  Error translateNext();
  Error translateEscape();
  void copyBraces();
  Error translateSet();
  Error translateRange();
  Error fail(const Twine &got) {
    return createStringError("expected a pattern without " + got +
                             ", but got one");
  }

  StringRef rest;
  std::string result;
  bool isInSet = false;
};

} // namespace

Error Translator::translateEscape() {
  rest = rest.drop_front();
  if (rest.empty())
    return createStringError("expected a character after \\, but got none");
  char letter = rest.front();
  rest = rest.drop_front();
  switch (letter) {
  case 's':
    result += "\\p{White_Space}";
    return Error::success();
  case 'S':
    result += "\\P{White_Space}";
    return Error::success();
  case 'w':
    result += isInSet ? "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}"
                      : "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]";
    return Error::success();
  case 'W':
    if (isInSet)
      return fail("\\W in a set");
    result += "[^\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]";
    return Error::success();
  case 'h':
    result += isInSet ? "0-9a-fA-F" : "[0-9a-fA-F]";
    return Error::success();
  case 'H':
  case 'C':
  case 'K':
    return fail(Twine('\\') + Twine(letter));
  case 'u': {
    StringRef digits = rest.take_front(4);
    if (digits.size() != 4 || !llvm::all_of(digits, isHexDigit))
      return fail("\\u but with four digits");
    result += "\\x{" + digits.str() + "}";
    rest = rest.drop_front(4);
    return Error::success();
  }
  default:
    result += '\\';
    result += letter;
    if (rest.starts_with("{")) // of \p{L} and \x{2581}
      copyBraces();
    return Error::success();
  }
}

/// {Han} becomes {sc:Han}, for PCRE2 takes the characters that several scripts
/// share with it.
void Translator::copyBraces() {
  size_t end = std::min(rest.find('}'), rest.size() - 1);
  StringRef name = rest.slice(1, end);
  bool isNegated = name.consume_front("^");
  result += isNegated ? "{^" : "{";
  if (is_contained(kScripts, name))
    result += "sc:";
  result += name;
  result += rest.slice(end, end + 1);
  rest = rest.drop_front(end + 1);
}

/// The set that `rest` starts with, its bracket included.
Error Translator::translateSet() {
  isInSet = true;
  result += '[';
  rest = rest.drop_front();
  if (rest.consume_front("^"))
    result += '^';
  // A bracket right at the start is itself.
  if (rest.consume_front("]"))
    result += "\\]";
  while (!rest.empty() && rest.front() != ']') {
    if (rest.front() == '\\') {
      if (Error error = translateEscape())
        return error;
    } else if (rest.starts_with("&&")) {
      return fail("intersected sets of characters (&&)");
    } else if (rest.starts_with("[:")) {
      size_t end = rest.find(":]");
      if (end == StringRef::npos)
        return fail("an open [: in a set");
      result += rest.take_front(end + 2);
      rest = rest.drop_front(end + 2);
    } else if (rest.front() == '[') {
      return fail("nested sets of characters");
    } else {
      result += rest.front();
      rest = rest.drop_front();
    }
  }
  isInSet = false;
  if (!rest.consume_front("]"))
    return fail("an open set of characters");
  result += ']';
  return Error::success();
}

/// {n,m} after something. Other braces are themselves.
Error Translator::translateRange() {
  size_t end = rest.find('}');
  StringRef inside = rest.slice(1, end);
  bool isRange =
      end != StringRef::npos && inside.find_if(isDigit) != StringRef::npos &&
      llvm::all_of(inside, [](char c) { return isDigit(c) || c == ','; });
  if (!isRange) {
    result += rest.front();
    rest = rest.drop_front();
    return Error::success();
  }
  StringRef least = inside.split(',').first;
  StringRef after = rest.drop_front(end + 1);
  if (!after.starts_with("+") && !after.starts_with("*")) {
    // {,n} is {0,n}.
    result += '{';
    result += least.empty() ? "0" : "";
    result += inside;
    result += '}';
    rest = after;
    return Error::success();
  }
  unsigned count = 0;
  if (!least.empty() && (least.getAsInteger(10, count) || count > 1))
    return fail("a repeated {n,m} with n above 1");
  result += count == 1 && after.front() == '+' ? '+' : '*';
  rest = after.drop_front();
  return Error::success();
}

Error Translator::translateNext() {
  if (rest.front() == '\\')
    return translateEscape();
  if (rest.front() == '[')
    return translateSet();
  if (rest.front() == '{')
    return translateRange();
  if (rest.starts_with("(*") || rest.starts_with("(?C") ||
      rest.starts_with("(?R"))
    return fail("'" + rest.take_front(3) + "'");
  result += rest.front();
  rest = rest.drop_front();
  return Error::success();
}

Expected<std::string> Translator::run() {
  while (!rest.empty())
    if (Error error = translateNext())
      return error;
  return result;
}

Expected<std::string> translatePattern(StringRef pattern) {
  return Translator(pattern).run();
}

} // namespace qcc
