// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Circular and hyperbolic functions by the functions there are.

#include "compiler/Import/Onnx/Nodes.h"

#include <cmath>

using namespace mlir;

namespace qcc::onnx_import {

namespace {

/// Elementwise arithmetic on one tensor, written as it is read.
class Arithmetic {
public:
  explicit Arithmetic(GraphBuilder &build) : build(build) {}

  Value apply(UnaryKind kind, Value x) { return build.unary(kind, x); }
  template <typename T> Value add(Value a, T b) {
    return build.binary(BinaryKind::Add, a, b);
  }
  template <typename T> Value sub(Value a, T b) {
    return build.binary(BinaryKind::Sub, a, b);
  }
  template <typename T> Value mul(Value a, T b) {
    return build.binary(BinaryKind::Mul, a, b);
  }
  template <typename T> Value div(Value a, T b) {
    return build.binary(BinaryKind::Div, a, b);
  }
  /// number - x
  Value subFrom(double number, Value x) {
    return add(apply(UnaryKind::Neg, x), number);
  }
  Value abs(Value x) { return apply(UnaryKind::Abs, x); }
  Value sqrt(Value x) { return apply(UnaryKind::Sqrt, x); }
  Value sign(Value x) { return apply(UnaryKind::Sign, x); }
  Value select(Value condition, Value a, Value b) {
    return build.select(condition, a, b);
  }
  Value isLess(Value x, double limit) {
    return build.binary(BinaryKind::Less, x, limit);
  }

  Value atan(Value x);
  Value asin(Value x);
  Value acos(Value x);
  Value atanh(Value x);

private:
  GraphBuilder &build;
};

} // namespace

// atan(x) of 0 to 1 is 2 atan(x / (1 + sqrt(1 + x^2))), whose argument is at
// most tan(pi / 8); beyond 1 it is pi / 2 - atan(1 / x). The polynomial was
// fitted at Chebyshev points, error 6e-10.
Value Arithmetic::atan(Value x) {
  Value magnitude = abs(x);
  Value isSmall = isLess(magnitude, 1);
  Value folded =
      select(isSmall, magnitude, apply(UnaryKind::Reciprocal, magnitude));
  Value half = div(folded, add(sqrt(add(mul(folded, folded), 1.0)), 1.0));
  Value square = mul(half, half);
  Value sum = add(mul(square, -0.0603324517), 0.105728203);
  for (double coefficient :
       {-0.142399846, 0.19998211, -0.333333075, 0.999999999})
    sum = add(mul(sum, square), coefficient);
  Value angle = mul(mul(half, sum), 2.0);
  return mul(select(isSmall, angle, subFrom(M_PI / 2, angle)), sign(x));
}

// asin(x) = atan(x / sqrt((1 - x) (1 + x)))
Value Arithmetic::asin(Value x) {
  return atan(div(x, sqrt(mul(subFrom(1, x), add(x, 1.0)))));
}

// acos(x) = 2 atan(sqrt((1 - x) / (1 + x))), exact near 1 where it is small
Value Arithmetic::acos(Value x) {
  return mul(atan(sqrt(div(subFrom(1, x), add(x, 1.0)))), 2.0);
}

// atanh(x) = log((1 + x) / (1 - x)) / 2; near 0, where that loses all digits,
// x + x^3 / 3 + x^5 / 5 + x^7 / 7
Value Arithmetic::atanh(Value x) {
  Value square = mul(x, x);
  Value series = add(mul(square, 1.0 / 7), 0.2);
  series = add(mul(series, square), 1.0 / 3);
  series = mul(add(mul(series, square), 1.0), x);
  Value ratio = div(add(x, 1.0), subFrom(1, x));
  return select(isLess(abs(x), 0.1), series,
                mul(apply(UnaryKind::Log, ratio), 0.5));
}

void importTrigonometric(Node &node) {
  Arithmetic math(node.build);
  Value x = node.input(0), result;
  StringRef type = node.getType();
  if (type == "Tan") {
    result =
        math.div(math.apply(UnaryKind::Sin, x), math.apply(UnaryKind::Cos, x));
  } else if (type == "Atan") {
    result = math.atan(x);
  } else if (type == "Asin") {
    result = math.asin(x);
  } else if (type == "Acos") {
    result = math.acos(x);
  } else if (type == "Atanh") {
    result = math.atanh(x);
  } else if (type == "Sinh" || type == "Cosh") {
    Value grown = math.apply(UnaryKind::Exp, x);
    Value decayed = math.apply(UnaryKind::Exp, math.apply(UnaryKind::Neg, x));
    result = math.mul(type == "Sinh" ? math.sub(grown, decayed)
                                     : math.add(grown, decayed),
                      0.5);
  } else {
    // Asinh, Acosh: log(|x| + sqrt(x^2 +- 1)), the first with x's sign.
    bool isSine = type == "Asinh";
    Value side = math.add(math.mul(x, x), isSine ? 1.0 : -1.0);
    result = math.apply(UnaryKind::Log, math.add(math.abs(x), math.sqrt(side)));
    if (isSine)
      result = math.mul(result, math.sign(x));
  }
  node.setOutput(0, result);
}

} // namespace qcc::onnx_import
