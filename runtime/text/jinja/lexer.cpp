// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pass, in two states: outside of tags, where only the next tag matters,
// and inside, where words are cut until the tag ends. A tag does not end
// inside of brackets, so that {{ {'a': {}} }} is one.

#include "runtime/text/jinja/lexer.h"

#include "runtime/text/jinja/letters.h"

#include <algorithm>

namespace qcc::jinja {

std::string normalizeLines(std::string_view source) {
  std::string out;
  out.reserve(source.size());
  for (size_t i = 0; i < source.size(); ++i) {
    if (source[i] != '\r') {
      out += source[i];
      continue;
    }
    out += '\n';
    if (i + 1 < source.size() && source[i + 1] == '\n')
      ++i;
  }
  if (!out.empty() && out.back() == '\n')
    out.pop_back();
  return out;
}

namespace {

bool isSign(char letter) { return letter == '-' || letter == '+'; }

bool isDigit(char letter) { return letter >= '0' && letter <= '9'; }

/// Letters of names; those outside of ASCII are all let through.
bool isWord(char letter) {
  return isDigit(letter) || letter == '_' || (letter >= 'a' && letter <= 'z') ||
         (letter >= 'A' && letter <= 'Z') ||
         static_cast<unsigned char>(letter) >= 0x80;
}

bool isBlankText(std::string_view text) {
  return !text.empty() && strip(text).empty();
}

class Lexer {
public:
  Lexer(std::string_view source, Rendering &rendering)
      : source(source), rendering(rendering) {}

  std::vector<Token> run();

private:
  bool startsWith(std::string_view text) const {
    return source.substr(place, text.size()) == text;
  }
  void add(TokenKind kind, size_t size);
  /// Moves on without a token.
  void skip(size_t size);
  void skipSpace();
  void fail(const std::string &message);

  void cutText();
  void addText(size_t end, char sign, bool isPrint);
  bool cutRaw(size_t tag);
  void cutRawText();
  size_t skipWord(size_t from, std::string_view word) const;
  void skipComment();
  bool cutEnd(bool isPrint);
  bool endTag(std::string_view mark, bool trimsLine);
  void cutWord();
  size_t sizeOfNumber(bool &isReal) const;
  size_t sizeOfDigits(size_t from) const;
  void cutString();
  void cutOperator();

