// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// tojson, as chat templates know it: json.dumps of Python, which leaves letters
// outside of ASCII as they are and escapes nothing for HTML.

#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/letters.h"
#include "runtime/text/jinja/numbers.h"

#include <algorithm>
#include <cmath>

namespace qcc::jinja {

namespace {

class JsonWriter {
public:
  JsonWriter(Interpreter &interpreter, const Parameters &given);
  void write(const Value &value, int level);

  std::string out;

private:
  void writeText(std::string_view text);
  void writeCode(uint32_t code);
  void writeReal(double real);
  void writeKey(const Value &key);
  void writeItems(const Value &value, int level);
  void writeEntries(const Value &value, int level);
  void breakLine(int level);

  Rendering &rendering;
  bool isAscii;
  bool isSorted;
  bool hasLines = false;
  std::string margin;
  std::string itemSeparator = ", ";
  std::string keySeparator = ": ";
};

} // namespace

JsonWriter::JsonWriter(Interpreter &interpreter, const Parameters &given)
    : rendering(interpreter.rendering), isAscii(given.truth(0, false)),
      isSorted(given.truth(3, false)) {
  if (given.isSet(1)) {
    hasLines = true;
    itemSeparator = ",";
    if (given[1].is(Kind::String)) {
      margin = given[1].text();
    } else {
      int64_t width = given.integer(1, 0);
      if (width > 1000)
        rendering.fail("tojson: expected an indent of at most 1000, but got " +
                       std::to_string(width));
      else if (width > 0)
        margin.assign(static_cast<size_t>(width), ' ');
    }
  }
  if (!given.isSet(2))
    return;
  std::vector<Value> parts;
  interpreter.iterate(given[2], parts);
  bool isPair = parts.size() == 2 && parts[0].is(Kind::String) &&
                parts[1].is(Kind::String);
  if (!isPair) {
    rendering.fail("tojson: expected two texts for 'separators'");
    return;
  }
  itemSeparator = parts[0].text();
  keySeparator = parts[1].text();
}

static void appendUnit(std::string &out, uint32_t unit) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4)
    out += "0123456789abcdef"[unit >> shift & 15];
}

void JsonWriter::writeCode(uint32_t code) {
  static constexpr std::string_view letters = "\"\\\b\f\n\r\t";
  static constexpr std::string_view names = "\"\\bfnrt";
  size_t known = code < 0x80 ? letters.find(static_cast<char>(code))
                             : std::string_view::npos;
  if (known != std::string_view::npos) {
    (out += '\\') += names[known];
  } else if (code < 0x20 || (isAscii && code >= 0x7f && code < 0x10000)) {
    if (code == 0x7f)
      out += '\x7f';
    else
      appendUnit(out, code);
  } else if (isAscii && code >= 0x10000) {
    appendUnit(out, 0xd800 + ((code - 0x10000) >> 10));
    appendUnit(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
  } else {
    appendCode(out, code);
  }
}

void JsonWriter::writeText(std::string_view text) {
  if (!rendering.spendText(8 * text.size()))
    return;
  out += '"';
  for (size_t place = 0; place < text.size();)
    writeCode(readCode(text, place));
  out += '"';
}

void JsonWriter::writeReal(double real) {
  if (std::isnan(real))
    out += "NaN";
  else if (std::isinf(real))
    out += real < 0 ? "-Infinity" : "Infinity";
  else
    out += formatReal(real);
}

/// Starts a line if there are lines.
void JsonWriter::breakLine(int level) {
  if (!hasLines)
    return;
  out += '\n';
  rendering.spendText(margin.size() * static_cast<size_t>(level));
  for (int i = 0; i < level; ++i)
    out += margin;
}

void JsonWriter::writeItems(const Value &value, int level) {
  if (value.items().empty()) {
    out += "[]";
    return;
  }
  std::string_view separator = "[";
  for (const Value &item : value.items()) {
    out += separator;
    separator = itemSeparator;
    breakLine(level + 1);
    write(item, level + 1);
    if (rendering.failed())
      return;
  }
  breakLine(level);
  out += ']';
}

void JsonWriter::writeKey(const Value &key) {
  switch (key.kind()) {
  case Kind::String:
    return writeText(key.text());
  case Kind::Bool:
    out += key.asInteger() ? "\"true\"" : "\"false\"";
    return;
  case Kind::None:
    out += "\"null\"";
    return;
  case Kind::Int:
  case Kind::Float:
    out += '"';
    write(key, 0);
    out += '"';
    return;
  default:
    rendering.fail(std::string("tojson: expected a simple key, but got ") +
                   nameOf(key));
  }
}

void JsonWriter::writeEntries(const Value &value, int level) {
  auto entries = value.as<DictObject>().entries;
  if (entries.empty()) {
    out += "{}";
    return;
  }
  if (isSorted) {
    bool isText = std::all_of(entries.begin(), entries.end(), [](auto &entry) {
      return entry.first.is(Kind::String);
    });
    if (!isText) {
      rendering.fail("tojson: expected keys that are texts, to sort them");
      return;
    }
    rendering.spend(entries.size() * 8);
    std::sort(entries.begin(), entries.end(),
              [](auto &a, auto &b) { return a.first.text() < b.first.text(); });
  }
  std::string_view separator = "{";
  for (const auto &[key, element] : entries) {
    out += separator;
    separator = itemSeparator;
    breakLine(level + 1);
    writeKey(key);
    out += keySeparator;
    write(element, level + 1);
    if (rendering.failed())
      return;
  }
  breakLine(level);
  out += '}';
}

void JsonWriter::write(const Value &value, int level) {
  if (!rendering.spend(1 + itemSeparator.size() / 64))
    return;
  switch (value.kind()) {
  case Kind::None:
    out += "null";
    return;
  case Kind::Bool:
    out += value.asInteger() ? "true" : "false";
    return;
  case Kind::Int:
    out += std::to_string(value.asInteger());
    return;
  case Kind::Float:
    return writeReal(value.asReal());
  case Kind::String:
    return writeText(value.text());
  case Kind::List:
  case Kind::Tuple:
    return writeItems(value, level);
  case Kind::Dict:
    return writeEntries(value, level);
  default:
    rendering.fail(std::string("tojson: expected a value of JSON, but got ") +
                   (value.is(Kind::Undefined) && value.identity()
                        ? value.text()
                        : nameOf(value)));
  }
}

Value writeJson(Interpreter &interpreter, const Value &value,
                const Arguments &arguments) {
  Parameters given(interpreter, arguments, "tojson",
                   {"ensure_ascii", "indent", "separators", "sort_keys"});
  JsonWriter writer(interpreter, given);
  writer.write(value, 0);
  return interpreter.rendering.text(std::move(writer.out));
}

} // namespace qcc::jinja
