// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Characters in bytes and back. After makeValid, text is valid UTF-8 and needs
// no further check.

#ifndef RUNTIME_TEXT_UTF8_H
#define RUNTIME_TEXT_UTF8_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace qcc::text {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD"; // U+FFFD

/// Bytes of the valid character that `text` starts with, or 0.
size_t validLength(std::string_view text);

/// How many bytes are missing for the character that `text`, less than four
/// bytes, starts with; 0 if none can make it valid.
size_t missingBytes(std::string_view text);

/// Each byte that is in no valid character becomes U+FFFD.
void appendValid(std::string_view text, std::string &result);
void makeValid(std::string &text);

/// Bytes of a character by its first byte, of valid text.
inline size_t lengthAt(char first) {
  uint8_t byte = uint8_t(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// The character at the start of valid text; its length is lengthAt.
int32_t decodeAt(const char *text);

void appendCharacter(int32_t character, std::string &result);

// GPT-2's letters for bytes: visible bytes stand for themselves, the others
// for U+0100 and after.
int32_t letterOfByte(uint8_t byte);
/// The byte, or -1.
int32_t byteOfLetter(int32_t letter);

// Categories of Unicode.
bool isWhitespace(int32_t character);
bool isNumeric(int32_t character);     // Nd, Nl, No
bool isPunctuation(int32_t character); // P and ASCII's symbols
bool isOther(int32_t character);       // C, but assigned
bool isMark(int32_t character);        // M
bool isNonspacingMark(int32_t character);
bool isChinese(int32_t character);
bool isWordCharacter(int32_t character);

} // namespace qcc::text

#endif // RUNTIME_TEXT_UTF8_H
