// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cuts come first because they are cheap: one pass over the vocabulary keeps
// the top_k best, and exp is only taken of what is left. All sums are f64, in
// the order of the candidates.

#include "runtime/text/sampler.h"

#include "runtime/core/status.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <unordered_map>
#include <vector>

namespace {

constexpr float minusInfinity = -std::numeric_limits<float>::infinity();

struct Candidate {
  float logit;
  int32_t token;
  double weight; ///< exp(logit - best), at most 1.
};

bool isBetter(const Candidate &a, const Candidate &b) {
  return a.logit > b.logit || (a.logit == b.logit && a.token < b.token);
}

/// 1 / n!, from n = 13 down to 0.
constexpr double inverseFactorials[] = {1 / 6227020800.,
                                        1 / 479001600.,
                                        1 / 39916800.,
                                        1 / 3628800.,
                                        1 / 362880.,
                                        1 / 40320.,
                                        1 / 5040.,
                                        1 / 720.,
                                        1 / 120.,
                                        1 / 24.,
                                        1 / 6.,
                                        1 / 2.,
                                        1,
                                        1};

/// exp(x) for x <= 0 to about 1 ulp, from operations that IEEE 754 defines:
/// the C library's exp rounds differently where the machine has FMA.
///
///   x = k * ln 2 + r, |r| <= 0.35   =>   exp(x) = 2^k * (1 + r + r^2/2 + ...)
double exponential(double x) {
  if (!(x > -700))
    return 0;
  auto k = static_cast<int64_t>(x * 1.4426950408889634 - 0.5);
  double r = x - double(k) * 0.693147180369123816490;
  r -= double(k) * 1.90821492927058770002e-10;
  double sum = 0;
  for (double coefficient : inverseFactorials)
    sum = sum * r + coefficient;
  uint64_t bits = static_cast<uint64_t>(k + 1023) << 52;
  double scale;
  std::memcpy(&scale, &bits, sizeof scale);
  return sum * scale;
}

/// SplitMix64 (Steele, Lea and Flood, 2014): 64 bits of state, and every seed
/// is as good as another.
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  /// In [0, 1), a multiple of 2^-53.
  double next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return double((z ^ (z >> 31)) >> 11) * 0x1p-53;
  }

private:
  uint64_t state;
};

/// How often each of the last tokens occurred.
class RecentTokens {
public:
  explicit RecentTokens(int32_t limit) : limit(limit) {
    if (limit > 0)
      ring.reserve(limit);
  }

  void add(int32_t token) {
    ++counts[token];
    if (limit < 0)
      return;
    if (ring.size() < static_cast<size_t>(limit)) {
      ring.push_back(token);
      return;
    }
    int32_t &oldest = ring[next];
    auto found = counts.find(oldest);
    if (--found->second == 0)
      counts.erase(found);
    oldest = token;
    next = (next + 1) % ring.size();
  }

  void clear() {
    counts.clear();
    ring.clear();
    next = 0;
  }

  const std::unordered_map<int32_t, int32_t> &all() const { return counts; }

private:
  int32_t limit; ///< Below 0 for none.
  std::unordered_map<int32_t, int32_t> counts;
  std::vector<int32_t> ring;
  size_t next = 0;
};

} // namespace

struct qcc_rt_sampler_t {
  explicit qcc_rt_sampler_t(const qcc_rt_sampling_t &options)
      : options(options), random(options.seed),
        recent(options.penalty_last_n ? options.penalty_last_n : 64) {}

  int32_t sample(const float *logits, int32_t vocabulary);

  qcc_rt_sampling_t options;
  Random random;
  RecentTokens recent;

private:
  const float *penalize(const float *logits, int32_t vocabulary);
  void collectAbove(float threshold, const float *logits, int32_t vocabulary);
  void collectTop(const float *logits, int32_t vocabulary);
  void weigh(float best, double temperature);
  void cutMinP();
  void cutTopP(double total);
  int32_t draw();

  std::vector<float> penalized;
  std::vector<Candidate> candidates;
};

static bool hasPenalties(const qcc_rt_sampling_t &options) {
  return (options.repetition_penalty != 0 && options.repetition_penalty != 1) ||
         options.frequency_penalty != 0 || options.presence_penalty != 0;
}

