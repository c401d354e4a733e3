// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JSON for the values that a host gives to a template: tools, documents and
// messages that are more than a role and a text.

#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/letters.h"
#include "runtime/text/jinja/numbers.h"

namespace qcc::jinja {

namespace {

class JsonReader {
public:
  JsonReader(Rendering &rendering, std::string_view text)
      : rendering(rendering), text(text) {}

  Value readAll();

private:
  Value fail(const char *expected);
  void skipBlanks();
  bool skip(char letter);
  char peek() const { return place < text.size() ? text[place] : '\0'; }
  Value read();
  Value readNumber();
  Value readWord();
  Value readText();
  Value readList();
  Value readDict();
  bool readEscape(std::string &out);
  bool readUnit(uint32_t &unit);

  Rendering &rendering;
  std::string_view text;
  size_t place = 0;
  int depth = 0;
};

} // namespace

Value JsonReader::fail(const char *expected) {
  std::string got = place < text.size()
                        ? "'" + std::string(text.substr(place, 1)) + "'"
                        : "the end";
  return rendering.fail("JSON of the context: expected " +
                        std::string(expected) + " at byte " +
                        std::to_string(place) + ", but got " + got);
}

void JsonReader::skipBlanks() {
  while (place < text.size() && (text[place] == ' ' || text[place] == '\n' ||
                                 text[place] == '\r' || text[place] == '\t'))
    ++place;
}

bool JsonReader::skip(char letter) {
  if (peek() != letter)
    return false;
  ++place;
  return true;
}

Value JsonReader::readAll() {
  Value value = read();
  skipBlanks();
  if (!rendering.failed() && place != text.size())
    return fail("the end");
  return value;
}

Value JsonReader::read() {
  skipBlanks();
  if (!rendering.spend(1))
    return Value();
  if (++depth > Rendering::maxDepth)
    return fail("fewer levels");
  Value value;
  char letter = peek();
  if (letter == '{')
    value = readDict();
  else if (letter == '[')
    value = readList();
  else if (letter == '"')
    value = readText();
  else if (letter == '-' || (letter >= '0' && letter <= '9'))
    value = readNumber();
  else
    value = readWord();
  --depth;
  return value;
}

Value JsonReader::readWord() {
  static constexpr std::string_view words[] = {"true", "false", "null"};
  for (std::string_view word : words) {
    if (text.substr(place, word.size()) != word)
      continue;
    place += word.size();
    return word == "null" ? Value::none() : Value::boolean(word == "true");
  }
  return fail("a value");
}

/// Digits, and a point or an exponent for reals.
Value JsonReader::readNumber() {
  size_t start = place;
  auto skipDigits = [&] {
    size_t first = place;
    while (peek() >= '0' && peek() <= '9')
      ++place;
    return place > first;
  };
  skip('-');
  bool isZero = peek() == '0';
  size_t digits = place;
  if (!skipDigits() || (isZero && place > digits + 1))
    return fail("a number");
  bool isReal = skip('.');
  if (isReal && !skipDigits())
    return fail("a digit");
  if (skip('e') || skip('E')) {
    isReal = true;
    if (!skip('+'))
      skip('-');
    if (!skipDigits())
      return fail("a digit");
  }
  std::string_view number = text.substr(start, place - start);
  if (!isReal)
    if (auto integer = parseInteger(number, 10))
      return Value::number(*integer);
  return Value::number(parseReal(number).value_or(0));
}

bool JsonReader::readUnit(uint32_t &unit) {
  unit = 0;
  for (int i = 0; i < 4; ++i, ++place) {
    char letter = peek();
    int digit = letter >= '0' && letter <= '9' ? letter - '0'
                : (letter | 0x20) >= 'a' && (letter | 0x20) <= 'f'
                    ? (letter | 0x20) - 'a' + 10
                    : -1;
    if (digit < 0)
      return false;
    unit = unit << 4 | static_cast<uint32_t>(digit);
  }
  return true;
}

/// Behind the backslash. Half of a pair becomes U+FFFD.
bool JsonReader::readEscape(std::string &out) {
  static constexpr std::string_view names = "\"\\/bfnrt";
  static constexpr std::string_view letters = "\"\\/\b\f\n\r\t";
  char name = peek();
  size_t known = names.find(name);
  if (known != std::string_view::npos && place < text.size()) {
    ++place;
    out += letters[known];
    return true;
  }
  uint32_t unit = 0;
  if (!skip('u') || !readUnit(unit))
    return false;
  if (unit >= 0xd800 && unit < 0xdc00 && text.substr(place, 2) == "\\u") {
    size_t start = place;
    uint32_t second = 0;
    place += 2;
    if (!readUnit(second))
      return false;
    if (second >= 0xdc00 && second < 0xe000)
      unit = 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00);
    else
      place = start;
  }
  appendCode(out, unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit);
  return true;
}

Value JsonReader::readText() {
  std::string out;
  ++place;
  while (!skip('"')) {
    if (place >= text.size() || static_cast<unsigned char>(peek()) < 0x20)
      return fail("'\"'");
    if (!skip('\\'))
      out += text[place++];
    else if (!readEscape(out))
      return fail("an escape");
  }
  return rendering.text(std::move(out));
}

Value JsonReader::readList() {
  std::vector<Value> items;
  ++place;
  skipBlanks();
  while (!skip(']')) {
    if (!items.empty() && !skip(','))
      return fail("',' or ']'");
    items.push_back(read());
    if (rendering.failed())
      return Value();
    skipBlanks();
  }
  return rendering.list(std::move(items));
}

Value JsonReader::readDict() {
  std::vector<std::pair<Value, Value>> entries;
  ++place;
  skipBlanks();
  while (!skip('}')) {
    if (!entries.empty() && !skip(','))
      return fail("',' or '}'");
    skipBlanks();
    if (peek() != '"')
      return fail("a key");
    Value key = readText();
    skipBlanks();
    if (!skip(':'))
      return fail("':'");
    entries.emplace_back(std::move(key), read());
    if (rendering.failed())
      return Value();
    skipBlanks();
  }
  return rendering.dict(std::move(entries));
}

Value readJson(Rendering &rendering, std::string_view text) {
  return JsonReader(rendering, text).readAll();
}

} // namespace qcc::jinja
