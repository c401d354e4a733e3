// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrices that are some rows of others in a file: floats in columns, and
// blocks of MXFP4 whose codes and scales lie apart. Numbers are chosen so that
// nothing rounds, and products are those of plain loops to the bit.

#include "test/numerics/DecoderRows.h"

#include "dialects/Qcc/Numerics/PanelFormat.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstring>
#include <functional>

namespace qcc::numerics_test {
namespace {

constexpr int64_t kMostRows = 12;
const int64_t kRows[] = {1, 2, 5, 12};

/// Rows `first`, `first + step`, ... of a matrix in a file.
struct Rows {
  int64_t count, columns, first, step;
  int64_t inFile() const { return first + count * step; }
};

/// The bytes of each part, and what element k of row r of the file is.
struct FileMatrix {
  const char *layout, *format;
  std::vector<std::vector<char>> parts;
  std::function<double(int64_t, int64_t)> at;
};

FileMatrix drawColumns(Random &random, const Rows &rows) {
  auto values = std::make_shared<std::vector<float>>();
  for (int64_t i = 0; i < rows.inFile() * rows.columns; ++i)
    values->push_back(float(int64_t(random.next() % 17)) - 8);
  std::vector<char> bytes(values->size() * sizeof(float));
  std::memcpy(bytes.data(), values->data(), bytes.size());
  int64_t all = rows.inFile();
  return {"columns", "f32", {bytes}, [=](int64_t row, int64_t k) {
            return double((*values)[size_t(k * all + row)]);
          }};
}

FileMatrix drawBlocks(Random &random, const Rows &rows) {
  int64_t blocks = rows.inFile() * rows.columns / 32, width = rows.columns;
  std::vector<char> codes, scales;
  for (int64_t i = 0; i < blocks * 16; ++i)
    codes.push_back(char(random.next()));
  for (int64_t i = 0; i < blocks; ++i)
    scales.push_back(char(125 + random.next() % 4)); // 2^-2 to 2
  auto at = [=](int64_t row, int64_t k) {
    const double values[] = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
    int64_t element = row * width + k;
    int code = uint8_t(codes[size_t(element / 2)]) >> (element % 2 * 4) & 15;
    double scale = std::exp2(uint8_t(scales[size_t(element / 32)]) - 127);
    return (code & 8 ? -1 : 1) * values[code & 7] * scale;
  };
  return {"blocks", "mxfp4", {codes, scales}, at};
}

Tensor addWeight(GraphText &graph, const FileMatrix &matrix, const Rows &rows) {
  std::vector<Tensor> parts;
  std::string names;
  for (const std::vector<char> &bytes : matrix.parts) {
    parts.push_back(graph.addConstant({int64_t(bytes.size())}, "i8", bytes));
    names += (names.empty() ? "" : ", ") + parts.back().name;
  }
  Tensor result =
      makeTensor({rows.count, getBlockRowBytes(*findPanelFormat(matrix.format),
                                               rows.columns)},
                 "i8, #qcc.blocks<\"" + std::string(matrix.format) + "\", " +
                     std::to_string(rows.columns) + ">");
  return graph.addOp(
      "unpack_weight \"" + std::string(matrix.layout) + "\"(" + names +
          ") {parameters = {first_row = " + std::to_string(rows.first) +
          " : i64, row_step = " + std::to_string(rows.step) +
          " : i64, all_rows = " + std::to_string(rows.inFile()) + " : i64}}",
      parts, result, true);
}

/// Nearly all activations are 127 or -127, so that their scales are 1.
DecoderCase makeCase(size_t number, const FileMatrix &matrix,
                     const Rows &shape) {
  Random random(number + 50);
  std::vector<float> values;
  for (int64_t i = 0; i < kMostRows * shape.columns; ++i)
    values.push_back(float(int64_t(random.next() % 3 != 0) * 2 - 1) * 127);
  GraphText graph("f" + std::to_string(number % 8) + "_");
  Tensor x = graph.addInput({kMostRows, shape.columns}, "f32");
  Tensor extents = graph.addInput({4}, "i64");
  Tensor weight = addWeight(graph, matrix, shape);
  bool isFloat = matrix.format == std::string("f32");
  std::vector<StoredRows> kinds = {StoredRows::Float};
  if (!isFloat)
    kinds.push_back(StoredRows::Block32);
  for (StoredRows rows : kinds) {
    Tensor moved = graph.addOp("gate_rows " + x.name + ", " + extents.name +
                                   " {" + printFormat(rows) + "}",
                               {x, extents},
                               makeRows(rows, kMostRows, shape.columns), true);
    graph.addOutput(
        graph.addOp("block_linear " + moved.name + ", " + weight.name + ", " +
                        extents.name + " {" + printFormat(rows) + "}",
                    {moved, weight, extents},
                    makeTensor({kMostRows, shape.count}, "f32"), true));
  }
  size_t outputs = kinds.size();
  auto check = [=](const DecoderRun &run) -> std::string {
    std::vector<double> expected;
    for (int64_t r = 0; r < run.rows; ++r)
      for (int64_t n = 0; n < shape.count; ++n) {
        double sum = 0;
        for (int64_t k = 0; k < shape.columns; ++k)
          sum += double(values[size_t(r * shape.columns + k)]) *
                 matrix.at(shape.first + n * shape.step, k);
        expected.push_back(sum);
      }
    std::vector<double> exact(expected.size(), 0);
    for (size_t i = 0; i < outputs; ++i) {
      std::string difference = findDifference(expected, exact, run.floats(i),
                                              kMostRows * shape.count);
      if (!difference.empty())
        return "product " + std::to_string(i) + ", " + difference;
    }
    return "";
  };
  auto inputs = [=](int64_t rows) {
    return std::vector<Bytes>{toBytes(values), makeExtents(rows)};
  };
  return {std::string(matrix.layout) + " of " + std::to_string(shape.columns),
          graph, inputs, check};
}

TEST(FileLayout, ProductsAreThoseOfTheRows) {
  const Rows shapes[] = {
      {37, 64, 0, 2}, {16, 96, 1, 2}, {5, 32, 3, 1}, {21, 160, 2, 3}};
  std::vector<DecoderCase> cases;
  for (const Rows &rows : shapes) {
    Random random(cases.size());
    cases.push_back(makeCase(cases.size(), drawColumns(random, rows), rows));
    cases.push_back(makeCase(cases.size(), drawBlocks(random, rows), rows));
  }
  Rows odd = {19, 45, 1, 2}; // no whole blocks
  Random random(99);
  cases.push_back(makeCase(cases.size(), drawColumns(random, odd), odd));
  checkCases(std::move(cases), kRows);
}

} // namespace
} // namespace qcc::numerics_test
