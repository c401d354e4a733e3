// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the kernels of language models share: how many rows a run has, and rows
// of activations as products read them.

#ifndef PASSES_LOWERCPU_DECODERKERNELS_H
#define PASSES_LOWERCPU_DECODERKERNELS_H

#include "passes/LowerCpu/ByteBuffer.h"
#include "passes/LowerCpu/Kernels.h"

namespace qcc {

// Elements of the extents (dialects/Qcc/IR/QccDecoderOps.td).
enum Extent { kRows, kOutputs, kCapacity, kSpans, kMerges };

/// An element of the extents, operand number `operand`, as an index.
mlir::Value loadExtent(KernelContext &context, size_t operand, int64_t element);

/// Makes one task of each row, span, ... that the run has.
int64_t useTaskForEach(KernelContext &context, size_t operand, int64_t element);

/// Computes a row a register at a time: `value(k, valid)` gives elements k on.
using RowValues = llvm::function_ref<mlir::Value(mlir::Value k, int64_t valid)>;

struct StoredRow {
  int64_t columns; // that are computed
  // The column at each place of what is stored, or -1; null: their own.
  const TensorArgument *order;
  RowFormat format;
};

/// Stores the task's row in the result, by way of scratch memory from byte 0
/// on.
void emitRow(KernelContext &context, const StoredRow &row, RowValues values);

/// Bytes of scratch memory that emitRow needs.
int64_t getRowScratch(int64_t columns, RowFormat format);

} // namespace qcc

#endif // PASSES_LOWERCPU_DECODERKERNELS_H
