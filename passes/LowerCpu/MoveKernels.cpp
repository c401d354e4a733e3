// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that copy elements from one place to another, for the moves that
// memory planning could not turn into views.

#include "passes/LowerCpu/CopyNest.h"
#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/ScalarMath.h"

#include "dialects/Qcc/IR/Strides.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {

/// The result walked by its own strides.
static Walk walkResult(KernelContext &context) {
  return Walk{SmallVector<int64_t>(context.result.strides),
              context.e.index(context.result.base)};
}

/// Dimensions that go on where the next inner one ends, joined.
static Strided joinDimensions(ArrayRef<int64_t> shape,
                              ArrayRef<int64_t> strides,
                              SmallVector<int64_t> &joined) {
  Strided result;
  for (auto [size, stride] : llvm::zip(shape, strides)) {
    if (size == 1)
      continue;
    if (!joined.empty() && result.strides.back() == stride * size) {
      joined.back() *= size;
      result.strides.back() = stride;
      continue;
    }
    joined.push_back(size);
    result.strides.push_back(stride);
  }
  return result;
}

/// A reshape of shapes that do not nest: the operand's element of the same
/// row-major number as each of the result.
static int64_t emitByNumber(KernelContext &context) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0];
  const TensorArgument &result = context.result;
  // The number is a walk of its own.
  Walk number{rowMajor(result.shape).strides, e.index(0)};
  SmallVector<int64_t> natural = rowMajor(input.shape).strides;
  return emitNest(context, result.shape, {walkResult(context), number},
                  [&](ArrayRef<Value> at) {
                    SmallVector<Value> source;
                    for (auto [stride, size] : llvm::zip(natural, input.shape))
                      source.push_back(e.rem(e.div(at[1], stride), size));
                    e.store(e.load(input.buffer, input.at(e, source)),
                            result.buffer, at[0]);
                  });
}

int64_t emitReshape(KernelContext &context, ReshapeOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0];
  const TensorArgument &result = context.result;
  SmallVector<int64_t> inputSizes, resultSizes;
  Strided from = joinDimensions(input.shape, input.strides, inputSizes);
  Strided to = joinDimensions(result.shape, result.strides, resultSizes);
  if (auto factors = commonFactors(inputSizes, resultSizes))
    return emitCopy(context, op, *factors,
                    Walk{splitStrides(resultSizes, to.strides, *factors),
                         e.index(result.base)},
                    Walk{splitStrides(inputSizes, from.strides, *factors),
                         e.index(input.base)});
  remarkScattered(context, op);
  return emitByNumber(context);
}

int64_t emitTranspose(KernelContext &context, TransposeOp op) {
  const TensorArgument &input = context.operands[0];
  Walk from{{}, context.e.index(input.base)};
  for (int64_t dimension : op.getPermutation())
    from.strides.push_back(input.strides[dimension]);
  return emitCopy(context, op, context.result.shape, walkResult(context), from);
}

int64_t emitSlice(KernelContext &context, SliceOp op) {
  const TensorArgument &input = context.operands[0];
  int64_t start = input.base;
  Walk from;
  for (int64_t i = 0; i < input.rank(); ++i) {
    start += op.getStarts()[i] * input.strides[i];
    from.strides.push_back(op.getSteps()[i] * input.strides[i]);
  }
  from.start = context.e.index(start);
  return emitCopy(context, op, context.result.shape, walkResult(context), from);
}

