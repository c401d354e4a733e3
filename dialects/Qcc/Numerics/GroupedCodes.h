// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integer weights as quantized checkpoints store them: codes, scales and zero
// points in arrays of their own, w = (code - zero) * scale, with a scale for
// each group of columns of a row. Read as they are: nothing is rounded again.

#ifndef DIALECTS_QCC_NUMERICS_GROUPEDCODES_H
#define DIALECTS_QCC_NUMERICS_GROUPEDCODES_H

#include "dialects/Qcc/Numerics/Blocks.h"
#include "dialects/Qcc/Numerics/Span.h"

namespace qcc::numerics {

/// Where codes and zero points lie. Words are little endian and of 32 bits; a
/// row is an output, a column an input of the layer.
enum class CodeLayout {
  /// GPTQ. Each row's codes are one stream of bits, lowest first, whose words
  /// stand below each other: word[columns * bits / 32][rows]. Zero points are a
  /// stream along the rows, for each group.
  Streams,
  /// AWQ. word[columns][rows / 8], eight rows in a word in the order 0, 2, 4,
  /// 6, 1, 3, 5, 7 from the lowest four bits up; zero points likewise.
  ShuffledNibbles,
  /// compressed-tensors, packed: word[rows][columns / c] of c = 32 / bits whole
  /// codes, lowest first; bits that are left over are unused. Zero points are
  /// word[rows / c][groups].
  Words,
  /// compressed-tensors, packed by later versions: each row is a stream of
  /// bits, lowest first, word[rows][columns * bits / 32]; zero points are
  /// streams down the rows, word[rows * bits / 32][groups]. The same as `Words`
  /// where codes do not cross words.
  DenseWords,
  /// compressed-tensors, plain: bytes of two's complement. Codes are given with
  /// 128 added, and so are zero points.
  Bytes,
};

/// A matrix, or the rows from `firstRow` of a wider one of `allRows`. Spans are
/// as long as the layout says: the reader of the file has checked it.
struct GroupedCodes {
  CodeLayout layout = CodeLayout::Streams;
  int64_t rows = 0, columns = 0;
  int64_t firstRow = 0, allRows = 0;
  int64_t bits = 0;
  int64_t group = 0;      // columns that share a scale; the last have fewer
  int64_t zeroOffset = 0; // added to stored zero points, modulo 2^bits
  BlockFormat scaleFormat = BlockFormat::F16; // of a float
  // scale[groups][rows] for the first two layouts, [rows][groups] for the
  // others, or a single one for all.
  Span<const char> codes, scales, zeros; // no zeros: 2^(bits-1)
  /// The group of each column in 32 bits, where columns are not in order: each
  /// group has as many as `group` says.
  Span<const char> groupIndices;

  int64_t countGroups() const { return (columns + group - 1) / group; }
};

/// The columns in order of their group, those of a group in their own order:
/// a kernel that gathers its input by this list has groups in a row. Empty
/// where columns are in order already.
std::vector<int32_t> sortColumns(const GroupedCodes &matrix);

/// The column at each place where groups lie side by side, each filled up to a
/// multiple of `width` places; -1 at those that hold no column. Empty where
/// that is the order of the columns themselves.
std::vector<int32_t> arrangeColumns(const GroupedCodes &matrix, int64_t width);

int64_t getGroup(const GroupedCodes &matrix, int64_t column);

/// The codes of a row, unsigned; code i is that of column `order[i]`, or i
/// where the order is empty.
void readCodes(const GroupedCodes &matrix, int64_t row,
               Span<const int32_t> order, Span<uint8_t> codes);
/// One for each group.
void readScales(const GroupedCodes &matrix, int64_t row, Span<float> scales);
void readZeros(const GroupedCodes &matrix, int64_t row, Span<int32_t> zeros);

/// The values of a row in the order of its columns, each product rounded to
/// f32 once.
void decodeRow(const GroupedCodes &matrix, int64_t row, Span<float> values);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_GROUPEDCODES_H
