// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What attention is given, and what it should compute: sequences with tokens
// in the cache, and a run that adds some.

#ifndef TEST_NUMERICS_ATTENTIONCASES_H
#define TEST_NUMERICS_ATTENTIONCASES_H

#include "test/numerics/DecoderCases.h"

namespace qcc::numerics_test {

/// Of heads, their elements before the norm is applied.
enum class HeadNorm { None, Each, All };

struct AttentionShape {
  int64_t heads, kvHeads, size;
  std::string cacheType = "f32";
  int64_t rotated = 0; // elements of a head; the rest is left alone
  bool isInterleaved = false;
  HeadNorm norm = HeadNorm::None;
  int64_t window = 0;
  double softCap = 0;
  bool hasSinks = false;
};

/// Three sequences, of which the first two, or all, get rows.
class AttentionData {
public:
  static constexpr int64_t kSequences = 3, kTokens = 208, kMostRows = 13;
  static constexpr int64_t kCapacity = kSequences * kTokens + 16;

  AttentionData(const AttentionShape &shape, uint64_t seed);

  struct Row {
    int64_t sequence, position;
  };
  std::vector<Row> getRows(int64_t count) const;
  int64_t spanRows() const {
    return std::max<int64_t>(1, 8 * shape.kvHeads / shape.heads);
  }

  /// places, spans, extents and the cache, then the rows themselves.
  std::vector<Bytes> makeInputs(int64_t count) const;

  std::string check(const DecoderRun &run) const;

  AttentionShape shape;
  std::vector<float> query, key, value, table; // of the rows
  std::vector<float> queryNorm, keyNorm, sinks;
  double scale;

private:
  using Vector = std::vector<double>;

  /// A head of a row, normalized and rotated.
  Vector makeHead(const std::vector<float> &rows, int64_t heads, int64_t r,
                  int64_t head, const std::vector<float> &norm) const;
  /// The key (0) or value (1) of a token once the run has written its own.
  Vector readToken(const std::vector<Row> &rows, Row token, int64_t head,
                   int part) const;
  void addHead(const std::vector<Row> &rows, int64_t r, int64_t head,
               Vector &expected) const;
  float draw(int part, Row token, int64_t head, int64_t k) const;
  size_t findElement(int part, Row token, int64_t head, int64_t k) const;
  std::string checkCache(const std::vector<Row> &rows, const char *cache) const;

  uint64_t seed;
};

} // namespace qcc::numerics_test

#endif // TEST_NUMERICS_ATTENTIONCASES_H
