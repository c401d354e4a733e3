// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers as Python reads and writes them, without the host's locale.

#ifndef QCC_TEXT_JINJA_NUMBERS_H
#define QCC_TEXT_JINJA_NUMBERS_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qcc::jinja {

/// The shortest text that reads back as the same number: 1.0, 0.1, 1e+16, nan.
std::string formatReal(double real);
/// `digits` after the point, rounded half to even on the exact value.
std::string formatFixed(double real, int digits);
/// `digits` after the point of a mantissa: 1.50e+03.
std::string formatScientific(double real, int digits);

/// Python's int(text, base): blanks around, a sign, underscores, and for base
/// 0 or its own base a prefix 0x, 0o or 0b.
std::optional<int64_t> parseInteger(std::string_view text, int base);
/// Python's float(text).
std::optional<double> parseReal(std::string_view text);

/// Divides towards minus infinity, as Python does; the divisor is not 0.
int64_t divideFloor(int64_t a, int64_t b);
double divideFloor(double a, double b);
/// The rest has the divisor's sign.
int64_t modulo(int64_t a, int64_t b);
double modulo(double a, double b);
/// Empty if it overflows; exponent >= 0.
std::optional<int64_t> power(int64_t base, int64_t exponent);
/// Towards zero; empty if it is not finite or too large.
std::optional<int64_t> truncate(double real);

} // namespace qcc::jinja

#endif // QCC_TEXT_JINJA_NUMBERS_H
