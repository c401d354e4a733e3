// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Python's two ways to put values into a text: '%s' % value and '{}'.format().

#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/format_spec.h"
#include "runtime/text/jinja/letters.h"
#include "runtime/text/jinja/numbers.h"

namespace qcc::jinja {

/// Digits at `place`; -1 without any. Huge numbers stop at 10^9.
static int64_t readCount(std::string_view text, size_t &place) {
  int64_t count = -1;
  while (place < text.size() && text[place] >= '0' && text[place] <= '9') {
    count = std::min<int64_t>(
        std::max<int64_t>(count, 0) * 10 + (text[place] - '0'), 1000000000);
    ++place;
  }
  return count;
}

namespace {

/// Walks a text with % in it.
class PercentFormat {
public:
  PercentFormat(Interpreter &interpreter, const Value &values, bool isMarkup)
      : interpreter(interpreter), values(values), isMarkup(isMarkup) {}
  std::string run(std::string_view text);

private:
  Value fail(const std::string &message) {
    return interpreter.rendering.fail("expected " + message);
  }
  std::string readField(std::string_view text, size_t &place);
  Value takeValue(const std::string *name);
  std::string formatField(FormatSpec spec, char type, const Value &value);

  Interpreter &interpreter;
  const Value &values;
  bool isMarkup; ///< Values are escaped.
  size_t used = 0;
};

} // namespace

Value PercentFormat::takeValue(const std::string *name) {
  if (name) {
    if (!values.is(Kind::Dict))
      return fail("a dict for names behind %, but got " +
                  std::string(nameOf(values)));
    const Value *found = interpreter.rendering.find(values, *name);
    return found ? *found : fail("a value of the name '" + *name + "'");
  }
  if (!values.is(Kind::Tuple))
    return used++ == 0 ? values : fail("as many values as % asks for");
  return used < values.items().size() ? values.items()[used++]
                                      : fail("as many values as % asks for");
}

std::string PercentFormat::formatField(FormatSpec spec, char type,
                                       const Value &value) {
  switch (type) {
  case 'r':
  case 'a': {
    std::string text;
    interpreter.printTo(text, value);
    spec.type = 's';
    return formatValue(interpreter, spec,
                       interpreter.rendering.text(std::move(text)));
  }
  case 'c':
    spec.type = 's';
    if (value.is(Kind::Int) && value.asInteger() >= 0 &&
        value.asInteger() < 0x110000) {
      std::string letter;
      appendCode(letter, static_cast<uint32_t>(value.asInteger()));
      return formatValue(interpreter, spec,
                         interpreter.rendering.text(std::move(letter)));
    }
    return formatValue(interpreter, spec, value);
  case 'd':
  case 'i':
  case 'u': {
    spec.type = 'd';
    if (!value.is(Kind::Float))
      return formatValue(interpreter, spec, value);
    std::optional<int64_t> whole = truncate(value.asReal());
    if (!whole)
      fail("an integer of 64 bits for %d");
    return formatValue(interpreter, spec, Value::number(whole.value_or(0)));
  }
  default:
    spec.type = type;
    if (std::string_view("seEfFgGxXo").find(type) == std::string_view::npos)
      fail(std::string("a format of Python behind %, but got '") + type + "'");
    return formatValue(interpreter, spec, value);
  }
}

/// Behind the %: (name), flags, width, precision and a type.
std::string PercentFormat::readField(std::string_view text, size_t &place) {
  std::string name;
  bool hasName = place < text.size() && text[place] == '(';
  if (hasName) {
    size_t end = text.find(')', place);
    if (end == std::string_view::npos) {
      fail("')' behind the name in a format");
      return {};
    }
    name = text.substr(place + 1, end - place - 1);
    place = end + 1;
  }
  FormatSpec spec;
  spec.align = '>';
  bool isZero = false;
  for (; place < text.size(); ++place) {
    char flag = text[place];
    if (flag == '-')
      spec.align = '<';
    else if (flag == '0')
      isZero = true;
    else if (flag == '+' || (flag == ' ' && spec.sign != '+'))
      spec.sign = flag;
    else if (flag == '#')
      spec.isAlternate = true;
    else if (flag != ' ')
      break;
  }
  spec.width = std::max<int64_t>(readCount(text, place), 0);
  if (place < text.size() && text[place] == '.') {
    ++place;
    spec.precision = std::max<int64_t>(readCount(text, place), 0);
  }
  if (place >= text.size()) {
    fail("a type behind %, but got the end of the text");
    return {};
  }
  char type = text[place++];
  if (type == '%')
    return "%";
  bool isNumber =
      std::string_view("diueEfFgGxXo").find(type) != std::string_view::npos;
  if (isZero && isNumber && spec.align != '<') {
    spec.align = '=';
    spec.fill = "0";
  }
  Value value = takeValue(hasName ? &name : nullptr);
  if (isMarkup && type == 's' && !value.isMarkup())
    value = interpreter.rendering.text(escapeMarkup(interpreter.print(value)));
  if (interpreter.rendering.failed())
    return {};
  return formatField(spec, type, value);
}

std::string PercentFormat::run(std::string_view text) {
  std::string out;
  for (size_t place = 0; place < text.size();) {
    if (!interpreter.rendering.spend(1))
      return {};
    size_t mark = std::min(text.find('%', place), text.size());
    out += text.substr(place, mark - place);
    place = mark + 1;
    if (mark < text.size())
      out += readField(text, place);
    if (out.size() > Rendering::maxText)
      break;
  }
  bool isComplete =
      values.is(Kind::Dict) || values.is(Kind::List) ||
      values.is(Kind::Undefined) ||
      used == (values.is(Kind::Tuple) ? values.items().size() : 1);
  if (!isComplete)
    fail("no more values than % asks for");
  return out;
}

Value formatPercent(Interpreter &interpreter, const Value &text,
                    const Value &value) {
  if (interpreter.rendering.failed())
    return Value();
  interpreter.rendering.spendText(text.text().size());
  PercentFormat format(interpreter, value, text.isMarkup());
  return interpreter.rendering.text(format.run(text.text()), text.isMarkup());
}

/// [[fill]align][sign][#][0][width][,][.precision][type]
static bool readSpec(std::string_view text, FormatSpec &spec) {
  size_t place = 0, second = 0;
  constexpr std::string_view aligns = "<>=^";
  auto at = [&](size_t index) {
    return index < text.size() ? text[index] : '\0';
  };
  if (!text.empty())
    readCode(text, second);
  if (second > 0 && at(second) && aligns.find(at(second)) != aligns.npos) {
    spec.fill = text.substr(0, second);
    spec.align = at(second);
    place = second + 1;
  } else if (at(0) && aligns.find(at(0)) != aligns.npos) {
    spec.align = at(place++);
  }
  if (at(place) == '+' || at(place) == '-' || at(place) == ' ')
    spec.sign = at(place++);
  if (at(place) == '#') {
    spec.isAlternate = true;
    ++place;
  }
  if (at(place) == '0' && !spec.align) {
    spec.isZeroFilled = true;
    spec.fill = "0";
  }
  spec.width = std::max<int64_t>(readCount(text, place), 0);
  if (at(place) == ',' || at(place) == '_')
    spec.grouping = at(place++);
  if (at(place) == '.') {
    ++place;
    spec.precision = readCount(text, place);
    if (spec.precision < 0)
      return false;
  }
  if (place < text.size())
    spec.type = at(place++);
  return place == text.size();
}

namespace {

/// Walks a text with {} in it.
class BraceFormat {
public:
  BraceFormat(Interpreter &interpreter, const Arguments &arguments)
      : interpreter(interpreter), arguments(arguments) {}
  std::string run(std::string_view text);

private:
  Value fail(const std::string &message) {
    return interpreter.rendering.fail("format: expected " + message);
  }
  std::string formatField(std::string_view field);
  Value find(std::string_view name);

