// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of experts: each place is multiplied by the rows of its own expert.
// Some experts have no place, some one, some more than a tile takes.

#include "test/numerics/DecoderRows.h"

#include "dialects/Qcc/Numerics/PanelFormat.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>

namespace qcc::numerics_test {
namespace {

constexpr int64_t kMostRows = 40, kExperts = 6;
const int64_t kRows[] = {0, 1, 2, 5, 13, 40};

struct ExpertProduct {
  BlockWeights weights; // of all experts
  StoredRows format;
  int64_t slots;
  bool hasPlaces; // an input row for each place, else for each row
  std::vector<float> input, bias;
  std::vector<int64_t> experts; // of each place

  int64_t outputs() const { return weights.rows / kExperts; }
  std::vector<double> readRow(int64_t r) const;
  std::vector<int64_t> group(int64_t rows) const;
  std::string check(const DecoderRun &run) const;
};

/// The numbers that input row `r` stands for once it is stored.
std::vector<double> ExpertProduct::readRow(int64_t r) const {
  auto values = llvm::ArrayRef(input).slice(size_t(r * weights.columns),
                                            size_t(weights.columns));
  return readStored(format, values);
}

/// What qcc.group_rows makes of the first `rows`. Numbers that nobody may read
/// lead far away.
std::vector<int64_t> ExpertProduct::group(int64_t rows) const {
  std::vector<int64_t> groups(size_t(1 + 3 * kExperts + kMostRows * slots),
                              int64_t(1) << 40);
  groups[0] = 0;
  int64_t next = 0;
  for (int64_t expert = 0; expert < kExperts; ++expert) {
    int64_t first = next;
    for (int64_t place = 0; place < rows * slots; ++place)
      if (experts[size_t(place)] == expert)
        groups[size_t(1 + 3 * kExperts + next++)] = place;
    if (next == first)
      continue;
    int64_t *entry = groups.data() + 1 + 3 * groups[0]++;
    entry[0] = expert;
    entry[1] = first;
    entry[2] = next - first;
  }
  return groups;
}

std::string ExpertProduct::check(const DecoderRun &run) const {
  std::vector<double> expected, tolerances;
  for (int64_t place = 0; place < run.rows * slots; ++place) {
    std::vector<double> x = readRow(hasPlaces ? place : place / slots);
    for (int64_t n = 0; n < outputs(); ++n) {
      int64_t row = experts[size_t(place)] * outputs() + n;
      const float *w = weights.values.data() + row * weights.columns;
      double sum = bias.empty() ? 0 : bias[size_t(row)];
      double inputs = 0, largest = 0;
      for (size_t k = 0; k < x.size(); ++k) {
        sum += x[k] * w[k];
        inputs += std::fabs(x[k]);
        largest = std::max(largest, std::fabs(double(w[k])));
      }
      expected.push_back(sum);
      tolerances.push_back(2e-6 * inputs * largest + (bias.empty() ? 0 : 1e-6));
    }
  }
  return findDifference(expected, tolerances, run.floats(0),
                        kMostRows * slots * outputs());
}

/// Experts of the slots of each row, no two alike; low numbers are frequent,
/// and nobody has the last.
std::vector<int64_t> drawExperts(Random &random, int64_t slots) {
  std::vector<int64_t> experts;
  for (int64_t r = 0; r < kMostRows; ++r)
    for (int64_t s = 0; s < slots; ++s) {
      auto own = experts.begin() + r * slots;
      int64_t expert;
      do
        expert = random.oneIn(3) ? random.integer(0, kExperts - 2)
                                 : random.integer(0, slots - 1);
      while (std::find(own, experts.end(), expert) != experts.end());
      experts.push_back(expert);
    }
  return experts;
}

struct Sizes {
  int64_t outputs, columns, slots;
};

DecoderCase makeCase(size_t number, const std::string &name, StoredRows format,
                     Sizes sizes, bool hasPlaces, bool hasBias) {
  Random random(3000 + number);
  auto [outputs, columns, slots] = sizes;
  int64_t inputs = kMostRows * (hasPlaces ? slots : 1);
  int64_t places = kMostRows * slots;
  auto product = std::make_shared<ExpertProduct>(ExpertProduct{
      drawWeights(name, kExperts * outputs, columns, random), format, slots,
      hasPlaces, drawFloats(random, inputs * columns),
      drawFloats(random, hasBias ? kExperts * outputs : 0),
      drawExperts(random, slots)});
  GraphText graph("c" + std::to_string(number % 8) + "_");
  Tensor rows = makeRows(format, inputs, columns);
  Tensor x = graph.addInput(rows.shape, rows.element);
  Tensor extents = graph.addInput({4}, "i64");
  Tensor groups = graph.addInput({1 + 3 * kExperts + places}, "i64");
  Tensor weight = product->weights.addTo(graph);
  std::vector<Tensor> operands = {x, weight, extents};
  std::string text =
      "block_linear " + x.name + ", " + weight.name + ", " + extents.name;
  if (hasBias) {
    operands.push_back(
        graph.addConstant({kExperts * outputs}, "f32", product->bias));
    text += " bias(" + operands.back().name + ")";
  }
  operands.push_back(groups);
  text += " experts(" + groups.name + ") {" + printFormat(format) +
          ", slots = " + std::to_string(slots) + " : i64}";
  graph.addOutput(
      graph.addOp(text, operands, makeTensor({places, outputs}, "f32"), true));
  auto makeInputs = [=](int64_t count) {
    return std::vector<Bytes>{store(format, product->input, columns),
                              makeExtents(count),
                              toBytes(product->group(count))};
  };
  return {name + " by " + getName(format), graph, makeInputs,
          [product](const DecoderRun &run) { return product->check(run); }};
}

class ExpertLinear : public testing::TestWithParam<const char *> {};

// Experts of less than a panel, of more than a task's, and whose last panel is
// not full.
TEST_P(ExpertLinear, EqualsPlainLoops) {
  PanelFormat format = *findPanelFormat(GetParam());
  int64_t block = std::max<int64_t>(format.block, 32);
  std::vector<DecoderCase> cases;
  auto add = [&](StoredRows rows, Sizes sizes, bool hasPlaces, bool hasBias) {
    cases.push_back(
        makeCase(cases.size(), GetParam(), rows, sizes, hasPlaces, hasBias));
  };
  if (format.groupBits > 0) {
    // Slow to compile, and its places are found like those of the others.
    add(StoredRows::Block256, {19, 2 * block, 2}, false, true);
    return checkCases(std::move(cases), kRows);
  }
  add(StoredRows::Float, {37, block, 2}, false, false);
  add(StoredRows::Float, {9, 2 * block, 3}, true, true);
  if (format.isBrain) {
    add(StoredRows::BFloat, {37, 96, 2}, false, false);
    add(StoredRows::BFloat, {9, 45, 3}, true, true);
  }
  if (!format.isFloat) {
    add(StoredRows::Block32, {19, 2 * block, 2}, false, true);
    add(StoredRows::Block32, {53, block, 1}, true, false);
    add(StoredRows::Token, {16, block, 4}, true, false);
  }
  checkCases(std::move(cases), kRows);
}

INSTANTIATE_TEST_SUITE_P(Formats, ExpertLinear,
                         testing::Values("f32", "bf16", "q4_0", "q8_0", "q4_k",
                                         "q6_k", "mxfp4", "int4_g128",
                                         "int8_g64z"),
                         [](const auto &info) {
                           return std::string(info.param);
                         });

} // namespace
} // namespace qcc::numerics_test
