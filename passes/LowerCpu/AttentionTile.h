// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The inner loops of attention: some queries that share a key head meet a block
// of places. Each register of keys (16 places, or 8) or of values meets all
// queries of a tile.

#ifndef PASSES_LOWERCPU_ATTENTIONTILE_H
#define PASSES_LOWERCPU_ATTENTIONTILE_H

#include "passes/LowerCpu/CacheLayout.h"

namespace qcc {

/// Below every score, and far enough from the end of f32 to be subtracted.
constexpr double kNoScore = -1e30, kMaskedScore = -3e38;
/// Scores are powers of two: this and the model's scale are one factor.
constexpr double kLog2E = 1.4426950408889634;

/// 2^x for x up to 127, within 2e-7 of it; zero from -127 down.
mlir::Value emitPower(KernelEmitter &e, mlir::Value x);

/// Scratch memory of a task, in f32. Rows of elements are padded to registers.
class AttentionMemory {
public:
  /// Scores of a block stay in the first-level cache.
  static constexpr int64_t kBlock = 128;
  enum Part {
    kQueries, // [query][element]
    kScores,  // [query][place of the block], then weights
    kSums,    // [query][element] weighted values
    kScaled,  // [query of a tile][place]: weights times scales of values
    kLargest, // [query] largest score so far
    kWeights, // [query][lane] sums of weights
    kParts
  };

  AttentionMemory(KernelContext &context, int64_t size, int64_t queries,
                  int64_t tile);

  mlir::Value at(Part part, mlir::Value query, mlir::Value k) const {
    mlir::Value row = e.add(e.mul(query, rowBytes[part]), starts[part]);
    return e.add(row, e.mul(k, 4));
  }
  mlir::Value load(Part part, mlir::Value query, mlir::Value k) const {
    return scratch.loadFloats(at(part, query, k), e.target.lanes);
  }
  /// One number in all lanes.
  mlir::Value spread(Part part, mlir::Value query, mlir::Value k) const {
    return scratch.splatFloat(at(part, query, k));
  }
  void store(mlir::Value x, Part part, mlir::Value query, mlir::Value k) const {
    scratch.store(x, at(part, query, k));
  }
  mlir::Value loadNumber(Part part, mlir::Value query) const {
    return scratch.loadScalar(at(part, query, e.index(0)), e.getF32Type());
  }
  void storeNumber(mlir::Value x, Part part, mlir::Value query) const {
    scratch.storeScalar(x, at(part, query, e.index(0)));
  }

  /// Queries of a tile.
  const int64_t tile;

private:
  KernelEmitter &e;
  ByteBuffer scratch;
  int64_t starts[kParts], rowBytes[kParts];
};

class AttentionTile {
public:
  /// Most queries of a tile.
  static int64_t getMostQueries(const Target &target) {
    return target.lanes == 16 ? 8 : 4;
  }

  /// Queries on key head `head` of the sequence whose position 0 is at place
  /// `base`. If they are alone, what they read comes from memory.
  AttentionTile(KernelContext &context, AttendOp op,
                const AttentionMemory &memory, mlir::Value head,
                mlir::Value base, bool isAlone);

  /// Scores of the queries from `first` on with the places from `block` to
  /// before `end`, and of whole registers: up to 32 places further.
  void emitScores(mlir::Value first, mlir::Value block, mlir::Value end) const;
  /// Adds the weighted values of those places to the queries' sums.
  void addValues(mlir::Value first, mlir::Value block, mlir::Value end) const;

private:
  llvm::SmallVector<mlir::Value> dotKeys(mlir::Value first, mlir::Value place,
                                         int64_t registers) const;
  llvm::SmallVector<mlir::Value>
  addElements(mlir::Value first, mlir::ValueRange places, int64_t registers,
              mlir::Value from, mlir::Value to, mlir::ValueRange sums) const;
  void scaleWeights(mlir::Value first, mlir::Value block, mlir::Value end,
                    int64_t group) const;
  mlir::Value zeros() const {
    return e.constant(e.vectorOf(e.getF32Type(), lanes), 0);
  }
  /// Sums that fit in registers beside what they are made of.
  int64_t mostSums() const { return lanes == 16 ? 16 : 8; }

  KernelEmitter &e;
  std::optional<double> bound; // of the scores
  const AttentionMemory &memory;
  CacheLayout cache;
  mlir::Value head, base;
  int64_t count, lanes, size;
  bool isAlone;
};

} // namespace qcc

#endif // PASSES_LOWERCPU_ATTENTIONTILE_H
