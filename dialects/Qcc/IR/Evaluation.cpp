// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors in memory, and the values of ops that move elements.

#include "dialects/Qcc/IR/Evaluation.h"

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/Numerics/MoveReference.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace qcc {

static_assert(uint32_t(PadMode::Wrap) == uint32_t(numerics::PadMode::Wrap));

numerics::ElementKind getElementKind(Type elementType) {
  using Kind = numerics::ElementKind;
  if (elementType.isF16())
    return Kind::F16;
  if (elementType.isBF16())
    return Kind::BF16;
  if (elementType.isF32())
    return Kind::F32;
  if (elementType.isF64())
    return Kind::F64;
  if (elementType.isInteger(1))
    return Kind::Bool;
  bool isUnsigned = elementType.isUnsignedInteger();
  if (auto grid = dyn_cast<QuantType>(elementType))
    isUnsigned = !grid.getIsSigned();
  switch (getElementBytes(elementType)) {
  case 1:
    return isUnsigned ? Kind::U8 : Kind::I8;
  case 2:
    return isUnsigned ? Kind::U16 : Kind::I16;
  case 4:
    return isUnsigned ? Kind::U32 : Kind::I32;
  default:
    return Kind::I64;
  }
}

numerics::Grid getGrid(QuantType type) {
  return {type.getScaleValue(), type.getZeroPoint(), type.getLowest(),
          type.getHighest()};
}

numerics::ElementKind TensorView::getKind() const {
  return getElementKind(type.getElementType());
}

numerics::Grid TensorView::getGrid() const {
  assert(isQuantized() && "only quantized tensors have a grid");
  return qcc::getGrid(getQuantType(type));
}

std::vector<double> TensorView::readReals() const {
  return numerics::readReals(bytes, getKind());
}

std::vector<int64_t> TensorView::readIntegers() const {
  return numerics::readIntegers(bytes, getKind());
}

static numerics::Source getSource(const TensorView &view) {
  return {view.bytes, view.getShape(),
          getElementBytes(view.type.getElementType())};
}

static std::vector<char> evaluatePad(PadOp op, const TensorView &input) {
  std::vector<char> filler;
  double value = op.getValue().convertToDouble();
  if (input.isQuantized()) {
    int64_t q =
        numerics::quantize(static_cast<float>(value), input.getGrid());
    filler = numerics::writeIntegers(ArrayRef<int64_t>(q), input.getKind());
  } else {
    filler = numerics::writeReals(ArrayRef<double>(value), input.getKind());
  }
  return numerics::pad(getSource(input), op.getLow(), op.getHigh(),
                       static_cast<numerics::PadMode>(op.getMode()), filler);
}

static std::optional<std::vector<char>>
evaluateGather(GatherOp op, ArrayRef<TensorView> operands) {
  std::vector<char> bytes = numerics::gather(
      getSource(operands[0]), operands[1].readIntegers(), op.getAxis());
  if (bytes.empty() && op.getType().getNumElements() != 0)
    return std::nullopt;
  return bytes;
}

static std::vector<char> evaluateConcat(ConcatOp op,
                                        ArrayRef<TensorView> operands) {
  // Empty tensors could leave the loop over leading dimensions undefined.
  if (op.getType().getNumElements() == 0)
    return {};
  std::vector<numerics::Source> sources;
  for (const TensorView &operand : operands)
    sources.push_back(getSource(operand));
  return numerics::concat(sources, op.getAxis());
}

std::optional<std::vector<char>> evaluateMove(Operation *op,
                                              ArrayRef<TensorView> operands) {
  using Result = std::optional<std::vector<char>>;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](ReshapeOp) -> Result {
        return std::vector<char>(operands[0].bytes);
      })
      .Case([&](TransposeOp transpose) -> Result {
        return numerics::transpose(getSource(operands[0]),
                                   transpose.getPermutation());
      })
      .Case([&](SliceOp slice) -> Result {
        return numerics::slice(getSource(operands[0]), slice.getStarts(),
                               slice.getSteps(), slice.getType().getShape());
      })
      .Case([&](ExpandOp expand) -> Result {
        return numerics::expand(getSource(operands[0]),
                                expand.getType().getShape());
      })
      .Case([&](PadOp pad) -> Result { return evaluatePad(pad, operands[0]); })
      .Case([&](GatherOp gather) { return evaluateGather(gather, operands); })
      .Case([&](ConcatOp concat) -> Result {
        return evaluateConcat(concat, operands);
      })
      .Default([](Operation *) { return std::nullopt; });
}

std::optional<std::vector<char>> evaluate(Operation *op,
                                          ArrayRef<TensorView> operands) {
  if (std::optional<std::vector<char>> moved = evaluateMove(op, operands))
    return moved;
  if (std::optional<std::vector<char>> found = evaluateIndex(op, operands))
    return found;
  return evaluateElementwise(op, operands);
}

} // namespace qcc
