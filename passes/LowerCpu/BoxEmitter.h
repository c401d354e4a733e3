// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Combines boxes of input elements, for pools and reductions: the sum, mean,
// product, largest or smallest of them, in floats, integers or grids.

#ifndef PASSES_LOWERCPU_BOXEMITTER_H
#define PASSES_LOWERCPU_BOXEMITTER_H

#include "passes/LowerCpu/Kernels.h"

namespace qcc {

/// Input indices [low, high) in steps of `step` along one reduced dimension.
struct Range {
  mlir::Value low, high;
  int64_t step = 1;
};

/// What is combined, and how the result is made of it.
struct Combination {
  ReduceKind kind;
  TensorArgument input, result;
  // Mean: number of elements combined, or null where it is `constantCount`.
  mlir::Value count;
  int64_t constantCount = 1;
};

class BoxEmitter {
public:
  /// `width` neighbouring elements at a time (1: scalars).
  BoxEmitter(KernelEmitter &emitter, const Combination &combination,
             int64_t width)
      : e(emitter), c(combination), width(width) {}

  /// `width` results, stored elements: each combines the box at its element of
  /// `at` + the steps through `ranges`, whose strides are `strides`.
  mlir::Value emit(mlir::Value at, llvm::ArrayRef<Range> ranges,
                   llvm::ArrayRef<int64_t> strides);

  /// One result that also combines the `length` elements next to each other at
  /// each place of the box, `width` at a time.
  mlir::Value emitRows(mlir::Value at, llvm::ArrayRef<Range> ranges,
                       llvm::ArrayRef<int64_t> strides, int64_t length);

private:
  bool sums() const;
  mlir::Type runningType() const;
  mlir::Value start();
  mlir::Value walk(size_t depth, mlir::Value at, llvm::ArrayRef<Range> ranges,
                   llvm::ArrayRef<int64_t> strides, mlir::Value running);
  mlir::Value walkRow(mlir::Value at, mlir::Value running);
  mlir::Value keepNan(mlir::Value x, mlir::Value combined);
  mlir::Value prepare(mlir::Value x);
  mlir::Value combine(mlir::Value running, mlir::Value x);
  mlir::Value spread(mlir::Value scalar);
  mlir::Value multiplier();
  mlir::Value finish(mlir::Value running);

  KernelEmitter &e;
  const Combination &c;
  int64_t width;
  int64_t rowLength = 0; // of `emitRows`
};

} // namespace qcc

#endif // PASSES_LOWERCPU_BOXEMITTER_H
