// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Watches one activation tensor while calibration data runs through the float
// model and proposes its quantization range. State is bounded (a histogram
// whose bins merge when the range grows), so one pass over any amount of data
// is enough.

#ifndef QCC_PASSES_CALIBRATE_RANGEOBSERVER_H
#define QCC_PASSES_CALIBRATE_RANGEOBSERVER_H

#include "llvm/Support/Error.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qcc::calibrate {

enum class CalibrationMethod { MinMax, Percentile, Entropy, Mse };
constexpr size_t calibrationMethodCount = 4;

/// `minmax`, `percentile`, `entropy`, `mse`: the words of the command line
/// and of the statistics file.
const char *getName(CalibrationMethod method);
std::optional<CalibrationMethod> parseCalibrationMethod(std::string_view name);

/// A range of real values; low <= 0 <= high always holds.
struct Range {
  float low = 0;
  float high = 0;

  bool operator==(const Range &other) const {
    return low == other.low && high == other.high;
  }
};

/// The u8 grid of a range: real = (code - zeroPoint) * scale.
struct Grid {
  float scale = 1;
  int32_t zeroPoint = 0;
};
/// Computed in f64 and rounded once; [0, 0] has scale 1.
Grid gridForRange(Range range);

/// Counts of values in bins of equal width 2^exponent; zero is always a border
/// between two bins, so that merging neighbours loses nothing. Exact zeros
/// are counted apart, since every grid represents them without error.
struct Histogram {
  static constexpr int64_t binCount = 2048;

  int exponent = 0;
  /// Bin i covers [(firstBin + i), (firstBin + i + 1)) * 2^exponent.
  int64_t firstBin = 0;
  std::vector<uint64_t> counts; ///< Without zeros; empty if there is no more.
  uint64_t zeros = 0;
};

class RangeObserver {
public:
  /// Observed tensors have `channels` slices of `innerCount` consecutive
  /// elements each (NHWC: innerCount 1; NCHW: height * width), any number of
  /// times over. With 0 channels no means and channel ranges are kept.
  explicit RangeObserver(std::string name, size_t channels = 0,
                         size_t innerCount = 1);

  /// Adds values; `count` must be a multiple of channels * innerCount, but a
  /// run may be given piecewise if the pieces are. NaN or infinity is an
  /// error that names the tensor.
  llvm::Error observe(const float *values, size_t count);

  const std::string &name() const { return tensorName; }
  uint64_t countValues() const { return valueCount; }
  /// Smallest and largest value seen, 0 if none.
  float minimum() const { return valueCount ? lowest : 0; }
  float maximum() const { return valueCount ? highest : 0; }
  const Histogram &histogram() const { return bins; }
  std::vector<float> channelMeans() const;
  /// Smallest and largest value of each channel, zero included.
  std::vector<Range> channelRanges() const;

  /// What the method proposes for u8; [0, 0] if nothing but zeros was seen.
  Range chooseRange(CalibrationMethod method) const;
  std::array<Range, calibrationMethodCount> chooseRanges() const;

private:
  void coverRange();
  void addToBins(const float *values, size_t count);
  void addToChannels(const float *values, size_t count);

  std::string tensorName;
  size_t innerCount;
  std::vector<double> channelSums;
  std::vector<float> channelLows;
  std::vector<float> channelHighs;
  uint64_t valueCount = 0;
  float lowest = 0;
  float highest = 0;
  Histogram bins;
};

/// Sum over the histogram of the squared error of quantizing to the u8 grid
/// of `range`, values being spread evenly within each bin.
double estimateSquaredError(const Histogram &histogram, Range range);

/// Kullback-Leibler divergence, in nats, between the histogram and what the
/// u8 grid of `range` keeps of it. Exact zeros do not take part.
double estimateDivergence(const Histogram &histogram, Range range);

} // namespace qcc::calibrate

#endif // QCC_PASSES_CALIBRATE_RANGEOBSERVER_H
