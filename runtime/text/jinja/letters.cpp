// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables are utf8proc's; the rules are those of Python's str.

#include "runtime/text/jinja/letters.h"

#include <utf8proc.h>

namespace qcc::jinja {

uint32_t readCode(std::string_view text, size_t &place) {
  auto byte = static_cast<unsigned char>(text[place]);
  if (byte < 0x80) {
    ++place;
    return byte;
  }
  utf8proc_int32_t code;
  utf8proc_ssize_t size = utf8proc_iterate(
      reinterpret_cast<const utf8proc_uint8_t *>(text.data()) + place,
      static_cast<utf8proc_ssize_t>(text.size() - place), &code);
  if (size <= 0) {
    ++place;
    return 0xdc00 + byte;
  }
  place += static_cast<size_t>(size);
  return static_cast<uint32_t>(code);
}

void appendCode(std::string &out, uint32_t code) {
  if (code < 0x80 || (code >= 0xdc80 && code <= 0xdcff)) {
    out += static_cast<char>(code);
    return;
  }
  utf8proc_uint8_t bytes[4];
  utf8proc_ssize_t size =
      utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes);
  out.append(reinterpret_cast<const char *>(bytes), static_cast<size_t>(size));
}

size_t countCodes(std::string_view text) {
  size_t count = 0;
  for (size_t place = 0; place < text.size(); ++count)
    readCode(text, place);
  return count;
}

size_t findCode(std::string_view text, size_t index) {
  size_t place = 0;
  for (; index > 0 && place < text.size(); --index)
    readCode(text, place);
  return place;
}

bool isSpace(uint32_t code) {
  return (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x20) ||
         code == 0x85 || code == 0xa0 || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200a) || code == 0x2028 ||
         code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

/// The start of the last code point: at most four bytes back.
static size_t findLast(std::string_view text) {
  for (size_t back = 1; back <= 4 && back <= text.size(); ++back) {
    size_t start = text.size() - back, place = start;
    readCode(text, place);
    if (place == text.size())
      return start;
  }
  return text.size() - 1;
}

std::string_view stripLeft(std::string_view text) {
  size_t place = 0;
  while (place < text.size()) {
    size_t next = place;
    if (!isSpace(readCode(text, next)))
      break;
    place = next;
  }
  return text.substr(place);
}

std::string_view stripRight(std::string_view text) {
  while (!text.empty()) {
    size_t last = findLast(text), place = last;
    if (!isSpace(readCode(text, place)))
      break;
    text = text.substr(0, last);
  }
  return text;
}

std::string_view strip(std::string_view text) {
  return stripRight(stripLeft(text));
}

static bool contains(std::string_view codes, uint32_t wanted) {
  for (size_t place = 0; place < codes.size();)
    if (readCode(codes, place) == wanted)
      return true;
  return false;
}

std::string_view stripCodes(std::string_view text, std::string_view codes,
                            bool fromLeft, bool fromRight) {
  while (fromLeft && !text.empty()) {
    size_t place = 0;
    if (!contains(codes, readCode(text, place)))
      break;
    text = text.substr(place);
  }
  while (fromRight && !text.empty()) {
    size_t last = findLast(text), place = last;
    if (!contains(codes, readCode(text, place)))
      break;
    text = text.substr(0, last);
  }
  return text;
}

static uint32_t lowerOf(uint32_t code) {
  return static_cast<uint32_t>(
      utf8proc_tolower(static_cast<utf8proc_int32_t>(code)));
}

static void appendUpper(std::string &out, uint32_t code) {
  if (code == 0xdf) // the one letter of Latin-1 that becomes two
    out += "SS";
  else
    appendCode(out, static_cast<uint32_t>(
                        utf8proc_toupper(static_cast<utf8proc_int32_t>(code))));
}

static void appendTitle(std::string &out, uint32_t code) {
  if (code == 0xdf)
    out += "Ss";
  else
    appendCode(out, static_cast<uint32_t>(
                        utf8proc_totitle(static_cast<utf8proc_int32_t>(code))));
}

std::string toUpper(std::string_view text) {
  std::string out;
  for (size_t place = 0; place < text.size();)
    appendUpper(out, readCode(text, place));
  return out;
}

std::string toLower(std::string_view text) {
  std::string out;
  for (size_t place = 0; place < text.size();)
    appendCode(out, lowerOf(readCode(text, place)));
  return out;
}

std::string capitalize(std::string_view text) {
  std::string out;
  if (text.empty())
    return out;
  size_t place = 0;
  appendTitle(out, readCode(text, place));
  return out + toLower(text.substr(place));
}

static utf8proc_category_t categoryOf(uint32_t code) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code));
}

