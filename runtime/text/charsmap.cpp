// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SentencePiece's table of characters and what they become:
//
//   u32 bytes of the trie | u32 units of a double array | strings, each ended
//   by a zero byte
//
// A unit of the trie has its label in bits 0-7 and 31, whether a value follows
// in bit 8, and an offset in bits 10-30 that bit 9 scales by 256; the unit of
// a value has bit 31 set. The table is a stranger's, so every index is checked
// where it is used, and what comes out is checked to be characters.

#include "runtime/text/normalizer.h"
#include "runtime/text/utf8.h"

#include <algorithm>
#include <utf8proc.h>

namespace qcc::text {

namespace {

struct Charsmap {
  std::string_view units, strings;

  explicit Charsmap(std::string_view table) {
    uint32_t size = 0;
    if (table.size() < 4)
      return;
    std::memcpy(&size, table.data(), 4);
    if (size > table.size() - 4)
      return;
    units = table.substr(4, size / 4 * 4);
    strings = table.substr(4 + size);
  }

  /// What the longest (or shortest) prefix that the table has becomes. Returns
  /// the length of the prefix, 0 if it has none.
  size_t match(std::string_view text, bool isLongest,
               std::string_view &result) const;

private:
  uint32_t getUnit(uint32_t index) const {
    uint32_t unit = 0x80000000; // no label is equal to it
    if (index < units.size() / 4)
      std::memcpy(&unit, units.data() + 4 * size_t(index), 4);
    return unit;
  }
};

} // namespace

static uint32_t offsetOf(uint32_t unit) {
  return (unit >> 10) << ((unit & (1u << 9)) >> 6);
}

size_t Charsmap::match(std::string_view text, bool isLongest,
                       std::string_view &result) const {
  if (units.empty())
    return 0;
  size_t length = 0;
  uint32_t node = offsetOf(getUnit(0));
  for (size_t i = 0; i < text.size() && text[i] != 0; ++i) {
    node ^= uint8_t(text[i]);
    uint32_t unit = getUnit(node);
    if ((unit & 0x800000FF) != uint8_t(text[i]))
      break;
    node ^= offsetOf(unit);
    if (!(unit >> 8 & 1))
      continue;
    uint32_t offset = getUnit(node) & 0x7FFFFFFF;
    if (offset >= strings.size())
      continue;
    result = strings.substr(offset);
    result = result.substr(0, result.find('\0'));
    length = i + 1;
    if (!isLongest)
      break;
  }
  return length;
}

void applyCharsmap(std::string_view table, std::string &text) {
  Charsmap map(table);
  std::string result;
  std::string_view rest = text, replacement;
  while (!rest.empty()) {
    // A grapheme: up to the next place where one may end.
    size_t size = lengthAt(rest[0]);
    int32_t last = decodeAt(rest.data()), state = 0;
    while (size < rest.size()) {
      int32_t next = decodeAt(rest.data() + size);
      if (utf8proc_grapheme_break_stateful(last, next, &state))
        break;
      last = next;
      size += lengthAt(rest[size]);
    }
    std::string_view grapheme = rest.substr(0, size);
    rest.remove_prefix(size);
    // A short grapheme is looked up as a whole, and by its first entry.
    if (size < 6 && map.match(grapheme, false, replacement)) {
      result += replacement;
      continue;
    }
    while (!grapheme.empty()) {
      size_t length = lengthAt(grapheme[0]);
      std::string_view character = grapheme.substr(0, length);
      bool isFound = map.match(character, false, replacement);
      result += isFound ? replacement : character;
      grapheme.remove_prefix(length);
    }
  }
  text.swap(result);
  makeValid(text);
}

namespace {

/// Writes text with its blanks as SentencePiece wants them.
struct BlankWriter {
  const Step &step;
  std::string_view space;
  std::string result;
  bool isInWord = false, hasPrefix = false;

  explicit BlankWriter(const Step &step)
      : step(step), space(step.flags & kEscapeSpaces ? "\xE2\x96\x81" : " ") {}

  void write(std::string_view text) {
    for (char letter : text) {
      if (letter == ' ') {
        isInWord = false;
        if (!(step.flags & kMergeSpaces))
          result += space;
        continue;
      }
      bool wantsPrefix = (step.flags & kPrefixSpace) && !hasPrefix;
      if (!isInWord && (wantsPrefix || (step.flags & kMergeSpaces))) {
        result += space;
        hasPrefix = true;
      }
      isInWord = true;
      result += letter;
    }
  }
};

} // namespace

/// The longest token that users defined which `text` starts with.
static size_t matchUserDefined(const DataView &view, std::string_view text) {
  size_t length = 0;
  uint32_t node = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    node = view.normalizedTrie.step(node, uint8_t(text[i]));
    if (node == Trie::kNowhere)
      break;
    if (view.normalizedTrie.values[node] >= 0)
      length = i + 1;
  }
  return length;
}

void applySentencePiece(const DataView &view, const Step &step,
                        std::string &text) {
  Charsmap map(view.getText(step.first));
  BlankWriter writer(step);
  std::string_view rest = text;
  while (!rest.empty()) {
    std::string_view replacement;
    size_t length = matchUserDefined(view, rest);
    if (length != 0) {
      writer.write(rest.substr(0, length));
    } else if ((length = map.match(rest, true, replacement)) != 0) {
      writer.write(replacement);
    } else {
      length = std::min(lengthAt(rest[0]), rest.size());
      writer.write(rest.substr(0, length));
    }
    rest.remove_prefix(length);
  }
  if (step.flags & kSuffixSpace)
    writer.result += writer.space;
  text.swap(writer.result);
  makeValid(text);
}

} // namespace qcc::text
