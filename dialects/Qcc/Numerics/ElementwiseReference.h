// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions of one and two elements, and their application to tensors with
// NumPy broadcasting. The enumerators are those of QccEnums.td, in its order.

#ifndef DIALECTS_QCC_NUMERICS_ELEMENTWISEREFERENCE_H
#define DIALECTS_QCC_NUMERICS_ELEMENTWISEREFERENCE_H

#include "dialects/Qcc/Numerics/Quantize.h"

namespace qcc::numerics {

enum class UnaryKind {
  Relu,
  LeakyRelu,
  Sigmoid,
  Tanh,
  HardSigmoid,
  HardSwish,
  Silu,
  Elu,
  Celu,
  Selu,
  Gelu,
  GeluTanh,
  Mish,
  Softplus,
  Softsign,
  ThresholdedRelu,
  Erf,
  Exp,
  Log,
  Sqrt,
  Reciprocal,
  Neg,
  Abs,
  Floor,
  Ceil,
  Round,
  Sign,
  Sin,
  Cos,
  Not
};

enum class BinaryKind {
  Add,
  Sub,
  Mul,
  Div,
  Pow,
  Max,
  Min,
  Mod,
  Prelu,
  Equal,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  And,
  Or,
  Xor
};

/// `kind(x)` in f64.
double evaluate(UnaryKind kind, double x, double alpha, double beta);

/// `kind(x)` of an integer, for the kinds that integers have (relu, neg, abs,
/// sign, not, and those that round, which change nothing).
bool hasIntegerForm(UnaryKind kind);
int64_t evaluateInteger(UnaryKind kind, int64_t x);

/// `kind(a, b)` in f64; comparisons and logic give 0 or 1.
double evaluate(BinaryKind kind, double a, double b, bool cStyle);

/// `kind(a, b)` of integers, wrapping; division by zero gives 0.
int64_t evaluateInteger(BinaryKind kind, int64_t a, int64_t b, bool cStyle);

/// True for the kinds whose result is a truth value.
bool givesTruth(BinaryKind kind);

/// What a quantized add, sub or mul needs (docs/numerics.md *add*, *mul*).
struct QuantizedBinary {
  BinaryKind kind;
  Grid lhs;
  Grid rhs;
  Grid result;
  Bounds bounds;

  int64_t operator()(int64_t a, int64_t b) const;
};

/// One step through the operand of a broadcast, in elements, for each dimension
/// of the result: 0 where the operand repeats.
std::vector<int64_t> broadcastStrides(Shape operand, Shape result);

/// Calls `visit(i, a, b, c)` for each element `i` of `result`, in order, with
/// the index of the operand's element in each of up to three operands.
template <typename Visitor>
void visitBroadcast(Shape result, const std::vector<Shape> &operands,
                    Visitor visit) {
  int64_t indices[3] = {0, 0, 0};
  std::vector<std::vector<int64_t>> strides;
  for (Shape operand : operands)
    strides.push_back(broadcastStrides(operand, result));
  std::vector<int64_t> position(result.size(), 0);
  int64_t count = countElements(result);
  for (int64_t i = 0; i < count; ++i) {
    visit(i, indices[0], indices[1], indices[2]);
    for (size_t d = result.size(); d-- > 0;) {
      bool wraps = ++position[d] == result[d];
      for (size_t o = 0; o < strides.size(); ++o)
        indices[o] += wraps ? -strides[o][d] * (result[d] - 1) : strides[o][d];
      if (!wraps)
        break;
      position[d] = 0;
    }
  }
}

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_ELEMENTWISEREFERENCE_H
