// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ONNX Resize: which input elements a result element reads along one dimension,
// and with which weights. Kernels take their index tables from here. The
// enumerators are those of QccEnums.td, in its order.

#ifndef DIALECTS_QCC_NUMERICS_RESIZEREFERENCE_H
#define DIALECTS_QCC_NUMERICS_RESIZEREFERENCE_H

#include "dialects/Qcc/Numerics/Quantize.h"

namespace qcc::numerics {

enum class ResizeMode { Nearest, Linear, Cubic };
enum class Coordinates {
  HalfPixel,
  PytorchHalfPixel,
  AlignCorners,
  Asymmetric,
  HalfPixelSymmetric
};
enum class NearestRounding { RoundPreferFloor, RoundPreferCeil, Floor, Ceil };

/// The rule that all dimensions share.
struct ResizeRule {
  ResizeMode mode;
  Coordinates coordinates = Coordinates::HalfPixel;
  NearestRounding rounding = NearestRounding::RoundPreferFloor;
  double cubicCoefficient = -0.75;
};

/// An input element of a dimension and its weight.
struct Tap {
  int64_t index;
  double weight;
};

/// The input coordinate that position `i` of the result stands for.
double getCoordinate(Coordinates rule, int64_t inputSize, int64_t resultSize,
                     double scale, int64_t i);

/// The index of the element nearest to a coordinate.
double roundNearest(NearestRounding rounding, double x);

/// The taps of each result position of one dimension: 1 (nearest, or a
/// dimension that stays as it is), 2 (linear) or 4 (cubic).
std::vector<std::vector<Tap>> getTaps(const ResizeRule &rule, int64_t inputSize,
                                      int64_t resultSize, double scale);

/// Float elements in f64, one dimension after the other, the last one first.
std::vector<double> resize(const ResizeRule &rule, Span<const double> input,
                           Shape inputShape, Shape resultShape,
                           Span<const double> scales);

/// Integers of one grid: docs/numerics.md *resize*.
std::vector<int64_t> resize(const ResizeRule &rule, Span<const int64_t> input,
                            Shape inputShape, Shape resultShape,
                            Span<const double> scales, const Grid &grid);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_RESIZEREFERENCE_H
