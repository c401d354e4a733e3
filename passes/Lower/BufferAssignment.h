// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which tensors share a buffer, and the layout each has in it. First decides
// what must be copied (and inserts the copies), then places every value.

#ifndef PASSES_LOWER_BUFFERASSIGNMENT_H
#define PASSES_LOWER_BUFFERASSIGNMENT_H

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/IR/Strides.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace qcc {

/// One allocation: several values may live in it at once (parts of a concat)
/// or as views of each other.
struct RootBuffer {
  BufferSpace space;
  int64_t index = 0; // of the input or output
  llvm::SmallVector<int64_t> shape;
  Halo halo = {0, 0, 0, 0};
  int64_t elementBytes = 1;
  int64_t first = INT64_MAX, last = -1; // operations between which it lives
  int64_t offsetBytes = 0;

  int64_t bytes() const {
    return countElements(shape, halo) * elementBytes;
  }
};

/// A value's elements inside a root buffer.
struct Placement {
  size_t root = 0;
  Strided elements; // offset from the start of the root, halo included
};

/// True for a convolution's operand that is read in whole channel vectors.
bool isReadAsImage(mlir::OpOperand &use);

class BufferAssignment {
public:
  explicit BufferAssignment(mlir::func::FuncOp func) : func(func) {}

  /// Decides views, in-place concats and copies; inserts the copies.
  void prepare();

  /// Gives every tensor value but constants a placement.
  void place();

  std::vector<RootBuffer> roots;
  llvm::DenseMap<mlir::Value, Placement> placements;

private:
  bool isView(mlir::Operation *op) const;
  bool ownsBuffer(mlir::Value value) const;
  bool canHoldHalo(mlir::Value value) const;
  bool isInput(mlir::Value value) const;
  bool readsBeyondInput(mlir::OpOperand &use) const;
  bool hasArenaReader(mlir::Value value) const;
  mlir::Value insertCopy(mlir::OpOperand &use);
  void materializeViews();
  void joinConcats();
  void copyForImages();
  void copyForOutputs();
  void copyForObservers();
  void collectHalos();
  mlir::Value haloOwner(mlir::Value value) const;
  const Placement &placeValue(mlir::Value value);
  Placement placeView(mlir::Operation *op);
  Placement makeRoot(mlir::Value value);

  mlir::func::FuncOp func;
  // View ops that write a buffer of their own instead.
  llvm::DenseSet<mlir::Operation *> materialized;
  // Concat operands written in place: the concat, and where in its axis.
  llvm::DenseMap<mlir::Value, std::pair<ConcatOp, int64_t>> parents;
  llvm::DenseMap<mlir::Value, Halo> halos;
  llvm::DenseMap<mlir::Value, int64_t> outputs; // written directly
  llvm::DenseSet<mlir::Value> images;           // channels-last where owned
};

} // namespace qcc

#endif // PASSES_LOWER_BUFFERASSIGNMENT_H
