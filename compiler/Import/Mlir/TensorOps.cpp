// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of the tensor dialect: reshapes, slices, paddings, joins. Offsets and
// sizes have to be known.

#include "compiler/Import/Mlir/LoopNest.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace qcc::mlir_import {

/// The numbers of `values`, or nothing and a problem where one is not known.
static std::optional<SmallVector<int64_t>>
readNumbers(ArrayRef<OpFoldResult> values, GraphBuilder &build) {
  std::optional<SmallVector<int64_t>> numbers = getConstantIntValues(values);
  if (!numbers)
    build.fail("expected known offsets and sizes, but got computed ones");
  return numbers;
}

static Value extractSlice(tensor::ExtractSliceOp op, GraphBuilder &build) {
  auto starts = readNumbers(op.getMixedOffsets(), build);
  auto sizes = readNumbers(op.getMixedSizes(), build);
  auto steps = readNumbers(op.getMixedStrides(), build);
  if (!starts || !sizes || !steps)
    return {};
  return build.reshape(build.slice(op.getSource(), *starts, *sizes, *steps),
                       op.getType().getShape());
}

/// `whole` with `part` in place of the elements from `starts` on: the slices
/// around it, joined dimension by dimension.
static Value insert(GraphBuilder &build, Value whole, Value part,
                    ArrayRef<int64_t> starts, int64_t axis) {
  while (axis < rankOf(whole) && shapeOf(whole)[axis] == shapeOf(part)[axis])
    ++axis;
  if (axis == rankOf(whole))
    return part;
  int64_t size = shapeOf(part)[axis];
  SmallVector<int64_t> ones(rankOf(whole), 1), from(rankOf(whole), 0);
  auto cut = [&](int64_t start, int64_t count) {
    SmallVector<int64_t> shape(shapeOf(whole));
    from[axis] = start;
    shape[axis] = count;
    return build.slice(whole, from, shape, ones);
  };
  int64_t rest = shapeOf(whole)[axis] - starts[axis] - size;
  SmallVector<Value> parts;
  if (starts[axis] > 0)
    parts.push_back(cut(0, starts[axis]));
  Value middle = cut(starts[axis], size);
  if (!middle)
    return {};
  parts.push_back(insert(build, middle, part, starts, axis + 1));
  if (rest > 0)
    parts.push_back(cut(starts[axis] + size, rest));
  return build.concat(parts, axis);
}

static Value insertSlice(tensor::InsertSliceOp op, GraphBuilder &build) {
  auto starts = readNumbers(op.getMixedOffsets(), build);
  auto sizes = readNumbers(op.getMixedSizes(), build);
  auto steps = readNumbers(op.getMixedStrides(), build);
  if (!starts || !sizes || !steps)
    return {};
  if (llvm::any_of(*steps, [](int64_t step) { return step != 1; }))
    return build.fail("expected a dense part, but got strides " +
                      describe(*steps));
  if (op.getDest().getDefiningOp<tensor::EmptyOp>())
    return *sizes == op.getType().getShape()
               ? build.reshape(op.getSource(), op.getType().getShape())
               : build.fail("expected a part that fills tensor.empty");
  for (auto [i, size] : llvm::enumerate(op.getType().getShape()))
    if ((*starts)[i] < 0 || (*sizes)[i] < 1 || (*sizes)[i] > size ||
        (*starts)[i] > size - (*sizes)[i])
      return build.fail("expected a part inside " +
                        describe(op.getType().getShape()) + ", but got " +
                        describe(*sizes) + " at " + describe(*starts));
  Value part = build.reshape(op.getSource(), *sizes);
  return part ? insert(build, op.getDest(), part, *starts, 0) : Value();
}

static Value pad(tensor::PadOp op, GraphBuilder &build) {
  auto low = readNumbers(op.getMixedLowPad(), build);
  auto high = readNumbers(op.getMixedHighPad(), build);
  Value value = op.getConstantPaddingValue();
  FloatAttr number;
  IntegerAttr integer;
  if (!low || !high)
    return {};
  if (value && matchPattern(value, m_Constant(&number)))
    return build.pad(op.getSource(), *low, *high, PadMode::Constant,
                     number.getValueAsDouble());
  if (value && matchPattern(value, m_Constant(&integer)))
    return build.pad(op.getSource(), *low, *high, PadMode::Constant,
                     double(integer.getValue().getSExtValue()));
  return build.fail("expected padding with one constant");
}

/// Elements that are one scalar each, all constant.
static Value collect(tensor::FromElementsOp op, GraphBuilder &build) {
  SmallVector<Attribute> elements;
  for (Value element : op.getElements())
    if (Attribute value = constantOf(element))
      elements.push_back(value);
  if (elements.size() != op.getElements().size())
    return build.fail("expected constant elements");
  return build.constant(DenseElementsAttr::get(op.getType(), elements));
}

static Value splat(tensor::SplatOp op, GraphBuilder &build) {
  Attribute value = constantOf(op.getInput());
  if (!value || op.getType().getNumElements() > (1 << 28))
    return build.fail("expected a constant for at most 2^28 elements");
  return build.constant(DenseElementsAttr::get(op.getType(), value));
}

Value convertTensorOp(Operation *op, GraphBuilder &build) {
  auto type = op->getNumResults() == 1
                  ? dyn_cast<RankedTensorType>(op->getResult(0).getType())
                  : RankedTensorType();
  for (Value operand : op->getOperands())
    if (auto tensor = dyn_cast<TensorType>(operand.getType()))
      if (!isa<RankedTensorType>(tensor) || !tensor.hasStaticShape())
        return build.fail("expected tensors of static shape, but got " +
                          describe(tensor));
  if (!type || !type.hasStaticShape())
    return build.fail("expected a result of static shape");
  if (isa<tensor::CastOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp,
          tensor::ReshapeOp>(op))
    return build.reshape(op->getOperand(0), type.getShape());
  if (auto concat = dyn_cast<tensor::ConcatOp>(op))
    return build.concat(SmallVector<Value>(concat.getInputs()),
                        concat.getDim());
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
    return extractSlice(slice, build);
  if (auto slice = dyn_cast<tensor::InsertSliceOp>(op))
    return insertSlice(slice, build);
  if (auto padding = dyn_cast<tensor::PadOp>(op))
    return pad(padding, build);
  if (auto elements = dyn_cast<tensor::FromElementsOp>(op))
    return collect(elements, build);
  if (auto number = dyn_cast<tensor::SplatOp>(op))
    return splat(number, build);
  return {};
}

} // namespace qcc::mlir_import
