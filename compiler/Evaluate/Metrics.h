// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What evaluation measures. Each metric is a sum that samples are added to.

#ifndef QCC_COMPILER_EVALUATE_METRICS_H
#define QCC_COMPILER_EVALUATE_METRICS_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace qcc::evaluate {

/// The difference of two tensors. Elements that are NaN or infinite in either
/// are counted and otherwise left out.
class ErrorSum {
public:
  void add(llvm::ArrayRef<float> reference, llvm::ArrayRef<float> tested);

  /// Signal to quantization noise in decibels: infinite if the two are equal.
  double signalToNoise() const;
  /// Cosine of the angle between the two; 1 if both are zero.
  double cosine() const;
  double largestDifference() const { return largest; }
  uint64_t countElements() const { return elements; }
  uint64_t countNotFiniteInReference() const { return badReference; }
  uint64_t countNotFiniteInTested() const { return badTested; }

private:
  double signal = 0;  ///< Sum of reference^2.
  double power = 0;   ///< Sum of tested^2.
  double noise = 0;   ///< Sum of (reference - tested)^2.
  double product = 0; ///< Sum of reference * tested.
  double largest = 0;
  uint64_t elements = 0;
  uint64_t badReference = 0;
  uint64_t badTested = 0;
};

/// The index of the largest score; the first one of equals. NaN loses.
int64_t findBest(llvm::ArrayRef<float> scores);
/// How many scores beat that of `label`: 0 is top-1, below 5 is top-5. Equal
/// scores count if they come first.
int64_t rankOf(llvm::ArrayRef<float> scores, int64_t label);

/// A share of samples.
class Share {
public:
  void add(bool isHit) {
    hits += isHit;
    ++total;
  }
  /// 0 to 1; 0 without samples.
  double value() const { return total ? double(hits) / double(total) : 0; }
  uint64_t count() const { return total; }

private:
  uint64_t hits = 0;
  uint64_t total = 0;
};

/// Times of single runs.
class Latencies {
public:
  void add(double seconds) { values.push_back(seconds); }
  /// The value that `percent` of the runs stay below or reach (nearest rank);
  /// 0 percent is the minimum. 0 without runs.
  double percentile(double percent) const;

private:
  std::vector<double> values;
};

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_METRICS_H
