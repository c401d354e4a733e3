// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.pad`: the innermost padded dimension is cut into border, middle
// and border, so that rows of the middle are copied whole.

#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/LoopNest.h"
#include "passes/LowerCpu/ScalarMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace qcc {
namespace {

/// Where `position` (of the result, minus the low padding) reads along a
/// dimension of `size`, by the rules of ONNX Pad.
Value sourceIndex(KernelEmitter &e, PadMode mode, Value position,
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
  rest =
      arith::SelectOp::create(e, less(rest, zero), e.add(rest, period), rest);
  Value mirrored = arith::SubIOp::create(e, e.index(period), rest);
  return arith::SelectOp::create(e, less(last, rest), mirrored, rest);
}

/// A range of the result along one dimension.
struct Part {
  int64_t begin, end;
  bool isBorder; // nothing of the operand lies there
};

class PadNest {
public:
  PadNest(KernelContext &context, PadOp op)
      : context(context), op(op), e(context.e), input(context.operands[0]),
        result(context.result), isConstant(op.getMode() == PadMode::Constant) {
    makeFill();
  }

  int64_t emit();

private:
  void makeFill();
  bool isPadded(int64_t i) {
    return op.getLow()[i] > 0 || op.getHigh()[i] > 0;
  }
  int64_t emitParts(KernelContext &context, ArrayRef<Part> parts);
  int64_t emitPart(KernelContext &context, const Part &part);
  void emitRun(const Run &run, ArrayRef<int64_t> mapped);

  KernelContext &context;
  PadOp op;
  KernelEmitter &e;
  const TensorArgument &input, &result;
  bool isConstant;
  Value fill;
  std::optional<int64_t> split; // the innermost padded dimension
};

void PadNest::makeFill() {
  double value = op.getValue().convertToDouble();
  if (isa<FloatType>(result.stored))
    fill = e.constant(result.stored, value);
  else if (QuantType grid = result.grid())
    fill = emitQuantized(e, e.constant(e.getF32Type(), value), grid);
  else
    fill = e.constantInt(result.stored, int64_t(value));
}

int64_t PadNest::emit() {
  for (int64_t i = 0; i < result.rank(); ++i)
    if (isPadded(i) && (!split || std::abs(result.strides[i]) <=
                                      std::abs(result.strides[*split])))
      split = i;
  if (!split)
    return emitPart(context, {0, 0, false});
  int64_t size = result.shape[*split];
  int64_t begin = std::clamp<int64_t>(op.getLow()[*split], 0, size);
  int64_t end = std::clamp<int64_t>(op.getLow()[*split] + input.shape[*split],
                                    begin, size);
  SmallVector<Part> parts;
  for (Part part :
       {Part{begin, end, false}, Part{0, begin, true}, Part{end, size, true}})
    if (part.begin < part.end)
      parts.push_back(part);
  return emitParts(context, parts);
}

int64_t PadNest::emitParts(KernelContext &context, ArrayRef<Part> parts) {
  if (parts.empty())
    return 1;
  if (parts.size() == 1)
    return emitPart(context, parts[0]);
  return emitBoth(
      context, [&](KernelContext &c) { return emitPart(c, parts[0]); },
      [&](KernelContext &c) { return emitParts(c, parts.drop_front()); });
}

/// The nest over one part. Padded dimensions are mapped position by position,
/// but for the split one in the middle, which is walked like the others.
int64_t PadNest::emitPart(KernelContext &context, const Part &part) {
  SmallVector<int64_t> sizes(result.shape), mapped;
  int64_t toStart = result.base, fromStart = input.base;
  if (split) {
    sizes[*split] = part.end - part.begin;
    toStart += part.begin * result.strides[*split];
  }
  Walk to{SmallVector<int64_t>(result.strides), e.index(toStart)};
  SmallVector<Walk> walks{to, {SmallVector<int64_t>(input.strides), Value()}};
  for (int64_t i = 0; i < result.rank(); ++i) {
    bool isMiddle = split == i && !part.isBorder;
    int64_t begin = split == i ? part.begin : 0;
    if (isPadded(i) && !isMiddle) {
      walks[1] = restAlong(walks[1], i);
      walks.push_back(walkPosition(e, result.rank(), i));
      walks.back().start = e.index(begin - op.getLow()[i]);
      mapped.push_back(i);
    } else {
      fromStart += (begin - op.getLow()[i]) * input.strides[i];
    }
  }
  walks[1].start = e.index(fromStart);
  bool isFill = isConstant && part.isBorder;
  std::optional<size_t> inner = innermostDimension(sizes, to);
  bool scatters = inner && !isFill && llvm::is_contained(mapped, *inner);
  int64_t width =
      scatters ? 1
               : 2 * e.target.vectorBytes() / getElementBytes(result.stored);
  return emitRunNest(context, sizes, walks, width, [&](const Run &run) {
    if (isFill)
      run.store(e.splat(fill, run.getWidth()), result.buffer);
    else
      emitRun(run, mapped);
  });
}

/// Copies a run whose positions along `mapped` are walks 2 and on.
void PadNest::emitRun(const Run &run, ArrayRef<int64_t> mapped) {
  Value isInside, shift = e.index(0);
  for (auto [number, i] : llvm::enumerate(mapped)) {
    Value p = run.at(2 + number);
    int64_t size = input.shape[i];
    if (isConstant) {
      Value ok =
          arith::CmpIOp::create(e, arith::CmpIPredicate::ult, p, e.index(size));
      isInside = isInside ? Value(arith::AndIOp::create(e, isInside, ok)) : ok;
      p = e.max(e.index(0), e.min(p, e.index(size - 1)));
    } else {
      p = sourceIndex(e, op.getMode(), p, size);
    }
    shift = e.add(shift, e.mul(p, input.strides[i]));
  }
  Value elements = run.load(input.buffer, 1, shift);
  if (isInside)
    elements = arith::SelectOp::create(e, isInside, elements,
                                       e.splat(fill, run.getWidth()));
  run.store(elements, result.buffer);
}

} // namespace

int64_t emitPad(KernelContext &context, PadOp op) {
  return PadNest(context, op).emit();
}

} // namespace qcc
