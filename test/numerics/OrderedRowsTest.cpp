// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows stored in an order of their columns, and rows of bf16: exactly what the
// op's own floats are once they are moved, and then quantized or rounded.

#include "test/numerics/DecoderRows.h"
#include "test/numerics/Program.h"

#include "gtest/gtest.h"

namespace qcc::numerics_test {
namespace {

constexpr int64_t kMostRows = 9;
const int64_t kRows[] = {1, 4, 9};

/// Some columns, one of them twice, and gaps.
std::vector<int32_t> drawOrder(Random &random, int64_t columns,
                               int64_t places) {
  std::vector<int32_t> order;
  for (int64_t i = 0; i < places; ++i)
    order.push_back(i % 7 == 5 ? -1 : int32_t(random.next() % columns));
  order[0] = order.back() = int32_t(columns - 1);
  return order;
}

struct OrderedCase {
  std::string name;
  int64_t columns;
  std::vector<int32_t> order; // empty: as they are
  std::vector<StoredRows> formats;

  int64_t places() const {
    return order.empty() ? columns : int64_t(order.size());
  }
  std::vector<float> move(const float *row) const {
    std::vector<float> moved(row, row + (order.empty() ? columns : 0));
    for (int32_t column : order)
      moved.push_back(column < 0 ? 0 : row[column]);
    return moved;
  }
  std::string compare(StoredRows format, llvm::ArrayRef<float> row,
                      const char *got) const;
  std::string check(const DecoderRun &run) const;
};

std::string OrderedCase::compare(StoredRows format, llvm::ArrayRef<float> row,
                                 const char *got) const {
  if (format != StoredRows::Float && format != StoredRows::BFloat)
    return findRowDifference(quantize(format, row), got);
  Bytes expected = format == StoredRows::Float ? toBytes(row.vec())
                                               : toBytes(roundToBrain(row));
  for (size_t i = 0; i < expected.size(); ++i)
    if (got[i] != expected[i])
      return "byte " + std::to_string(i) + ": expected " +
             std::to_string(expected[i]) + ", but got " +
             std::to_string(got[i]);
  return "";
}

/// Output 0 is the op's floats.
std::string OrderedCase::check(const DecoderRun &run) const {
  for (size_t i = 0; i < formats.size(); ++i) {
    int64_t bytes = countBytes(makeRows(formats[i], 1, places()));
    for (int64_t r = 0; r < run.rows; ++r) {
      std::vector<float> row = move(run.floats(0) + r * columns);
      std::string difference =
          compare(formats[i], row, run.outputs[i + 1].data() + r * bytes);
      if (!difference.empty())
        return std::string(getName(formats[i])) + ", row " + std::to_string(r) +
               ", " + difference;
    }
  }
  return "";
}

/// Adds the op as floats, and in order in each format.
void addOutputs(GraphText &graph, const OrderedCase &one,
                const std::string &text, const std::string &attributes,
                std::vector<Tensor> operands) {
  auto add = [&](StoredRows format, int64_t columns, const std::string &words) {
    graph.addOutput(
        graph.addOp(words + " {" + attributes + printFormat(format) + "}",
                    operands, makeRows(format, kMostRows, columns), true));
  };
  add(StoredRows::Float, one.columns, text);
  std::string ordered = text;
  if (!one.order.empty()) {
    Tensor order = graph.addConstant({one.places()}, "i32", one.order);
    operands.push_back(order);
    ordered += " order(" + order.name + ")";
  }
  for (StoredRows format : one.formats)
    add(format, one.places(), ordered);
}

OrderedCase makeOrdered(size_t number, int64_t columns, int64_t places) {
  Random random(500 + number);
  OrderedCase one{std::to_string(places) + " of " + std::to_string(columns),
                  columns,
                  {},
                  {StoredRows::BFloat}};
  if (places > 0) {
    one.order = drawOrder(random, columns, places);
    one.formats.insert(
        one.formats.end(),
        {StoredRows::Float, StoredRows::Block32, StoredRows::Token});
  }
  if (places > 0 && places % 256 == 0)
    one.formats.push_back(StoredRows::Block256);
  return one;
}

DecoderCase makeNorm(size_t number, int64_t columns, int64_t places) {
  OrderedCase one = makeOrdered(number, columns, places);
  Random random(number);
  auto values = drawFloats(random, kMostRows * columns);
  GraphText graph("c" + std::to_string(number % 8) + "_");
  Tensor x = graph.addInput({kMostRows, columns}, "f32");
  Tensor extents = graph.addInput({4}, "i64");
  Tensor weight =
      graph.addConstant({columns}, "f32", drawFloats(random, columns));
  addOutputs(graph, one,
             "norm_rows " + x.name + ", " + extents.name + " weight(" +
                 weight.name + ")",
             "epsilon = 1.0e-5 : f32, ", {x, extents, weight});
  auto inputs = [=](int64_t rows) {
    return std::vector<Bytes>{toBytes(values), makeExtents(rows)};
  };
  return {"norm " + one.name, graph, inputs,
          [one](const DecoderRun &run) { return one.check(run); }};
}

DecoderCase makeGate(size_t number, int64_t columns, int64_t places) {
  OrderedCase one = makeOrdered(number, columns, places);
  Random random(number);
  auto values = drawFloats(random, kMostRows * columns);
  auto factor = drawFloats(random, kMostRows * columns);
  GraphText graph("c" + std::to_string(number % 8) + "_");
  Tensor x = graph.addInput({kMostRows, columns}, "f32");
  Tensor y = graph.addInput({kMostRows, columns}, "f32");
  Tensor extents = graph.addInput({4}, "i64");
  addOutputs(graph, one,
             "gate_rows " + x.name + ", " + extents.name + " by(" + y.name +
                 ")",
             "function = \"silu\", ", {x, extents, y});
  auto inputs = [=](int64_t rows) {
    return std::vector<Bytes>{toBytes(values), toBytes(factor),
                              makeExtents(rows)};
  };
  return {"gate " + one.name, graph, inputs,
          [one](const DecoderRun &run) { return one.check(run); }};
}

TEST(OrderedRows, EqualMovedFloats) {
  std::vector<DecoderCase> cases;
  // Fewer places than columns, more, and as many; 0: no order.
  const std::pair<int64_t, int64_t> shapes[] = {
      {64, 64}, {45, 61}, {100, 32}, {300, 512}, {768, 768}, {45, 0}, {128, 0}};
  for (auto [columns, places] : shapes) {
    cases.push_back(makeNorm(cases.size(), columns, places));
    cases.push_back(makeGate(cases.size(), columns, places));
  }
  checkCases(std::move(cases), kRows);
}

} // namespace
} // namespace qcc::numerics_test
