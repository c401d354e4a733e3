// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of places: gates of all slots, and their weighted sums.

#include "test/numerics/DecoderRows.h"

#include "gtest/gtest.h"

#include <cmath>

namespace qcc::numerics_test {
namespace {

constexpr int64_t kMostRows = 7;
const int64_t kRows[] = {0, 1, 3, 7};

struct MixParts {
  bool shared, gate, residual;
  double scale;
};

DecoderCase makeMix(size_t number, int64_t columns, int64_t slots,
                    MixParts parts) {
  Random random(5000 + number);
  auto places = drawFloats(random, kMostRows * slots * columns);
  auto choices = drawFloats(random, kMostRows * 2 * slots);
  auto shared = drawFloats(random, kMostRows * columns);
  auto gate = drawFloats(random, kMostRows);
  auto residual = drawFloats(random, kMostRows * columns);
  GraphText graph("c" + std::to_string(number % 8) + "_");
  Tensor p = graph.addInput({kMostRows * slots, columns}, "f32");
  Tensor c = graph.addInput({kMostRows, 2, slots}, "f32");
  Tensor extents = graph.addInput({4}, "i64");
  std::vector<Tensor> operands = {p, c, extents};
  std::string text = "mix_rows " + p.name + ", " + c.name + ", " + extents.name;
  auto add = [&](bool exists, const char *word, Tensor tensor) {
    if (!exists)
      return;
    operands.push_back(tensor);
    text += std::string(" ") + word + "(" + tensor.name + ")";
  };
  Shape shape = {kMostRows, columns};
  add(parts.shared, "shared", graph.addConstant(shape, "f32", shared));
  add(parts.gate, "gate", graph.addConstant({kMostRows, 1}, "f32", gate));
  add(parts.residual, "residual", graph.addConstant(shape, "f32", residual));
  text += " {scale = " + printFloat(parts.scale) + " : f32}";
  graph.addOutput(graph.addOp(text, operands, makeTensor(shape, "f32"), true));
  auto check = [=](const DecoderRun &run) {
    std::vector<double> expected, tolerances;
    for (int64_t i = 0; i < run.rows * columns; ++i) {
      int64_t r = i / columns, k = i % columns;
      double sum = 0;
      for (int64_t s = 0; s < slots; ++s)
        sum += double(choices[size_t((2 * r + 1) * slots + s)]) *
               places[size_t((r * slots + s) * columns + k)];
      double open = parts.gate ? 1 / (1 + std::exp(-gate[size_t(r)])) : 1;
      sum += parts.shared ? open * shared[size_t(i)] : 0;
      expected.push_back(sum * parts.scale +
                         (parts.residual ? residual[size_t(i)] : 0));
      tolerances.push_back(2e-6 * double(slots + 2));
    }
    return findDifference(expected, tolerances, run.floats(0),
                          kMostRows * columns);
  };
  auto inputs = [=](int64_t rows) {
    return std::vector<Bytes>{toBytes(places), toBytes(choices),
                              makeExtents(rows)};
  };
  return {"mix of " + std::to_string(columns), graph, inputs, check};
}

TEST(ExpertMix, EqualsPlainLoops) {
  std::vector<DecoderCase> cases;
  const MixParts all[] = {{false, false, false, 1},
                          {true, false, true, 1},
                          {true, true, true, 0.5},
                          {true, true, false, 1}};
  for (auto [columns, slots] : {std::pair(45, 2), {64, 8}, {16, 1}, {7, 5}})
    for (MixParts parts : all)
      cases.push_back(makeMix(cases.size(), columns, slots, parts));
  checkCases(std::move(cases), kRows);
}

// Each row of the run has three here.
TEST(ExpertMix, GatesEqualPlainLoops) {
  constexpr int64_t kSlots = 3, kColumns = 45;
  Random random(1);
  auto values = drawFloats(random, kMostRows * kSlots * kColumns);
  auto factor = drawFloats(random, kMostRows * kSlots * kColumns);
  GraphText graph("c0_");
  Shape shape = {kMostRows * kSlots, kColumns};
  Tensor x = graph.addInput(shape, "f32"), y = graph.addInput(shape, "f32");
  Tensor extents = graph.addInput({4}, "i64");
  std::string text = "gate_rows " + x.name + ", " + extents.name + " by(" +
                     y.name + ") {function = \"silu\", slots = 3 : i64, ";
  for (StoredRows format : {StoredRows::Float, StoredRows::Token})
    graph.addOutput(graph.addOp(text + printFormat(format) + "}",
                                {x, extents, y},
                                makeRows(format, shape[0], kColumns), true));
  auto check = [=](const DecoderRun &run) {
    std::vector<double> expected;
    for (size_t i = 0; i < size_t(run.rows * kSlots * kColumns); ++i)
      expected.push_back(values[i] / (1 + std::exp(-values[i])) * factor[i]);
    std::vector<double> tolerances(expected.size(), 2e-5);
    std::string difference = findDifference(expected, tolerances, run.floats(0),
                                            kMostRows * kSlots * kColumns);
    for (int64_t r = 0; r < run.rows * kSlots && difference.empty(); ++r) {
      QuantizedRow row = quantize(
          StoredRows::Token,
          llvm::ArrayRef(run.floats(0) + r * kColumns, size_t(kColumns)));
      difference =
          findRowDifference(row, run.outputs[1].data() + r * row.layout.bytes);
    }
    return difference;
  };
  auto inputs = [=](int64_t rows) {
    return std::vector<Bytes>{toBytes(values), toBytes(factor),
                              makeExtents(rows)};
  };
  checkCases({{"gates of places", graph, inputs, check}}, kRows);
}

} // namespace
} // namespace qcc::numerics_test
