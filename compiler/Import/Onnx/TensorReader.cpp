// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads constant tensors: bytes from whichever of the fields of TensorProto
// they are in, checked against the shape, then widened where the graph computes
// in a wider type.

#include "compiler/Import/Onnx/TensorReader.h"

#include "compiler/Import/Onnx/ElementTypes.h"
#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace mlir;
using llvm::Expected;

namespace qcc::onnx_import {

// Constants below this are copied, so that they print readably.
static constexpr size_t kResourceThreshold = 256;
static constexpr int64_t kMaxElements = int64_t(1) << 36;
static constexpr size_t kMaxRank = 16;

std::optional<int64_t> countElements(ArrayRef<int64_t> shape) {
  if (shape.size() > kMaxRank)
    return std::nullopt;
  int64_t count = 1;
  for (int64_t size : shape)
    if (size < 0 || llvm::MulOverflow(count, size, count) ||
        count > kMaxElements)
      return std::nullopt;
  return count;
}

namespace {

/// Bytes of a tensor and who owns them: the file, or this.
struct TensorBytes {
  StringRef bytes;
  std::shared_ptr<void> owner;

  static TensorBytes own(std::string &&text) {
    auto owned = std::make_shared<std::string>(std::move(text));
    return {*owned, owned};
  }
};

} // namespace

static Expected<TensorBytes> readExternal(const onnx::TensorProto &tensor,
                                          ExternalData &external,
                                          uint64_t expected) {
  StringRef location;
  uint64_t offset = 0, length = expected;
  for (const onnx::StringStringEntryProto &entry : tensor.external_data()) {
    StringRef value = entry.value();
    bool bad = false;
    if (entry.key() == "location")
      location = value;
    else if (entry.key() == "offset")
      bad = value.getAsInteger(10, offset);
    else if (entry.key() == "length")
      bad = value.getAsInteger(10, length);
    if (bad)
      return llvm::createStringError("expected a number as external " +
                                     entry.key() + ", but got '" + value + "'");
  }
  if (length != expected)
    return llvm::createStringError("expected " + Twine(expected) +
                                   " bytes of external data, but got " +
                                   Twine(length));
  Expected<MappedBytes> mapped = external.read(location, offset, length);
  if (!mapped)
    return mapped.takeError();
  return TensorBytes{mapped->bytes, mapped->file};
}

/// Elements of a typed field, each narrowed to `bytes` bytes.
template <typename Field>
static std::string narrow(const Field &field, unsigned bytes) {
  std::string result;
  result.resize(size_t(field.size()) * bytes);
  char *at = result.data();
  for (auto element : field) {
    std::memcpy(at, &element, bytes);
    at += bytes;
  }
  return result;
}

/// The bytes of the typed field that elements of `type` are in. Types below 8
/// bits are packed into bytes, one byte an entry.
static std::string readField(const onnx::TensorProto &tensor,
                             const ElementType &type) {
  unsigned bytes = (type.bits + 7) / 8;
  switch (type.field) {
  case ElementField::Float:
    return narrow(tensor.float_data(), bytes);
  case ElementField::Int32:
    return narrow(tensor.int32_data(), bytes);
  case ElementField::Int64:
    return narrow(tensor.int64_data(), bytes);
  case ElementField::Double:
    return narrow(tensor.double_data(), bytes);
  case ElementField::Uint64:
    return narrow(tensor.uint64_data(), bytes);
  }
  llvm_unreachable("all fields are covered");
}

static Expected<TensorBytes> readBytes(onnx::TensorProto &tensor,
                                       const ElementType &type, int64_t count,
                                       ExternalData &external) {
  uint64_t expected = llvm::divideCeil(uint64_t(count) * type.bits, 8);
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL)
    return readExternal(tensor, external, expected);
  std::string text;
  if (tensor.has_raw_data() && !tensor.raw_data().empty())
    text = std::move(*tensor.mutable_raw_data());
  else
    text = readField(tensor, type);
  if (text.size() != expected)
    return llvm::createStringError("expected " + Twine(expected) +
                                   " bytes of data, but got " +
                                   Twine(text.size()));
  return TensorBytes::own(std::move(text));
}