  Interpreter &interpreter;
  const Arguments &arguments;
  size_t used = 0;
};

} // namespace

/// A number, a name or nothing, then .attribute or [index].
Value BraceFormat::find(std::string_view name) {
  size_t end = std::min(name.find_first_of(".["), name.size());
  std::string_view head = name.substr(0, end);
  Value value;
  std::optional<int64_t> index = parseInteger(head, 10);
  if (head.empty())
    index = static_cast<int64_t>(used++);
  if (index) {
    if (*index < 0 ||
        static_cast<size_t>(*index) >= arguments.positional.size())
      return fail("an argument of number " + std::to_string(*index));
    value = arguments.positional[static_cast<size_t>(*index)];
  } else {
    const Value *found = nullptr;
    for (const auto &[known, argument] : arguments.keywords)
      if (known == head)
        found = &argument;
    if (!found)
      return fail("an argument '" + std::string(head) + "'");
    value = *found;
  }
  while (end < name.size() && !interpreter.rendering.failed()) {
    bool isItem = name[end] == '[';
    size_t start = end + 1;
    end = std::min(isItem ? name.find(']', start)
                          : name.find_first_of(".[", start),
                   name.size());
    std::string part(name.substr(start, end - start));
    std::optional<int64_t> place = parseInteger(part, 10);
    value = !isItem ? interpreter.getAttribute(value, part)
            : place ? interpreter.getItem(value, Value::number(*place))
                    : interpreter.getItem(
                          value, interpreter.rendering.text(std::move(part)));
    end += isItem && end < name.size();
  }
  return value;
}

/// Between the braces: name, !r or !s, and a format behind a colon.
std::string BraceFormat::formatField(std::string_view field) {
  size_t colon = std::min(field.find(':'), field.size());
  std::string_view name = field.substr(0, colon);
  FormatSpec spec;
  if (colon < field.size() && !readSpec(field.substr(colon + 1), spec)) {
    fail("a format of Python, but got '" +
         std::string(field.substr(colon + 1)) + "'");
    return {};
  }
  char conversion = '\0';
  if (name.size() >= 2 && name[name.size() - 2] == '!') {
    conversion = name.back();
    name.remove_suffix(2);
  }
  Value value = find(name);
  if (interpreter.rendering.failed())
    return {};
  if (conversion != '\0') {
    std::string text;
    if (conversion == 's')
      text = interpreter.print(value);
    else
      interpreter.printTo(text, value);
    value = interpreter.rendering.text(std::move(text));
  }
  // Of numbers and texts, and of truths as numbers; %s would take anything.
  bool hasSpec = colon + 1 < field.size();
  if (hasSpec && value.is(Kind::Bool))
    value = Value::number(value.asInteger());
  bool isText = value.is(Kind::String) && !spec.grouping;
  if (hasSpec && !isText && (!value.isNumber() || spec.type == 's')) {
    fail(std::string("a value that the format is for, but got ") +
         nameOf(value));
    return {};
  }
  return formatValue(interpreter, spec, value);
}

std::string BraceFormat::run(std::string_view text) {
  std::string out;
  for (size_t place = 0; place < text.size();) {
    if (!interpreter.rendering.spend(1) || out.size() > Rendering::maxText)
      return out;
    char letter = text[place];
    bool isDouble = place + 1 < text.size() && text[place + 1] == letter;
    if ((letter == '{' || letter == '}') && isDouble) {
      out += letter;
      place += 2;
    } else if (letter == '{') {
      size_t end = text.find('}', place);
      if (end == std::string_view::npos) {
        fail("'}'");
        return {};
      }
      out += formatField(text.substr(place + 1, end - place - 1));
      place = end + 1;
    } else if (letter == '}') {
      fail("'{' in front of '}'");
      return {};
    } else {
      size_t next = std::min(text.find_first_of("{}", place), text.size());
      out += text.substr(place, next - place);
      place = next;
    }
  }
  return out;
}

Value formatBraces(Interpreter &interpreter, const Value &text,
                   const Arguments &arguments) {
  interpreter.rendering.spendText(text.text().size());
  BraceFormat format(interpreter, arguments);
  return interpreter.rendering.text(format.run(text.text()));
}

} // namespace qcc::jinja
