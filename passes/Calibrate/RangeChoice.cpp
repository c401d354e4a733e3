// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a histogram to a range. Clipping a few large values makes all steps
// finer; the methods differ in how they weigh the two:
//
//   minmax      clips nothing
//   percentile  clips the same small share at both ends; which share is chosen
//               by squared error, since a fixed one ruins some networks
//   entropy     least information lost (Kullback-Leibler divergence)
//   mse         least squared error
//
// The last two move both ends independently, so tensors with one long tail
// and tensors after a relu need no special case.

#include "passes/Calibrate/RangeObserver.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>

namespace qcc::calibrate {

static constexpr int levelCount = 256;
static constexpr double percentiles[] = {100,    99.9999, 99.9995, 99.999,
                                         99.995, 99.99,   99.95,   99.9};

Grid gridForRange(Range range) {
  double low = range.low, high = range.high;
  if (low == 0 && high == 0)
    return {1, 0};
  double scale = (high - low) / (levelCount - 1);
  Grid grid;
  // A denormal scale would overflow when something divides by it.
  grid.scale = std::max(static_cast<float>(scale), FLT_MIN);
  double zeroPoint = std::nearbyint(-low / scale);
  grid.zeroPoint =
      static_cast<int32_t>(std::clamp(zeroPoint, 0.0, levelCount - 1.0));
  return grid;
}

/// Border `bin` of the histogram, counted from its first.
static double borderOf(const Histogram &histogram, int64_t bin) {
  return std::ldexp(double(histogram.firstBin + bin), histogram.exponent);
}

namespace {

/// The ends of a grid as real numbers.
struct GridSpan {
  explicit GridSpan(Grid grid)
      : step(grid.scale), low(-grid.zeroPoint * step),
        high((levelCount - 1 - grid.zeroPoint) * step) {}

  /// The antiderivative, zero at zero, of the squared distance to the grid:
  /// each whole step adds step^3 / 12, the rest r adds r^3 / 3, and beyond the
  /// ends the distance to the end counts.
  double integrateError(double value) const {
    double inside = value < low ? low : value > high ? high : value;
    double outside = value - inside;
    // Truncation after a shift, because floor is a call without SSE 4.1.
    int steps =
        static_cast<int>(inside / step + (levelCount + 0.5)) - levelCount;
    double rest = inside - steps * step;
    return steps * (step * step * step / 12) + rest * rest * rest / 3 +
           outside * outside * outside / 3;
  }

  int levelOf(double value) const {
    double inside = value < low ? low : value > high ? high : value;
    return static_cast<int>((inside - low) / step + 0.5);
  }

  double step;
  double low;
  double high;
};

} // namespace

double estimateSquaredError(const Histogram &histogram, Range range) {
  if (histogram.counts.empty())
    return 0;
  GridSpan span(gridForRange(range));
  double width = std::ldexp(1.0, histogram.exponent);
  double start = borderOf(histogram, 0);
  double previous = span.integrateError(start);
  double sum = 0;
  for (int64_t i = 0; i < Histogram::binCount; ++i) {
    double next = span.integrateError(start + double(i + 1) * width);
    sum += double(histogram.counts[i]) * (next - previous);
    previous = next;
  }
  return sum / width;
}

namespace {

/// What one level of the grid collects.
struct Level {
  double mass = 0;
  int64_t usedBins = 0;
};

} // namespace

double estimateDivergence(const Histogram &histogram, Range range) {
  if (histogram.counts.empty())
    return 0;
  GridSpan span(gridForRange(range));
  double width = std::ldexp(1.0, histogram.exponent);
  double center = borderOf(histogram, 0) + width / 2;
  // P: the data, with what is clipped piled up on the end bins.
  // Q: what is not clipped, spread evenly over the used bins of each level.
  std::vector<double> kept(Histogram::binCount, 0);
  std::vector<Level> levels(levelCount);
  double total = 0, clippedLow = 0, clippedHigh = 0;
  int64_t first = -1, last = -1;
  for (int64_t i = 0; i < Histogram::binCount; ++i) {
    if (histogram.counts[i] == 0)
      continue;
    double mass = double(histogram.counts[i]),
           value = center + double(i) * width;
    total += mass;
    if (value < span.low - span.step / 2) {
      clippedLow += mass;
    } else if (value > span.high + span.step / 2) {
      clippedHigh += mass;
    } else {
      kept[i] = mass;
      Level &level = levels[span.levelOf(value)];
      level.mass += mass;
      ++level.usedBins;
      first = first < 0 ? i : first;
      last = i;
    }
  }
  double keptTotal = total - clippedLow - clippedHigh;
  if (first < 0 || keptTotal <= 0)
    return std::numeric_limits<double>::infinity();
  // Counts scatter, and so look different from an even level even if the data
  // is not: on average by half a degree of freedom for each bin beyond the
  // first of a level. Without this, small tensors would be clipped hard.
  double excess = 0;
  for (const Level &level : levels)
    excess += double(std::max<int64_t>(level.usedBins - 1, 0));
  double divergence = -excess / (2 * total);
  for (int64_t i = first; i <= last; ++i) {
    if (kept[i] == 0)
      continue;
    const Level &level = levels[span.levelOf(center + double(i) * width)];
    double data =
        kept[i] + (i == first ? clippedLow : 0) + (i == last ? clippedHigh : 0);
    double model = level.mass / double(level.usedBins) / keptTotal;
    divergence += data / total * std::log(data / total / model);
  }
  return divergence;
}

//===-- Search ------------------------------------------------------------===//

namespace {

using Objective = double (*)(const Histogram &, Range);

/// Looks for the best pair of ends. Each end is the observed one times
/// 2^-exponent; first a coarse net over both, then ever smaller steps around
/// the best pair.
class RangeSearch {
public:
  RangeSearch(const Histogram &histogram, Range observed, Objective objective)
      : histogram(histogram), observed(observed), objective(objective) {}

