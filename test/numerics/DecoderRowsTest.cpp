// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that compute rows: norms, gates, rotations and tables of tokens. Rows of
// integers hold exactly what the same row of floats is quantized to.

#include "test/numerics/DecoderRows.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>

namespace qcc::numerics_test {
namespace {

constexpr int64_t kMostRows = 9;
const int64_t kRows[] = {1, 4, 9};
const StoredRows kFormats[] = {StoredRows::Block32, StoredRows::Block256,
                               StoredRows::Token};

/// The op in f32, and the same in a format of integers.
struct RowOp {
  GraphText graph;
  std::string name, text; // up to the format
  std::vector<Tensor> operands;
  int64_t columns;

  void addOutputs() {
    add(StoredRows::Float);
    for (StoredRows format : kFormats)
      // Rows of 256 are only those of blocks of 256.
      if (format != StoredRows::Block256 || columns % 256 == 0)
        add(format);
  }

private:
  void add(StoredRows format) {
    Tensor result = makeRows(format, kMostRows, columns);
    graph.addOutput(
        graph.addOp(text + printFormat(format) + "}", operands, result, true));
  }
};

/// The floats of a run against `expected`, then integers against the floats.
std::string checkRows(const DecoderRun &run, llvm::ArrayRef<double> expected,
                      int64_t columns, double tolerance) {
  std::vector<double> tolerances;
  for (double value : expected)
    tolerances.push_back(tolerance * (1 + std::fabs(value)));
  std::string difference =
      findDifference(expected, tolerances, run.floats(0), kMostRows * columns);
  size_t output = 1;
  for (StoredRows format : kFormats) {
    if (format == StoredRows::Block256 && columns % 256 != 0)
      continue;
    for (int64_t r = 0; r < run.rows && difference.empty(); ++r) {
      QuantizedRow row = quantize(
          format, llvm::ArrayRef(run.floats(0) + r * columns, size_t(columns)));
      difference = findRowDifference(row, run.outputs[output].data() +
                                              r * row.layout.bytes);
      if (!difference.empty())
        difference = std::string(getName(format)) + ", row " +
                     std::to_string(r) + ", " + difference;
    }
    ++output;
  }
  return difference;
}

struct NormParts {
  bool weight, bias, residual, select, centered;
};

DecoderCase makeNorm(size_t number, int64_t columns, NormParts parts) {
  Random random(number);
  auto values = drawFloats(random, kMostRows * columns);
  auto weight = drawFloats(random, columns), bias = drawFloats(random, columns);
  auto residual = drawFloats(random, kMostRows * columns);
  // A row of zeros has a norm and scales too.
  std::fill_n(values.begin(), columns, 0.0f);
  std::vector<int64_t> select;
  for (int64_t r = 0; r < kMostRows; ++r)
    select.push_back((r * 5 + 2) % kMostRows);
  RowOp op{GraphText("c" + std::to_string(number % 8) + "_"),
           "norm of " + std::to_string(columns),
           "",
           {},
           columns};
  Tensor x = op.graph.addInput({kMostRows, columns}, "f32");
  Tensor extents = op.graph.addInput({4}, "i64");
  op.operands = {x, extents};
  op.text = "norm_rows " + x.name + ", " + extents.name;
  auto add = [&](bool exists, const char *word, Tensor tensor) {
    if (!exists)
      return;
    op.operands.push_back(tensor);
    op.text += std::string(" ") + word + "(" + tensor.name + ")";
  };
  add(parts.weight, "weight", op.graph.addConstant({columns}, "f32", weight));
  add(parts.bias, "bias", op.graph.addConstant({columns}, "f32", bias));
  add(parts.residual, "residual",
      op.graph.addConstant({kMostRows, columns}, "f32", residual));
  add(parts.select, "select", op.graph.addConstant({kMostRows}, "i64", select));
  op.text += std::string(" {") + (parts.centered ? "centered, " : "") +
             "epsilon = 1.0e-5 : f32, ";
  op.addOutputs();
  auto check = [=](const DecoderRun &run) {
    std::vector<double> expected;
    for (int64_t r = 0; r < run.rows; ++r) {
      const float *row =
          values.data() + (parts.select ? select[size_t(r)] : r) * columns;
      double mean = 0, squares = 0;
      for (int64_t k = 0; k < columns && parts.centered; ++k)
        mean += row[k] / double(columns);
      for (int64_t k = 0; k < columns; ++k)
        squares += (row[k] - mean) * (row[k] - mean) / double(columns);
      for (int64_t k = 0; k < columns; ++k) {
        double y = row[k] - mean;
        if (parts.weight)
          y *= weight[size_t(k)] / std::sqrt(squares + 1e-5);
        y += parts.bias ? bias[size_t(k)] : 0;
        y += parts.residual ? residual[size_t(r * columns + k)] : 0;
        expected.push_back(y);
      }
    }
    return checkRows(run, expected, columns, 4e-6);
  };
  auto inputs = [=](int64_t rows) {
    return std::vector<Bytes>{toBytes(values), makeExtents(rows)};
  };
  return {op.name, op.graph, inputs, check};
}

TEST(DecoderRows, NormsEqualPlainLoops) {
  std::vector<DecoderCase> cases;
  const NormParts all[] = {
      {true, false, false, false, false}, {true, true, false, false, true},
      {true, false, true, false, false},  {true, false, false, true, false},
      {false, false, false, true, false}, {true, true, true, true, true}};
  for (int64_t columns : {32, 45, 256, 768})
    for (NormParts parts : all)
      cases.push_back(makeNorm(cases.size(), columns, parts));
  checkCases(std::move(cases), kRows);
}

double applyGate(const std::string &function, double x) {
  if (function == "silu")
    return x / (1 + std::exp(-x));
  if (function == "gelu")
    return x / 2 * (1 + std::erf(x / std::sqrt(2.0)));
  if (function == "gelu_tanh")
    return x / 2 *
           (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  if (function == "clamped_swish")
    return std::min(x, 7.0) / (1 + std::exp(-1.702 * std::min(x, 7.0)));
  double rectified = function.empty() ? x : std::max(x, 0.0);
  return function == "relu_squared" ? rectified * rectified : rectified;
}

DecoderCase makeGate(size_t number, int64_t columns,
                     const std::string &function, bool hasFactor) {
  Random random(number);
  auto values = drawFloats(random, kMostRows * columns);
  auto factor = drawFloats(random, kMostRows * columns);
  bool isClamped = function == "clamped_swish";
  for (size_t i = 0; i < values.size() && isClamped; ++i) {
    values[i] *= 6; // some beyond the limits
    factor[i] *= 6;
  }
  RowOp op{GraphText("c" + std::to_string(number % 8) + "_"),
           "gate " + function + " of " + std::to_string(columns),
           "",
           {},
           columns};
  Tensor x = op.graph.addInput({kMostRows, columns}, "f32");
  Tensor y = op.graph.addInput({kMostRows, columns}, "f32");
  Tensor extents = op.graph.addInput({4}, "i64");
  op.operands = {x, extents};
  op.text = "gate_rows " + x.name + ", " + extents.name;
  if (hasFactor) {
    op.operands.push_back(y);
    op.text += " by(" + y.name + ")";
  }
  op.text += " {";
  if (!function.empty())
    op.text += "function = \"" + function + "\", ";
  op.addOutputs();
  auto check = [=](const DecoderRun &run) {
    std::vector<double> expected;
    for (size_t i = 0; i < size_t(run.rows * columns); ++i) {
      double y = hasFactor ? factor[i] : 1;
      if (hasFactor && isClamped)
        y = 1 + std::clamp(y, -7.0, 7.0);
      expected.push_back(applyGate(function, values[i]) * y);
    }
    return checkRows(run, expected, columns, 4e-6);
  };
  auto inputs = [=](int64_t rows) {
    return std::vector<Bytes>{toBytes(values), toBytes(factor),
                              makeExtents(rows)};
  };
  return {op.name, op.graph, inputs, check};
}

TEST(DecoderRows, GatesEqualPlainLoops) {
  std::vector<DecoderCase> cases;
  for (int64_t columns : {40, 512})
    for (const char *function : {"", "silu", "gelu", "gelu_tanh", "relu",
                                 "relu_squared", "clamped_swish"})
      cases.push_back(
          makeGate(cases.size(), columns, function, cases.size() % 3 != 0));
  checkCases(std::move(cases), kRows);
}

} // namespace
} // namespace qcc::numerics_test
