// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums are kept in f64: a million f32 squares lose digits that matter at 60 dB.

#include "compiler/Evaluate/Metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

using namespace llvm;

namespace qcc::evaluate {

void ErrorSum::add(ArrayRef<float> reference, ArrayRef<float> tested) {
  assert(reference.size() == tested.size() && "tensors of one shape");
  elements += reference.size();
  for (size_t i = 0; i < reference.size(); ++i) {
    double expected = reference[i], actual = tested[i];
    bool isGood = std::isfinite(expected), isGoodToo = std::isfinite(actual);
    badReference += !isGood;
    badTested += !isGoodToo;
    if (!isGood || !isGoodToo)
      continue;
    double difference = expected - actual;
    signal += expected * expected;
    power += actual * actual;
    noise += difference * difference;
    product += expected * actual;
    largest = std::max(largest, std::abs(difference));
  }
}

double ErrorSum::signalToNoise() const {
  if (noise == 0)
    return std::numeric_limits<double>::infinity();
  return 10 * std::log10(signal / noise);
}

double ErrorSum::cosine() const {
  if (signal == 0 || power == 0)
    return signal == power ? 1 : 0;
  return product / std::sqrt(signal * power);
}

int64_t findBest(ArrayRef<float> scores) {
  int64_t best = -1;
  for (size_t i = 0; i < scores.size(); ++i)
    if (!std::isnan(scores[i]) && (best < 0 || scores[i] > scores[best]))
      best = static_cast<int64_t>(i);
  return std::max<int64_t>(best, 0);
}

int64_t rankOf(ArrayRef<float> scores, int64_t label) {
  auto count = static_cast<int64_t>(scores.size());
  assert(label >= 0 && label < count && "the label names a score");
  if (std::isnan(scores[label]))
    return count - 1;
  int64_t rank = 0;
  for (int64_t i = 0; i < count; ++i)
    rank +=
        scores[i] > scores[label] || (scores[i] == scores[label] && i < label);
  return rank;
}

double Latencies::percentile(double percent) const {
  if (values.empty())
    return 0;
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  double rank = std::ceil(percent / 100 * double(sorted.size()));
  auto index = static_cast<size_t>(std::max(rank, 1.0)) - 1;
  return sorted[std::min(index, sorted.size() - 1)];
}

} // namespace qcc::evaluate
