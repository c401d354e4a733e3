// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Codes of checkpoints whose columns are not in the order of their groups, or
// whose groups are no width of a kernel: rows are moved, weights are packed,
// and the product is that of the codes as they are read plainly. Numbers are
// chosen so that nothing rounds, and results are equal to the bit.

#include "test/numerics/DecoderRows.h"

#include "dialects/Qcc/Numerics/GroupedCodes.h"
#include "dialects/Qcc/Numerics/PanelFormat.h"
#include "gtest/gtest.h"

namespace qcc::numerics_test {
namespace {

constexpr int64_t kMostRows = 12, kOutputs = 40;
const int64_t kRows[] = {1, 2, 5, 12};

/// As GPTQ stores a matrix: streams of 4 bits.
struct Checkpoint {
  int64_t columns, group;
  std::vector<uint32_t> codes, zeros;
  std::vector<float> scales;
  std::vector<int32_t> groupIndices; // empty: in order

  template <typename T>
  static numerics::Span<const char> span(const std::vector<T> &values) {
    return {reinterpret_cast<const char *>(values.data()),
            values.size() * sizeof(T)};
  }
  numerics::GroupedCodes view() const {
    numerics::GroupedCodes matrix;
    matrix.rows = matrix.allRows = kOutputs;
    matrix.columns = columns;
    matrix.bits = 4;
    matrix.group = group;
    matrix.scaleFormat = BlockFormat::F32;
    matrix.codes = span(codes);
    matrix.zeros = span(zeros);
    matrix.scales = span(scales);
    matrix.groupIndices = span(groupIndices);
    return matrix;
  }
};

Checkpoint draw(Random &random, int64_t columns, int64_t group, bool isOrdered,
                bool hasZeros) {
  Checkpoint one{columns, group, {}, {}, {}, {}};
  int64_t groups = (columns + group - 1) / group;
  auto drawWords = [&](int64_t count) {
    std::vector<uint32_t> words;
    for (int64_t i = 0; i < count; ++i)
      words.push_back(uint32_t(random.next()));
    return words;
  };
  one.codes = drawWords(columns / 8 * kOutputs);
  if (hasZeros)
    one.zeros = drawWords(groups * kOutputs / 8);
  for (int64_t i = 0; i < groups * kOutputs; ++i)
    one.scales.push_back(0.125f * float(1 + random.next() % 8));
  for (int64_t k = 0; k < columns && !isOrdered; ++k)
    one.groupIndices.push_back(int32_t(k / group));
  for (size_t k = one.groupIndices.size(); k > 1; --k)
    std::swap(one.groupIndices[k - 1], one.groupIndices[random.next() % k]);
  return one;
}

/// The op that stands for the rows of blocks.
Tensor addWeight(GraphText &graph, const Checkpoint &one,
                 const std::string &format, int64_t columns) {
  std::vector<Tensor> parts;
  std::string kinds, names;
  auto add = [&](int kind, numerics::Span<const char> bytes) {
    if (bytes.empty())
      return;
    parts.push_back(graph.addConstant(
        {int64_t(bytes.size())}, "i8",
        std::vector<char>(bytes.data(), bytes.data() + bytes.size())));
    names += (names.empty() ? "" : ", ") + parts.back().name;
    kinds += (kinds.empty() ? "" : ", ") + std::to_string(kind);
  };
  numerics::GroupedCodes matrix = one.view();
  add(0, matrix.codes);
  add(1, matrix.zeros);
  add(2, matrix.scales);
  add(3, matrix.groupIndices);
  auto number = [](const char *name, int64_t value) {
    return std::string(name) + " = " + std::to_string(value) + " : i64, ";
  };
  Tensor result = makeTensor(
      {kOutputs, getBlockRowBytes(*findPanelFormat(format), columns)},
      "i8, #qcc.blocks<\"" + format + "\", " + std::to_string(columns) + ">");
  return graph.addOp("unpack_weight \"codes\"(" + names + ") {parameters = {" +
                         number("code_layout", 0) + number("rows", kOutputs) +
                         number("columns", one.columns) +
                         number("first_row", 0) + number("all_rows", kOutputs) +
                         number("bits", 4) + number("group", one.group) +
                         number("zero_offset", 0) +
                         number("scale_format", int64_t(matrix.scaleFormat)) +
                         "part_kinds = array<i64: " + kinds + ">}}",
                     parts, result, true);
}

/// Nearly all activations are 127 or -127, so that their scales are 1.
DecoderCase makeCase(size_t number, int64_t columns, int64_t group,
                     bool isOrdered, const std::string &format) {
  Random random(number);
  auto one = std::make_shared<Checkpoint>(
      draw(random, columns, group, isOrdered, format.back() == 'z'));
  std::vector<float> values;
  for (int64_t i = 0; i < kMostRows * columns; ++i)
    values.push_back(float(int64_t(random.next() % 3 != 0) * 2 - 1) * 127);
  std::vector<int32_t> places =
      numerics::arrangeColumns(one->view(), findPanelFormat(format)->group);
  EXPECT_EQ(places.empty(), isOrdered && group % 16 == 0);
  int64_t stored = places.empty() ? columns : int64_t(places.size());
  GraphText graph("c" + std::to_string(number % 8) + "_");
  Tensor x = graph.addInput({kMostRows, columns}, "f32");
  Tensor extents = graph.addInput({4}, "i64");
  Tensor weight = addWeight(graph, *one, format, stored);
  std::string text = "gate_rows " + x.name + ", " + extents.name;
  std::vector<Tensor> operands = {x, extents};
  if (!places.empty()) {
    operands.push_back(graph.addConstant({stored}, "i32", places));
    text += " order(" + operands.back().name + ")";
  }
  for (StoredRows rows :
       {StoredRows::Float, StoredRows::Block32, StoredRows::Token}) {
    Tensor moved = graph.addOp(text + " {" + printFormat(rows) + "}", operands,
                               makeRows(rows, kMostRows, stored), true);
    graph.addOutput(
        graph.addOp("block_linear " + moved.name + ", " + weight.name + ", " +
                        extents.name + " {" + printFormat(rows) + "}",
                    {moved, weight, extents},
                    makeTensor({kMostRows, kOutputs}, "f32"), true));
  }
  auto check = [=](const DecoderRun &run) -> std::string {
    std::vector<double> expected;
    for (int64_t r = 0; r < run.rows; ++r)
      for (int64_t n = 0; n < kOutputs; ++n) {
        std::vector<float> w(columns);
        decodeRow(one->view(), n, {w.data(), w.size()});
        double sum = 0;
        for (int64_t k = 0; k < columns; ++k)
          sum += double(values[size_t(r * columns + k)]) * w[size_t(k)];
        expected.push_back(sum);
      }
    std::vector<double> exact(expected.size(), 0);
    for (size_t i = 0; i < 3; ++i) {
      std::string difference =
          findDifference(expected, exact, run.floats(i), kMostRows * kOutputs);
      if (!difference.empty())
        return "product " + std::to_string(i) + ", " + difference;
    }
    return "";
  };
  auto inputs = [=](int64_t rows) {
    return std::vector<Bytes>{toBytes(values), makeExtents(rows)};
  };
  std::string name = std::to_string(columns) + " columns in groups of " +
                     std::to_string(group) + " as " + format;
  return {name, graph, inputs, check};
}

TEST(CheckpointProduct, IsThatOfTheCodesInTheirOwnOrder) {
  std::vector<DecoderCase> cases;
  auto add = [&](int64_t columns, int64_t group, bool isOrdered,
                 const char *format) {
    cases.push_back(makeCase(cases.size(), columns, group, isOrdered, format));
  };
  // Orders of columns; the last group may have fewer.
  add(256, 128, false, "int4_g128");
  add(96, 32, false, "int4_g32z");
  add(112, 32, false, "int4_g32");
  // Groups of a kernel's own width, and such that are filled up.
  add(80, 16, true, "int4_g16");
  add(80, 16, false, "int4_g16z");
  add(72, 8, true, "int4_g16z");
  add(120, 24, false, "int4_g32");
  add(104, 40, true, "int4_g16");
  add(200, 100, false, "int4_g128z");
  checkCases(std::move(cases), kRows);
}

} // namespace
} // namespace qcc::numerics_test
