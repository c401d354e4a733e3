// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Filters that make a text. They take any value, and print it first.

#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/letters.h"

namespace qcc::jinja {

static std::string titleWords(std::string_view text);

/// The printed value, paid for.
static std::string printed(Interpreter &interpreter, const Value &value) {
  std::string text = interpreter.print(value);
  interpreter.rendering.spendText(text.size());
  return text;
}

template <std::string (*change)(std::string_view)>
static Value changeText(Interpreter &interpreter, const Value &value,
                        const Arguments &arguments) {
  Parameters given(interpreter, arguments, "filter of a text", {});
  // title() puts words together anew, without the mark.
  bool isMarkup = value.isMarkup() && change != titleWords;
  return interpreter.rendering.text(change(printed(interpreter, value)),
                                    isMarkup);
}

/// Words begin behind blanks and opening brackets, not behind quotes.
static std::string titleWords(std::string_view text) {
  std::string out;
  bool isInside = false;
  for (size_t place = 0; place < text.size();) {
    size_t start = place;
    uint32_t code = readCode(text, place);
    std::string_view letter = text.substr(start, place - start);
    bool isBreak = isSpace(code) || code == '-' || code == '(' || code == '{' ||
                   code == '[' || code == '<';
    out += isBreak || isInside ? toLower(letter) : toUpper(letter);
    isInside = !isBreak;
  }
  return out;
}

static std::string keep(std::string_view text) { return std::string(text); }

/// Escapes a text once, or again if it `isForced`.
template <bool isForced>
static Value escape(Interpreter &interpreter, const Value &value,
                    const Arguments &arguments) {
  Parameters given(interpreter, arguments, "escape", {});
  if (value.isMarkup() && !isForced)
    return value;
  std::string text = printed(interpreter, value);
  return interpreter.rendering.text(escapeMarkup(text), /*isMarkup=*/true);
}

static Value markSafe(Interpreter &interpreter, const Value &value,
                      const Arguments &arguments) {
  Parameters given(interpreter, arguments, "safe", {});
  return interpreter.rendering.text(printed(interpreter, value),
                                    /*isMarkup=*/true);
}

static Value trim(Interpreter &interpreter, const Value &value,
                  const Arguments &arguments) {
  Parameters given(interpreter, arguments, "trim", {"chars"});
  std::string text = printed(interpreter, value);
  if (!given.isSet(0))
    return interpreter.rendering.text(std::string(strip(text)),
                                      value.isMarkup());
  std::string codes = given.text(0, "");
  interpreter.rendering.spend(text.size() * (1 + codes.size() / 8));
  return interpreter.rendering.text(
      std::string(stripCodes(text, codes, true, true)), value.isMarkup());
}

static Value replace(Interpreter &interpreter, const Value &value,
                     const Arguments &arguments) {
  Parameters given(interpreter, arguments, "replace", {"old", "new", "count"},
                   2);
  if (given.failed())
    return Value();
  Rendering &rendering = interpreter.rendering;
  Arguments printedOnes;
  printedOnes.positional = {rendering.text(printed(interpreter, given[0])),
                            rendering.text(printed(interpreter, given[1]))};
  if (given.isSet(2))
    printedOnes.positional.push_back(given[2]);
  Value text = rendering.text(printed(interpreter, value));
  if (rendering.failed())
    return Value();
  return findMethod(Kind::String, "replace")(interpreter, text, printedOnes);
}

static Value indent(Interpreter &interpreter, const Value &value,
                    const Arguments &arguments) {
  Parameters given(interpreter, arguments, "indent",
                   {"width", "first", "blank"});
  bool isFirst = given.truth(1, false), isBlank = given.truth(2, false);
  std::string margin;
  if (given.has(0) && given[0].is(Kind::String)) {
    margin = given[0].text();
  } else {
    int64_t width = given.integer(0, 4);
    if (width > 0 && interpreter.rendering.spend(uint64_t(width) / 8))
      margin.assign(static_cast<size_t>(width), ' ');
  }
  if (given.failed())
    return Value();
  if (!value.is(Kind::String))
    return interpreter.rendering.fail(
        std::string("indent: expected a text, but got ") + nameOf(value));
  std::string text = printed(interpreter, value), out;
  // A text without lines has one, and one that ends in a break has one more.
  text += '\n';
  const char *separator = "";
  bool isMargin = isFirst;
  for (std::string_view line : splitLines(text)) {
    if (!interpreter.rendering.spend(1 + margin.size() / 64))
      return Value();
    out += separator;
    out += isMargin && (!line.empty() || isBlank || isFirst) ? margin : "";
    out += line;
    separator = "\n";
    isFirst = false;
    isMargin = true;
  }
  return interpreter.rendering.text(std::move(out), value.isMarkup());
}

static Value center(Interpreter &interpreter, const Value &value,
                    const Arguments &arguments) {
  Parameters given(interpreter, arguments, "center", {"width"});
  Arguments width;
  width.positional.push_back(Value::number(given.integer(0, 80)));
  Value text = interpreter.rendering.text(printed(interpreter, value));
  if (given.failed())
    return Value();
  return findMethod(Kind::String, "center")(interpreter, text, width);
}

static Value countWords(Interpreter &interpreter, const Value &value,
                        const Arguments &arguments) {
  Parameters given(interpreter, arguments, "wordcount", {});
  std::string text = printed(interpreter, value);
  int64_t count = 0;
  bool isInside = false;
  for (size_t place = 0; place < text.size();) {
    uint32_t code = readCode(text, place);
    bool isWord = code == '_' || isOf(CodeClass::Alnum, code);
    count += isWord && !isInside;
    isInside = isWord;
  }
  return Value::number(count);
}

static Value format(Interpreter &interpreter, const Value &value,
                    const Arguments &arguments) {
  Rendering &rendering = interpreter.rendering;
  if (!arguments.positional.empty() && !arguments.keywords.empty())
    return rendering.fail(
        "format: expected values or names, but got both of them");
  Value text = rendering.text(printed(interpreter, value), value.isMarkup());
  if (arguments.keywords.empty())
    return formatPercent(interpreter, text,
                         rendering.list(arguments.positional, Kind::Tuple));
  std::vector<std::pair<Value, Value>> entries;
  for (const auto &[name, element] : arguments.keywords)
    entries.emplace_back(rendering.text(name), element);
  return formatPercent(interpreter, text, rendering.dict(std::move(entries)));
}

/// Cuts at a word's end unless it may kill words.
static Value cutShort(Interpreter &interpreter, const Value &value,
                      const Arguments &arguments) {
  Parameters given(interpreter, arguments, "truncate",
                   {"length", "killwords", "end", "leeway"});
  if (!value.is(Kind::String))
    return interpreter.rendering.fail(
        std::string("truncate: expected a text, but got ") + nameOf(value));
  std::string text = printed(interpreter, value);
  std::string end = given.text(2, "...");
  int64_t length = given.integer(0, 255);
  int64_t leeway = given.isSet(3) ? given.integer(3, 5) : 5;
  auto endSize = static_cast<int64_t>(countCodes(end));
  if (given.failed())
    return Value();
  if (length < endSize || leeway < 0)
    return interpreter.rendering.fail(
        "truncate: expected a length of at least " + std::to_string(endSize) +
        " and a leeway of at least 0");
  if (static_cast<int64_t>(countCodes(text)) - leeway <= length)
    return interpreter.rendering.text(std::move(text));
  text.resize(findCode(text, static_cast<size_t>(length - endSize)));
  size_t blank = text.rfind(' ');
  if (!given.truth(1, false) && blank != std::string::npos)
    text.resize(blank);
  return interpreter.rendering.text(text + end);
}

BuiltinTable textFilters() {
  static constexpr BuiltinEntry entries[] = {
      {"capitalize", changeText<capitalize>},
      {"center", center},
      {"e", escape<false>},
      {"escape", escape<false>},
      {"forceescape", escape<true>},
      {"format", format},
      {"indent", indent},
      {"lower", changeText<toLower>},
      {"replace", replace},
      {"safe", markSafe},
      {"string", changeText<keep>},
      {"title", changeText<titleWords>},
      {"trim", trim},
      {"truncate", cutShort},
      {"upper", changeText<toUpper>},
      {"wordcount", countWords},
  };
  return {entries, std::size(entries)};
}

} // namespace qcc::jinja
