// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stored elements of every type, widened to f64 or i64 and narrowed again. One
// loop in f64 then serves all float types: f64 holds their sums, products and
// quotients so well that rounding once more to f32 gives the f32 result.

#ifndef DIALECTS_QCC_NUMERICS_ELEMENTS_H
#define DIALECTS_QCC_NUMERICS_ELEMENTS_H

#include "dialects/Qcc/Numerics/Span.h"

namespace qcc::numerics {

/// What one stored element is. `Bool` takes a byte.
enum class ElementKind {
  F16,
  BF16,
  F32,
  F64,
  Bool,
  I8,
  U8,
  I16,
  U16,
  I32,
  U32,
  I64
};

bool isFloat(ElementKind kind);

/// Bytes of one stored element.
int64_t getBytes(ElementKind kind);

/// Elements as f64; integers are converted.
std::vector<double> readReals(Span<const char> bytes, ElementKind kind);

/// Integer elements as i64.
std::vector<int64_t> readIntegers(Span<const char> bytes, ElementKind kind);

/// Rounds to nearest even for float types. Integers: truncates and saturates,
/// NaN gives 0. `Bool`: not zero.
std::vector<char> writeReals(Span<const double> values, ElementKind kind);

/// Wraps for narrower integers, rounds for float types. `Bool`: not zero.
std::vector<char> writeIntegers(Span<const int64_t> values, ElementKind kind);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_ELEMENTS_H
