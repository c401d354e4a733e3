// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TOSA's constants, its ops that move elements, and its reductions.

#include "compiler/Import/Mlir/TosaOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace qcc::mlir_import {

std::optional<SmallVector<int64_t>> readShape(Value shape,
                                              GraphBuilder &build) {
  auto constant = shape.getDefiningOp<tosa::ConstShapeOp>();
  if (!constant) {
    build.fail("expected a constant shape, but got a computed one");
    return std::nullopt;
  }
  SmallVector<int64_t> numbers;
  for (const APInt &number : constant.getValues().getValues<APInt>())
    numbers.push_back(number.getSExtValue());
  return numbers;
}

static Value pad(tosa::PadOp op, GraphBuilder &build) {
  auto borders = readShape(op.getPadding(), build);
  Attribute constant = constantOf(op.getPadConst());
  auto elements = dyn_cast_or_null<DenseElementsAttr>(constant);
  if (!borders)
    return {};
  if (!elements || elements.getNumElements() != 1)
    return build.fail("expected padding with one constant");
  SmallVector<int64_t> low, high;
  for (size_t i = 0; i + 1 < borders->size(); i += 2) {
    low.push_back((*borders)[i]);
    high.push_back((*borders)[i + 1]);
  }
  if (int64_t(low.size()) != rankOf(op.getInput1()))
    return build.fail("expected two borders for each dimension");
  auto integers = getConstantIntegers(constant);
  double value = integers ? double(integers->front())
                          : elements.getSplatValue<APFloat>().convertToDouble();
  return build.pad(op.getInput1(), low, high, PadMode::Constant, value);
}

static Value slice(tosa::SliceOp op, GraphBuilder &build) {
  auto starts = readShape(op.getStart(), build);
  auto sizes = readShape(op.getSize(), build);
  size_t rank = rankOf(op.getInput1());
  if (!starts || !sizes)
    return {};
  if (starts->size() != rank || sizes->size() != rank ||
      llvm::any_of(*sizes, [](int64_t size) { return size < 1; }))
    return build.fail("expected a start and a size for each dimension");
  return build.slice(op.getInput1(), *starts, *sizes,
                     SmallVector<int64_t>(rank, 1));
}

static Value reverse(tosa::ReverseOp op, GraphBuilder &build) {
  SmallVector<int64_t> starts(rankOf(op.getInput1()), 0),
      steps(starts.size(), 1);
  int64_t axis = op.getAxis();
  starts[axis] = shapeOf(op.getInput1())[axis] - 1;
  steps[axis] = -1;
  return build.slice(op.getInput1(), starts, shapeOf(op.getInput1()), steps);
}

/// [a, b]  ->  [1, a, 1, b], repeated along the new dimensions, joined again.
static Value tile(tosa::TileOp op, GraphBuilder &build) {
  auto counts = readShape(op.getMultiples(), build);
  if (!counts)
    return {};
  SmallVector<int64_t> apart, repeated;
  for (auto [size, count] : llvm::zip(shapeOf(op.getInput1()), *counts)) {
    apart.append({1, size});
    repeated.append({count, size});
  }
  return build.reshape(
      build.expand(build.reshape(op.getInput1(), apart), repeated),
      shapeOf(op.getOutput()));
}

static Value transpose(tosa::TransposeOp op, GraphBuilder &build) {
  SmallVector<int64_t> permutation(op.getPerms());
  return build.transpose(op.getInput1(), permutation);
}

static Value gather(tosa::GatherOp op, GraphBuilder &build) {
  Shape values = shapeOf(op.getValues());
  if (values[0] != 1)
    return build.fail("expected values of one batch, but got " +
                      describe(values));
  Value rows = build.gather(
      build.reshape(op.getValues(), {values[1], values[2]}),
      build.reshape(op.getIndices(), shapeOf(op.getIndices())[1]), 0);
  return build.reshape(rows, shapeOf(op.getOutput()));
}

/// Booleans are reduced as the numbers 0 and 1.
static Value reduce(ReduceKind kind, Operation *op, GraphBuilder &build) {
  Value input = op->getOperand(0);
  int64_t axis = op->getAttrOfType<IntegerAttr>("axis").getInt();
  Type element = elementOf(input);
  if (element.isInteger(1))
    input = build.convert(input, IntegerType::get(op->getContext(), 32));
  return build.convert(build.reduce(kind, input, axis,
                                    /*keepsDimensions=*/true),
                       element);
}

static std::optional<ReduceKind> findReduce(Operation *op) {
  if (isa<tosa::ReduceSumOp>(op))
    return ReduceKind::Sum;
  if (isa<tosa::ReduceMaxOp, tosa::ReduceAnyOp>(op))
    return ReduceKind::Max;
  if (isa<tosa::ReduceMinOp, tosa::ReduceAllOp>(op))
    return ReduceKind::Min;
  if (isa<tosa::ReduceProductOp>(op))
    return ReduceKind::Prod;
  return std::nullopt;
}

Value convertTosaMove(Operation *op, GraphBuilder &build) {
  if (std::optional<ReduceKind> kind = findReduce(op))
    return reduce(*kind, op, build);
  if (auto constant = dyn_cast<tosa::ConstOp>(op))
    return build.constant(constant.getValues());
  if (auto identity = dyn_cast<tosa::IdentityOp>(op))
    return identity.getInput1();
  if (auto concat = dyn_cast<tosa::ConcatOp>(op))
    return build.concat(SmallVector<Value>(concat.getInput1()),
                        concat.getAxis());
  if (isa<tosa::ReshapeOp>(op))
    return build.reshape(op->getOperand(0), shapeOf(op->getResult(0)));
  if (auto gatherOp = dyn_cast<tosa::GatherOp>(op))
    return gather(gatherOp, build);
  if (auto padOp = dyn_cast<tosa::PadOp>(op))
    return pad(padOp, build);
  if (auto reverseOp = dyn_cast<tosa::ReverseOp>(op))
    return reverse(reverseOp, build);
  if (auto sliceOp = dyn_cast<tosa::SliceOp>(op))
    return slice(sliceOp, build);
  if (auto tileOp = dyn_cast<tosa::TileOp>(op))
    return tile(tileOp, build);
  if (auto transposeOp = dyn_cast<tosa::TransposeOp>(op))
    return transpose(transposeOp, build);
  return {};
}

} // namespace qcc::mlir_import
