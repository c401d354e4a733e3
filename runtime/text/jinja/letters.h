// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Unicode text in UTF-8, counted in code points as Python counts. A byte that
// belongs to no character is a code point of its own (U+DC80 to U+DCFF), and
// is written back as it was.

#ifndef QCC_TEXT_JINJA_LETTERS_H
#define QCC_TEXT_JINJA_LETTERS_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qcc::jinja {

/// Reads the code point at `place`, which is inside, and moves behind it.
uint32_t readCode(std::string_view text, size_t &place);
void appendCode(std::string &out, uint32_t code);

size_t countCodes(std::string_view text);
/// The byte where the code point of this index starts; the end if there is
/// none.
size_t findCode(std::string_view text, size_t index);

bool isSpace(uint32_t code);
/// Without blanks at the ends.
std::string_view strip(std::string_view text);
std::string_view stripLeft(std::string_view text);
std::string_view stripRight(std::string_view text);
/// Without code points that are in `codes` at the chosen ends.
std::string_view stripCodes(std::string_view text, std::string_view codes,
                            bool fromLeft, bool fromRight);

std::string toUpper(std::string_view text);
std::string toLower(std::string_view text);
/// The first letter as a title's, the rest in lower case.
std::string capitalize(std::string_view text);
/// The first letter of each run of letters as a title's.
std::string toTitle(std::string_view text);
std::string swapCase(std::string_view text);

/// What Python's str.is...() ask of each code point.
enum class CodeClass { Alpha, Digit, Decimal, Numeric, Alnum, Space, Print };
bool isOf(CodeClass wanted, uint32_t code);
/// Cased letters, and all of them upper (or lower).
bool isUpper(std::string_view text);
bool isLower(std::string_view text);

/// Lines without their breaks, of which Python knows more than \n; with them if
/// `keepsBreaks`. There is no empty line behind a last break.
std::vector<std::string_view> splitLines(std::string_view text,
                                         bool keepsBreaks = false);

/// With the signs of HTML as entities.
std::string escapeMarkup(std::string_view text);

/// Python's repr(): in quotes, with what cannot be seen escaped.
std::string quote(std::string_view text);

} // namespace qcc::jinja

#endif // QCC_TEXT_JINJA_LETTERS_H