/// The largest logit's token, or -1. Comparing with NaN is false.
static int32_t findBest(const float *logits, int32_t vocabulary) {
  int32_t token = -1;
  float best = minusInfinity;
  for (int32_t i = 0; i < vocabulary; ++i) {
    if (logits[i] > best) {
      best = logits[i];
      token = i;
    }
  }
  return token;
}

const float *qcc_rt_sampler_t::penalize(const float *logits,
                                        int32_t vocabulary) {
  penalized.assign(logits, logits + vocabulary);
  float repetition = options.repetition_penalty;
  if (repetition == 0)
    repetition = 1;
  for (auto [token, count] : recent.all()) {
    if (token < 0 || token >= vocabulary)
      continue;
    float &logit = penalized[token];
    logit = logit > 0 ? logit / repetition : logit * repetition;
    logit -= static_cast<float>(count) * options.frequency_penalty;
    logit -= options.presence_penalty;
  }
  return penalized.data();
}

void qcc_rt_sampler_t::collectAbove(float threshold, const float *logits,
                                    int32_t vocabulary) {
  candidates.clear();
  candidates.reserve(vocabulary);
  for (int32_t i = 0; i < vocabulary; ++i)
    if (logits[i] > threshold)
      candidates.push_back({logits[i], i, 0});
}

/// Keeps a buffer of at least the top_k best seen so far, and only looks at
/// logits above the worst that can still matter. A later equal one cannot.
void qcc_rt_sampler_t::collectTop(const float *logits, int32_t vocabulary) {
  auto count = static_cast<size_t>(options.top_k);
  size_t capacity = count + std::max<size_t>(count, 256);
  candidates.clear();
  candidates.reserve(capacity);
  float threshold = minusInfinity;
  for (int32_t i = 0; i < vocabulary; ++i) {
    if (!(logits[i] > threshold))
      continue;
    candidates.push_back({logits[i], i, 0});
    if (candidates.size() < capacity)
      continue;
    auto last = candidates.begin() + (count - 1);
    std::nth_element(candidates.begin(), last, candidates.end(), isBetter);
    threshold = last->logit;
    candidates.resize(count);
  }
  std::sort(candidates.begin(), candidates.end(), isBetter);
  if (candidates.size() > count)
    candidates.resize(count);
}

void qcc_rt_sampler_t::weigh(float best, double temperature) {
  for (Candidate &candidate : candidates) {
    // Infinity minus itself is no number.
    double below = candidate.logit == best
                       ? 0
                       : (double(candidate.logit) - double(best)) / temperature;
    candidate.weight = exponential(below);
  }
}

void qcc_rt_sampler_t::cutMinP() {
  auto isImprobable = [&](const Candidate &candidate) {
    return candidate.weight < double(options.min_p);
  };
  candidates.erase(
      std::remove_if(candidates.begin(), candidates.end(), isImprobable),
      candidates.end());
}

/// Sorts no more than it needs: the first 128, then four times as many.
void qcc_rt_sampler_t::cutTopP(double total) {
  double wanted = double(options.top_p) * total, sum = 0;
  size_t sorted = 0, step = 128;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i == sorted) {
      sorted = std::min(sorted + step, candidates.size());
      step *= 4;
      auto first = candidates.begin() + i, last = candidates.begin() + sorted;
      if (last != candidates.end())
        std::nth_element(first, last, candidates.end(), isBetter);
      std::sort(first, last, isBetter);
    }
    sum += candidates[i].weight;
    if (sum >= wanted) {
      candidates.resize(i + 1);
      return;
    }
  }
}

int32_t qcc_rt_sampler_t::draw() {
  double total = 0;
  for (const Candidate &candidate : candidates)
    total += candidate.weight;
  double place = random.next() * total, sum = 0;
  int32_t token = candidates.front().token;
  for (const Candidate &candidate : candidates) {
    if (candidate.weight == 0)
      continue;
    token = candidate.token;
    sum += candidate.weight;
    if (sum > place)
      break;
  }
  return token;
}