/// Packed elements of 2 or 4 bits, one a byte, sign-extended where signed.
static std::string unpack(StringRef packed, const ElementType &type,
                          int64_t count) {
  std::string result(count, 0);
  unsigned perByte = 8 / type.bits;
  bool isSigned = !type.name.starts_with("u");
  for (int64_t i = 0; i < count; ++i) {
    unsigned shift = i % perByte * type.bits;
    uint8_t value = uint8_t(packed[i / perByte]) >> shift;
    value = uint8_t(value << (8 - type.bits));
    result[i] =
        isSigned ? int8_t(value) >> (8 - type.bits) : value >> (8 - type.bits);
  }
  return result;
}

/// f16, bf16 or f64 elements as f32.
static std::string widenFloats(StringRef bytes, FloatType type, int64_t count) {
  const llvm::fltSemantics &semantics = type.getFloatSemantics();
  unsigned width = type.getWidth() / 8;
  std::string result;
  result.resize(size_t(count) * sizeof(float));
  for (int64_t i = 0; i < count; ++i) {
    uint64_t bits = 0;
    std::memcpy(&bits, bytes.data() + i * width, width);
    APFloat value(semantics, APInt(type.getWidth(), bits));
    bool losesInfo;
    value.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven,
                  &losesInfo);
    float narrowed = value.convertToFloat();
    std::memcpy(result.data() + i * sizeof(float), &narrowed, sizeof(float));
  }
  return result;
}

/// A resource that shares `data`, or small dense elements.
static ElementsAttr makeAttr(RankedTensorType type, TensorBytes data) {
  ArrayRef<char> bytes(data.bytes.data(), data.bytes.size());
  size_t alignment = getElementBytes(type.getElementType());
  bool isAligned = reinterpret_cast<uintptr_t>(bytes.data()) % alignment == 0;
  if (bytes.size() <= kResourceThreshold || !isAligned ||
      type.getElementType().isInteger(1))
    return makeConstantAttr(type, bytes);
  AsmResourceBlob blob(
      bytes, alignment,
      [owner = std::move(data.owner)](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(type, "qcc", std::move(blob));
}

Expected<ElementsAttr> TensorReader::read(onnx::TensorProto &tensor) {
  if (ElementsAttr constant = known.lookup(&tensor))
    return constant;
  Expected<ElementsAttr> constant = readOnce(tensor);
  if (constant)
    known[&tensor] = *constant;
  return constant;
}

Expected<ElementsAttr> TensorReader::readOnce(onnx::TensorProto &tensor) {
  SmallVector<int64_t> shape(tensor.dims().begin(), tensor.dims().end());
  std::optional<int64_t> count = countElements(shape);
  if (!count)
    return llvm::createStringError(
        "expected dimensions from 0 on, at most 16, with at most 2^36 "
        "elements, but got " +
        Twine(shape.size()) + " dimensions" +
        (shape.empty() ? Twine() : ", the first " + Twine(shape.front())));
  const ElementType *element = findElementType(tensor.data_type());
  if (!element)
    return llvm::createStringError("expected numbers or booleans, but got " +
                                   describeElementType(tensor.data_type()));
  if (tensor.has_segment())
    return llvm::createStringError(
        "expected a whole tensor, but got a segment");
  Expected<TensorBytes> data = readBytes(tensor, *element, *count, external);
  if (!data)
    return data.takeError();
  Type type = getInterfaceType(&context, *element);
  if (element->bits < 8)
    data = TensorBytes::own(unpack(data->bytes, *element, *count));
  else if (isa<FloatType>(type) && !type.isF32())
    data = TensorBytes::own(
        widenFloats(data->bytes, cast<FloatType>(type), *count));
  return makeAttr(RankedTensorType::get(shape, getGraphType(type)),
                  std::move(*data));
}

} // namespace qcc::onnx_import
