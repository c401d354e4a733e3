// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads codes, scales and zero points of each layout. Speed is that of a
// reference: kernels read the same bytes in their own order.

#include "dialects/Qcc/Numerics/GroupedCodes.h"

#include "dialects/Qcc/Numerics/Halves.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <numeric>

namespace qcc::numerics {

/// Bytes in a file begin at any address.
static uint32_t readWord(Span<const char> words, int64_t index) {
  assert(size_t(index + 1) * 4 <= words.size() && "a word after the last");
  uint32_t word;
  std::memcpy(&word, words.data() + index * 4, 4);
  return word;
}

static uint32_t maskOf(int64_t bits) { return (1u << bits) - 1; }

/// Code `index` of a stream of bits whose words are `stride` apart. Three bits
/// at place 10: bits 30 and 31 of the first word, bit 0 of the second.
static uint32_t readStream(Span<const char> words, int64_t first,
                           int64_t stride, int64_t bits, int64_t index) {
  int64_t place = index * bits;
  int64_t word = place / 32, shift = place % 32;
  uint64_t value = readWord(words, first + word * stride);
  if (shift + bits > 32)
    value |= uint64_t(readWord(words, first + (word + 1) * stride)) << 32;
  return (value >> shift) & maskOf(bits);
}

/// Row n of a word of eight: row 1 is in the fifth nibble.
static uint32_t readNibble(Span<const char> words, int64_t firstWord,
                           int64_t row) {
  static constexpr int places[8] = {0, 4, 1, 5, 2, 6, 3, 7};
  return readWord(words, firstWord + row / 8) >> (4 * places[row % 8]) & 15;
}

static uint8_t readCode(const GroupedCodes &matrix, int64_t row,
                        int64_t column) {
  int64_t bits = matrix.bits;
  switch (matrix.layout) {
  case CodeLayout::Streams:
    return readStream(matrix.codes, row, matrix.allRows, bits, column);
  case CodeLayout::ShuffledNibbles:
    return readNibble(matrix.codes, column * (matrix.allRows / 8), row);
  case CodeLayout::Words: {
    int64_t inWord = 32 / bits;
    int64_t rowWords = (matrix.columns + inWord - 1) / inWord;
    uint32_t word = readWord(matrix.codes, row * rowWords + column / inWord);
    return word >> (bits * (column % inWord)) & maskOf(bits);
  }
  case CodeLayout::DenseWords: {
    int64_t rowWords = (matrix.columns * bits + 31) / 32;
    return readStream(matrix.codes, row * rowWords, 1, bits, column);
  }
  case CodeLayout::Bytes:
    return uint8_t(matrix.codes[row * matrix.columns + column]) ^ 0x80;
  }
  return 0;
}

static int32_t readZero(const GroupedCodes &matrix, int64_t row,
                        int64_t group) {
  int64_t bits = matrix.bits, groups = matrix.countGroups();
  uint32_t zero = 0;
  switch (matrix.layout) {
  case CodeLayout::Streams:
    zero = readStream(matrix.zeros, group * (matrix.allRows * bits / 32), 1,
                      bits, row);
    break;
  case CodeLayout::ShuffledNibbles:
    zero = readNibble(matrix.zeros, group * (matrix.allRows / 8), row);
    break;
  case CodeLayout::Words: {
    int64_t inWord = 32 / bits;
    uint32_t word = readWord(matrix.zeros, row / inWord * groups + group);
    zero = word >> (bits * (row % inWord));
    break;
  }
  case CodeLayout::DenseWords:
    zero = readStream(matrix.zeros, group, groups, bits, row);
    break;
  case CodeLayout::Bytes: {
    bool isSingle = matrix.zeros.size() == 1;
    return uint8_t(matrix.zeros[isSingle ? 0 : row * groups + group]) ^ 0x80;
  }
  }
  return (zero + matrix.zeroOffset) & maskOf(bits);
}

static float readScale(const GroupedCodes &matrix, int64_t row, int64_t group) {
  bool isAcross = matrix.layout == CodeLayout::Streams ||
                  matrix.layout == CodeLayout::ShuffledNibbles;
  int64_t index = isAcross ? group * matrix.allRows + row
                           : row * matrix.countGroups() + group;
  int64_t bytes = getBlockShape(matrix.scaleFormat).bytes;
  if (int64_t(matrix.scales.size()) == bytes)
    index = 0;
  assert(size_t(index + 1) * bytes <= matrix.scales.size() &&
         "a scale after the last");
  const char *first = matrix.scales.data() + index * bytes;
  float scale;
  decodeBlocks(matrix.scaleFormat, reinterpret_cast<const uint8_t *>(first), 1,
               &scale);
  return scale;
}

int64_t getGroup(const GroupedCodes &matrix, int64_t column) {
  if (matrix.groupIndices.empty())
    return column / matrix.group;
  return readWord(matrix.groupIndices, column);
}

std::vector<int32_t> sortColumns(const GroupedCodes &matrix) {
  if (matrix.groupIndices.empty())
    return {};
  std::vector<int32_t> order(matrix.columns);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
    int64_t first = getGroup(matrix, a), second = getGroup(matrix, b);
    return first != second ? first < second : a < b;
  });
  if (std::is_sorted(order.begin(), order.end()))
    return {};
  return order;
}

