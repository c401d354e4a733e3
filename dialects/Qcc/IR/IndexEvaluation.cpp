// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The values of the ops about places.

#include "dialects/Qcc/IR/Evaluation.h"
#include "dialects/Qcc/Numerics/IndexReference.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace qcc {

static_assert(uint32_t(ScatterKind::Min) ==
              uint32_t(numerics::ScatterKind::Min));

using Bytes = std::vector<char>;

static Bytes evaluateTopK(TopKOp op, const TensorView &input) {
  numerics::Choice choice{op.getType().getShape()[op.getAxis()],
                          int64_t(op.getAxis()), op.getLargest()};
  std::vector<int64_t> places =
      input.isFloat()
          ? numerics::topK(input.readReals(), input.getShape(), choice)
          : numerics::topK(input.readIntegers(), input.getShape(), choice);
  return numerics::writeIntegers(places, numerics::ElementKind::I64);
}

static Bytes evaluateScatter(ScatterOp op, ArrayRef<TensorView> operands) {
  const TensorView &input = operands[0], &updates = operands[2];
  std::vector<int64_t> indices = operands[1].readIntegers();
  auto kind = static_cast<numerics::ScatterKind>(op.getKind());
  int64_t rows = input.getShape()[0];
  if (input.isFloat())
    return numerics::writeReals(numerics::scatter(kind, input.readReals(), rows,
                                                  indices, updates.readReals()),
                                input.getKind());
  return numerics::writeIntegers(numerics::scatter(kind, input.readIntegers(),
                                                   rows, indices,
                                                   updates.readIntegers()),
                                 input.getKind());
}

static Bytes evaluateBoxes(NonMaxSuppressionOp op,
                           ArrayRef<TensorView> operands) {
  numerics::BoxRule rule;
  rule.boxesPerClass = op.getBoxesPerClass();
  rule.overlap = op.getIouThreshold().convertToFloat();
  if (auto threshold = op.getScoreThreshold())
    rule.score = threshold->convertToFloat();
  rule.isCentered = op.getCentered();
  auto floats = [](const TensorView &view) {
    std::vector<double> reals = view.readReals();
    return std::vector<float>(reals.begin(), reals.end());
  };
  return numerics::writeIntegers(
      numerics::suppressBoxes(rule, floats(operands[0]), floats(operands[1]),
                              operands[1].getShape()),
      numerics::ElementKind::I64);
}

std::optional<Bytes> evaluateIndex(Operation *op,
                                   ArrayRef<TensorView> operands) {
  using Result = std::optional<Bytes>;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](TopKOp o) -> Result { return evaluateTopK(o, operands[0]); })
      .Case([&](ScatterOp o) -> Result { return evaluateScatter(o, operands); })
      .Case([&](NonMaxSuppressionOp o) -> Result {
        return evaluateBoxes(o, operands);
      })
      .Default([](Operation *) { return std::nullopt; });
}

} // namespace qcc
