// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What attention is given, and what it should compute: sequences with tokens
// in the cache, and a run that adds some.

#ifndef TEST_NUMERICS_ATTENTIONCASES_H
#define TEST_NUMERICS_ATTENTIONCASES_H

#include "test/numerics/DecoderCases.h"

#include <algorithm>

namespace qcc::numerics_test {

/// Of heads, their elements before the norm is applied.
enum class HeadNorm { None, Each, Own, All }; // Own: each by its weights

struct AttentionShape {
  int64_t heads, kvHeads, size;
  std::string cacheType = "f32"; // f32, f16, bf16 or i8
  int64_t rotated = 0;           // elements of a head; the rest is left alone
  bool isInterleaved = false;
  HeadNorm norm = HeadNorm::None;
  int64_t window = 0;
  double softCap = 0;
  bool hasSinks = false;
  int64_t part = 0; // positions of a part; 0: they are never cut
  bool isCentered = false, rotatesFirst = false; // norms
  double clip = 0;
  bool hasSlopes = false;

  bool isQuantized() const { return cacheType == "i8"; }
  int64_t groups() const { return (size + 31) / 32; }
  /// Of the cache, for a place and head.
  int64_t numbers() const { return size + (isQuantized() ? 2 * groups() : 0); }
  int64_t partNumbers() const { return heads * (size + 2) + 3; }
};

/// Three sequences, of which the first two, or all, get rows.
class AttentionData {
public:
  static constexpr int64_t kSequences = 3, kTokens = 208, kMostRows = 13;
  static constexpr int64_t kCapacity = kSequences * kTokens + 16;
  // Rows of parts, and spans that leave them.
  static constexpr int64_t kSlots = kMostRows * 11;

  AttentionData(const AttentionShape &shape, uint64_t seed);

  struct Row {
    int64_t sequence, position;
  };
  std::vector<Row> getRows(int64_t count) const;
  int64_t spanRows() const {
    return std::max<int64_t>(1, 8 * shape.kvHeads / shape.heads);
  }

  int64_t spanNumbers() const { return shape.part ? 7 : 4; }

  /// The rows, their places, the cache, spans and extents, then parts and
  /// merges where there are parts.
  std::vector<Bytes> makeInputs(int64_t count) const;

  std::string check(const DecoderRun &run) const;

  AttentionShape shape;
  std::vector<float> query, key, value, table; // of the rows
  std::vector<float> queryNorm, keyNorm, sinks, slopes;
  double scale;

private:
  using Vector = std::vector<double>;

  /// A head of a row, normalized and rotated, in either order.
  Vector makeHead(const std::vector<float> &rows, int64_t heads, int64_t r,
                  int64_t head, const std::vector<float> &norm) const;
  void normalize(const float *row, int64_t head, const std::vector<float> &norm,
                 Vector &x) const;
  void rotate(int64_t r, Vector &x) const;
  double clipped(double x) const {
    return shape.clip != 0 ? std::clamp(x, -shape.clip, shape.clip) : x;
  }
  /// The key (0) or value (1) of a token once the run has written its own.
  Vector readToken(const std::vector<Row> &rows, Row token, int64_t head,
                   int part) const;
  void addHead(const std::vector<Row> &rows, int64_t r, int64_t head,
               const char *cache, Vector &expected) const;
  float draw(int part, Row token, int64_t head, int64_t k) const;
  size_t findTile(int part, Row token, int64_t head) const;
  size_t findElement(int part, Row token, int64_t head, int64_t k) const;
  size_t findScale(int part, Row token, int64_t head, int64_t k) const;
  double decode(const char *cache, int part, Row token, int64_t head,
                int64_t k) const;
  void writeHead(char *cache, int part, Row token, int64_t head) const;
  Bytes makeCache() const;
  std::vector<std::vector<int64_t>>
  makeSpans(const std::vector<Row> &rows) const;
  std::string checkNumber(double wanted, double got, double scale) const;
  std::string checkCache(const std::vector<Row> &rows, const char *cache) const;

  uint64_t seed;
};

} // namespace qcc::numerics_test

#endif // TEST_NUMERICS_ATTENTIONCASES_H
