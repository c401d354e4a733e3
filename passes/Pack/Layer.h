// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What packing reads of a convolution or a linear layer: its constants, its
// geometry, and the scales folded into one start value and one multiplier for
// each output channel.

#ifndef PASSES_PACK_LAYER_H
#define PASSES_PACK_LAYER_H

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"

#include <optional>
#include <vector>

namespace qcc {

/// A convolution or linear layer in one form: a linear layer is a 1x1
/// convolution.
struct Layer {
  mlir::Operation *op;
  mlir::Value input, residual;
  ConstantBytes weight;
  std::optional<ConstantBytes> bias, scales;
  int64_t outputs, channels, height, width, group; // channels of one group
  llvm::SmallVector<int64_t> strides{1, 1}, pads{0, 0, 0, 0}, dilations{1, 1};
  mlir::FloatAttr lower, upper;
  QuantType inputGrid, resultGrid;

  bool isInteger() const { return static_cast<bool>(inputGrid); }
  int64_t taps() const { return height * width; }
  int64_t outputWidth() const {
    return mlir::cast<mlir::RankedTensorType>(op->getResult(0).getType())
        .getShape()
        .back();
  }
  bool isDepthwise() const {
    return channels == 1 && group == outputs && group > 1;
  }
  /// Weight of output `o`, channel `c` of its group, kernel place (y, x).
  template <typename T>
  T weightAt(int64_t o, int64_t c, int64_t y, int64_t x) const {
    return weight.as<T>()[((o * channels + c) * height + y) * width + x];
  }
};

/// Start values and multipliers, one a channel in logical order.
struct Scaling {
  std::vector<int32_t> start;
  std::vector<float> floatStart, multiplier;
  bool bounded = true;
};

/// Reads the constants of the qcc.conv or qcc.linear `op`; an error where one
/// of them is no constant.
mlir::FailureOr<Layer> describeLayer(mlir::Operation *op);

/// docs/numerics.md *bias*, *requantize*: folds the zero point and the scales.
mlir::FailureOr<Scaling> foldScales(const Layer &layer);

} // namespace qcc

#endif // PASSES_PACK_LAYER_H
