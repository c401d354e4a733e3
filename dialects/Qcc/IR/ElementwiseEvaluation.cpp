// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The values of elementwise ops and reductions. Each has up to three forms, by
// element type: quantized, integer, float (in f64, rounded once).

#include "dialects/Qcc/IR/Evaluation.h"
#include "dialects/Qcc/Numerics/ElementwiseReference.h"
#include "dialects/Qcc/Numerics/LinearReference.h"
#include "dialects/Qcc/Numerics/PoolReference.h"
#include "dialects/Qcc/Numerics/ReduceReference.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;

namespace qcc {

static_assert(uint32_t(UnaryKind::Not) == uint32_t(numerics::UnaryKind::Not));
static_assert(uint32_t(BinaryKind::Xor) == uint32_t(numerics::BinaryKind::Xor));
static_assert(uint32_t(ReduceKind::SumSquare) ==
              uint32_t(numerics::ReduceKind::SumSquare));

using Bytes = std::vector<char>;

static numerics::ElementKind getResultKind(Operation *op) {
  return getElementKind(
      cast<RankedTensorType>(op->getResult(0).getType()).getElementType());
}

static numerics::Grid getResultGrid(Operation *op) {
  return getGrid(getQuantType(op->getResult(0).getType()));
}

static Bytes writeReals(Operation *op, ArrayRef<double> values) {
  return numerics::writeReals(values, getResultKind(op));
}

static Bytes writeIntegers(Operation *op, ArrayRef<int64_t> values) {
  return numerics::writeIntegers(values, getResultKind(op));
}

static std::optional<float> toFloat(std::optional<APFloat> value) {
  if (!value)
    return std::nullopt;
  return value->convertToFloat();
}

/// docs/numerics.md *table*, entry by entry.
template <typename Function>
static Bytes evaluateTable(Operation *op, const TensorView &input,
                           Function function) {
  numerics::Grid from = input.getGrid(), to = getResultGrid(op);
  std::vector<int64_t> values = input.readIntegers();
  for (int64_t &q : values)
    q = numerics::quantize(
        static_cast<float>(function(double(numerics::dequantize(q, from)))),
        to);
  return writeIntegers(op, values);
}

static Bytes evaluateUnary(UnaryOp op, const TensorView &input) {
  auto kind = static_cast<numerics::UnaryKind>(op.getKind());
  double alpha = op.getAlpha().convertToDouble();
  double beta = op.getBeta().convertToDouble();
  auto apply = [&](double x) {
    return numerics::evaluate(kind, x, alpha, beta);
  };
  if (input.isQuantized())
    return evaluateTable(op, input, apply);
  if (!input.isFloat() && numerics::hasIntegerForm(kind)) {
    std::vector<int64_t> values = input.readIntegers();
    for (int64_t &x : values)
      x = numerics::evaluateInteger(kind, x);
    return writeIntegers(op, values);
  }
  std::vector<double> values = input.readReals();
  for (double &x : values)
    x = apply(x);
  return writeReals(op, values);
}

static int64_t clampInteger(int64_t x, std::optional<float> lower,
                            std::optional<float> upper) {
  if (lower && std::isfinite(*lower) && double(x) < *lower)
    x = static_cast<int64_t>(std::ceil(*lower));
  if (upper && std::isfinite(*upper) && double(x) > *upper)
    x = static_cast<int64_t>(std::floor(*upper));
  return x;
}

static Bytes evaluateClamp(ClampOp op, const TensorView &input) {
  std::optional<float> lower = toFloat(op.getLower());
  std::optional<float> upper = toFloat(op.getUpper());
  auto apply = [&](double x) {
    // False for NaN, which selects the bound.
    if (lower)
      x = x > *lower ? x : *lower;
    if (upper)
      x = x < *upper ? x : *upper;
    return x;
  };
  if (input.isQuantized())
    return evaluateTable(op, input, apply);
  if (!input.isFloat()) {
    std::vector<int64_t> values = input.readIntegers();
    for (int64_t &x : values)
      x = clampInteger(x, lower, upper);
    return writeIntegers(op, values);
  }
  std::vector<double> values = input.readReals();
  for (double &x : values)
    x = apply(x);
  return writeReals(op, values);
}

/// Applies `function` to the broadcast elements of two operands.
template <typename T, typename Function>
static std::vector<T> broadcast(BinaryOp op, ArrayRef<T> lhs, ArrayRef<T> rhs,
                                Function function) {
  ArrayRef<int64_t> result = op.getType().getShape();
  std::vector<T> values(op.getType().getNumElements());
  numerics::visitBroadcast(
      result, {op.getLhs().getType().getShape(),
               op.getRhs().getType().getShape()},
      [&](int64_t i, int64_t a, int64_t b, int64_t) {
        values[i] = function(lhs[a], rhs[b]);
      });
  return values;
}

static Bytes evaluateBinary(BinaryOp op, ArrayRef<TensorView> operands) {
  const TensorView &lhs = operands[0], &rhs = operands[1];
  auto kind = static_cast<numerics::BinaryKind>(op.getKind());
  std::optional<float> lower = toFloat(op.getLower());
  std::optional<float> upper = toFloat(op.getUpper());
  bool cStyle = op.getCStyle();
  if (lhs.isQuantized()) {
    numerics::Grid grid = getResultGrid(op);
    numerics::QuantizedBinary function = {
        kind, lhs.getGrid(), rhs.getGrid(), grid,
        numerics::getBounds(grid, lower, upper)};
    return writeIntegers(op, broadcast<int64_t>(op, lhs.readIntegers(),
                                                rhs.readIntegers(), function));
  }
  if (!lhs.isFloat()) {
    auto function = [&](int64_t a, int64_t b) {
      return clampInteger(numerics::evaluateInteger(kind, a, b, cStyle), lower,
                          upper);
    };
    return writeIntegers(op, broadcast<int64_t>(op, lhs.readIntegers(),
                                                rhs.readIntegers(), function));
  }
  numerics::Activation activation = {lower, upper};
  auto function = [&](double a, double b) {
    double value = numerics::evaluate(kind, a, b, cStyle);
    return lower || upper ? activation.apply(static_cast<float>(value)) : value;
  };
  return writeReals(op, broadcast<double>(op, lhs.readReals(), rhs.readReals(),
                                          function));
}

static Bytes evaluateSelect(SelectOp op, ArrayRef<TensorView> operands) {
  int64_t width = getElementBytes(op.getType().getElementType());
  Bytes bytes(op.getType().getNumElements() * width);
  numerics::visitBroadcast(
      op.getType().getShape(),
      {operands[0].getShape(), operands[1].getShape(), operands[2].getShape()},
      [&](int64_t i, int64_t c, int64_t a, int64_t b) {
        bool first = operands[0].bytes[c] != 0;
        const char *from = first ? operands[1].bytes.data() + a * width
                                 : operands[2].bytes.data() + b * width;
        std::copy_n(from, width, bytes.data() + i * width);
      });
  return bytes;
}

static Bytes evaluateCast(CastOp op, const TensorView &input) {
  if (input.isFloat())
    return writeReals(op, input.readReals());
  return writeIntegers(op, input.readIntegers());
}

static Bytes evaluateQuantize(QuantizeOp op, const TensorView &input) {
  numerics::Grid grid = getResultGrid(op);
  std::vector<int64_t> result;
  for (double x : input.readReals())
    result.push_back(numerics::quantize(static_cast<float>(x), grid));
  return writeIntegers(op, result);
}

static Bytes evaluateDequantize(DequantizeOp op, const TensorView &input) {
  numerics::Grid grid = input.getGrid();
  std::vector<double> result;
  for (int64_t q : input.readIntegers())
    result.push_back(numerics::dequantize(q, grid));
  return writeReals(op, result);
}

static Bytes evaluateRequantize(RequantizeOp op, const TensorView &input) {
  numerics::Grid from = input.getGrid(), to = getResultGrid(op);
  std::vector<int64_t> values = input.readIntegers();
  for (int64_t &q : values)
    q = numerics::requantize(q, from, to);
  return writeIntegers(op, values);
}

static Bytes evaluateReduce(ReduceOp op, const TensorView &input) {
  auto kind = static_cast<numerics::ReduceKind>(op.getKind());
  ArrayRef<int64_t> shape = input.getShape(), axes = op.getAxes();
  if (input.isFloat())
    return writeReals(op,
                      numerics::reduce(kind, input.readReals(), shape, axes));
  std::vector<int64_t> values = input.readIntegers();
  if (!input.isQuantized() || kind != numerics::ReduceKind::Mean)
    return writeIntegers(op, numerics::reduce(kind, values, shape, axes));
  for (int64_t &q : values)
    q -= input.getGrid().zeroPoint;
  values = numerics::reduce(numerics::ReduceKind::Sum, values, shape, axes);
  int64_t count = numerics::countReduced(shape, axes);
  for (int64_t &sum : values)
    sum = numerics::requantizeMean(sum, count, input.getGrid(),
                                   getResultGrid(op));
  return writeIntegers(op, values);
}

std::optional<Bytes> evaluateElementwise(Operation *op,
                                         ArrayRef<TensorView> operands) {
  using Result = std::optional<Bytes>;
  const TensorView &input = operands.front();
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](UnaryOp o) -> Result { return evaluateUnary(o, input); })
      .Case([&](ClampOp o) -> Result { return evaluateClamp(o, input); })
      .Case([&](BinaryOp o) -> Result { return evaluateBinary(o, operands); })
      .Case([&](SelectOp o) -> Result { return evaluateSelect(o, operands); })
      .Case([&](CastOp o) -> Result { return evaluateCast(o, input); })
      .Case([&](QuantizeOp o) -> Result { return evaluateQuantize(o, input); })
      .Case([&](DequantizeOp o) -> Result {
        return evaluateDequantize(o, input);
      })
      .Case([&](RequantizeOp o) -> Result {
        return evaluateRequantize(o, input);
      })
      .Case([&](ReduceOp o) -> Result { return evaluateReduce(o, input); })
      .Default([](Operation *) { return std::nullopt; });
}

} // namespace qcc
