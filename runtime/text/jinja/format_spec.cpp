// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Digits first, then the sign and the prefix, then the width.

#include "runtime/text/jinja/format_spec.h"

#include "runtime/text/jinja/letters.h"
#include "runtime/text/jinja/numbers.h"

#include <charconv>
#include <cmath>

namespace qcc::jinja {

/// Of at most this many letters, so that no one pays for a gigabyte.
static constexpr int64_t maxWidth = 100000;

static std::string formatGeneral(double real, int precision, bool isAlternate) {
  if (!std::isfinite(real))
    return std::isnan(real) ? "nan" : "inf";
  char buffer[512];
  auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer, real,
                    std::chars_format::general, std::min(precision, 300));
  std::string text(buffer, end);
  if (isAlternate && text.find('.') == std::string::npos)
    text += '.';
  return text;
}

/// The digits of |real|.
static std::string formatRealDigits(const FormatSpec &spec, double real) {
  real = std::abs(real);
  int precision = static_cast<int>(spec.precision < 0 ? 6 : spec.precision);
  switch (spec.type | 0x20) {
  case 'e':
    return formatScientific(real, precision);
  case 'f':
    return formatFixed(real, precision);
  case '%' | 0x20:
    return formatFixed(real * 100, precision) + "%";
  default:
    break;
  }
  if (spec.type == '\0' && spec.precision < 0)
    return formatReal(real);
  return formatGeneral(real, precision == 0 ? 1 : precision, spec.isAlternate);
}

static std::string formatIntegerDigits(const FormatSpec &spec,
                                       int64_t integer) {
  uint64_t size = integer < 0 ? 0 - static_cast<uint64_t>(integer)
                              : static_cast<uint64_t>(integer);
  int base = 10;
  switch (spec.type | 0x20) {
  case 'x':
    base = 16;
    break;
  case 'o':
    base = 8;
    break;
  case 'b':
    base = 2;
    break;
  default:
    break;
  }
  char buffer[80];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, size, base);
  return std::string(buffer, end);
}

static void groupThousands(std::string &digits, char mark) {
  size_t end = digits.find_first_not_of("0123456789");
  end = std::min(end, digits.size());
  for (size_t place = end; place > 3; place -= 3)
    digits.insert(place - 3, 1, mark);
}

static std::string pad(const FormatSpec &spec, const std::string &prefix,
                       const std::string &body, char standard) {
  auto length = static_cast<int64_t>(countCodes(prefix) + countCodes(body));
  int64_t missing = std::max<int64_t>(spec.width - length, 0);
  char align = spec.align ? spec.align : standard;
  int64_t left = align == '^' ? missing / 2 : align == '<' ? 0 : missing;
  std::string out;
  if (align == '=')
    out += prefix;
  for (int64_t i = 0; i < left; ++i)
    out += spec.fill;
  out += align == '=' ? body : prefix + body;
  for (int64_t i = left; i < missing; ++i)
    out += spec.fill;
  return out;
}

static std::string formatNumber(const FormatSpec &spec, const Value &value,
                                bool isReal) {
  bool isNegative =
      isReal ? std::signbit(value.asReal()) && !std::isnan(value.asReal())
             : value.asInteger() < 0;
  std::string digits = isReal ? formatRealDigits(spec, value.asReal())
                              : formatIntegerDigits(spec, value.asInteger());
  if (!isReal && spec.precision > static_cast<int64_t>(digits.size()))
    digits.insert(0, static_cast<size_t>(spec.precision) - digits.size(), '0');
  if (spec.grouping)
    groupThousands(digits, spec.grouping);
  std::string prefix = isNegative         ? "-"
                       : spec.sign == '-' ? ""
                                          : std::string(1, spec.sign);
  char kind = static_cast<char>(spec.type | 0x20);
  if (!isReal && spec.isAlternate &&
      (kind == 'x' || kind == 'o' || kind == 'b'))
    (prefix += '0') += kind;
  if (spec.type >= 'A' && spec.type <= 'Z') {
    digits = toUpper(digits);
    prefix = toUpper(prefix);
  }
  return pad(spec, prefix, digits, spec.isZeroFilled ? '=' : '>');
}

std::string formatValue(Interpreter &interpreter, const FormatSpec &spec,
                        const Value &value) {
  Rendering &rendering = interpreter.rendering;
  auto fail = [&](const std::string &message) {
    rendering.fail(message);
    return std::string();
  };
  if (spec.width > maxWidth || spec.precision > maxWidth)
    return fail("expected a width of at most " + std::to_string(maxWidth) +
                ", but got more");
  rendering.spend(static_cast<uint64_t>(spec.width) / 8 +
                  static_cast<uint64_t>(spec.precision + 1) / 8);
  bool isIntegral =
      std::string_view("dxXob").find(spec.type) != std::string_view::npos &&
      spec.type != '\0';
  bool isReal =
      std::string_view("eEfFgG%").find(spec.type) != std::string_view::npos &&
      spec.type != '\0';
  if (isIntegral || isReal) {
    if (!value.isNumber() || (isIntegral && !value.isInteger()))
      return fail(std::string("expected a number for the format '") +
                  spec.type + "', but got " + nameOf(value));
    return formatNumber(spec, value, isReal);
  }
  if (spec.type == '\0' && value.is(Kind::Float))
    return formatNumber(spec, value, /*isReal=*/true);
  if (spec.type == '\0' && value.is(Kind::Int))
    return formatNumber(spec, value, /*isReal=*/false);
  if (spec.type != '\0' && spec.type != 's')
    return fail(std::string("expected a format of Python, but got '") +
                spec.type + "'");
  std::string text = interpreter.print(value);
  if (spec.precision >= 0)
    text.resize(findCode(text, static_cast<size_t>(spec.precision)));
  return pad(spec, "", text, '<');
}

} // namespace qcc::jinja
