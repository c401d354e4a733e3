// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The 16-bit floats that files store: IEEE binary16 and bfloat16. Widening is
// exact; narrowing rounds to nearest, ties to even.

#ifndef DIALECTS_QCC_NUMERICS_HALVES_H
#define DIALECTS_QCC_NUMERICS_HALVES_H

#include <cstdint>
#include <cstring>

namespace qcc::numerics {

/// The f32 whose sign, exponent and fraction are `bits`.
inline float makeFloat(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

/// Subnormals are k * 2^-24; the others move their exponent from bias 15 to
/// 127. NaN becomes quiet and keeps its payload, as in vcvtph2ps.
inline float decodeF16(uint16_t bits) {
  uint32_t sign = uint32_t(bits & 0x8000) << 16;
  uint32_t exponent = (bits >> 10) & 0x1f, fraction = bits & 0x3ff;
  if (exponent == 0) {
    float magnitude = static_cast<float>(fraction) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  if (exponent == 0x1f)
    return makeFloat(sign | 0x7f800000 | (fraction ? 0x400000 : 0) |
                     fraction << 13);
  return makeFloat(sign | (exponent + 127 - 15) << 23 | fraction << 13);
}

/// The upper half of an f32.
inline float decodeBF16(uint16_t bits) {
  return makeFloat(uint32_t(bits) << 16);
}

/// Values beyond the largest become infinite. From f64, so that the caller's
/// f32 or f64 is rounded once.
uint16_t encodeF16(double value);
uint16_t encodeBF16(double value);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_HALVES_H
