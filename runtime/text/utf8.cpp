// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Encoding by hand, categories by utf8proc's tables.

#include "runtime/text/utf8.h"

#include <algorithm>
#include <utf8proc.h>

namespace qcc::text {

/// Bytes of a character that may start with `byte`, and the range of its
/// second byte, which rules out surrogates and spellings that are too long.
static size_t expectedLength(uint8_t byte, uint8_t &low, uint8_t &high) {
  low = 0x80;
  high = 0xBF;
  if (byte < 0x80)
    return 1;
  if (byte < 0xC2 || byte > 0xF4)
    return 0;
  if (byte == 0xE0)
    low = 0xA0;
  if (byte == 0xED)
    high = 0x9F;
  if (byte == 0xF0)
    low = 0x90;
  if (byte == 0xF4)
    high = 0x8F;
  return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// The bytes of `text` that can start a character, and how many it needs.
static size_t matchedLength(std::string_view text, size_t &needed) {
  uint8_t low, high;
  needed = text.empty() ? 0 : expectedLength(uint8_t(text[0]), low, high);
  if (needed == 0)
    return 0;
  size_t matched = 1;
  while (matched < needed && matched < text.size()) {
    uint8_t byte = uint8_t(text[matched]);
    if (byte < low || byte > high)
      break;
    low = 0x80;
    high = 0xBF;
    ++matched;
  }
  return matched;
}

size_t validLength(std::string_view text) {
  size_t needed, matched = matchedLength(text, needed);
  return matched == needed ? needed : 0;
}

size_t missingBytes(std::string_view text) {
  size_t needed, matched = matchedLength(text, needed);
  return matched == text.size() ? needed - matched : 0;
}

void appendValid(std::string_view text, std::string &result) {
  size_t begin = 0, position = 0;
  while (position < text.size()) {
    size_t length = validLength(text.substr(position, 4));
    if (length != 0) {
      position += length;
      continue;
    }
    result.append(text, begin, position - begin);
    result += kReplacement;
    begin = ++position;
  }
  result.append(text, begin, position - begin);
}

void makeValid(std::string &text) {
  std::string result;
  result.reserve(text.size());
  appendValid(text, result);
  text.swap(result);
}

int32_t decodeAt(const char *text) {
  const uint8_t *bytes = reinterpret_cast<const uint8_t *>(text);
  if (bytes[0] < 0x80)
    return bytes[0];
  if (bytes[0] < 0xE0)
    return (bytes[0] & 0x1F) << 6 | (bytes[1] & 0x3F);
  if (bytes[0] < 0xF0)
    return (bytes[0] & 0x0F) << 12 | (bytes[1] & 0x3F) << 6 | (bytes[2] & 0x3F);
  return (bytes[0] & 0x07) << 18 | (bytes[1] & 0x3F) << 12 |
         (bytes[2] & 0x3F) << 6 | (bytes[3] & 0x3F);
}

void appendCharacter(int32_t character, std::string &result) {
  if (character < 0x80) {
    result += char(character);
    return;
  }
  uint8_t bytes[4];
  size_t size = size_t(utf8proc_encode_char(character, bytes));
  result.append(reinterpret_cast<const char *>(bytes), size);
}

static bool isVisibleByte(int32_t byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) ||
         (byte >= 0xAE && byte <= 0xFF);
}

// The bytes that are not visible, in order: 00-20, 7F-A0, AD.
int32_t letterOfByte(uint8_t byte) {
  if (isVisibleByte(byte))
    return byte;
  if (byte <= 0x20)
    return 0x100 + byte;
  return byte == 0xAD ? 0x143 : 0x121 + (byte - 0x7F);
}

int32_t byteOfLetter(int32_t letter) {
  if (letter < 0x100)
    return isVisibleByte(letter) ? letter : -1;
  if (letter <= 0x120)
    return letter - 0x100;
  if (letter <= 0x142)
    return letter - 0x121 + 0x7F;
  return letter == 0x143 ? 0xAD : -1;
}

bool isWhitespace(int32_t c) {
  if (c < 0x80)
    return c == ' ' || (c >= 9 && c <= 13);
  return c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

static bool isBetween(int32_t character, utf8proc_category_t first,
                      utf8proc_category_t last) {
  utf8proc_category_t category = utf8proc_category(character);
  return category >= first && category <= last;
}

bool isNumeric(int32_t character) {
  return isBetween(character, UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_NO);
}

bool isPunctuation(int32_t character) {
  if (character < 0x80)
    return (character >= 0x21 && character <= 0x2F) ||
           (character >= 0x3A && character <= 0x40) ||
           (character >= 0x5B && character <= 0x60) ||
           (character >= 0x7B && character <= 0x7E);
  return isBetween(character, UTF8PROC_CATEGORY_PC, UTF8PROC_CATEGORY_PO);
}

bool isOther(int32_t character) {
  return isBetween(character, UTF8PROC_CATEGORY_CC, UTF8PROC_CATEGORY_CO);
}

bool isMark(int32_t character) {
  return isBetween(character, UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_ME);
}

bool isNonspacingMark(int32_t character) {
  return utf8proc_category(character) == UTF8PROC_CATEGORY_MN;
}

bool isChinese(int32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2B73F) ||
         (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

bool isWordCharacter(int32_t character) {
  utf8proc_category_t category = utf8proc_category(character);
  return (category >= UTF8PROC_CATEGORY_LU &&
          category <= UTF8PROC_CATEGORY_NL) ||
         category == UTF8PROC_CATEGORY_PC || character == 0x200C ||
         character == 0x200D || (character >= 0x24B6 && character <= 0x24E9);
}

} // namespace qcc::text
