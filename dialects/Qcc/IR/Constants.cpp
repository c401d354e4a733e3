// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bytes of constant tensors in and out of attributes.

#include "dialects/Qcc/IR/Constants.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace qcc {

// Above this many bytes a constant becomes a resource.
static constexpr size_t kResourceThreshold = 256;

/// Fills `result` from a dense attribute whose raw data is not one stored
/// element after the other: a splat, or i1 packed eight to a byte.
static void expandDense(DenseElementsAttr dense, ConstantBytes &result) {
  int64_t count = dense.getNumElements();
  int64_t width = getElementBytes(dense.getElementType());
  result.storage.resize(count * width);
  if (dense.getElementType().isInteger(1)) {
    int64_t i = 0;
    for (bool value : dense.getValues<bool>())
      result.storage[i++] = value;
  } else {
    for (int64_t i = 0; i < count; ++i)
      std::copy_n(dense.getRawData().data(), width,
                  result.storage.data() + i * width);
  }
  result.bytes = result.storage;
}

std::optional<ConstantBytes> getConstantBytes(Attribute attribute) {
  ConstantBytes result;
  if (auto dense = dyn_cast_or_null<DenseIntOrFPElementsAttr>(attribute)) {
    result.type = dyn_cast<RankedTensorType>(dense.getType());
    if (!result.type)
      return std::nullopt;
    if (dense.isSplat() || dense.getElementType().isInteger(1))
      expandDense(dense, result);
    else
      result.bytes = dense.getRawData();
    return result;
  }
  if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(attribute)) {
    result.type = dyn_cast<RankedTensorType>(resource.getType());
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!result.type || !blob)
      return std::nullopt;
    int64_t expected = result.type.getNumElements() *
                       getElementBytes(result.type.getElementType());
    if (int64_t(blob->getData().size()) != expected)
      return std::nullopt;
    result.bytes = blob->getData();
    return result;
  }
  return std::nullopt;
}

std::optional<ConstantBytes> getConstantBytes(Value value) {
  Attribute attribute;
  if (!value || !matchPattern(value, m_Constant(&attribute)))
    return std::nullopt;
  return getConstantBytes(attribute);
}

std::optional<std::vector<int64_t>> getConstantIntegers(Attribute value) {
  std::optional<ConstantBytes> constant = getConstantBytes(value);
  if (!constant || !constant->type.getElementType().isInteger())
    return std::nullopt;
  std::vector<int64_t> result;
  auto widen = [&](auto elements) {
    result.assign(elements.begin(), elements.end());
  };
  switch (getElementBytes(constant->type.getElementType())) {
  case 1:
    widen(constant->as<int8_t>());
    break;
  case 2:
    widen(constant->as<int16_t>());
    break;
  case 4:
    widen(constant->as<int32_t>());
    break;
  default:
    widen(constant->as<int64_t>());
  }
  return result;
}

ElementsAttr makeConstantAttr(RankedTensorType type, ArrayRef<char> bytes) {
  assert(int64_t(bytes.size()) ==
             type.getNumElements() * getElementBytes(type.getElementType()) &&
         "a constant needs one stored element for each of its type");
  if (type.getElementType().isInteger(1)) {
    SmallVector<bool> bits(bytes.begin(), bytes.end());
    return DenseElementsAttr::get(type, bits);
  }
  // Dense elements hold builtin types only; a resource holds any.
  bool isBuiltin = type.getElementType().isIntOrFloat();
  if (isBuiltin && bytes.size() <= kResourceThreshold)
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  return DenseResourceElementsAttr::get(
      type, "qcc",
      HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes, 64));
}

Value makeConstant(OpBuilder &builder, Location loc, RankedTensorType type,
                   ArrayRef<char> bytes) {
  return arith::ConstantOp::create(builder, loc,
                                   makeConstantAttr(type, bytes));
}

} // namespace qcc
