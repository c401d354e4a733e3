// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The streaming half of calibration, about 1 ns per value: calibration data is
// a hundred pictures times ten million activations. The loops are written over
// fixed lanes, so that the compiler vectorizes them without loosening what
// NaN and the order of additions mean.

#include "passes/Calibrate/RangeObserver.h"

#include "llvm/ADT/Twine.h"

#include <algorithm>
#include <cassert>
#include <cmath>

using namespace llvm;

namespace qcc::calibrate {

static constexpr size_t laneCount = 16;
/// Below this width the reciprocal of a bin is no longer a normal float.
static constexpr int smallestExponent = -120;
/// Counts go through 32-bit lanes, which more values could overflow.
[[maybe_unused]] static constexpr size_t largestCount = size_t(1) << 33;
/// Fewer values are counted directly, since emptying the lanes costs as much
/// as counting some thousands of values.
static constexpr size_t smallestLanePiece = 8192;

const char *getName(CalibrationMethod method) {
  constexpr const char *names[] = {"minmax", "percentile", "entropy", "mse"};
  return names[static_cast<size_t>(method)];
}

std::optional<CalibrationMethod> parseCalibrationMethod(std::string_view name) {
  for (size_t i = 0; i < calibrationMethodCount; ++i)
    if (name == getName(static_cast<CalibrationMethod>(i)))
      return static_cast<CalibrationMethod>(i);
  return std::nullopt;
}

RangeObserver::RangeObserver(std::string name, size_t channels,
                             size_t innerCount)
    : tensorName(std::move(name)), innerCount(innerCount),
      channelSums(channels, 0), channelLows(channels, 0),
      channelHighs(channels, 0) {
  assert(innerCount > 0 && "a channel has at least one element");
}

namespace {

struct Scan {
  float low = 0;
  float high = 0;
  uint64_t zeros = 0;
  bool isFinite = true;
};

} // namespace

/// Range, zeros and finiteness in one pass; `count` is at least 1.
static Scan scanValues(const float *values, size_t count) {
  float low[laneCount], high[laneCount], poison[laneCount] = {};
  uint32_t zeros[laneCount] = {};
  std::fill_n(low, laneCount, values[0]);
  std::fill_n(high, laneCount, values[0]);
  size_t whole = count - count % laneCount;
  for (size_t i = 0; i < whole; i += laneCount)
    for (size_t lane = 0; lane < laneCount; ++lane) {
      float value = values[i + lane];
      low[lane] = value < low[lane] ? value : low[lane];
      high[lane] = value > high[lane] ? value : high[lane];
      // 0 * infinity and 0 * NaN are NaN, and stay so.
      poison[lane] += value * 0.0f;
      zeros[lane] += value == 0.0f ? 1 : 0;
    }
  for (size_t i = whole; i < count; ++i) {
    low[0] = std::min(low[0], values[i]);
    high[0] = std::max(high[0], values[i]);
    poison[0] += values[i] * 0.0f;
    zeros[0] += values[i] == 0.0f;
  }
  Scan scan{low[0], high[0], 0, true};
  for (size_t lane = 0; lane < laneCount; ++lane) {
    scan.low = std::min(scan.low, low[lane]);
    scan.high = std::max(scan.high, high[lane]);
    scan.zeros += zeros[lane];
    scan.isFinite = scan.isFinite && poison[lane] == 0.0f;
  }
  return scan;
}

static Error notFinite(const std::string &name, const float *values) {
  size_t place = 0;
  while (std::isfinite(values[place]))
    ++place;
  return createStringError(
      Twine("tensor '") + name + "': expected finite activations, but got " +
      std::to_string(values[place]) + " at element " + Twine(place));
}

Error RangeObserver::observe(const float *values, size_t count) {
  assert(count < largestCount && "counters would overflow");
  assert(
      (channelSums.empty() || count % (channelSums.size() * innerCount) == 0) &&
      "values come in whole slices of all channels");
  if (count == 0)
    return Error::success();
  Scan scan = scanValues(values, count);
  if (!scan.isFinite)
    return notFinite(tensorName, values);
  lowest = valueCount ? std::min(lowest, scan.low) : scan.low;
  highest = valueCount ? std::max(highest, scan.high) : scan.high;
  valueCount += count;
  bins.zeros += scan.zeros;
  if (scan.zeros < count) {
    coverRange();
    addToBins(values, count);
    bins.counts[-bins.firstBin] -= scan.zeros;
  }
  addToChannels(values, count);
  return Error::success();
}

//===-- Histogram ---------------------------------------------------------===//

/// In f64, since the old width may be absurdly small for a new value.
static double binOf(float value, int exponent) {
  return std::floor(std::ldexp(double(value), -exponent));
}

/// Makes the bins reach from the lowest to the highest value and to zero:
///   width 2^e, bins [a, b)  ->  width 2^(e+n), bins [a >> n, ...)
/// Bins are counted from zero, so neighbours that merge at one width are the
/// halves of one bin at the next, and no count is ever split.
void RangeObserver::coverRange() {
  float low = std::min(lowest, 0.0f), high = std::max(highest, 0.0f);
  int exponent = bins.exponent;
  if (bins.counts.empty()) {
    // 1024 bins or a few more; the loop below repairs the edges.
    exponent =
        std::max(smallestExponent, std::ilogb(double(high) - double(low)) - 10);
    bins.counts.assign(Histogram::binCount, 0);
    bins.exponent = exponent;
    bins.firstBin = static_cast<int64_t>(binOf(low, exponent));
  }
  double windowStart = double(bins.firstBin);
  double windowEnd = windowStart + double(Histogram::binCount);
  if (binOf(low, exponent) >= windowStart && binOf(high, exponent) < windowEnd)
    return;
  while (binOf(high, exponent) - binOf(low, exponent) >= Histogram::binCount)
    ++exponent;
  auto first = static_cast<int64_t>(binOf(low, exponent));
  // A shift by 62 already maps every bin to 0 or -1.
  int shift = std::min(exponent - bins.exponent, 62);
  std::vector<uint64_t> merged(Histogram::binCount, 0);
  for (int64_t i = 0; i < Histogram::binCount; ++i) {
    if (bins.counts[i] == 0)
      continue;
    // findBins may have rounded a value into the bin above the last.
    int64_t bin = ((bins.firstBin + i) >> shift) - first;
    merged[std::min(bin, Histogram::binCount - 1)] += bins.counts[i];
  }
  bins.counts = std::move(merged);
  bins.exponent = exponent;
  bins.firstBin = first;
}

/// Bin numbers by truncation, since they are not negative. Rounding of tiny
/// values may move one across a border, never out of the window.
static void findBins(const float *values, size_t count, float inverse,
                     float first, int32_t *numbers) {
  constexpr float top = Histogram::binCount - 1;
  for (size_t i = 0; i < count; ++i) {
    float place = values[i] * inverse - first;
    place = place < top ? place : top;
    numbers[i] = static_cast<int32_t>(place);
  }
}

void RangeObserver::addToBins(const float *values, size_t count) {
  constexpr size_t blockSize = 256;
  constexpr size_t tableCount = 4;
  float inverse = std::ldexp(1.0f, -bins.exponent);
  auto first = static_cast<float>(bins.firstBin);
  int32_t numbers[blockSize];
  // Equal values in a row are common; separate tables keep one increment from
  // waiting for the last.
  std::vector<uint32_t> tables;
  bool usesTables = count >= smallestLanePiece;
  if (usesTables)
    tables.assign(tableCount * Histogram::binCount, 0);
  for (size_t i = 0; i < count; i += blockSize) {
    size_t size = std::min(blockSize, count - i);
    findBins(values + i, size, inverse, first, numbers);
    if (usesTables && size == blockSize) {
      for (size_t j = 0; j < blockSize; j += tableCount)
        for (size_t table = 0; table < tableCount; ++table)
          ++tables[table * Histogram::binCount + numbers[j + table]];
    } else {
      for (size_t j = 0; j < size; ++j)
        ++bins.counts[numbers[j]];
    }
  }
  for (size_t i = 0; i < tables.size(); ++i)
    bins.counts[i % Histogram::binCount] += tables[i];
}

//===-- Channels ----------------------------------------------------------===//

namespace {

struct ChannelPiece {
  double sum = 0;
  float low = 0;
  float high = 0;
};

} // namespace

static ChannelPiece summarizePiece(const float *values, size_t count) {
  double sums[laneCount] = {};
  float low[laneCount] = {}, high[laneCount] = {};
  size_t whole = count - count % laneCount;
  for (size_t i = 0; i < whole; i += laneCount)
    for (size_t lane = 0; lane < laneCount; ++lane) {
      float value = values[i + lane];
      sums[lane] += value;
      low[lane] = value < low[lane] ? value : low[lane];
      high[lane] = value > high[lane] ? value : high[lane];
    }
  for (size_t i = whole; i < count; ++i) {
    sums[0] += values[i];
    low[0] = std::min(low[0], values[i]);
    high[0] = std::max(high[0], values[i]);
  }
  ChannelPiece piece;
  for (size_t lane = 0; lane < laneCount; ++lane) {
    piece.sum += sums[lane];
    piece.low = std::min(piece.low, low[lane]);
    piece.high = std::max(piece.high, high[lane]);
  }
  return piece;
}

void RangeObserver::addToChannels(const float *values, size_t count) {
  size_t channels = channelSums.size();
  if (channels == 0)
    return;
  double *sums = channelSums.data();
  float *lows = channelLows.data(), *highs = channelHighs.data();
  if (innerCount == 1) {
    for (size_t i = 0; i < count; i += channels)
      for (size_t channel = 0; channel < channels; ++channel) {
        float value = values[i + channel];
        sums[channel] += value;
        lows[channel] = value < lows[channel] ? value : lows[channel];
        highs[channel] = value > highs[channel] ? value : highs[channel];
      }
    return;
  }
  size_t slice = channels * innerCount;
  for (size_t i = 0; i < count; i += slice)
    for (size_t channel = 0; channel < channels; ++channel) {
      ChannelPiece piece =
          summarizePiece(values + i + channel * innerCount, innerCount);
      sums[channel] += piece.sum;
      lows[channel] = std::min(lows[channel], piece.low);
      highs[channel] = std::max(highs[channel], piece.high);
    }
}

std::vector<float> RangeObserver::channelMeans() const {
  std::vector<float> means;
  double each =
      channelSums.empty() ? 1 : double(valueCount) / double(channelSums.size());
  for (double sum : channelSums)
    means.push_back(valueCount ? static_cast<float>(sum / each) : 0);
  return means;
}

std::vector<Range> RangeObserver::channelRanges() const {
  std::vector<Range> ranges;
  for (size_t channel = 0; channel < channelSums.size(); ++channel)
    ranges.push_back({channelLows[channel], channelHighs[channel]});
  return ranges;
}

} // namespace qcc::calibrate
