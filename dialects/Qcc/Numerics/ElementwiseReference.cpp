// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions of qcc.unary and qcc.binary.

#include "dialects/Qcc/Numerics/ElementwiseReference.h"

#include <algorithm>
#include <cmath>

namespace qcc::numerics {

static double sigmoid(double x) {
  // The exponential of a negative number only: no overflow on either side.
  double e = std::exp(-std::fabs(x));
  return (x < 0 ? e : 1.0) / (1.0 + e);
}

static double softplus(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
}

static double geluTanh(double x) {
  constexpr double root = 0.79788456080286535588; // sqrt(2 / pi)
  return 0.5 * x * (1.0 + std::tanh(root * (x + 0.044715 * x * x * x)));
}

/// The kinds that squash or gate their operand.
static double evaluateActivation(UnaryKind kind, double x, double alpha,
                                 double beta) {
  switch (kind) {
  case UnaryKind::Relu:
    return x < 0 ? 0 : x;
  case UnaryKind::LeakyRelu:
    return x < 0 ? alpha * x : x;
  case UnaryKind::Sigmoid:
    return sigmoid(x);
  case UnaryKind::HardSigmoid:
    return std::max(0.0, std::min(1.0, alpha * x + beta));
  case UnaryKind::HardSwish:
    return x * std::max(0.0, std::min(1.0, x / 6.0 + 0.5));
  case UnaryKind::Silu:
    return x * sigmoid(x);
  case UnaryKind::Elu:
    return x < 0 ? alpha * std::expm1(x) : x;
  case UnaryKind::Celu:
    return std::max(x, 0.0) +
           std::min(0.0, alpha * std::expm1(x / alpha));
  case UnaryKind::Selu:
    return beta * (x > 0 ? x : alpha * std::expm1(x));
  case UnaryKind::Gelu:
    return 0.5 * x * (1.0 + std::erf(x * 0.70710678118654752440));
  case UnaryKind::GeluTanh:
    return geluTanh(x);
  case UnaryKind::Mish:
    return x * std::tanh(softplus(x));
  case UnaryKind::Softplus:
    return softplus(x);
  case UnaryKind::Softsign:
    return x / (1.0 + std::fabs(x));
  default:
    return x > alpha ? x : 0; // thresholded_relu
  }
}

double evaluate(UnaryKind kind, double x, double alpha, double beta) {
  switch (kind) {
  case UnaryKind::Tanh:
    return std::tanh(x);
  case UnaryKind::Erf:
    return std::erf(x);
  case UnaryKind::Exp:
    return std::exp(x);
  case UnaryKind::Log:
    return std::log(x);
  case UnaryKind::Sqrt:
    return std::sqrt(x);
  case UnaryKind::Reciprocal:
    return 1.0 / x;
  case UnaryKind::Neg:
    return -x;
  case UnaryKind::Abs:
    return std::fabs(x);
  case UnaryKind::Floor:
    return std::floor(x);
  case UnaryKind::Ceil:
    return std::ceil(x);
  case UnaryKind::Round:
    return std::nearbyint(x);
  case UnaryKind::Sign:
    return x > 0 ? 1 : x < 0 ? -1 : x;
  case UnaryKind::Sin:
    return std::sin(x);
  case UnaryKind::Cos:
    return std::cos(x);
  case UnaryKind::Not:
    return x == 0;
  default:
    return evaluateActivation(kind, x, alpha, beta);
  }
}

bool hasIntegerForm(UnaryKind kind) {
  switch (kind) {
  case UnaryKind::Relu:
  case UnaryKind::Neg:
  case UnaryKind::Abs:
  case UnaryKind::Floor:
  case UnaryKind::Ceil:
  case UnaryKind::Round:
  case UnaryKind::Sign:
  case UnaryKind::Not:
    return true;
  default:
    return false;
  }
}

// Signed overflow is undefined in C++; the unsigned operations wrap.
static int64_t wrap(uint64_t value) { return static_cast<int64_t>(value); }

int64_t evaluateInteger(UnaryKind kind, int64_t x) {
  switch (kind) {
  case UnaryKind::Relu:
    return std::max<int64_t>(x, 0);
  case UnaryKind::Neg:
    return wrap(0 - static_cast<uint64_t>(x));
  case UnaryKind::Abs:
    return x < 0 ? wrap(0 - static_cast<uint64_t>(x)) : x;
  case UnaryKind::Sign:
    return (x > 0) - (x < 0);
  case UnaryKind::Not:
    return x == 0;
  default:
    return x;
  }
}

bool givesTruth(BinaryKind kind) {
  return kind >= BinaryKind::Equal && kind <= BinaryKind::Xor;
}

/// Comparisons and logic, of both element families.
template <typename T> static bool compare(BinaryKind kind, T a, T b) {
  switch (kind) {
  case BinaryKind::Equal:
    return a == b;
  case BinaryKind::Less:
    return a < b;
  case BinaryKind::LessOrEqual:
    return a <= b;
  case BinaryKind::Greater:
    return a > b;
  case BinaryKind::GreaterOrEqual:
    return a >= b;
  case BinaryKind::And:
    return a != 0 && b != 0;
  case BinaryKind::Or:
    return a != 0 || b != 0;
  default:
    return (a != 0) != (b != 0);
  }
}

static double modulo(double a, double b, bool cStyle) {
  double rest = std::fmod(a, b);
  return !cStyle && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

double evaluate(BinaryKind kind, double a, double b, bool cStyle) {
  switch (kind) {
  case BinaryKind::Add:
    return a + b;
  case BinaryKind::Sub:
    return a - b;
  case BinaryKind::Mul:
    return a * b;
  case BinaryKind::Div:
    return a / b;
  case BinaryKind::Pow:
    return std::pow(a, b);
  case BinaryKind::Max:
    return std::isnan(a) || a > b ? a : b;
  case BinaryKind::Min:
    return std::isnan(a) || a < b ? a : b;
  case BinaryKind::Mod:
    return modulo(a, b, cStyle);
  case BinaryKind::Prelu:
    return a < 0 ? b * a : a;
  default:
    return compare(kind, a, b);
  }
}

static int64_t integerPower(int64_t base, int64_t exponent) {
  if (exponent < 0)
    return base == 1 ? 1 : base == -1 ? (exponent & 1 ? -1 : 1) : 0;
  uint64_t result = 1, factor = base;
  for (; exponent; exponent >>= 1, factor *= factor)
    if (exponent & 1)
      result *= factor;
  return wrap(result);
}

static int64_t integerModulo(int64_t a, int64_t b, bool cStyle) {
  // The lowest integer modulo -1 overflows in the machine's division.
  if (b == 0 || b == -1)
    return 0;
  int64_t rest = a % b;
  return !cStyle && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

static int64_t integerDivide(int64_t a, int64_t b) {
  if (b == 0)
    return 0;
  return b == -1 ? wrap(0 - static_cast<uint64_t>(a)) : a / b;
}

int64_t evaluateInteger(BinaryKind kind, int64_t a, int64_t b, bool cStyle) {
  auto x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
  switch (kind) {
  case BinaryKind::Add:
    return wrap(x + y);
  case BinaryKind::Sub:
    return wrap(x - y);
  case BinaryKind::Mul:
    return wrap(x * y);
  case BinaryKind::Div:
    return integerDivide(a, b);
  case BinaryKind::Pow:
    return integerPower(a, b);
  case BinaryKind::Max:
    return std::max(a, b);
  case BinaryKind::Min:
    return std::min(a, b);
  case BinaryKind::Mod:
    return integerModulo(a, b, cStyle);
  case BinaryKind::Prelu:
    return a < 0 ? wrap(x * y) : a;
  case BinaryKind::And:
    return a & b;
  case BinaryKind::Or:
    return a | b;
  case BinaryKind::Xor:
    return a ^ b;
  default:
    return compare(kind, a, b);
  }
}

int64_t QuantizedBinary::operator()(int64_t a, int64_t b) const {
  int64_t left = a - lhs.zeroPoint, right = b - rhs.zeroPoint;
  if (kind == BinaryKind::Mul) {
    float m = getMultiplier(lhs.scale, rhs.scale, result.scale);
    return convert(static_cast<float>(left * right) * m, bounds, result);
  }
  float leftMultiplier = getMultiplier(lhs.scale, result.scale);
  float rightMultiplier = getMultiplier(rhs.scale, result.scale);
  if (kind == BinaryKind::Sub)
    rightMultiplier = -rightMultiplier;
  float t = std::fmaf(static_cast<float>(right), rightMultiplier,
                      static_cast<float>(left) * leftMultiplier);
  return convert(t, bounds, result);
}

std::vector<int64_t> broadcastStrides(Shape operand, Shape result) {
  std::vector<int64_t> strides(result.size(), 0);
  std::vector<int64_t> own = rowMajorStrides(operand);
  size_t offset = result.size() - operand.size();
  for (size_t i = 0; i < operand.size(); ++i)
    if (operand[i] != 1)
      strides[offset + i] = own[i];
  return strides;
}

} // namespace qcc::numerics