/// Copies images of few channels from planes (as models take them) to
/// channels-last rows, sixteen pixels at a time, quantizing on the way where
/// the result is a grid. Nothing where the shapes do not fit.
std::optional<int64_t> emitInterleavedPlanes(KernelContext &context) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0], &result = context.result;
  int64_t lanes = e.target.lanes;
  if (result.rank() != 4 || input.shape != result.shape ||
      !input.stored.isF32())
    return std::nullopt;
  int64_t channels = result.shape[1], width = result.shape[3];
  if (channels < 2 || channels > 4 || width < lanes || input.strides[3] != 1 ||
      result.strides[1] != 1 || result.strides[3] != channels)
    return std::nullopt;
  QuantType grid = result.grid();
  int64_t height = result.shape[2], rows = result.shape[0] * height;
  auto emitPixels = [&](Value n, Value line, Value column) {
    Value joined;
    SmallVector<int64_t> mask;
    for (int64_t c = 0; c < channels; ++c) {
      Value plane = e.loadVector(
          input.buffer, input.at(e, {n, e.index(c), line, column}), lanes);
      if (grid)
        plane = emitQuantized(e, plane, grid);
      // Planes one after the other, by doubling.
      if (!joined) {
        joined = plane;
        continue;
      }
      SmallVector<int64_t> append;
      for (int64_t i = 0; i < lanes * (c + 1); ++i)
        append.push_back(i);
      joined = vector::ShuffleOp::create(e, joined, plane, append);
    }
    for (int64_t i = 0; i < lanes * channels; ++i)
      mask.push_back(i % channels * lanes + i / channels);
    e.storeVector(e.shuffle(joined, joined, mask), result.buffer,
                  result.at(e, {n, e.index(0), line, column}));
  };
  int64_t tasks = std::clamp<int64_t>(result.count() / 32768, 1, rows);
  int64_t perTask = llvm::divideCeil(rows, tasks);
  Value first = e.mul(context.task, perTask);
  e.loop(first, e.min(e.add(first, perTask), e.index(rows)), 1, [&](Value row) {
    e.loop(llvm::divideCeil(width, lanes), [&](Value number) {
      // The last step moves back to stay inside the row.
      Value column = e.min(e.mul(number, lanes), e.index(width - lanes));
      emitPixels(e.div(row, height), e.rem(row, height), column);
    });
  });
  return llvm::divideCeil(rows, perTask);
}

int64_t emitExpand(KernelContext &context, ExpandOp op) {
  if (std::optional<int64_t> tasks = emitInterleavedPlanes(context))
    return *tasks;
  return emitCopy(
      context, op, context.result.shape, walkResult(context),
      walkBroadcast(context.e, context.operands[0], context.result.shape));
}

void remarkScattered(const KernelContext &context, Operation *op) {
  constexpr int64_t kFewElements = 4096; // under a few microseconds
  if (context.result.count() < kFewElements)
    return;
  op->emitRemark("finds the place of each element by itself, since neighbours "
                 "in its result are none in its operand: slower than a copy");
}

int64_t emitGather(KernelContext &context, GatherOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0];
  const TensorArgument &indices = context.operands[1];
  int64_t axis = op.getAxis(), picked = indices.rank();
  int64_t stride = input.strides[axis];
  ArrayRef<int64_t> sizes = context.result.shape;

  // The input rests along the picked dimensions, the indices along all others.
  Walk from{SmallVector<int64_t>(input.strides), e.index(input.base)};
  from.strides.erase(from.strides.begin() + axis);
  from.strides.insert(from.strides.begin() + axis, picked, 0);
  Walk numbers{SmallVector<int64_t>(sizes.size(), 0), e.index(indices.base)};
  llvm::copy(indices.strides, numbers.strides.begin() + axis);
  Walk to = walkResult(context);
  std::optional<size_t> inner = innermostDimension(sizes, to);
  bool scatters = inner && numbers.strides[*inner] != 0;
  if (scatters && !e.hasGather(input.stored))
    remarkScattered(context, op);

  /// `number` counted from the front, and inside: others would read strange
  /// memory.
  auto toPlace = [&](Value number) -> Value {
    Type type = number.getType();
    Value zero = e.constantInt(type, 0);
    Value size = e.constantInt(type, input.shape[axis]);
    Value last = e.constantInt(type, input.shape[axis] - 1);
    Value isNegative =
        arith::CmpIOp::create(e, arith::CmpIPredicate::slt, number, zero);
    number = arith::SelectOp::create(
        e, isNegative, arith::AddIOp::create(e, number, size), number);
    number = arith::MaxSIOp::create(e, arith::MinSIOp::create(e, number, last),
                                    zero);
    return number;
  };
  int64_t bytes = getElementBytes(context.result.stored);
  int64_t width = scatters ? e.target.lanes : e.target.vectorBytes() / bytes;
  return emitRunNest(
      context, sizes, {to, from, numbers}, width, [&](const Run &run) {
        Value elements;
        if (run.moves(2)) {
          Value places = toPlace(run.load(indices.buffer, 2));
          Type wide = withElement(places.getType(), e.getI64Type());
          if (places.getType() != wide)
            places = arith::ExtSIOp::create(e, wide, places);
          places =
              arith::MulIOp::create(e, places, e.constantInt(wide, stride));
          elements = run.gather(input.buffer, 1, places);
        } else {
          Value place = arith::IndexCastOp::create(
              e, e.getIndexType(), toPlace(e.load(indices.buffer, run.at(2))));
          elements = run.load(input.buffer, 1, e.mul(place, stride));
        }
        run.store(elements, context.result.buffer);
      });
}

} // namespace qcc
