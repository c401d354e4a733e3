// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The statistics file of `--save-statistics` and `--load-statistics`: what
// calibration saw, as text that people read and edit. It holds the range that
// every method would choose, so the method can change without a new run.
//
//   qcc-statistics 1
//   method mse
//   samples 100
//
//   tensor "relu_1"
//     observed 0 6.25            smallest and largest value
//     range 0 5.5                what is used: edit this line
//     minmax 0 6.25              what each method proposes
//     percentile 0 6.1
//     entropy 0 5.75
//     mse 0 5.5
//     means 0.5 0.25             one per channel
//     lows 0 0                   smallest value of each channel, or zero
//     highs 6.25 3               largest value of each channel, or zero
//
// A `range` that differs from the proposal of the file's method was edited by
// hand, and stays whatever method is asked for later. `#` starts a comment.

#ifndef QCC_PASSES_CALIBRATE_STATISTICS_H
#define QCC_PASSES_CALIBRATE_STATISTICS_H

#include "passes/Calibrate/RangeObserver.h"

#include "llvm/ADT/StringRef.h"

namespace qcc::calibrate {

struct TensorStatistics {
  std::string name;
  float minimum = 0;
  float maximum = 0;
  /// The proposal of each method, indexed by CalibrationMethod.
  std::array<Range, calibrationMethodCount> proposals;
  /// Set if someone wrote a range of their own.
  std::optional<Range> editedRange;
  std::vector<float> channelMeans;
  /// Empty, or one for each channel.
  std::vector<float> channelLows;
  std::vector<float> channelHighs;
};

struct Statistics {
  CalibrationMethod method = CalibrationMethod::Mse;
  uint64_t samples = 0;
  std::vector<TensorStatistics> tensors;

  /// Null if the tensor is not there. Linear in the number of tensors.
  const TensorStatistics *find(llvm::StringRef name) const;
  /// The edited range, or else the proposal of `method`.
  static Range rangeOf(const TensorStatistics &tensor,
                       CalibrationMethod method);
};

/// What an observer has to say about its tensor.
TensorStatistics summarize(const RangeObserver &observer);

std::string printStatistics(const Statistics &statistics);
/// Errors read `file:line: expected ..., but got ...`.
llvm::Expected<Statistics> parseStatistics(llvm::StringRef text,
                                           llvm::StringRef fileName);

/// Replaces `path` in one step: a failure leaves no partial file.
llvm::Error saveStatistics(llvm::StringRef path, const Statistics &statistics);
llvm::Expected<Statistics> loadStatistics(llvm::StringRef path);

} // namespace qcc::calibrate

#endif // QCC_PASSES_CALIBRATE_STATISTICS_H
