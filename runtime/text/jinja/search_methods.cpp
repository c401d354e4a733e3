// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Methods of texts that look for other texts: find, replace, split and so on.

#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/letters.h"

#include <algorithm>
#include <cstring>

namespace qcc::jinja {

static constexpr size_t nowhere = std::string_view::npos;

/// Linear in the text, which std::string_view::find is not.
static size_t find(std::string_view text, std::string_view part, size_t from) {
  if (part.empty())
    return from;
  const void *found =
      memmem(text.data() + from, text.size() - from, part.data(), part.size());
  return found ? static_cast<const char *>(found) - text.data() : nowhere;
}

static size_t findLast(Rendering &rendering, std::string_view text,
                       std::string_view part) {
  // Quadratic at worst.
  rendering.spend(text.size() / 64 * (1 + part.size() / 8));
  return rendering.failed() ? nowhere : text.rfind(part);
}

/// text[start:end] by arguments 1 and 2; `skipped` is where it starts. Empty
/// without a value if the start lies behind the text.
static bool cutWindow(const Parameters &given, std::string_view &text,
                      size_t &skipped) {
  auto length = static_cast<int64_t>(countCodes(text));
  auto bound = [&](size_t index, int64_t standard) {
    int64_t place = given.isSet(index) ? given.integer(index, 0) : standard;
    return place < 0
               ? std::max<int64_t>(place < -length ? 0 : place + length, 0)
               : place;
  };
  int64_t start = bound(1, 0), end = std::min(bound(2, length), length);
  if (start > length || start > end)
    return false;
  size_t first = findCode(text, static_cast<size_t>(start));
  size_t last = findCode(text, static_cast<size_t>(end));
  text = text.substr(first, last - first);
  skipped = static_cast<size_t>(start);
  return true;
}

/// find and index, from the left or the right.
template <bool fromRight, bool mustBe>
static Value findPart(Interpreter &interpreter, const Value &value,
                      const Arguments &arguments) {
  Parameters given(interpreter, arguments, "find", {"sub", "start", "end"}, 1);
  Rendering &rendering = interpreter.rendering;
  std::string part = given.text(0, "");
  std::string_view text = value.text();
  rendering.spendText(3 * text.size());
  size_t skipped = 0, found = nowhere;
  if (cutWindow(given, text, skipped) && !given.failed())
    found = fromRight ? findLast(rendering, text, part) : find(text, part, 0);
  if (found != nowhere)
    return Value::number(
        static_cast<int64_t>(skipped + countCodes(text.substr(0, found))));
  if (mustBe)
    return rendering.fail("index: expected a part of the text, but got '" +
                          part + "'");
  return Value::number(int64_t(-1));
}

static bool matches(std::string_view text, std::string_view part, bool atEnd) {
  if (part.size() > text.size())
    return false;
  return text.substr(atEnd ? text.size() - part.size() : 0, part.size()) ==
         part;
}

template <bool atEnd>
static Value matchEnd(Interpreter &interpreter, const Value &value,
                      const Arguments &arguments) {
  Parameters given(interpreter, arguments, atEnd ? "endswith" : "startswith",
                   {"part", "start", "end"}, 1);
  std::string_view text = value.text();
  size_t skipped = 0;
  if (given.failed())
    return Value();
  if (given.isSet(1) || given.isSet(2)) {
    interpreter.rendering.spendText(3 * text.size());
    if (!cutWindow(given, text, skipped))
      return Value::boolean(false);
  }
  if (!given[0].is(Kind::Tuple))
    return Value::boolean(matches(text, given.text(0, ""), atEnd));
  for (const Value &part : given[0].items()) {
    if (!part.is(Kind::String))
      return interpreter.rendering.fail(
          std::string("expected texts to look for, but got ") + nameOf(part));
    if (matches(text, part.text(), atEnd))
      return Value::boolean(true);
  }
  return Value::boolean(false);
}

template <bool atEnd>
static Value removeEnd(Interpreter &interpreter, const Value &value,
                       const Arguments &arguments) {
  Parameters given(interpreter, arguments, "remove", {"part"}, 1);
  std::string part = given.text(0, "");
  std::string_view text = value.text();
  if (matches(text, part, atEnd))
    text = text.substr(atEnd ? 0 : part.size(), text.size() - part.size());
  return interpreter.rendering.text(std::string(text));
}

static Value countParts(Interpreter &interpreter, const Value &value,
                        const Arguments &arguments) {
  Parameters given(interpreter, arguments, "count", {"sub", "start", "end"}, 1);
  std::string part = given.text(0, "");
  std::string_view text = value.text();
  interpreter.rendering.spendText(4 * text.size());
  size_t skipped = 0;
  if (!cutWindow(given, text, skipped) || given.failed())
    return Value::number(int64_t(0));
  if (part.empty())
    return Value::number(static_cast<int64_t>(countCodes(text)) + 1);
  int64_t count = 0;
  for (size_t at = find(text, part, 0); at != nowhere;
       at = find(text, part, at + part.size()))
    ++count;
  return Value::number(count);
}

/// An empty part is found between all letters.
static Value replace(Interpreter &interpreter, const Value &value,
                     const Arguments &arguments) {
  Parameters given(interpreter, arguments, "replace", {"old", "new", "count"},
                   2);
  Rendering &rendering = interpreter.rendering;
  std::string part = given.text(0, ""), other = given.text(1, "");
  // The new text is escaped, and so is the one that is looked for.
  for (size_t i = 0; i < 2 && value.isMarkup() && !given.failed(); ++i)
    if (!given[i].isMarkup())
      (i == 0 ? part : other) = escapeMarkup(given[i].text());
  int64_t left = given.integer(2, -1);
  std::string_view text = value.text();
  rendering.spendText(text.size());
  std::string out;
  size_t place = 0;
  while (left != 0 && !rendering.failed()) {
    size_t found = find(text, part, place);
    if (found == nowhere)
      break;
    out.append(text.substr(place, found - place)).append(other);
    place = found + part.size();
    --left;
    if (!rendering.spend(1 + other.size() / 64) ||
        out.size() > Rendering::maxText)
      break;
    if (!part.empty())
      continue;
    if (place == text.size())
      return rendering.text(std::move(out), value.isMarkup());
    size_t start = place;
    readCode(text, place);
    out.append(text.substr(start, place - start));
  }
  out.append(text.substr(place));
  return rendering.text(std::move(out), value.isMarkup());
}

static std::vector<std::string_view> splitBlanks(std::string_view text,
                                                 int64_t most) {
  std::vector<std::string_view> parts;
  text = stripLeft(text);
  while (!text.empty()) {
    size_t end = 0, next = 0;
    while (end < text.size() && !isSpace(readCode(text, next)))
      end = next;
    if (most-- == 0) {
      parts.push_back(text);
      break;
    }
    parts.push_back(text.substr(0, end));
    text = stripLeft(text.substr(end));
  }
  return parts;
}

static std::vector<std::string_view> splitBlanksFromRight(std::string_view text,
                                                          int64_t most) {
  std::vector<std::string_view> all = splitBlanks(text, -1);
  auto count = static_cast<int64_t>(all.size());
  if (most < 0 || count <= most)
    return all;
  std::vector<std::string_view> parts;
  if (count > most) {
    const char *begin = all.front().data();
    std::string_view last = all[count - most - 1];
    parts.emplace_back(begin, last.data() + last.size() - begin);
  }
  parts.insert(parts.end(), all.end() - most, all.end());
  return parts;
}

static std::vector<std::string_view>
splitAt(std::string_view text, std::string_view separator, int64_t most) {
  std::vector<std::string_view> parts;
  size_t place = 0;
  while (most-- != 0) {
    size_t found = find(text, separator, place);
    if (found == nowhere)
      break;
    parts.push_back(text.substr(place, found - place));
    place = found + separator.size();
  }
  parts.push_back(text.substr(place));
  return parts;
}

static std::vector<std::string_view>
splitAtFromRight(std::string_view text, std::string_view separator,
                 int64_t most) {
  std::vector<std::string_view> parts;
  while (most-- != 0) {
    size_t found = text.rfind(separator);
    if (found == nowhere)
      break;
    parts.push_back(text.substr(found + separator.size()));
    text = text.substr(0, found);
  }
  parts.push_back(text);
  std::reverse(parts.begin(), parts.end());
  return parts;
}

static Value makeList(Rendering &rendering,
                      const std::vector<std::string_view> &parts,
                      Kind kind = Kind::List) {
  std::vector<Value> items;
  for (std::string_view part : parts)
    items.push_back(rendering.text(std::string(part)));
  return rendering.list(std::move(items), kind);
}

template <bool fromRight>
static Value split(Interpreter &interpreter, const Value &value,
                   const Arguments &arguments) {
  Parameters given(interpreter, arguments, "split", {"sep", "maxsplit"});
  Rendering &rendering = interpreter.rendering;
  std::string_view text = value.text();
  int64_t most = given.integer(1, -1);
  rendering.spendText(8 * text.size());
  if (given.failed())
    return Value();
  if (!given.isSet(0))
    return makeList(rendering, fromRight ? splitBlanksFromRight(text, most)
                                         : splitBlanks(text, most));
  std::string separator = given.text(0, "");
  if (separator.empty())
    return rendering.fail("split: expected a text to split at, but got ''");
  if (!fromRight)
    return makeList(rendering, splitAt(text, separator, most));
  rendering.spend(text.size() / 64 * (1 + separator.size() / 8));
  if (rendering.failed())
    return Value();
  return makeList(rendering, splitAtFromRight(text, separator, most));
}

static Value splitIntoLines(Interpreter &interpreter, const Value &value,
                            const Arguments &arguments) {
  Parameters given(interpreter, arguments, "splitlines", {"keepends"});
  interpreter.rendering.spendText(value.text().size());
  return makeList(interpreter.rendering,
                  splitLines(value.text(), given.truth(0, false)));
}

template <bool fromRight>
static Value partition(Interpreter &interpreter, const Value &value,
                       const Arguments &arguments) {
  Parameters given(interpreter, arguments, "partition", {"sep"}, 1);
  Rendering &rendering = interpreter.rendering;
  std::string separator = given.text(0, "");
  if (separator.empty())
    return rendering.fail("partition: expected a text to split at");
  std::string_view text = value.text();
  rendering.spendText(text.size());
  size_t found = fromRight ? findLast(rendering, text, separator)
                           : find(text, separator, 0);
  std::vector<std::string_view> parts;
  if (found != nowhere)
    parts = {text.substr(0, found), separator,
             text.substr(found + separator.size())};
  else if (fromRight)
    parts = {"", "", text};
  else
    parts = {text, "", ""};
  return makeList(rendering, parts, Kind::Tuple);
}

static Value join(Interpreter &interpreter, const Value &value,
                  const Arguments &arguments) {
  Parameters given(interpreter, arguments, "join", {"iterable"}, 1);
  Rendering &rendering = interpreter.rendering;
  std::vector<Value> items;
  if (given.failed() || !interpreter.iterate(given[0], items))
    return Value();
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) {
    if (!items[i].is(Kind::String))
      return rendering.fail(std::string("join: expected texts, but got ") +
                            nameOf(items[i]));
    text += i > 0 ? value.text() : "";
    text += items[i].text();
    if (!rendering.spendText(items[i].text().size() + value.text().size()))
      return Value();
  }
  return rendering.text(std::move(text));
}

BuiltinTable searchMethods() {
  static constexpr BuiltinEntry entries[] = {
      {"count", countParts},
      {"endswith", matchEnd<true>},
      {"find", findPart<false, false>},
      {"index", findPart<false, true>},
      {"join", join},
      {"partition", partition<false>},
      {"removeprefix", removeEnd<false>},
      {"removesuffix", removeEnd<true>},
      {"replace", replace},
      {"rfind", findPart<true, false>},
      {"rindex", findPart<true, true>},
      {"rpartition", partition<true>},
      {"rsplit", split<true>},
      {"split", split<false>},
      {"splitlines", splitIntoLines},
      {"startswith", matchEnd<false>},
  };
  return {entries, std::size(entries)};
}

} // namespace qcc::jinja
