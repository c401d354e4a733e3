// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a run begins with: rows of the table of tokens, and the rotations of
// positions near and far.

#include "test/numerics/DecoderRows.h"

#include "dialects/Qcc/Numerics/PanelFormat.h"
#include "gtest/gtest.h"

#include <cmath>

namespace qcc::numerics_test {
namespace {

constexpr int64_t kMostRows = 7;
const int64_t kRows[] = {1, 7};

DecoderCase makeEmbed(size_t number, const std::string &format, int64_t columns,
                      bool hasAddend) {
  Random random(number);
  BlockWeights table = drawWeights(format, 37, columns, random);
  auto addend = drawFloats(random, kMostRows * columns);
  // The last row, and ids beyond it.
  std::vector<int32_t> ids = {0, 36, 17, 37, 1 << 30, -1, 8};
  GraphText graph("c" + std::to_string(number % 8) + "_");
  Tensor rows = graph.addInput({kMostRows}, "i32");
  Tensor extents = graph.addInput({4}, "i64");
  std::vector<Tensor> operands = {rows, table.addTo(graph), extents};
  std::string text =
      "embed " + rows.name + ", " + operands[1].name + ", " + extents.name;
  if (hasAddend) {
    operands.push_back(graph.addConstant({kMostRows, columns}, "f32", addend));
    text += " plus(" + operands.back().name + ")";
  }
  graph.addOutput(graph.addOp(text + " {scale = 1.5 : f32}", operands,
                              makeTensor({kMostRows, columns}, "f32"), true));
  auto check = [=](const DecoderRun &run) {
    std::vector<double> expected, tolerances;
    for (int64_t r = 0; r < run.rows; ++r) {
      int64_t id = std::min<int64_t>(uint32_t(ids[size_t(r)]), 36);
      for (int64_t k = 0; k < columns; ++k) {
        double value = table.values[size_t(id * columns + k)] * 1.5;
        value += hasAddend ? addend[size_t(r * columns + k)] : 0;
        expected.push_back(value);
        tolerances.push_back(2e-7 * (std::fabs(value) + (hasAddend ? 4 : 0)));
      }
    }
    return findDifference(expected, tolerances, run.floats(0),
                          kMostRows * columns);
  };
  auto inputs = [=](int64_t count) {
    return std::vector<Bytes>{toBytes(ids), makeExtents(count)};
  };
  return {"embed " + format, graph, inputs, check};
}

TEST(TokenRows, AreRowsOfTheTable) {
  std::vector<DecoderCase> cases;
  for (const char *format :
       {"f32", "f16", "bf16", "q4_0", "q4_1", "q5_0", "q5_1", "q8_0", "q2_k",
        "q3_k", "q4_k", "q5_k", "q6_k", "iq4_nl", "iq4_xs", "mxfp4",
        "int4_g128z", "int8_g128"}) {
    int64_t block = std::max<int64_t>(findPanelFormat(format)->block, 32);
    cases.push_back(
        makeEmbed(cases.size(), format, 2 * block, cases.size() % 2 == 0));
  }
  cases.push_back(makeEmbed(cases.size(), "bf16", 45, true));
  cases.push_back(makeEmbed(cases.size(), "int4_g32", 40, false));
  checkCases(std::move(cases), kRows);
}

DecoderCase makeRotations(size_t number, int64_t count, double magnitude) {
  std::vector<float> frequencies;
  for (int64_t i = 0; i < count; ++i)
    frequencies.push_back(float(std::pow(10000.0, -double(i) / double(count))));
  std::vector<int64_t> positions = {0, 1, 63, 4095, 131071, 1000000, 7};
  GraphText graph("c" + std::to_string(number % 8) + "_");
  Tensor places = graph.addInput({kMostRows}, "i64");
  Tensor extents = graph.addInput({4}, "i64");
  Tensor table = graph.addConstant({count}, "f32", frequencies);
  graph.addOutput(graph.addOp(
      "rotations " + places.name + ", " + table.name + ", " + extents.name +
          " {magnitude = " + printFloat(magnitude) + " : f32}",
      {places, table, extents}, makeTensor({kMostRows, 2, count}, "f32"),
      true));
  auto check = [=](const DecoderRun &run) {
    std::vector<double> expected;
    for (int64_t r = 0; r < run.rows; ++r)
      for (int64_t part = 0; part < 2; ++part)
        for (float frequency : frequencies) {
          // The angle is an f32 product, as models compute it.
          double angle = float(positions[size_t(r)]) * frequency;
          expected.push_back(magnitude *
                             (part == 0 ? std::cos(angle) : std::sin(angle)));
        }
    std::vector<double> tolerances(expected.size(), 1e-6);
    return findDifference(expected, tolerances, run.floats(0),
                          kMostRows * 2 * count);
  };
  auto inputs = [=](int64_t rows) {
    return std::vector<Bytes>{toBytes(positions), makeExtents(rows)};
  };
  return {"rotations " + std::to_string(count), graph, inputs, check};
}

TEST(TokenRows, AreRotatedByTheirPosition) {
  checkCases({makeRotations(0, 4, 1), makeRotations(1, 20, 1.25),
              makeRotations(2, 64, 1)},
             kRows);
}

} // namespace
} // namespace qcc::numerics_test
