// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows are shifted by their largest logit before exp, so that nothing
// overflows.

#include "compiler/Evaluate/LogitMetrics.h"

#include <cassert>
#include <cmath>
#include <limits>

namespace qcc::evaluate {

/// The largest of the row, and NaN if there is one.
static double findLargest(const float *logits, size_t vocabulary) {
  double largest = -std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < vocabulary; ++i) {
    if (std::isnan(logits[i]))
      return logits[i];
    largest = logits[i] > largest ? logits[i] : largest;
  }
  return largest;
}

/// A row whose logits are turned into log-probabilities one by one. The two
/// are subtracted in turn: a large logit would swallow the logarithm.
class LogSoftmax {
public:
  LogSoftmax(const float *logits, size_t vocabulary)
      : logits(logits), largest(findLargest(logits, vocabulary)) {
    double sum = 0;
    for (size_t i = 0; i < vocabulary; ++i)
      sum += std::exp(shifted(i));
    logSum = std::log(sum);
  }

  double operator[](size_t token) const { return shifted(token) - logSum; }

private:
  double shifted(size_t token) const {
    // Infinity minus itself is no number, but a logit may be infinite.
    return logits[token] == largest ? 0 : double(logits[token]) - largest;
  }

  const float *logits;
  double largest;
  double logSum;
};

double logProbability(const float *logits, size_t vocabulary, size_t token) {
  assert(token < vocabulary && "the token has a logit");
  return LogSoftmax(logits, vocabulary)[token];
}

double klDivergence(const float *base, const float *tested, size_t vocabulary) {
  LogSoftmax logBase(base, vocabulary), logTested(tested, vocabulary);
  double divergence = 0;
  for (size_t i = 0; i < vocabulary; ++i) {
    double probability = std::exp(logBase[i]);
    // The limit of p * log(p) is 0. NaN is not equal to it, and goes on.
    if (probability != 0)
      divergence += probability * (logBase[i] - logTested[i]);
  }
  return divergence;
}

double SampleMean::mean() const { return number ? sum / double(number) : 0; }

double SampleMean::standardError() const {
  if (number < 2)
    return 0;
  double variance = squares / double(number) - mean() * mean();
  // Rounding can take the variance of equal values below zero.
  return variance > 0 ? std::sqrt(variance / double(number - 1)) : 0;
}

} // namespace qcc::evaluate
