// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Widening and narrowing of stored elements.

#include "dialects/Qcc/Numerics/Elements.h"
#include "dialects/Qcc/Numerics/Halves.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace qcc::numerics {
namespace {

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

float decodeHalf(uint16_t bits, ElementKind kind) {
  return kind == ElementKind::F16 ? decodeF16(bits) : decodeBF16(bits);
}

uint16_t encodeHalf(double value, ElementKind kind) {
  return kind == ElementKind::F16 ? encodeF16(value) : encodeBF16(value);
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
      result[i] = static_cast<Wide>(decodeHalf(bits, kind));
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
          encodeHalf(static_cast<double>(values[i]), kind);
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
