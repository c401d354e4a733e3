// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// std::to_chars and std::from_chars: strtod and printf would heed the locale
// that the host has set.

#include "runtime/text/jinja/numbers.h"

#include "runtime/text/jinja/letters.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace qcc::jinja {

static std::string nameSpecial(double real) {
  if (std::isnan(real))
    return "nan";
  return real < 0 ? "-inf" : "inf";
}

std::string formatReal(double real) {
  if (!std::isfinite(real))
    return nameSpecial(real);
  char buffer[64];
  double size = std::abs(real);
  bool isPlain = size == 0 || (size >= 1e-4 && size < 1e16);
  auto format =
      isPlain ? std::chars_format::fixed : std::chars_format::scientific;
  auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer, real, format);
  std::string text(buffer, end);
  if (isPlain && text.find('.') == std::string::npos)
    text += ".0";
  return text;
}

static std::string format(double real, std::chars_format format, int digits) {
  if (!std::isfinite(real))
    return nameSpecial(real);
  // 309 digits before the point, and those behind it.
  std::string text(330 + static_cast<size_t>(digits), '\0');
  auto [end, error] = std::to_chars(text.data(), text.data() + text.size(),
                                    real, format, digits);
  text.resize(end - text.data());
  return text;
}

std::string formatFixed(double real, int digits) {
  return format(real, std::chars_format::fixed, digits);
}

std::string formatScientific(double real, int digits) {
  return format(real, std::chars_format::scientific, digits);
}

/// Drops underscores that stand between digits; false for others.
static bool dropUnderscores(std::string_view text, std::string &out) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      out += text[i];
      continue;
    }
    bool isInside = i > 0 && i + 1 < text.size() &&
                    std::isalnum(static_cast<unsigned char>(text[i - 1])) &&
                    std::isalnum(static_cast<unsigned char>(text[i + 1]));
    if (!isInside)
      return false;
  }
  return true;
}

/// 16 for 0x, 8 for 0o, 2 for 0b, else 0.
static int baseOfPrefix(std::string_view text) {
  if (text.size() < 2 || text[0] != '0')
    return 0;
  switch (text[1] | 0x20) {
  case 'x':
    return 16;
  case 'o':
    return 8;
  case 'b':
    return 2;
  default:
    return 0;
  }
}

std::optional<int64_t> parseInteger(std::string_view text, int base) {
  text = strip(text);
  bool isNegative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+'))
    text.remove_prefix(1);
  int prefix = baseOfPrefix(text);
  if (prefix != 0 && (base == 0 || base == prefix)) {
    base = prefix;
    text.remove_prefix(2);
    if (!text.empty() && text[0] == '_')
      text.remove_prefix(1);
  }
  std::string digits(1, isNegative ? '-' : '0');
  if (text.empty() || base < 0 || base == 1 || base > 36 ||
      !dropUnderscores(text, digits))
    return std::nullopt;
  // from_chars would take another sign.
  if (!std::isalnum(static_cast<unsigned char>(text[0])))
    return std::nullopt;
  int64_t number = 0;
  const char *last = digits.data() + digits.size();
  auto [end, error] =
      std::from_chars(digits.data(), last, number, base == 0 ? 10 : base);
  if (error != std::errc() || end != last)
    return std::nullopt;
  return number;
}

std::optional<double> parseReal(std::string_view text) {
  text = strip(text);
  bool isNegative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+'))
    text.remove_prefix(1);
  std::string digits;
  // from_chars would take another sign, or nan(1).
  if (text.empty() || text[0] == '-' || text.back() == ')' ||
      !dropUnderscores(text, digits))
    return std::nullopt;
  double number = 0;
  const char *last = digits.data() + digits.size();
  auto [end, error] = std::from_chars(digits.data(), last, number);
  if (end != last || error == std::errc::invalid_argument)
    return std::nullopt;
  // Out of range: tell a large number from a small one by its exponent.
  if (error == std::errc::result_out_of_range) {
    size_t exponent = digits.find_first_of("eE");
    bool isSmall = exponent != std::string::npos
                       ? digits[exponent + 1] == '-'
                       : digits[0] == '0' || digits[0] == '.';
    number = isSmall ? 0 : std::numeric_limits<double>::infinity();
  }
  return isNegative ? -number : number;
}

int64_t divideFloor(int64_t a, int64_t b) {
  if (b == -1) // the least number has no opposite
    return a == std::numeric_limits<int64_t>::min() ? a : -a;
  int64_t quotient = a / b;
  return quotient - ((a % b != 0) && ((a < 0) != (b < 0)));
}

int64_t modulo(int64_t a, int64_t b) {
  if (b == -1)
    return 0;
  int64_t rest = a % b;
  return rest != 0 && ((rest < 0) != (b < 0)) ? rest + b : rest;
}

double modulo(double a, double b) {
  double rest = std::fmod(a, b);
  if (rest == 0)
    return std::copysign(0.0, b);
  return (rest < 0) != (b < 0) ? rest + b : rest;
}

double divideFloor(double a, double b) {
  double quotient = (a - modulo(a, b)) / b;
  double floored = std::floor(quotient);
  // The quotient is nearly whole; rounding may have taken it below.
  return quotient - floored > 0.5 ? floored + 1 : floored;
}

std::optional<int64_t> power(int64_t base, int64_t exponent) {
  int64_t result = 1;
  while (exponent > 0) {
    if ((exponent & 1) && __builtin_mul_overflow(result, base, &result))
      return std::nullopt;
    exponent >>= 1;
    if (exponent > 0 && __builtin_mul_overflow(base, base, &base))
      return std::nullopt;
  }
  return result;
}

std::optional<int64_t> truncate(double real) {
  if (!(real >= -0x1p63 && real < 0x1p63))
    return std::nullopt;
  return static_cast<int64_t>(real);
}

} // namespace qcc::jinja
