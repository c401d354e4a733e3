// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of activations and of weights, made and read with plain loops
// (docs/blocks.md *activations*).

#ifndef TEST_NUMERICS_DECODERROWS_H
#define TEST_NUMERICS_DECODERROWS_H

#include "dialects/Qcc/Numerics/RowLayout.h"
#include "test/numerics/DecoderCases.h"

namespace qcc::numerics_test {

enum class StoredRows { Float, Block32, Block256, Token, BFloat };

/// `f32`, `q8_block32`, ...
const char *getName(StoredRows format);
/// ` #qcc.row_format<...>`, for an op's attributes.
std::string printFormat(StoredRows format);
/// The tensor of `rows` rows of `columns` numbers.
Tensor makeRows(StoredRows format, int64_t rows, int64_t columns);

struct QuantizedRow {
  RowLayout layout;
  std::vector<int8_t> codes; // with zeros up to whole sums
  std::vector<float> scales;

  double get(int64_t column) const {
    return double(scales[size_t(column / layout.group)]) *
           codes[size_t(column)];
  }
};

/// Rows of bf16 as they are stored: a number for each column, then zeros.
std::vector<uint16_t> roundToBrain(llvm::ArrayRef<float> values);

QuantizedRow quantize(StoredRows format, llvm::ArrayRef<float> values);

/// All rows as the tensor of `makeRows` has them. What lies between the parts
/// of a row is no kernel's business.
Bytes store(StoredRows format, llvm::ArrayRef<float> values, int64_t columns);

/// What the bytes of a row hold that is not what they should, or nothing.
std::string findRowDifference(const QuantizedRow &expected, const char *row);

/// A matrix of blocks: its bytes, and the numbers that they stand for.
struct BlockWeights {
  std::string format;
  int64_t rows, columns;
  Bytes bytes;
  std::vector<float> values;

  Tensor addTo(GraphText &graph) const;
};

BlockWeights drawWeights(const std::string &format, int64_t rows,
                         int64_t columns, Random &random);

/// The numbers that a row of `values` stands for once it is stored.
std::vector<double> readStored(StoredRows format, llvm::ArrayRef<float> values);

} // namespace qcc::numerics_test

#endif // TEST_NUMERICS_DECODERROWS_H