static bool isCased(uint32_t code) {
  switch (categoryOf(code)) {
  case UTF8PROC_CATEGORY_LU:
  case UTF8PROC_CATEGORY_LL:
  case UTF8PROC_CATEGORY_LT:
    return true;
  default:
    return false;
  }
}

std::string toTitle(std::string_view text) {
  std::string out;
  bool isInside = false;
  for (size_t place = 0; place < text.size();) {
    uint32_t code = readCode(text, place);
    if (isInside)
      appendCode(out, lowerOf(code));
    else
      appendTitle(out, code);
    isInside = isCased(code);
  }
  return out;
}

std::string swapCase(std::string_view text) {
  std::string out;
  for (size_t place = 0; place < text.size();) {
    uint32_t code = readCode(text, place);
    if (categoryOf(code) == UTF8PROC_CATEGORY_LU)
      appendCode(out, lowerOf(code));
    else
      appendUpper(out, code);
  }
  return out;
}

bool isOf(CodeClass wanted, uint32_t code) {
  utf8proc_category_t category = categoryOf(code);
  bool isAlpha =
      category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
  bool isDecimal = category == UTF8PROC_CATEGORY_ND;
  bool isNumeric = isDecimal || category == UTF8PROC_CATEGORY_NL ||
                   category == UTF8PROC_CATEGORY_NO;
  // Superscripts are digits that are no decimals.
  bool isDigit = isDecimal || code == 0xb2 || code == 0xb3 || code == 0xb9 ||
                 (code >= 0x2070 && code <= 0x2089);
  switch (wanted) {
  case CodeClass::Alpha:
    return isAlpha;
  case CodeClass::Decimal:
    return isDecimal;
  case CodeClass::Digit:
    return isDigit;
  case CodeClass::Numeric:
    return isNumeric;
  case CodeClass::Alnum:
    return isAlpha || isNumeric;
  case CodeClass::Space:
    return isSpace(code);
  case CodeClass::Print:
    return code == ' ' || (category != UTF8PROC_CATEGORY_CN &&
                           category < UTF8PROC_CATEGORY_ZS);
  }
  return false;
}

static bool isAllOf(std::string_view text, utf8proc_category_t wanted) {
  bool isFound = false;
  for (size_t place = 0; place < text.size();) {
    uint32_t code = readCode(text, place);
    if (!isCased(code))
      continue;
    if (categoryOf(code) != wanted)
      return false;
    isFound = true;
  }
  return isFound;
}

bool isUpper(std::string_view text) {
  return isAllOf(text, UTF8PROC_CATEGORY_LU);
}

bool isLower(std::string_view text) {
  return isAllOf(text, UTF8PROC_CATEGORY_LL);
}

static bool isLineBreak(uint32_t code) {
  return (code >= 0x0a && code <= 0x0d) || (code >= 0x1c && code <= 0x1e) ||
         code == 0x85 || code == 0x2028 || code == 0x2029;
}

std::vector<std::string_view> splitLines(std::string_view text,
                                         bool keepsBreaks) {
  std::vector<std::string_view> lines;
  size_t start = 0;
  for (size_t place = 0; place < text.size();) {
    size_t end = place;
    uint32_t code = readCode(text, place);
    if (!isLineBreak(code))
      continue;
    if (code == '\r' && place < text.size() && text[place] == '\n')
      ++place;
    lines.push_back(text.substr(start, (keepsBreaks ? place : end) - start));
    start = place;
  }
  if (start < text.size())
    lines.push_back(text.substr(start));
  return lines;
}

std::string escapeMarkup(std::string_view text) {
  std::string out;
  for (char letter : text) {
    switch (letter) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&#34;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      out += letter;
    }
  }
  return out;
}

static void appendHex(std::string &out, uint32_t code) {
  int digits = code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
  out += code < 0x100 ? "\\x" : code < 0x10000 ? "\\u" : "\\U";
  for (int i = digits - 1; i >= 0; --i)
    out += "0123456789abcdef"[code >> (4 * i) & 15];
}

std::string quote(std::string_view text) {
  bool hasSingle = text.find('\'') != std::string_view::npos;
  bool hasDouble = text.find('"') != std::string_view::npos;
  char mark = hasSingle && !hasDouble ? '"' : '\'';
  std::string out(1, mark);
  for (size_t place = 0; place < text.size();) {
    uint32_t code = readCode(text, place);
    if (code == static_cast<unsigned char>(mark) || code == '\\')
      (out += '\\') += static_cast<char>(code);
    else if (code == '\n')
      out += "\\n";
    else if (code == '\r')
      out += "\\r";
    else if (code == '\t')
      out += "\\t";
    else if (isOf(CodeClass::Print, code))
      appendCode(out, code);
    else
      appendHex(out, code);
  }
  return out + mark;
}

} // namespace qcc::jinja
