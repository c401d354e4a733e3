// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each step of the sampler on rows that can be checked by hand.

#include "runtime/text/sampler.h"

#include "gtest/gtest.h"

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

static constexpr float infinity = std::numeric_limits<float>::infinity();
static constexpr float noNumber = std::numeric_limits<float>::quiet_NaN();

namespace {

class Sampler {
public:
  explicit Sampler(const qcc_rt_sampling_t &options) {
    EXPECT_EQ(qcc_rt_sampler_create(&options, &state, &status), QCC_OK);
  }
  ~Sampler() { qcc_rt_sampler_destroy(state); }

  int32_t sample(const std::vector<float> &logits) {
    int32_t token = -1;
    EXPECT_EQ(qcc_rt_sampler_sample(state, logits.data(),
                                    static_cast<int32_t>(logits.size()), &token,
                                    &status),
              QCC_OK);
    return token;
  }
  std::map<int32_t, int> count(const std::vector<float> &logits, int draws) {
    std::map<int32_t, int> counts;
    for (int i = 0; i < draws; ++i)
      ++counts[sample(logits)];
    return counts;
  }
  void accept(int32_t token) {
    EXPECT_EQ(qcc_rt_sampler_accept(state, token, &status), QCC_OK);
  }

  qcc_rt_sampler_t *state = nullptr;
  qcc_status_t status;
};

} // namespace

static std::string refuse(const qcc_rt_sampling_t &options) {
  qcc_rt_sampler_t *sampler = nullptr;
  qcc_status_t status;
  EXPECT_EQ(qcc_rt_sampler_create(&options, &sampler, &status),
            QCC_INVALID_ARGUMENT);
  return status.message;
}

TEST(Sampler, IsGreedyWithoutOptions) {
  Sampler sampler({});
  EXPECT_EQ(sampler.sample({1, 3, 3, 2}), 1);
  EXPECT_EQ(sampler.sample({noNumber, -5, noNumber}), 1);
  EXPECT_EQ(sampler.sample({1, infinity, 2}), 1);
}

TEST(Sampler, RefusesRowsWithoutNumbers) {
  Sampler sampler({});
  float logits[] = {noNumber, -infinity};
  int32_t token;
  EXPECT_EQ(
      qcc_rt_sampler_sample(sampler.state, logits, 2, &token, &sampler.status),
      QCC_INVALID_ARGUMENT);
  EXPECT_EQ(std::string(sampler.status.message),
            "expected a logit that is a number, but got 2 of NaN or minus "
            "infinity");
}

TEST(Sampler, FollowsProbabilities) {
  qcc_rt_sampling_t options = {};
  options.temperature = 1;
  Sampler sampler(options);
  auto counts = sampler.count(
      {std::log(1.f), std::log(2.f), noNumber, std::log(5.f), -infinity},
      80000);
  EXPECT_NEAR(counts[0], 10000, 400);
  EXPECT_NEAR(counts[1], 20000, 400);
  EXPECT_NEAR(counts[3], 50000, 400);
}

TEST(Sampler, DividesByTemperatureAfterTheCuts) {
  qcc_rt_sampling_t options = {};
  options.temperature = 2;
  options.min_p = 0.3f;
  Sampler sampler(options);
  // Below 0.3 at temperature 1 only: sqrt(0.25) would be kept.
  auto counts = sampler.count({0, std::log(0.25f), std::log(0.36f)}, 16000);
  EXPECT_EQ(counts.count(1), 0u);
  EXPECT_NEAR(counts[0], 10000, 300); // 1 to sqrt(0.36)
}

TEST(Sampler, KeepsTheTopK) {
  qcc_rt_sampling_t options = {};
  options.temperature = 100;
  options.top_k = 3;
  Sampler sampler(options);
  std::vector<float> logits(5000);
  for (size_t i = 0; i < logits.size(); ++i)
    logits[i] = float(i % 1000);
  // 999, 1999, 2999, 3999 and 4999 are equal: the first three stay.
  auto counts = sampler.count(logits, 3000);
  EXPECT_EQ(counts.size(), 3u);
  EXPECT_NEAR(counts[999], 1000, 150);
  EXPECT_NEAR(counts[1999], 1000, 150);
  EXPECT_NEAR(counts[2999], 1000, 150);
}

TEST(Sampler, KeepsTheTopP) {
  qcc_rt_sampling_t options = {};
  options.temperature = 1;
  options.top_p = 0.625f; // exact
  Sampler few(options);
  auto counts = few.count(
      {std::log(0.1f), std::log(0.4f), std::log(0.3f), std::log(0.2f)}, 1000);
  EXPECT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts.count(1) + counts.count(2), 2u);
  // Equal ones are kept from the front, also beyond the first sorted part.
  Sampler many(options);
  auto kept = many.count(std::vector<float>(1000, 1.f), 8000);
  EXPECT_EQ(kept.rbegin()->first, 624);
  EXPECT_EQ(kept.size(), 625u);
}

TEST(Sampler, PenalizesRecentTokens) {
  qcc_rt_sampling_t options = {};
  options.repetition_penalty = 2;
  options.penalty_last_n = 2;
  Sampler sampler(options);
  sampler.accept(1);
  sampler.accept(99);
  EXPECT_EQ(sampler.sample({3, 5, 1}), 0);
  EXPECT_EQ(sampler.sample({-3, -2, -5}), 0);
  sampler.accept(0); // 1 is forgotten
  EXPECT_EQ(sampler.sample({3, 5, 1}), 1);
  qcc_rt_sampler_reset(sampler.state);
  EXPECT_EQ(sampler.sample({5, 4, 1}), 0);
}

TEST(Sampler, PenalizesFrequencyAndPresence) {
  qcc_rt_sampling_t options = {};
  options.frequency_penalty = 1;
  options.presence_penalty = 0.5f;
  options.penalty_last_n = -1;
  Sampler sampler(options);
  sampler.accept(0);
  sampler.accept(0);
  sampler.accept(1);
  EXPECT_EQ(sampler.sample({3, 2.25f, 0}), 1); // 0.5, 0.75
  EXPECT_EQ(sampler.sample({3, 1.75f, 0}), 0); // 0.5, 0.25
}

TEST(Sampler, RepeatsItselfForASeed) {
  qcc_rt_sampling_t options = {};
  options.temperature = 1;
  options.top_p = 0.9f;
  options.seed = 42;
  std::vector<float> logits(2000);
  for (size_t i = 0; i < logits.size(); ++i)
    logits[i] = float(i * 7919 % 2000) / 200;
  // These numbers must never change, on any machine.
  std::vector<int32_t> expected;
  Sampler sampler(options);
  for (int i = 0; i < 8; ++i)
    expected.push_back(sampler.sample(logits));
  EXPECT_EQ(expected,
            (std::vector<int32_t>{941, 272, 618, 75, 247, 1905, 124, 176}));
  qcc_rt_sampler_reset(sampler.state);
  for (int32_t token : expected)
    EXPECT_EQ(sampler.sample(logits), token);
}

TEST(Sampler, ChecksOptions) {
  qcc_rt_sampling_t options = {};
  options.top_p = noNumber;
  EXPECT_EQ(refuse(options), "expected top_p from 0 to 1, but got nan");
  options = {};
  options.temperature = -1;
  EXPECT_EQ(refuse(options),
            "expected temperature from 0 to 1000000, but got -1");
  options = {};
  options.penalty_last_n = -2;
  EXPECT_EQ(refuse(options),
            "expected penalty_last_n from -1 to 16777216, but got -2");
}