  Range run() {
    constexpr int coarseSteps = 12;
    constexpr double coarseStep = 0.5, finestStep = 1.0 / 64;
    int lowSteps = observed.low < 0 ? coarseSteps : 0;
    int highSteps = observed.high > 0 ? coarseSteps : 0;
    // Wide ranges come first and win ties.
    for (int low = 0; low <= lowSteps; ++low)
      for (int high = 0; high <= highSteps; ++high)
        tryEnds(low * coarseStep, high * coarseStep);
    for (double step = coarseStep / 2; step >= finestStep; step /= 2)
      refine(step);
    return best;
  }

private:
  void refine(double step) {
    constexpr int largestMoves = 4;
    bool hasMoved = true;
    for (int move = 0; hasMoved && move < largestMoves; ++move) {
      double low = bestLow, high = bestHigh;
      hasMoved = false;
      for (int i = -1; i <= 1; ++i)
        for (int j = -1; j <= 1; ++j)
          if (i != 0 || j != 0)
            hasMoved |= tryEnds(low + i * step, high + j * step);
    }
  }

  bool tryEnds(double low, double high) {
    if (low < 0 || high < 0)
      return false;
    Range range{static_cast<float>(observed.low * std::exp2(-low)),
                static_cast<float>(observed.high * std::exp2(-high))};
    double value = objective(histogram, range);
    if (!(value < bestValue))
      return false;
    bestValue = value;
    bestLow = low;
    bestHigh = high;
    best = range;
    return true;
  }

  const Histogram &histogram;
  Range observed;
  Objective objective;
  Range best;
  double bestLow = 0;
  double bestHigh = 0;
  double bestValue = std::numeric_limits<double>::infinity();
};

} // namespace

/// The value that `share` of all values lie below, if `isLow`, or above.
static double cutShare(const Histogram &histogram, double share, bool isLow) {
  auto total = double(histogram.zeros);
  for (uint64_t count : histogram.counts)
    total += double(count);
  double left = share * total;
  double width = std::ldexp(1.0, histogram.exponent);
  for (int64_t i = 0; i < Histogram::binCount; ++i) {
    int64_t bin = isLow ? i : Histogram::binCount - 1 - i;
    auto count = double(histogram.counts[bin]);
    if (count > left) {
      double part = width * left / count;
      return isLow ? borderOf(histogram, bin) + part
                   : borderOf(histogram, bin + 1) - part;
    }
    left -= count;
  }
  return 0;
}

static Range choosePercentile(const Histogram &histogram, Range observed) {
  Range best = observed;
  double bestError = std::numeric_limits<double>::infinity();
  for (double percentile : percentiles) {
    double share = (1 - percentile / 100) / 2;
    Range range;
    range.low =
        std::clamp(float(cutShare(histogram, share, true)), observed.low, 0.0f);
    range.high = std::clamp(float(cutShare(histogram, share, false)), 0.0f,
                            observed.high);
    double error = estimateSquaredError(histogram, range);
    if (error < bestError) {
      best = range;
      bestError = error;
    }
  }
  return best;
}

Range RangeObserver::chooseRange(CalibrationMethod method) const {
  Range observed{std::min(minimum(), 0.0f), std::max(maximum(), 0.0f)};
  if (bins.counts.empty())
    return observed;
  switch (method) {
  case CalibrationMethod::MinMax:
    return observed;
  case CalibrationMethod::Percentile:
    return choosePercentile(bins, observed);
  case CalibrationMethod::Entropy:
    return RangeSearch(bins, observed, estimateDivergence).run();
  case CalibrationMethod::Mse:
    return RangeSearch(bins, observed, estimateSquaredError).run();
  }
  return observed;
}

std::array<Range, calibrationMethodCount> RangeObserver::chooseRanges() const {
  std::array<Range, calibrationMethodCount> ranges;
  for (size_t i = 0; i < ranges.size(); ++i)
    ranges[i] = chooseRange(static_cast<CalibrationMethod>(i));
  return ranges;
}

} // namespace qcc::calibrate
