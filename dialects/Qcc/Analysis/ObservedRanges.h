// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What calibration left on a tensor: its range of values, the mean and the
// range of each channel. They stand as attributes on the op that computes the
// tensor, or on the function argument.

#ifndef DIALECTS_QCC_ANALYSIS_OBSERVEDRANGES_H
#define DIALECTS_QCC_ANALYSIS_OBSERVEDRANGES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Value.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

#include <optional>

namespace qcc {

/// `[low, high]` as an f32 array.
constexpr llvm::StringLiteral kRangeAttr = "qcc.range";
/// One mean per element of dimension 1, as an f32 array.
constexpr llvm::StringLiteral kMeansAttr = "qcc.channel_means";

/// The smallest and the largest value of each channel, zero included.
constexpr llvm::StringLiteral kLowsAttr = "qcc.channel_lows";
constexpr llvm::StringLiteral kHighsAttr = "qcc.channel_highs";

/// Real values from `low` to `high`, zero always among them.
struct Interval {
  float low = 0;
  float high = 0;

  float getExtent() const { return high - low; }
  void include(Interval other);
};

/// True for ops whose result has only elements of their operands, or values
/// between those: their result needs no range of its own and, quantized, has
/// the grid of the operands.
bool movesElements(mlir::Operation *op);

/// Notes, in the location, that the channels of `op`'s result are no longer
/// those of the model: it is not to be compared with it.
void markRescaled(mlir::Operation *op);
bool isRescaled(mlir::Operation *op);

/// The range of `value`: as calibrated; of a constant its smallest and largest
/// element; of ops that move elements the one of their operands. Nothing if it
/// is not known.
std::optional<Interval> getRange(mlir::Value value);

/// The calibrated f32 array `name` of `value`, or null.
mlir::DenseF32ArrayAttr getChannels(mlir::Value value, llvm::StringRef name);

/// True if the grid of `value` leaves too many of its channels almost no levels
/// for a convolution that does not mix them. Of tensors whose channels were
/// equalized nothing is known, nor is it needed.
bool hasPoorChannels(mlir::Value value);

/// Attaches `attribute` to the op or the argument behind `value`, or removes
/// what is there if `attribute` is null.
void setObservation(mlir::Value value, llvm::StringRef name,
                    mlir::Attribute attribute);

/// Removes all of them from the arguments and ops of `function`.
void dropObservations(mlir::FunctionOpInterface function);

} // namespace qcc

#endif // DIALECTS_QCC_ANALYSIS_OBSERVEDRANGES_H
