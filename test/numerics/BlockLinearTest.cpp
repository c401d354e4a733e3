// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of rows by blocks, for each format of weights and of rows, for the
// numbers of rows between which kernels change, and rows of tables.

#include "test/numerics/DecoderRows.h"

#include "dialects/Qcc/Numerics/PanelFormat.h"
#include "gtest/gtest.h"

#include <cmath>

namespace qcc::numerics_test {
namespace {

constexpr int64_t kMostRows = 40;
// One, two, four and eight rows have kernels of their own; then come tiles of
// three, four or eight rows, and what is left of them.
const int64_t kRows[] = {1, 2, 3, 5, 8, 9, 13, 40};

struct Product {
  BlockWeights weights;
  StoredRows format;
  std::vector<float> input, bias, residual;
  double scale = 1, softCap = 0;

  double finish(double sum, int64_t r, int64_t n) const {
    if (!bias.empty())
      sum += bias[size_t(n)];
    sum *= scale;
    if (softCap != 0)
      sum = softCap * std::tanh(sum / softCap);
    return residual.empty() ? sum
                            : sum + residual[size_t(r * weights.rows + n)];
  }

  std::string check(const DecoderRun &run) const;
  std::vector<double> readRow(int64_t r) const;
};

/// The numbers that row `r` stands for once it is stored.
std::vector<double> Product::readRow(int64_t r) const {
  auto values = llvm::ArrayRef(input).slice(size_t(r * weights.columns),
                                            size_t(weights.columns));
  return readStored(format, values);
}

std::string Product::check(const DecoderRun &run) const {
  std::vector<double> expected, tolerances;
  for (int64_t r = 0; r < run.rows; ++r) {
    std::vector<double> x = readRow(r);
    for (int64_t n = 0; n < weights.rows; ++n) {
      const float *w = weights.values.data() + n * weights.columns;
      double sum = 0, inputs = 0, largest = 0;
      for (size_t k = 0; k < x.size(); ++k) {
        sum += x[k] * w[k];
        inputs += std::fabs(x[k]);
        largest = std::max(largest, std::fabs(double(w[k])));
      }
      expected.push_back(finish(sum, r, n));
      // Sums in f32, and minima that are taken away from them at the end.
      tolerances.push_back(2e-6 * inputs * largest * std::max(1.0, scale) +
                           1e-5 * (softCap + (bias.empty() ? 0 : 1)) +
                           (residual.empty() ? 0 : 1e-6));
    }
  }
  return findDifference(expected, tolerances, run.floats(0),
                        kMostRows * weights.rows);
}

struct Extras {
  bool bias = false, residual = false;
  double scale = 1, softCap = 0;
};

DecoderCase makeCase(size_t number, const std::string &weights,
                     StoredRows format, Shape shape, Extras extras = {}) {
  Random random(1000 + number);
  auto product = std::make_shared<Product>(
      Product{drawWeights(weights, shape[0], shape[1], random), format,
              drawFloats(random, kMostRows * shape[1]),
              drawFloats(random, extras.bias ? shape[0] : 0),
              drawFloats(random, extras.residual ? kMostRows * shape[0] : 0),
              extras.scale, extras.softCap});
  GraphText graph("c" + std::to_string(number % 8) + "_");
  Tensor rows = makeRows(format, kMostRows, shape[1]);
  Tensor x = graph.addInput(rows.shape, rows.element);
  Tensor extents = graph.addInput({4}, "i64");
  std::vector<Tensor> operands = {x, product->weights.addTo(graph), extents};
  std::string text =
      "block_linear " + x.name + ", " + operands[1].name + ", " + extents.name;
  if (extras.bias) {
    operands.push_back(graph.addConstant({shape[0]}, "f32", product->bias));
    text += " bias(" + operands.back().name + ")";
  }
  if (extras.residual) {
    operands.push_back(graph.addInput({kMostRows, shape[0]}, "f32"));
    text += " residual(" + operands.back().name + ")";
  }
  text += " {" + printFormat(format) + ", scale = " + printFloat(extras.scale) +
          " : f32";
  if (extras.softCap != 0)
    text += ", soft_cap = " + printFloat(extras.softCap) + " : f32";
  graph.addOutput(graph.addOp(text + "}", operands,
                              makeTensor({kMostRows, shape[0]}, "f32"), true));
  auto inputs = [product, format, shape](int64_t rows) {
    std::vector<Bytes> list = {store(format, product->input, shape[1]),
                               makeExtents(rows)};
    if (!product->residual.empty())
      list.push_back(toBytes(product->residual));
    return list;
  };
  std::string name = weights + " by " + getName(format) + " " +
                     std::to_string(shape[0]) + "x" + std::to_string(shape[1]);
  return {name, graph, inputs,
          [product](const DecoderRun &run) { return product->check(run); }};
}

class BlockLinear : public testing::TestWithParam<const char *> {};

// Matrices of less than a panel, of more than a task's, of a last panel that
// is not full.
TEST_P(BlockLinear, EqualsPlainLoops) {
  PanelFormat format = *findPanelFormat(GetParam());
  std::vector<DecoderCase> cases;
  auto add = [&](StoredRows rows, Shape shape, Extras extras = {}) {
    cases.push_back(makeCase(cases.size(), GetParam(), rows, shape, extras));
  };
  int64_t block = std::max<int64_t>(format.block, 32);
  add(StoredRows::Float, {37, 3 * block});
  if (format.isFloat) {
    // Columns that fill no trip of the loop.
    add(StoredRows::Float, {19, 45}, {true, true, 0.5, 0});
    if (format.isBrain) {
      add(StoredRows::BFloat, {37, 96});
      add(StoredRows::BFloat, {70, 45}, {true, true, 0.5, 3});
      // Several slices of columns, the last of which is not full.
      add(StoredRows::BFloat, {19, 5698});
    } else if (format.bits == 32) {
      add(StoredRows::Float, {19, 2506}, {true, true, 0.5, 0});
    }
    return checkCases(std::move(cases), kRows);
  }
  StoredRows own =
      format.groupBits > 0 ? StoredRows::Block256 : StoredRows::Block32;
  add(own, {70, 2 * block}, {true, true, 0.25, 3});
  add(StoredRows::Token, {37, 3 * block}, {false, true, 1, 0});
  if (format.scale == BlockScale::F32 && block <= 128)
    // The last group of a row is not full.
    for (StoredRows rows :
         {StoredRows::Float, StoredRows::Block32, StoredRows::Token})
      add(rows, {19, block + 7});
  if (format.name == "q4_0" || format.name == "q4_k")
    // Several slices.
    add(own, {19, 7680}, {true, true, 0.5, 0});
  checkCases(std::move(cases), kRows);
}

INSTANTIATE_TEST_SUITE_P(
    Formats, BlockLinear,
    testing::Values("f32", "f16", "bf16", "q4_0", "q4_1", "q5_0", "q5_1",
                    "q8_0", "q2_k", "q3_k", "q4_k", "q5_k", "q6_k", "iq4_nl",
                    "iq4_xs", "mxfp4", "int3_g16", "int4_g16z", "int8_g16",
                    "int2_g32", "int3_g64z", "int4_g32z", "int4_g128",
                    "int4_g128z", "int4_g256", "int8_g32", "int8_g128",
                    "int8_g64z"),
    [](const auto &info) { return std::string(info.param); });

} // namespace
} // namespace qcc::numerics_test
