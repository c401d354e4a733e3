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

int64_t emitReshape(KernelContext &context, ReshapeOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0];
  const TensorArgument &result = context.result;
  if (auto factors = commonFactors(input.shape, result.shape)) {
    Walk from{splitStrides(input.shape, input.strides, *factors),
              e.index(input.base)};
    Walk to{splitStrides(result.shape, result.strides, *factors),
            e.index(result.base)};
    return emitCopy(context, *factors, to, from);
  }
  // Shapes that do not nest: from the row-major number of each element.
  SmallVector<int64_t> resultNatural = rowMajor(result.shape).strides;
  SmallVector<int64_t> inputNatural = rowMajor(input.shape).strides;
  return emitPositions(context, [&](ArrayRef<Value> position, Value at) {
    Value number = e.index(0);
    for (auto [p, stride] : llvm::zip(position, resultNatural))
      number = e.add(number, e.mul(p, stride));
    SmallVector<Value> source;
    for (auto [stride, size] : llvm::zip(inputNatural, input.shape))
      source.push_back(e.rem(e.div(number, stride), size));
    e.store(e.load(input.buffer, input.at(e, source)), result.buffer, at);
  });
}

int64_t emitTranspose(KernelContext &context, TransposeOp op) {
  const TensorArgument &input = context.operands[0];
  Walk from{{}, context.e.index(input.base)};
  for (int64_t dimension : op.getPermutation())
    from.strides.push_back(input.strides[dimension]);
  return emitCopy(context, context.result.shape, walkResult(context), from);
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
  return emitCopy(context, context.result.shape, walkResult(context), from);
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
  e.loop(first, e.min(e.add(first, perTask), e.index(rows)), 1,
         [&](Value row) {
           e.loop(llvm::divideCeil(width, lanes), [&](Value number) {
             // The last step moves back to stay inside the row.
             Value column =
                 e.min(e.mul(number, lanes), e.index(width - lanes));
             emitPixels(e.div(row, height), e.rem(row, height), column);
           });
         });
  return llvm::divideCeil(rows, perTask);
}

int64_t emitExpand(KernelContext &context, ExpandOp op) {
  if (std::optional<int64_t> tasks = emitInterleavedPlanes(context))
    return *tasks;
  return emitCopy(context, context.result.shape,
                  walkResult(context),
                  walkBroadcast(context.e, context.operands[0],
                                context.result.shape));
}

/// Where `position` (of the result, minus the low padding) reads along a
/// dimension of `size`, by the rules of ONNX Pad.
static Value sourceIndex(KernelEmitter &e, PadMode mode, Value position,
                         int64_t size) {
  Value last = e.index(size - 1), zero = e.index(0);
  auto less = [&](Value a, Value b) -> Value {
    return arith::CmpIOp::create(e, arith::CmpIPredicate::slt, a, b);
  };
  if (mode == PadMode::Edge || size == 1)
    return e.max(zero, e.min(position, last));
  if (mode == PadMode::Wrap) {
    Value rest = arith::RemSIOp::create(e, position, e.index(size));
    return arith::SelectOp::create(e, less(rest, zero), e.add(rest, size),
                                   rest);
  }
  // Reflect: a triangle wave of period 2 * (size - 1).
  int64_t period = 2 * (size - 1);
  Value rest = arith::RemSIOp::create(e, position, e.index(period));
  rest = arith::SelectOp::create(e, less(rest, zero), e.add(rest, period),
                                 rest);
  Value mirrored = arith::SubIOp::create(e, e.index(period), rest);
  return arith::SelectOp::create(e, less(last, rest), mirrored, rest);
}

int64_t emitPad(KernelContext &context, PadOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0], &result = context.result;
  Value fill;
  double value = op.getValue().convertToDouble();
  if (isa<FloatType>(result.stored))
    fill = e.constant(result.stored, value);
  else if (QuantType grid = result.grid())
    fill = emitQuantized(e, e.constant(e.getF32Type(), value), grid);
  else
    fill = e.constantInt(result.stored, int64_t(value));
  return emitPositions(context, [&](ArrayRef<Value> position, Value at) {
    Value inside;
    SmallVector<Value> source;
    for (int64_t i = 0; i < result.rank(); ++i) {
      Value p = e.add(position[i], -op.getLow()[i]);
      int64_t size = input.shape[i];
      bool padded = op.getLow()[i] > 0 || op.getHigh()[i] > 0;
      if (padded && op.getMode() == PadMode::Constant) {
        Value ok = arith::CmpIOp::create(e, arith::CmpIPredicate::ult, p,
                                         e.index(size));
        inside = inside ? Value(arith::AndIOp::create(e, inside, ok)) : ok;
        p = e.max(e.index(0), e.min(p, e.index(size - 1)));
      } else if (padded) {
        p = sourceIndex(e, op.getMode(), p, size);
      }
      source.push_back(p);
    }
    Value element = e.load(input.buffer, input.at(e, source));
    if (inside)
      element = arith::SelectOp::create(e, inside, element, fill);
    e.store(element, result.buffer, at);
  });
}

int64_t emitGather(KernelContext &context, GatherOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0];
  const TensorArgument &indices = context.operands[1];
  int64_t axis = op.getAxis(), rank = indices.rank();
  return emitPositions(context, [&](ArrayRef<Value> position, Value at) {
    Value number = e.load(indices.buffer,
                          indices.at(e, position.slice(axis, rank)));
    Value place = arith::IndexCastOp::create(e, e.getIndexType(), number);
    Value negative = arith::CmpIOp::create(e, arith::CmpIPredicate::slt, place,
                                           e.index(0));
    place = arith::SelectOp::create(e, negative,
                                    e.add(place, input.shape[axis]), place);
    // An index outside the tensor would read strange memory.
    place = e.max(e.index(0), e.min(place, e.index(input.shape[axis] - 1)));
    SmallVector<Value> source(position.take_front(axis));
    source.push_back(place);
    source.append(position.begin() + axis + rank, position.end());
    e.store(e.load(input.buffer, input.at(e, source)), context.result.buffer,
            at);
  });
}

} // namespace qcc
