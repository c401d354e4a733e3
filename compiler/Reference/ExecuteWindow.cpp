// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools, softmax and resize.

#include "compiler/Reference/Families.h"
#include "dialects/Qcc/Numerics/PoolReference.h"
#include "dialects/Qcc/Numerics/ResizeReference.h"
#include "dialects/Qcc/Numerics/SoftmaxReference.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace qcc {

static_assert(uint32_t(ResizeMode::Cubic) ==
              uint32_t(numerics::ResizeMode::Cubic));
static_assert(uint32_t(Coordinates::HalfPixelSymmetric) ==
              uint32_t(numerics::Coordinates::HalfPixelSymmetric));
static_assert(uint32_t(NearestRounding::Ceil) ==
              uint32_t(numerics::NearestRounding::Ceil));

using Bytes = std::vector<char>;

template <size_t size>
static void copy(ArrayRef<int64_t> from, std::array<int64_t, size> &to) {
  std::copy_n(from.begin(), size, to.begin());
}

template <typename OpType> static numerics::PoolShape getPoolShape(OpType op) {
  numerics::PoolShape shape;
  copy(op.getInput().getType().getShape(), shape.input);
  copy(op.getType().getShape(), shape.result);
  copy(op.getKernel(), shape.kernel);
  copy(op.getStrides(), shape.strides);
  copy(op.getPads(), shape.pads);
  copy(op.getDilations(), shape.dilations);
  return shape;
}

static Bytes executeMaxPool(MaxPoolOp op, const TensorView &input) {
  double lowest = input.isQuantized()
                      ? double(input.getGrid().lowest)
                      : -std::numeric_limits<double>::infinity();
  // Integers keep their type: narrowing whole numbers loses nothing.
  return numerics::writeReals(
      numerics::maxPool(getPoolShape(op), input.readReals(), lowest),
      input.getKind());
}

static Bytes executeAveragePool(AveragePoolOp op, const TensorView &input) {
  std::vector<double> values = input.readReals();
  bool quantized = input.isQuantized();
  if (quantized)
    for (double &q : values)
      q -= double(input.getGrid().zeroPoint);
  std::vector<numerics::WindowSum> sums = numerics::sumPool(
      getPoolShape(op), values, op.getCountIncludePad());
  numerics::ElementKind kind = getElementKind(op.getType().getElementType());
  if (!quantized) {
    std::vector<double> means;
    for (const numerics::WindowSum &window : sums)
      means.push_back(window.sum / double(std::max<int64_t>(window.count, 1)));
    return numerics::writeReals(means, kind);
  }
  numerics::Grid from = input.getGrid();
  numerics::Grid to = getGrid(getQuantType(op.getType()));
  std::vector<int64_t> means;
  for (const numerics::WindowSum &window : sums)
    means.push_back(numerics::requantizeMean(static_cast<int64_t>(window.sum),
                                             window.count, from, to));
  return numerics::writeIntegers(means, kind);
}

static Bytes executeSoftmax(SoftmaxOp op, const TensorView &input) {
  return numerics::writeReals(numerics::softmax(input.readReals(),
                                                input.getShape(), op.getAxis(),
                                                op.getLog()),
                              input.getKind());
}

static Bytes executeResize(ResizeOp op, const TensorView &input) {
  numerics::ResizeRule rule;
  rule.mode = static_cast<numerics::ResizeMode>(op.getMode());
  rule.coordinates =
      static_cast<numerics::Coordinates>(op.getCoordinates());
  rule.rounding = static_cast<numerics::NearestRounding>(op.getRounding());
  rule.cubicCoefficient = op.getCubicCoefficient().convertToDouble();
  ArrayRef<int64_t> from = input.getShape(), to = op.getType().getShape();
  if (input.isQuantized())
    return numerics::writeIntegers(
        numerics::resize(rule, input.readIntegers(), from, to, op.getScales(),
                         input.getGrid()),
        input.getKind());
  return numerics::writeReals(
      numerics::resize(rule, input.readReals(), from, to, op.getScales()),
      input.getKind());
}

std::optional<Bytes> executeWindow(Operation *op,
                                   ArrayRef<TensorView> operands) {
  using Result = std::optional<Bytes>;
  const TensorView &input = operands.front();
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](MaxPoolOp o) -> Result { return executeMaxPool(o, input); })
      .Case([&](AveragePoolOp o) -> Result {
        return executeAveragePool(o, input);
      })
      .Case([&](SoftmaxOp o) -> Result { return executeSoftmax(o, input); })
      .Case([&](ResizeOp o) -> Result { return executeResize(o, input); })
      .Default([](Operation *) { return std::nullopt; });
}

} // namespace qcc
