// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One emitter for each kind of op. Each writes the body of a kernel that
// computes task `context.task`, and returns how many tasks there are. A task
// may be any part of the result, but tasks never write the same byte.

#ifndef PASSES_LOWERCPU_KERNELS_H
#define PASSES_LOWERCPU_KERNELS_H

#include "passes/LowerCpu/TensorArgument.h"

namespace qcc {

/// Rows of an image, over all images, from `first` to before `end`.
struct RowRange {
  mlir::Value first, end;
};

struct KernelContext {
  KernelEmitter &e;
  mlir::Value task;
  llvm::SmallVector<TensorArgument> operands; // in the op's order
  TensorArgument result;
  /// Convolutions only: just these rows of the result, and no tasks.
  std::optional<RowRange> rows;
  /// Bytes that only the running thread uses, and how many the kernel needs.
  mlir::Value scratch = {};
  int64_t scratchBytes = 0;
  /// Language models: tasks are for each `unit` of an element of the extents,
  /// `[operand, element, unit]` (`extent` of qcc.launch); else empty.
  llvm::SmallVector<int64_t> extent = {};
  /// The buffer that the tasks read whole and in order (`streams` of
  /// qcc.launch).
  std::optional<int64_t> streams = {};
};

/// Writes the kernel of `op` and returns its number of tasks; an error at the
/// op where it cannot be compiled for this target.
mlir::FailureOr<int64_t> emitKernel(KernelContext &context,
                                    mlir::Operation *op);

/// Language models.
mlir::FailureOr<int64_t> emitBlockLinear(KernelContext &context,
                                         BlockLinearOp op);
mlir::FailureOr<int64_t> emitEmbed(KernelContext &context, EmbedOp op);
int64_t emitNormRows(KernelContext &context, NormRowsOp op);
int64_t emitGateRows(KernelContext &context, GateRowsOp op);
int64_t emitChooseExperts(KernelContext &context, ChooseExpertsOp op);
int64_t emitGroupRows(KernelContext &context, GroupRowsOp op);
int64_t emitMixRows(KernelContext &context, MixRowsOp op);
int64_t emitRotations(KernelContext &context, RotationsOp op);
int64_t emitCacheKeys(KernelContext &context, CacheKeysOp op);
int64_t emitAttend(KernelContext &context, AttendOp op);
/// A second kernel, for an op with parts: makes results of them.
int64_t emitMergeParts(KernelContext &context, AttendOp op);

int64_t emitConv(KernelContext &context, PackedConvOp op);
int64_t emitDepthwise(KernelContext &context, PackedDepthwiseOp op);
int64_t emitFloatDepthwise(KernelContext &context, PackedDepthwiseOp op);
int64_t emitLookup(KernelContext &context, LookupOp op);

/// Ops of `isElementwise`, and several of them.
int64_t emitElementwise(KernelContext &context, mlir::Operation *op);
int64_t emitFused(KernelContext &context, FusedOp op);

// Movement.
int64_t emitReshape(KernelContext &context, ReshapeOp op);
int64_t emitTranspose(KernelContext &context, TransposeOp op);
int64_t emitSlice(KernelContext &context, SliceOp op);
int64_t emitPad(KernelContext &context, PadOp op);
int64_t emitGather(KernelContext &context, GatherOp op);
int64_t emitExpand(KernelContext &context, ExpandOp op);

/// Says at `op`, unless it is small, that its kernel finds a place for each
/// element, one by one.
void remarkScattered(const KernelContext &context, mlir::Operation *op);

/// Planes of a few channels to channels-last pixels, quantized where the result
/// is; nothing where the kernel's shapes do not fit.
std::optional<int64_t> emitInterleavedPlanes(KernelContext &context);

// Places of elements.
int64_t emitNonMaxSuppression(KernelContext &context, NonMaxSuppressionOp op);
int64_t emitScatter(KernelContext &context, ScatterOp op);
int64_t emitTopK(KernelContext &context, TopKOp op);

// Windows and reductions.
int64_t emitMaxPool(KernelContext &context, MaxPoolOp op);
int64_t emitAveragePool(KernelContext &context, AveragePoolOp op);
int64_t emitReduce(KernelContext &context, ReduceOp op);
int64_t emitSoftmax(KernelContext &context, SoftmaxOp op);
int64_t emitResize(KernelContext &context, ResizeOp op);
int64_t emitMatmul(KernelContext &context, MatmulOp op);

} // namespace qcc

#endif // PASSES_LOWERCPU_KERNELS_H
