// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The formulas of each scaling, as the papers and transformers state them.

#include "compiler/Import/Decoder/RotaryScaling.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace qcc {

static constexpr double kPi = 3.14159265358979323846;

/// A rotary whose frequencies are `scale(i, frequency)`.
template <typename Function>
static Rotary makeScaled(RotaryBase base, Function scale) {
  Rotary rotary;
  int64_t pairs = base.size / 2;
  rotary.inverseFrequencies.reserve(pairs);
  for (int64_t i = 0; i < pairs; ++i) {
    double exponent =
        -2.0 * static_cast<double>(i) / static_cast<double>(base.size);
    double frequency = scale(i, std::pow(base.base, exponent));
    rotary.inverseFrequencies.push_back(static_cast<float>(frequency));
  }
  return rotary;
}

Rotary makeRotary(RotaryBase base) { return makeLinearRotary(base, 1); }

Rotary makeLinearRotary(RotaryBase base, double factor) {
  return makeScaled(
      base, [&](int64_t, double frequency) { return frequency / factor; });
}

Rotary makeLlama3Rotary(RotaryBase base, const Llama3Scaling &scaling) {
  return makeScaled(base, [&](int64_t, double frequency) {
    double turns = scaling.originalTokens * frequency / (2 * kPi);
    if (turns < scaling.lowFactor)
      return frequency / scaling.factor;
    if (turns > scaling.highFactor)
      return frequency;
    double share =
        (turns - scaling.lowFactor) / (scaling.highFactor - scaling.lowFactor);
    return (1 - share) * frequency / scaling.factor + share * frequency;
  });
}

double getYarnMagnitude(double factor, double scale) {
  return factor <= 1 ? 1 : 0.1 * scale * std::log(factor) + 1;
}

Rotary makeYarnRotary(RotaryBase base, const YarnScaling &scaling) {
  auto size = static_cast<double>(base.size);
  // The i, not a whole number, of a pair that turns `turns` times.
  auto findPair = [&](double turns) {
    return size * std::log(scaling.originalTokens / (turns * 2 * kPi)) /
           (2 * std::log(base.base));
  };
  double first = findPair(scaling.betaFast), last = findPair(scaling.betaSlow);
  if (scaling.isTruncated) {
    first = std::floor(first);
    last = std::ceil(last);
  }
  first = std::max(first, 0.0);
  last = std::min(last, size - 1);
  if (first == last)
    last += 0.001; // no division by zero
  Rotary rotary = makeScaled(base, [&](int64_t i, double frequency) {
    double ramp = (static_cast<double>(i) - first) / (last - first);
    double stretched = std::clamp(ramp, 0.0, 1.0);
    return frequency / scaling.factor * stretched + frequency * (1 - stretched);
  });
  rotary.magnitude = static_cast<float>(getYarnMagnitude(scaling.factor));
  return rotary;
}

void divideFrequencies(Rotary &rotary, llvm::ArrayRef<float> factors) {
  assert(factors.size() == rotary.inverseFrequencies.size() &&
         "one factor a pair");
  for (size_t i = 0; i < factors.size(); ++i)
    rotary.inverseFrequencies[i] /= factors[i];
}

double getLongropeMagnitude(double factor, double originalTokens) {
  if (factor <= 1 || originalTokens <= 1)
    return 1;
  return std::sqrt(1 + std::log(factor) / std::log(originalTokens));
}

} // namespace qcc
