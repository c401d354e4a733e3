// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element types of user data become those the model wants: NumPy makes f64 and
// s64 unasked, and pictures come as u8.

#include "compiler/Evaluate/NpyFile.h"

#include "llvm/ADT/APFloat.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace llvm;

namespace qcc::evaluate {

static float halfToFloat(uint16_t bits) {
  return APFloat(APFloat::IEEEhalf(), APInt(16, bits)).convertToFloat();
}

/// Calls `function` with a null pointer of the C++ type of `type`; f16 has
/// none and is widened before.
template <typename Function>
static auto withElementType(ArrayType type, Function function) {
  switch (type) {
  case ArrayType::S8:
    return function(static_cast<int8_t *>(nullptr));
  case ArrayType::Boolean:
  case ArrayType::U8:
    return function(static_cast<uint8_t *>(nullptr));
  case ArrayType::S16:
    return function(static_cast<int16_t *>(nullptr));
  case ArrayType::F16:
  case ArrayType::U16:
    return function(static_cast<uint16_t *>(nullptr));
  case ArrayType::S32:
    return function(static_cast<int32_t *>(nullptr));
  case ArrayType::U32:
    return function(static_cast<uint32_t *>(nullptr));
  case ArrayType::S64:
    return function(static_cast<int64_t *>(nullptr));
  case ArrayType::U64:
    return function(static_cast<uint64_t *>(nullptr));
  case ArrayType::F32:
    return function(static_cast<float *>(nullptr));
  case ArrayType::F64:
    return function(static_cast<double *>(nullptr));
  }
  llvm_unreachable("all element types are listed");
}

/// Whether the value survives the conversion; floats may be rounded.
template <typename To, typename From> static bool isRepresentable(From value) {
  if constexpr (std::is_floating_point_v<To>) {
    return true;
  } else if constexpr (std::is_floating_point_v<From>) {
    // 2^digits is exact in both float types, the largest integer is not.
    From limit = std::ldexp(From(1), std::numeric_limits<To>::digits);
    From lowest = std::is_signed_v<To> ? -limit : From(0);
    return value >= lowest && value < limit && std::trunc(value) == value;
  } else {
    return static_cast<From>(static_cast<To>(value)) == value &&
           (static_cast<To>(value) < To(0)) == (value < From(0));
  }
}

template <typename To, typename From>
static Error convertElements(const Array &from, Array &to, StringRef name) {
  ArrayRef<From> values = from.values<From>();
  for (size_t i = 0; i < values.size(); ++i) {
    bool isValid = isRepresentable<To>(values[i]);
    if (to.type == ArrayType::Boolean)
      isValid = values[i] == From(0) || values[i] == From(1);
    if (!isValid)
      return createStringError(
          Twine(name) + ": expected values of type " + getName(to.type) +
          ", but got " + std::to_string(values[i]) + " at element " + Twine(i));
    To value = static_cast<To>(values[i]);
    memcpy(&to.bytes[i * sizeof(To)], &value, sizeof(To));
  }
  return Error::success();
}

static Array widenHalf(const Array &array) {
  Array wide{ArrayType::F32, array.shape, {}};
  wide.bytes.resize(array.bytes.size() * 2);
  ArrayRef<uint16_t> values = array.values<uint16_t>();
  for (size_t i = 0; i < values.size(); ++i) {
    float value = halfToFloat(values[i]);
    memcpy(&wide.bytes[i * sizeof(value)], &value, sizeof(value));
  }
  return wide;
}

static Array narrowToHalf(const Array &array) {
  Array half{ArrayType::F16, array.shape, {}};
  half.bytes.resize(array.bytes.size() / 2);
  ArrayRef<float> values = array.values<float>();
  for (size_t i = 0; i < values.size(); ++i) {
    APFloat value(values[i]);
    bool losesInformation;
    value.convert(APFloat::IEEEhalf(), APFloat::rmNearestTiesToEven,
                  &losesInformation);
    uint16_t bits = value.bitcastToAPInt().getZExtValue();
    memcpy(&half.bytes[i * sizeof(bits)], &bits, sizeof(bits));
  }
  return half;
}

Expected<Array> convertArray(Array array, ArrayType type, StringRef name) {
  if (array.type == type)
    return array;
  if (array.type == ArrayType::F16)
    return convertArray(widenHalf(array), type, name);
  if (type == ArrayType::F16) {
    Expected<Array> single =
        convertArray(std::move(array), ArrayType::F32, name);
    return single ? narrowToHalf(*single) : Expected<Array>(single.takeError());
  }
  Array result{type, array.shape, {}};
  result.bytes.resize(array.countElements() * sizeInBytes(type));
  Error error = withElementType(array.type, [&](auto *from) {
    using From = std::remove_pointer_t<decltype(from)>;
    return withElementType(type, [&](auto *to) {
      using To = std::remove_pointer_t<decltype(to)>;
      return convertElements<To, From>(array, result, name);
    });
  });
  if (error)
    return error;
  return result;
}

} // namespace qcc::evaluate
