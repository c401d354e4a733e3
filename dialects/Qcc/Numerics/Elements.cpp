// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Widening and narrowing of stored elements.

#include "dialects/Qcc/Numerics/Elements.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

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

double decodeHalf(uint16_t bits, HalfFormat format) {
  int fraction = bits & ((1 << format.fractionBits) - 1);
  int mask = (1 << format.exponentBits()) - 1;
  int exponent = (bits >> format.fractionBits) & mask;
  double value;
  if (exponent == mask)
    value = fraction ? std::numeric_limits<double>::quiet_NaN() : INFINITY;
  else if (exponent == 0)
    value = std::ldexp(fraction, 1 - format.bias - format.fractionBits);
  else
    value = std::ldexp(fraction + (1 << format.fractionBits),
                       exponent - format.bias - format.fractionBits);
  return bits & 0x8000 ? -value : value;
}

uint16_t encodeHalf(double value, HalfFormat format) {
  uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  uint16_t infinity = ((1 << format.exponentBits()) - 1)
                      << format.fractionBits;
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
  auto steps = static_cast<int64_t>(
      std::nearbyint(std::ldexp(magnitude, -unit)));
  int64_t code = steps + (int64_t(unit + format.fractionBits + format.bias - 1)
                          << format.fractionBits);
  return sign | static_cast<uint16_t>(std::min<int64_t>(code, infinity));
}

template <typename T> T narrow(double value) {
  if (std::isnan(value))
    return 0;
  // Compared as f64: 2^63 is the first value above i64.
  if (value >= std::ldexp(1.0, std::numeric_limits<T>::digits))
    return std::numeric_limits<T>::max();
  if (value <= static_cast<double>(std::numeric_limits<T>::lowest()))
    return std::numeric_limits<T>::lowest();
  return static_cast<T>(value);
}

/// Calls `visit` with a value of the stored type of `kind`; the 16-bit floats
/// and Bool, which C++ lacks, are for the caller.
template <typename Visitor> void visitType(ElementKind kind, Visitor visit) {
  switch (kind) {
  case ElementKind::F32:
    return visit(float());
  case ElementKind::F64:
    return visit(double());
  case ElementKind::I8:
    return visit(int8_t());
  case ElementKind::U8:
    return visit(uint8_t());
  case ElementKind::I16:
    return visit(int16_t());
  case ElementKind::U16:
    return visit(uint16_t());
  case ElementKind::I32:
    return visit(int32_t());
  case ElementKind::U32:
    return visit(uint32_t());
  case ElementKind::I64:
    return visit(int64_t());
  case ElementKind::Bool:
  case ElementKind::F16:
  case ElementKind::BF16:
    return;
  }
}

bool isHalf(ElementKind kind) {
  return kind == ElementKind::F16 || kind == ElementKind::BF16;
}

HalfFormat getFormat(ElementKind kind) {
  return kind == ElementKind::F16 ? kF16 : kBF16;
}

template <typename Wide>
std::vector<Wide> read(Span<const char> bytes, ElementKind kind) {
  std::vector<Wide> result(bytes.size() / getBytes(kind));
  if (kind == ElementKind::Bool)
    for (size_t i = 0; i < result.size(); ++i)
      result[i] = bytes[i] != 0;
  if (isHalf(kind))
    for (size_t i = 0; i < result.size(); ++i) {
      uint16_t bits;
      std::memcpy(&bits, bytes.data() + 2 * i, 2);
      result[i] = static_cast<Wide>(decodeHalf(bits, getFormat(kind)));
    }
  visitType(kind, [&](auto zero) {
    using Stored = decltype(zero);
    for (size_t i = 0; i < result.size(); ++i) {
      Stored value;
      std::memcpy(&value, bytes.data() + i * sizeof(Stored), sizeof(Stored));
      result[i] = static_cast<Wide>(value);
    }
  });
  return result;
}

template <typename Wide>
std::vector<char> write(Span<const Wide> values, ElementKind kind) {
  std::vector<char> bytes(values.size() * getBytes(kind));
  if (kind == ElementKind::Bool)
    for (size_t i = 0; i < values.size(); ++i)
      bytes[i] = values[i] != 0;
  if (isHalf(kind))
    for (size_t i = 0; i < values.size(); ++i) {
      uint16_t bits =
          encodeHalf(static_cast<double>(values[i]), getFormat(kind));
      std::memcpy(bytes.data() + 2 * i, &bits, 2);
    }
  visitType(kind, [&](auto zero) {
    using Stored = decltype(zero);
    for (size_t i = 0; i < values.size(); ++i) {
      Stored value;
      if constexpr (std::is_integral_v<Stored> &&
                    std::is_floating_point_v<Wide>)
        value = narrow<Stored>(values[i]);
      else
        value = static_cast<Stored>(values[i]);
      std::memcpy(bytes.data() + i * sizeof(Stored), &value, sizeof(Stored));
    }
  });
  return bytes;
}

} // namespace

bool isFloat(ElementKind kind) {
  return kind == ElementKind::F16 || kind == ElementKind::BF16 ||
         kind == ElementKind::F32 || kind == ElementKind::F64;
}

int64_t getBytes(ElementKind kind) {
  if (kind == ElementKind::Bool)
    return 1;
  int64_t bytes = 2;
  visitType(kind, [&](auto zero) { bytes = sizeof(zero); });
  return bytes;
}

std::vector<double> readReals(Span<const char> bytes, ElementKind kind) {
  return read<double>(bytes, kind);
}

std::vector<int64_t> readIntegers(Span<const char> bytes, ElementKind kind) {
  return read<int64_t>(bytes, kind);
}

std::vector<char> writeReals(Span<const double> values, ElementKind kind) {
  return write<double>(values, kind);
}

std::vector<char> writeIntegers(Span<const int64_t> values, ElementKind kind) {
  return write<int64_t>(values, kind);
}

} // namespace qcc::numerics