std::vector<int32_t> arrangeColumns(const GroupedCodes &matrix, int64_t width) {
  std::vector<int32_t> order = sortColumns(matrix);
  bool isWhole = matrix.countGroups() == 1 || matrix.group % width == 0;
  if (isWhole)
    return order;
  if (order.empty()) {
    order.resize(matrix.columns);
    std::iota(order.begin(), order.end(), 0);
  }
  std::vector<int32_t> places;
  for (size_t i = 0; i < order.size(); ++i) {
    int64_t group = getGroup(matrix, order[i]);
    if (i > 0 && group != getGroup(matrix, order[i - 1]))
      places.resize((places.size() + width - 1) / width * width, -1);
    places.push_back(order[i]);
  }
  places.resize((places.size() + width - 1) / width * width, -1);
  return places;
}

void readCodes(const GroupedCodes &matrix, int64_t row,
               Span<const int32_t> order, Span<uint8_t> codes) {
  for (int64_t i = 0; i < matrix.columns; ++i)
    codes[i] =
        readCode(matrix, matrix.firstRow + row, order.empty() ? i : order[i]);
}

void readScales(const GroupedCodes &matrix, int64_t row, Span<float> scales) {
  for (int64_t group = 0; group < matrix.countGroups(); ++group)
    scales[group] = readScale(matrix, matrix.firstRow + row, group);
}

void readZeros(const GroupedCodes &matrix, int64_t row, Span<int32_t> zeros) {
  // Bytes count from -128, so their middle is 128 as well.
  int64_t bits = matrix.layout == CodeLayout::Bytes ? 8 : matrix.bits;
  for (int64_t group = 0; group < matrix.countGroups(); ++group)
    zeros[group] = matrix.zeros.empty()
                       ? 1 << (bits - 1)
                       : readZero(matrix, matrix.firstRow + row, group);
}

void decodeRow(const GroupedCodes &matrix, int64_t row, Span<float> values) {
  std::vector<uint8_t> codes(matrix.columns);
  std::vector<float> scales(matrix.countGroups());
  std::vector<int32_t> zeros(matrix.countGroups());
  readCodes(matrix, row, {}, codes);
  readScales(matrix, row, scales);
  readZeros(matrix, row, zeros);
  for (int64_t i = 0; i < matrix.columns; ++i) {
    int64_t group = getGroup(matrix, i);
    values[i] = float(codes[i] - zeros[group]) * scales[group];
  }
}

} // namespace qcc::numerics
