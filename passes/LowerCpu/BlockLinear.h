// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the tiles of qcc.block_linear share: one launch multiplies the rows of
// a run by a matrix of blocks. A task is a group of neighbouring panels; how it
// computes depends on how many rows the run has. With experts, tasks are those
// of each expert that has rows, and rows are found by its list of places.

#ifndef PASSES_LOWERCPU_BLOCKLINEAR_H
#define PASSES_LOWERCPU_BLOCKLINEAR_H

#include "dialects/Qcc/Numerics/RowLayout.h"
#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/PanelReader.h"

namespace qcc {

struct BlockLinear {
  BlockLinear(KernelContext &context, BlockLinearOp op,
              const PanelFormat &format);

  KernelEmitter &e;
  mutable BlockLinearOp op; // accessors of ops are not const
  const PanelFormat &format;
  RowFormat rowFormat;
  RowLayout row;         // of quantized rows
  int64_t columns;       // a multiple of the block
  int64_t panels, lanes; // of the matrix (of an expert's), of a panel
  int64_t panelBytes;
  int64_t unit; // columns whose products are summed in i32
  TensorArgument input, weight, result;
  std::optional<TensorArgument> bias, residual, groups;
  mlir::Value scratch;

  // With experts: those of the task, rows of the run it computes are places.
  mlir::Value expert, firstPlace;
  /// Reads entry `number` of the groups; returns how many places it has.
  mlir::Value setExpert(mlir::Value number);
  int64_t countExperts() const { return *op.countExperts(); }
  /// Where row `r` goes: itself, or its place.
  mlir::Value placeOf(mlir::Value r) const;
  /// As many as a task may have.
  int64_t mostRows() const {
    return result.shape[0] / (groups ? int64_t(op.getSlots()) : 1);
  }

  bool hasBrainRows() const { return rowFormat == RowFormat::BFloat; }
  bool hasIntegerRows() const {
    return rowFormat != RowFormat::Float && !hasBrainRows();
  }
  /// The scale of a whole row, which leaves all loops.
  bool hasRowScale() const { return rowFormat == RowFormat::Token; }
  /// Scales are integers of groups below one of a block.
  bool hasGroups() const { return format.groupBits > 0; }

  mlir::Type f32() const { return e.vectorOf(e.getF32Type(), lanes); }
  mlir::Type i32() const { return e.vectorOf(e.getI32Type(), lanes); }
  mlir::Value zeros() const { return e.constant(f32(), 0.0); }
  mlir::Value fma(mlir::Value a, mlir::Value b, mlir::Value c) const;

  /// First byte of panel `panel` of the weights.
  mlir::Value panelAt(mlir::Value panel) const;
  /// First element (or byte) of row `r` of the input.
  mlir::Value rowAt(mlir::Value r) const;
  /// The scale of activations at column `k` of the row at `at`, in all lanes.
  mlir::Value loadRowScale(mlir::Value at, mlir::Value k) const;
  /// Minus the sum of the `unit` codes from column `k` on, in all lanes.
  mlir::Value loadSum(mlir::Value at, mlir::Value k) const;
  /// The same of 32 codes and of the next 32, as 16-bit halves of a lane.
  mlir::Value loadSumPair(mlir::Value at, mlir::Value k) const;
  /// What the i32 sum of a unit begins with: minus the offset's share.
  mlir::Value loadStart(mlir::Value at, mlir::Value k) const;
  /// Four codes of the row at column `k`, in all lanes.
  mlir::Value loadDword(mlir::Value at, mlir::Value k) const;

  /// Asks for lines some kB behind `bytes` at `at`, one of `parts` equal parts,
  /// where `known` is known; returns it.
  mlir::Value prefetch(mlir::Value known, mlir::Value at, int64_t bytes,
                       int64_t part, int64_t parts) const;

  /// Finishes `sums` of row `r` and panel `panel`: scale, bias, cap, residual.
  void storeSums(mlir::Value sums, mlir::Value r, mlir::Value panel) const;
  /// What `body` does with panel `number`, if there is one.
  void ifExists(mlir::Value number,
                llvm::function_ref<void(mlir::Value)> body) const;
  /// Stores the sums of the first `rows` rows and `width` panels from `panel`
  /// on, those that exist; `sumsOf` are a row's in one of them.
  void storePanels(
      mlir::Value panel, int64_t width, mlir::Value rows,
      llvm::function_ref<mlir::Value(mlir::Value r, int64_t p)> sumsOf) const;
};

/// Rows by a panel with its blocks in registers: for a few rows, where the
/// weights come from memory. Writes the rows of `rows` (numbers, some may be
/// equal) of panel `panel`.
void emitTokenTile(const BlockLinear &linear, mlir::Value panel,
                   llvm::ArrayRef<mlir::Value> rows);

/// Codes by 2 to `most` (4 or 8) `rows` of floats: blocks of a panel are
/// unpacked one at a time. Returns bytes of scratch memory.
int64_t emitFloatTile(const BlockLinear &linear, mlir::Value panel,
                      mlir::Value rows, int64_t most);

/// All `rows` by `width` panels from `panel` on, which are unpacked first.
/// Returns bytes of scratch memory.
int64_t emitPanelTiles(const BlockLinear &linear, mlir::Value panel,
                       int64_t width, mlir::Value rows);

/// The same for rows and weights of bf16, which are not unpacked.
void emitBrainTokenTile(const BlockLinear &linear, mlir::Value panel,
                        llvm::ArrayRef<mlir::Value> rows);
int64_t emitBrainPanels(const BlockLinear &linear, mlir::Value panel,
                        int64_t width, mlir::Value rows);

} // namespace qcc

#endif // PASSES_LOWERCPU_BLOCKLINEAR_H