  std::string_view source;
  Rendering &rendering;
  size_t place = 0;
  int line = 1;
  /// What was last cut ended a line, so that blanks may begin one.
  bool startsLine = true;
  std::vector<Token> tokens;
  std::string brackets; ///< Those that are open, as their closing ones.
};

} // namespace

void Lexer::fail(const std::string &message) {
  rendering.setLine(line);
  rendering.fail(message);
}

void Lexer::skip(size_t size) {
  std::string_view text = source.substr(place, size);
  line += static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  place += text.size();
  if (!text.empty())
    startsLine = text.back() == '\n';
}

void Lexer::add(TokenKind kind, size_t size) {
  tokens.push_back({kind, line, source.substr(place, size)});
  skip(size);
}

void Lexer::skipSpace() {
  std::string_view rest = source.substr(place);
  // Not the whole rest, whose end would be looked at each time.
  skip(rest.size() - stripLeft(rest).size());
}

std::vector<Token> Lexer::run() {
  while (place < source.size() && !rendering.failed())
    cutText();
  tokens.push_back({TokenKind::End, line, {}});
  return std::move(tokens);
}

/// Text up to `end`, where a tag with this sign begins.
void Lexer::addText(size_t end, char sign, bool isPrint) {
  std::string_view text = source.substr(place, end - place);
  size_t size = text.size();
  if (sign == '-') {
    size = stripRight(text).size();
  } else if (sign != '+' && !isPrint) {
    size_t lineStart = text.rfind('\n') + 1; // npos + 1 is 0
    if ((lineStart > 0 || startsLine) && isBlankText(text.substr(lineStart)))
      size = lineStart;
  }
  if (size > 0)
    tokens.push_back({TokenKind::Data, line, text.substr(0, size)});
  skip(text.size());
}

/// Text and the tag that it ends at.
void Lexer::cutText() {
  size_t tag = place;
  do {
    tag = source.find('{', tag);
    if (tag == std::string_view::npos || tag + 1 >= source.size())
      return add(TokenKind::Data, source.size() - place);
    char second = source[tag + 1];
    if (second == '{' || second == '%' || second == '#')
      break;
    ++tag;
  } while (true);
  if (cutRaw(tag))
    return;
  char kind = source[tag + 1];
  char sign = tag + 2 < source.size() ? source[tag + 2] : '\0';
  bool isPrint = kind == '{';
  addText(tag, sign, isPrint);
  size_t size = 2 + isSign(sign);
  if (kind == '#') {
    skip(size);
    return skipComment();
  }
  add(isPrint ? TokenKind::PrintBegin : TokenKind::BlockBegin, size);
  brackets.clear();
  while (!rendering.failed() && !cutEnd(isPrint)) {
    if (place >= source.size())
      return fail("expected the end of the tag, but got the end of the "
                  "template");
    cutWord();
  }
}

/// {#- ... -#}, whose start is cut already.
void Lexer::skipComment() {
  size_t end = source.find("#}", place);
  if (end == std::string_view::npos)
    return fail("expected #} behind the comment, but got the end of the "
                "template");
  char sign = end > place ? source[end - 1] : '\0';
  skip(end + 2 - place);
  if (sign == '-')
    skipSpace();
  else if (sign != '+' && startsWith("\n"))
    skip(1);
}

/// Where the word ends that stands at `from`, with blanks around; npos if
/// another does.
size_t Lexer::skipWord(size_t from, std::string_view word) const {
  std::string_view rest =
      stripLeft(source.substr(std::min(from, source.size())));
  if (rest.substr(0, word.size()) != word)
    return std::string_view::npos;
  rest = stripLeft(rest.substr(word.size()));
  return source.size() - rest.size();
}

/// {% raw %} ... {% endraw %} is text. False if the tag is another one.
bool Lexer::cutRaw(size_t tag) {
  if (source[tag + 1] != '%')
    return false;
  char sign = tag + 2 < source.size() ? source[tag + 2] : '\0';
  size_t end = skipWord(tag + 2 + isSign(sign), "raw");
  if (end == std::string_view::npos)
    return false;
  bool isStripped = source.substr(end, 3) == "-%}";
  if (!isStripped && source.substr(end, 2) != "%}")
    return false;
  addText(tag, sign, /*isPrint=*/false);
  skip(end + 2 + isStripped - place);
  if (isStripped)
    skipSpace();
  cutRawText();
  return true;
}

/// Up to the endraw tag, whose signs hold for the text before and behind it.
void Lexer::cutRawText() {
  for (size_t tag = place; rendering.spend(1); ++tag) {
    tag = source.find("{%", tag);
    if (tag == std::string_view::npos)
      return fail("expected {% endraw %}, but got the end of the template");
    char sign = tag + 2 < source.size() ? source[tag + 2] : '\0';
    size_t end = skipWord(tag + 2 + isSign(sign), "endraw");
    if (end == std::string_view::npos || end >= source.size() ||
        source.substr(end + isSign(source[end]), 2) != "%}")
      continue;
    addText(tag, sign, /*isPrint=*/false);
    skip(end - place);
    endTag("%}", /*trimsLine=*/true);
    return;
  }
}

/// Skips `mark` with its sign, and what the sign says of the blanks behind.
bool Lexer::endTag(std::string_view mark, bool trimsLine) {
  bool isPlus = trimsLine && startsWith("+");
  bool hasSign = isPlus || startsWith("-");
  if (source.substr(place + hasSign, mark.size()) != mark)
    return false;
  skip(hasSign + mark.size());
  if (hasSign && !isPlus)
    skipSpace();
  else if (trimsLine && !isPlus && startsWith("\n"))
    skip(1);
  return true;
}

/// True at the end of the tag.
bool Lexer::cutEnd(bool isPrint) {
  if (!brackets.empty())
    return false;
  Token token{isPrint ? TokenKind::PrintEnd : TokenKind::BlockEnd, line,
              source.substr(place, 2)};
  if (!endTag(isPrint ? "}}" : "%}", /*trimsLine=*/!isPrint))
    return false;
  tokens.push_back(token);
  return true;
}

void Lexer::cutWord() {
  size_t next = place;
  char letter = source[place];
  if (isSpace(readCode(source, next)))
    return skip(next - place);
  if (isDigit(letter)) {
    bool isReal = false;
    size_t size = sizeOfNumber(isReal);
    return add(isReal ? TokenKind::Real : TokenKind::Integer, size);
  }
  if (letter == '\'' || letter == '"')
    return cutString();
  if (!isWord(letter))
    return cutOperator();
  size_t size = 1;
  while (place + size < source.size() && isWord(source[place + size]))
    ++size;
  add(TokenKind::Name, size);
}

/// Digits with single underscores between them.
size_t Lexer::sizeOfDigits(size_t from) const {
  size_t size = 0;
  while (from + size < source.size()) {
    char letter = source[from + size];
    bool isBetween = letter == '_' && size > 0 &&
                     from + size + 1 < source.size() &&
                     isDigit(source[from + size + 1]);
    if (!isDigit(letter) && !isBetween)
      break;
    ++size;
  }
  return size;
}

size_t Lexer::sizeOfNumber(bool &isReal) const {
  auto at = [&](size_t index) {
    return place + index < source.size() ? source[place + index] : '\0';
  };
  char second = static_cast<char>(at(1) | 0x20);
  if (at(0) == '0' && (second == 'x' || second == 'o' || second == 'b')) {
    size_t size = 2;
    while (
        isDigit(at(size)) || at(size) == '_' ||
        (second == 'x' && (at(size) | 0x20) >= 'a' && (at(size) | 0x20) <= 'f'))
      ++size;
    return size > 2 ? size : 1;
  }
  size_t size = sizeOfDigits(place);
  // messages.0.1 holds two numbers, and no real one.
  if (place > 0 && source[place - 1] == '.')
    return size;
  if (at(size) == '.' && sizeOfDigits(place + size + 1) > 0) {
    isReal = true;
    size += 1 + sizeOfDigits(place + size + 1);
  }
  if ((at(size) | 0x20) == 'e') {
    size_t sign = at(size + 1) == '+' || at(size + 1) == '-';
    size_t digits = sizeOfDigits(place + size + 1 + sign);
    isReal |= digits > 0;
    size += digits > 0 ? 1 + sign + digits : 0;
  }
  return size;
}

void Lexer::cutString() {
  size_t end = place + 1;
  while (end < source.size() && source[end] != source[place])
    end += source[end] == '\\' ? 2 : 1;
  if (end >= source.size())
    return fail("expected the end of the string, but got the end of the "
                "template");
  add(TokenKind::String, end + 1 - place);
}

void Lexer::cutOperator() {
  static constexpr std::string_view two[] = {
      "//", "**", "==", "!=", ">=", "<="};
  for (std::string_view text : two)
    if (startsWith(text))
      return add(TokenKind::Operator, 2);
  char letter = source[place];
  std::string found(1, letter);
  if (std::string_view("+-/*%~[](){}><=.:|,;").find(letter) ==
      std::string_view::npos)
    return fail("expected a word or an operator, but got '" + found + "'");
  switch (letter) {
  case '(':
    brackets += ')';
    break;
  case '[':
    brackets += ']';
    break;
  case '{':
    brackets += '}';
    break;
  case ')':
  case ']':
  case '}':
    if (brackets.empty() || brackets.back() != letter)
      return fail(brackets.empty()
                      ? "expected no bracket, but got '" + found + "'"
                      : std::string("expected '") + brackets.back() +
                            "', but got '" + found + "'");
    brackets.pop_back();
    break;
  default:
    break;
  }
  add(TokenKind::Operator, 1);
}

std::vector<Token> cutTokens(std::string_view source, Rendering &rendering) {
  return Lexer(source, rendering).run();
}

} // namespace qcc::jinja
