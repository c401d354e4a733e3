// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Methods of texts that change letters, blanks and widths, and those that ask
// of what kind the letters are.

#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/letters.h"

namespace qcc::jinja {

template <std::string (*change)(std::string_view)>
static Value changeText(Interpreter &interpreter, const Value &value,
                        const Arguments &arguments) {
  Parameters given(interpreter, arguments, "method of a text", {});
  interpreter.rendering.spendText(2 * value.text().size());
  return interpreter.rendering.text(change(value.text()), value.isMarkup());
}

template <bool fromLeft, bool fromRight>
static Value stripEnds(Interpreter &interpreter, const Value &value,
                       const Arguments &arguments) {
  Parameters given(interpreter, arguments, "strip", {"chars"});
  std::string_view text = value.text();
  interpreter.rendering.spendText(text.size());
  if (given.isSet(0)) {
    std::string codes = given.text(0, "");
    interpreter.rendering.spend(text.size() * (1 + codes.size() / 8));
    if (given.failed())
      return Value();
    text = stripCodes(text, codes, fromLeft, fromRight);
  } else {
    text = fromLeft ? stripLeft(text) : text;
    text = fromRight ? stripRight(text) : text;
  }
  return interpreter.rendering.text(std::string(text), value.isMarkup());
}

enum class Place { Left, Center, Right };

template <Place place>
static Value justify(Interpreter &interpreter, const Value &value,
                     const Arguments &arguments) {
  Parameters given(interpreter, arguments, "justify", {"width", "fillchar"}, 1);
  Rendering &rendering = interpreter.rendering;
  int64_t width = given.integer(0, 0);
  std::string fill = given.text(1, " ");
  if (given.failed())
    return Value();
  if (countCodes(fill) != 1)
    return rendering.fail("expected one letter to fill with, but got '" + fill +
                          "'");
  int64_t length = interpreter.lengthOf(value);
  if (width <= length)
    return value;
  auto missing = static_cast<uint64_t>(width - length);
  if (missing > Rendering::maxText || !rendering.spend(missing / 8))
    return rendering.fail("expected a smaller width, but got " +
                          std::to_string(width));
  uint64_t left = 0;
  if (place == Place::Right)
    left = missing;
  else if (place == Place::Center) // as Python splits what is odd
    left = missing / 2 + (missing & static_cast<uint64_t>(width) & 1);
  std::string text;
  for (uint64_t i = 0; i < left; ++i)
    text += fill;
  text += value.text();
  for (uint64_t i = left; i < missing; ++i)
    text += fill;
  return rendering.text(std::move(text));
}

static Value zfill(Interpreter &interpreter, const Value &value,
                   const Arguments &arguments) {
  Parameters given(interpreter, arguments, "zfill", {"width"}, 1);
  int64_t width = given.integer(0, 0), length = interpreter.lengthOf(value);
  if (given.failed() || width <= length)
    return value;
  auto missing = static_cast<uint64_t>(width - length);
  if (missing > Rendering::maxText || !interpreter.rendering.spend(missing / 8))
    return interpreter.rendering.fail("expected a smaller width, but got " +
                                      std::to_string(width));
  std::string text = value.text();
  bool hasSign = !text.empty() && (text[0] == '-' || text[0] == '+');
  text.insert(hasSign, missing, '0');
  return interpreter.rendering.text(std::move(text));
}

template <CodeClass wanted>
static Value askLetters(Interpreter &interpreter, const Value &value,
                        const Arguments &arguments) {
  Parameters given(interpreter, arguments, "method of a text", {});
  std::string_view text = value.text();
  interpreter.rendering.spendText(text.size());
  for (size_t place = 0; place < text.size();)
    if (!isOf(wanted, readCode(text, place)))
      return Value::boolean(false);
  return Value::boolean(!text.empty() || wanted == CodeClass::Print);
}

template <bool (*ask)(std::string_view)>
static Value askText(Interpreter &interpreter, const Value &value,
                     const Arguments &arguments) {
  Parameters given(interpreter, arguments, "method of a text", {});
  interpreter.rendering.spendText(value.text().size());
  return Value::boolean(ask(value.text()));
}

static bool isTitle(std::string_view text) {
  return toTitle(text) == text && toUpper(text) != toLower(text);
}

static bool isAscii(std::string_view text) {
  for (char letter : text)
    if (static_cast<unsigned char>(letter) >= 0x80)
      return false;
  return true;
}

static Value format(Interpreter &interpreter, const Value &value,
                    const Arguments &arguments) {
  return formatBraces(interpreter, value, arguments);
}

BuiltinTable stringMethods() {
  static constexpr BuiltinEntry entries[] = {
      {"capitalize", changeText<capitalize>},
      {"casefold", changeText<toLower>},
      {"center", justify<Place::Center>},
      {"format", format},
      {"isalnum", askLetters<CodeClass::Alnum>},
      {"isalpha", askLetters<CodeClass::Alpha>},
      {"isascii", askText<isAscii>},
      {"isdecimal", askLetters<CodeClass::Decimal>},
      {"isdigit", askLetters<CodeClass::Digit>},
      {"islower", askText<isLower>},
      {"isnumeric", askLetters<CodeClass::Numeric>},
      {"isprintable", askLetters<CodeClass::Print>},
      {"isspace", askLetters<CodeClass::Space>},
      {"istitle", askText<isTitle>},
      {"isupper", askText<isUpper>},
      {"ljust", justify<Place::Left>},
      {"lower", changeText<toLower>},
      {"lstrip", stripEnds<true, false>},
      {"rjust", justify<Place::Right>},
      {"rstrip", stripEnds<false, true>},
      {"strip", stripEnds<true, true>},
      {"swapcase", changeText<swapCase>},
      {"title", changeText<toTitle>},
      {"upper", changeText<toUpper>},
      {"zfill", zfill},
  };
  return {entries, std::size(entries)};
}

} // namespace qcc::jinja
