// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which experts a row has, which rows an expert has, and the sum of what they
// made of it.

#include "test/numerics/DecoderRows.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace qcc::numerics_test {
namespace {

constexpr int64_t kMostRows = 24;
const int64_t kRows[] = {0, 1, 5, 24};

struct Choice {
  int64_t experts, used;
  std::string function;
  bool isNormalized = false, hasBias = false;
  double scale = 1;
  std::vector<float> scores, bias;

  std::vector<double> choose(int64_t row) const;
};

/// The numbers of one row's experts, then their weights.
std::vector<double> Choice::choose(int64_t row) const {
  const float *x = scores.data() + row * experts;
  std::vector<double> keys(x, x + experts);
  for (int64_t i = 0; i < experts && hasBias; ++i)
    keys[size_t(i)] = 1 / (1 + std::exp(-keys[size_t(i)])) + bias[size_t(i)];
  std::vector<int64_t> order(static_cast<size_t>(experts));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return keys[size_t(a)] > keys[size_t(b)];
  });
  double total = 0, picked = 0;
  int64_t counted = function == "softmax" ? experts : used;
  for (int64_t i = 0; i < counted; ++i)
    total += std::exp(double(x[order[size_t(i)]]));
  std::vector<double> result(order.begin(), order.begin() + used);
  for (int64_t s = 0; s < used; ++s) {
    double score = x[order[size_t(s)]];
    result.push_back(function == "sigmoid" ? 1 / (1 + std::exp(-score))
                                           : std::exp(score) / total);
    picked += result.back();
  }
  for (int64_t s = 0; s < used; ++s)
    result[size_t(used + s)] *= scale / (isNormalized ? picked : 1);
  return result;
}

DecoderCase makeChoice(size_t number, Choice choice) {
  Random random(number);
  int64_t experts = choice.experts;
  choice.scores = drawFloats(random, kMostRows * experts);
  choice.bias = drawFloats(random, choice.hasBias ? experts : 0);
  // Rows of equal scores, of zeros of both signs, and with one that is never
  // picked first.
  for (int64_t i = 0; i < experts && !choice.hasBias; ++i) {
    choice.scores[size_t(i)] = 0.25f;
    choice.scores[size_t(experts + i)] = i % 2 == 0 ? -0.0f : 0.0f;
  }
  choice.scores[size_t(2 * experts)] = -std::numeric_limits<float>::infinity();
  GraphText graph("c" + std::to_string(number % 8) + "_");
  Tensor x = graph.addInput({kMostRows, experts}, "f32");
  Tensor extents = graph.addInput({4}, "i64");
  std::vector<Tensor> operands = {x, extents};
  std::string text = "choose_experts " + x.name + ", " + extents.name;
  if (choice.hasBias) {
    operands.push_back(graph.addConstant({experts}, "f32", choice.bias));
    text += " bias(" + operands.back().name + ")";
  }
  text += " {function = \"" + choice.function +
          "\", used = " + std::to_string(choice.used) + " : i64, " +
          (choice.isNormalized ? "normalized, " : "") +
          "scale = " + printFloat(choice.scale) + " : f32}";
  graph.addOutput(graph.addOp(
      text, operands, makeTensor({kMostRows, 2, choice.used}, "f32"), true));
  auto check = [=](const DecoderRun &run) {
    std::vector<double> expected, tolerances;
    for (int64_t r = 0; r < run.rows; ++r)
      for (double value : choice.choose(r)) {
        bool isNumber = int64_t(expected.size()) / choice.used % 2 == 0;
        expected.push_back(value);
        tolerances.push_back(isNumber ? 0 : 4e-6 * choice.scale);
      }
    return findDifference(expected, tolerances, run.floats(0),
                          kMostRows * 2 * choice.used);
  };
  auto inputs = [=](int64_t rows) {
    return std::vector<Bytes>{toBytes(choice.scores), makeExtents(rows)};
  };
  return {choice.function + " of " + std::to_string(experts), graph, inputs,
          check};
}

TEST(ExpertRows, ChoicesEqualPlainLoops) {
  std::vector<DecoderCase> cases;
  for (auto [experts, used] : {std::pair(4, 2), {7, 7}, {16, 1}, {60, 20}})
    for (const char *function : {"softmax", "softmax_chosen", "sigmoid"})
      cases.push_back(
          makeChoice(cases.size(), {experts,
                                    used,
                                    function,
                                    cases.size() % 2 == 0,
                                    function == std::string("sigmoid"),
                                    cases.size() % 3 == 0 ? 2.5 : 1,
                                    {},
                                    {}}));
  checkCases(std::move(cases), kRows);
}

constexpr int64_t kExperts = 20, kSlots = 3;

TEST(ExpertRows, GroupsEqualPlainLoops) {
  std::vector<float> choices;
  for (int64_t r = 0; r < kMostRows; ++r) {
    for (int64_t s = 0; s < kSlots; ++s)
      choices.push_back(float((r * r + 7 * s) % kExperts));
    choices.insert(choices.end(), kSlots, 0.5f);
  }
  GraphText graph("c0_");
  Tensor x = graph.addInput({kMostRows, 2, kSlots}, "f32");
  Tensor extents = graph.addInput({4}, "i64");
  int64_t size = 1 + 3 * kExperts + kMostRows * kSlots;
  graph.addOutput(graph.addOp("group_rows " + x.name + ", " + extents.name +
                                  " {experts = " + std::to_string(kExperts) +
                                  " : i64}",
                              {x, extents}, makeTensor({size}, "i64"), true));
  auto check = [=](const DecoderRun &run) -> std::string {
    std::vector<int64_t> table, list;
    for (int64_t expert = 0; expert < kExperts; ++expert) {
      auto first = int64_t(list.size());
      for (int64_t place = 0; place < run.rows * kSlots; ++place)
        if (choices[size_t(place / kSlots * 2 * kSlots + place % kSlots)] ==
            float(expert))
          list.push_back(place);
      if (int64_t(list.size()) > first)
        table.insert(table.end(),
                     {expert, first, int64_t(list.size()) - first});
    }
    const auto *got = reinterpret_cast<const int64_t *>(run.outputs[0].data());
    if (got[0] != int64_t(table.size()) / 3 ||
        !std::equal(table.begin(), table.end(), got + 1))
      return "another table of experts";
    if (!std::equal(list.begin(), list.end(), got + 1 + 3 * kExperts))
      return "another list of places";
    return "";
  };
  auto inputs = [=](int64_t rows) {
    return std::vector<Bytes>{toBytes(choices), makeExtents(rows)};
  };
  checkCases({{"groups", graph, inputs, check}}, kRows);
}

} // namespace
} // namespace qcc::numerics_test