int32_t qcc_rt_sampler_t::sample(const float *logits, int32_t vocabulary) {
  if (hasPenalties(options) && !recent.all().empty())
    logits = penalize(logits, vocabulary);
  int32_t best = findBest(logits, vocabulary);
  if (best < 0 || options.temperature == 0)
    return best;
  bool isTopP = options.top_p > 0 && options.top_p < 1;
  float threshold = minusInfinity;
  // Spares exp of what min_p is sure to cut, unless top_p needs the total. The
  // rounding of log does not matter, since cutMinP decides.
  if (options.min_p > 0 && !isTopP && logits[best] < 1e6f)
    threshold = logits[best] + std::log(options.min_p) - 1;
  if (options.top_k > 0 && options.top_k < vocabulary)
    collectTop(logits, vocabulary);
  else
    collectAbove(threshold, logits, vocabulary);
  if (isTopP || options.min_p > 0) {
    weigh(logits[best], 1);
    double total = 0;
    for (const Candidate &candidate : candidates)
      total += candidate.weight;
    // Both cuts keep the best tokens down to some logit, so that the cheaper
    // may go first, as long as the total is of all.
    if (options.min_p > 0)
      cutMinP();
    if (isTopP)
      cutTopP(total);
  }
  weigh(logits[best], options.temperature);
  return draw();
}

static qcc_code_t checkOptions(const qcc_rt_sampling_t &options,
                               qcc_status_t *status) {
  const struct {
    const char *name;
    double value, least, most;
  } ranges[] = {
      {"temperature", options.temperature, 0, 1e6},
      {"top_k", double(options.top_k), 0, 0x1p31 - 1},
      {"top_p", options.top_p, 0, 1},
      {"min_p", options.min_p, 0, 1},
      {"repetition_penalty", options.repetition_penalty, 0, 1e6},
      {"frequency_penalty", options.frequency_penalty, -1e6, 1e6},
      {"presence_penalty", options.presence_penalty, -1e6, 1e6},
      {"penalty_last_n", double(options.penalty_last_n), -1, 0x1p24},
  };
  for (const auto &[name, value, least, most] : ranges)
    if (!(value >= least && value <= most)) // NaN is refused too
      return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                         "expected %s from %.12g to %.12g, but got %g", name,
                         least, most, value);
  return qcc_rt_succeed(status);
}

static qcc_code_t failMemory(qcc_status_t *status) {
  return qcc_rt_fail(status, QCC_OUT_OF_MEMORY,
                     "not enough memory for sampling");
}

qcc_code_t qcc_rt_sampler_create(const qcc_rt_sampling_t *options,
                                 qcc_rt_sampler_t **sampler,
                                 qcc_status_t *status) {
  if (!options || !sampler)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected options and a place for the sampler, but got "
                       "NULL");
  if (qcc_code_t code = checkOptions(*options, status))
    return code;
  try {
    *sampler = new qcc_rt_sampler_t(*options);
  } catch (...) {
    return failMemory(status);
  }
  return qcc_rt_succeed(status);
}

void qcc_rt_sampler_destroy(qcc_rt_sampler_t *sampler) { delete sampler; }

void qcc_rt_sampler_reset(qcc_rt_sampler_t *sampler) {
  sampler->recent.clear();
  sampler->random = Random(sampler->options.seed);
}

qcc_code_t qcc_rt_sampler_accept(qcc_rt_sampler_t *sampler, int32_t token,
                                 qcc_status_t *status) {
  try {
    if (hasPenalties(sampler->options))
      sampler->recent.add(token);
  } catch (...) {
    return failMemory(status);
  }
  return qcc_rt_succeed(status);
}

qcc_code_t qcc_rt_sampler_sample(qcc_rt_sampler_t *sampler, const float *logits,
                                 int32_t vocabulary, int32_t *token,
                                 qcc_status_t *status) {
  if (vocabulary <= 0)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a vocabulary of at least 1 token, but got %d",
                       vocabulary);
  try {
    *token = sampler->sample(logits, vocabulary);
  } catch (...) {
    return failMemory(status);
  }
  if (*token < 0)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a logit that is a number, but got %d of NaN "
                       "or minus infinity",
                       vocabulary);
  return qcc_rt_succeed(status);
}
