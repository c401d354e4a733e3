// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounding to the 16-bit floats, by the value and not by its bits: one text for
// both formats, subnormals and carries included.

#include "dialects/Qcc/Numerics/Halves.h"

#include <algorithm>
#include <cmath>

namespace qcc::numerics {
namespace {

/// A 16-bit float: sign, exponent, then `fractionBits`.
struct HalfFormat {
  int fractionBits;
  int bias;
  int exponentBits() const { return 15 - fractionBits; }
};
constexpr HalfFormat kF16 = {10, 15};
constexpr HalfFormat kBF16 = {7, 127};

uint16_t encodeHalf(double value, HalfFormat format) {
  uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  uint16_t infinity = ((1 << format.exponentBits()) - 1) << format.fractionBits;
  if (std::isnan(value))
    return sign | infinity | (1 << (format.fractionBits - 1));
  double magnitude = std::fabs(value);
  if (magnitude == 0 || std::isinf(magnitude))
    return sign | (magnitude == 0 ? 0 : infinity);
  int exponent;
  std::frexp(magnitude, &exponent);
  // The exponent of one unit in the last place: constant among subnormals.
  int unit = std::max(exponent - 1, 1 - format.bias) - format.fractionBits;
  // A carry out of the fraction moves into the exponent by itself.
  auto steps =
      static_cast<int64_t>(std::nearbyint(std::ldexp(magnitude, -unit)));
  int64_t code = steps + (int64_t(unit + format.fractionBits + format.bias - 1)
                          << format.fractionBits);
  return sign | static_cast<uint16_t>(std::min<int64_t>(code, infinity));
}

} // namespace

uint16_t encodeF16(double value) { return encodeHalf(value, kF16); }

uint16_t encodeBF16(double value) { return encodeHalf(value, kBF16); }

} // namespace qcc::numerics
