// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Planned tensor types as kernel arguments, and the borders of images.

#include "passes/LowerCpu/TensorArgument.h"

#include "dialects/Qcc/IR/Strides.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace qcc {

Type getStoredType(Type element) {
  if (auto grid = dyn_cast<QuantType>(element))
    return grid.getStorageType();
  if (element.isInteger(1))
    return IntegerType::get(element.getContext(), 8);
  if (element.isUnsignedInteger())
    return IntegerType::get(element.getContext(),
                            element.getIntOrFloatBitWidth());
  return element;
}

TensorArgument TensorArgument::of(RankedTensorType type) {
  TensorArgument tensor;
  tensor.shape.assign(type.getShape().begin(), type.getShape().end());
  tensor.element = type.getElementType();
  tensor.stored = getStoredType(tensor.element);
  if (auto plan = dyn_cast_or_null<BufferAttr>(type.getEncoding())) {
    tensor.strides.assign(plan.getStrides().begin(), plan.getStrides().end());
    tensor.halo.assign(plan.getHalo().begin(), plan.getHalo().end());
    tensor.hasRoom = plan.getSpace() == BufferSpace::Arena;
  } else {
    tensor.strides = rowMajor(tensor.shape).strides;
  }
  if (!tensor.halo.empty())
    tensor.base =
        tensor.halo[0] * tensor.strides[2] + tensor.halo[1] * tensor.strides[3];
  int64_t last = tensor.base;
  for (int64_t i = 0; i < tensor.rank(); ++i) {
    int64_t border = 0;
    if (!tensor.halo.empty() && i >= 2)
      border = tensor.halo[i];
    last += (tensor.shape[i] - 1 + border) * tensor.strides[i];
  }
  tensor.span = last + 1;
  return tensor;
}

int64_t TensorArgument::count() const {
  return ShapedType::getNumElements(shape);
}

MemRefType TensorArgument::bufferType() const {
  return MemRefType::get({span}, stored);
}

int64_t TensorArgument::startByte() const {
  return -base * getElementBytes(stored);
}

Value TensorArgument::at(KernelEmitter &e, ValueRange position) const {
  Value offset = e.index(base);
  for (auto [i, value] : llvm::enumerate(position))
    offset = e.add(offset, e.mul(value, strides[i]));
  return offset;
}

/// Fills `rows` x `columns` pixels from row `top`, column `left` (relative to
/// the image, so the halo has negative indices) of image `n`.
static void fillPixels(KernelEmitter &e, const TensorArgument &tensor, Value n,
                       std::array<int64_t, 4> box, Value padding) {
  auto [top, left, rows, columns] = box;
  if (rows == 0 || columns == 0)
    return;
  // Pixels without a gap between them are one run.
  int64_t run = tensor.shape[1];
  if (tensor.strides[3] == run) {
    run *= columns;
    columns = 1;
  }
  int64_t lanes = e.target.vectorBytes() / getElementBytes(tensor.stored);
  Value vector = e.splat(padding, lanes);
  int64_t start =
      tensor.base + top * tensor.strides[2] + left * tensor.strides[3];
  int64_t whole = run / lanes * lanes;
  // Rolled: unrolled they are thousands of stores, which LLVM tries to merge.
  auto rolled = [&](int64_t end, int64_t step, function_ref<void(Value)> body) {
    e.loop(e.index(0), e.index(end), step, body, /*keepRolled=*/true);
  };
  rolled(rows, 1, [&](Value row) {
    rolled(columns, 1, [&](Value column) {
      Value at = e.add(e.mul(n, tensor.strides[0]), start);
      at = e.add(at, e.mul(row, tensor.strides[2]));
      at = e.add(at, e.mul(column, tensor.strides[3]));
      rolled(whole, lanes, [&](Value c) {
        e.storeVector(vector, tensor.buffer, e.add(at, c));
      });
      if (whole < run)
        e.storePart(vector, tensor.buffer, e.add(at, whole),
                    e.index(run - whole));
    });
  });
}

void emitHalo(KernelEmitter &e, const TensorArgument &tensor) {
  Value padding =
      isa<FloatType>(tensor.stored)
          ? e.constant(tensor.stored, 0.0)
          : e.constantInt(tensor.stored,
                          tensor.grid() ? tensor.grid().getZeroPoint() : 0);
  int64_t top = tensor.halo[0], left = tensor.halo[1];
  int64_t bottom = tensor.halo[2], right = tensor.halo[3];
  int64_t height = tensor.shape[2], width = tensor.shape[3];
  int64_t full = left + width + right;
  e.loop(tensor.shape[0], [&](Value n) {
    fillPixels(e, tensor, n, {-top, -left, top, full}, padding);
    fillPixels(e, tensor, n, {height, -left, bottom, full}, padding);
    fillPixels(e, tensor, n, {0, -left, height, left}, padding);
    fillPixels(e, tensor, n, {0, width, height, right}, padding);
  });
}

} // namespace qcc
