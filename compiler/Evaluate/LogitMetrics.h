// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is measured of rows of logits: probabilities, and how far one model's
// are from another's. All in f64, since perplexities are compared in their
// fourth digit.

#ifndef QCC_COMPILER_EVALUATE_LOGITMETRICS_H
#define QCC_COMPILER_EVALUATE_LOGITMETRICS_H

#include <cstddef>
#include <cstdint>

namespace qcc::evaluate {

/// The natural logarithm of a token's probability: log softmax(logits)[token].
/// NaN if a logit is NaN.
double logProbability(const float *logits, size_t vocabulary, size_t token);

/// KL(base || tested) in nats, the sum of p * log(p / q). 0 for rows that
/// differ by a constant, infinite where `tested` rules out what `base` does
/// not, NaN if a logit is NaN.
double klDivergence(const float *base, const float *tested, size_t vocabulary);

/// The mean of what was added, and how sure it is.
class SampleMean {
public:
  void add(double value) {
    sum += value;
    squares += value * value;
    ++number;
  }
  uint64_t count() const { return number; }
  /// 0 without values.
  double mean() const;
  /// Of the mean: the deviation of the values / sqrt(count - 1). 0 for fewer
  /// than two values.
  double standardError() const;

private:
  double sum = 0;
  double squares = 0;
  uint64_t number = 0;
};

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_LOGITMETRICS_H
