// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops over all elements of a tensor for the ops that are not worth a kernel
// of their own: ordered by the result's strides, neighbouring dimensions merged
// where every tensor allows, the outermost cut into tasks. `emitRunNest` works
// on vectors; in `emitNest` the body decides what an element is. An op that
// finds an element's place itself, along some dimensions only, gives the nest
// its position along those and keeps the runs along the others.

#ifndef PASSES_LOWERCPU_LOOPNEST_H
#define PASSES_LOWERCPU_LOOPNEST_H

#include "passes/LowerCpu/Kernels.h"

namespace qcc {

/// How one tensor is walked: a stride for each dimension of the nest (0 where
/// it is broadcast) and the offset to start from.
struct Walk {
  llvm::SmallVector<int64_t> strides;
  mlir::Value start;
};

/// `tensor` walked in step with a result of `shape`: NumPy broadcasting.
Walk walkBroadcast(KernelEmitter &emitter, const TensorArgument &tensor,
                   llvm::ArrayRef<int64_t> shape);

/// Emits the nest over `sizes`; `walks[0]` is the result's and decides the
/// order. `body` gets one offset a walk. Returns the number of tasks, each of
/// about `elementsPerTask`.
int64_t emitNest(KernelContext &context, llvm::ArrayRef<int64_t> sizes,
                 llvm::ArrayRef<Walk> walks,
                 llvm::function_ref<void(llvm::ArrayRef<mlir::Value>)> body,
                 int64_t elementsPerTask = 32768);

/// Neighbouring elements of the result in a nest, and those of the operands
/// that belong to them: `width` of each walk whose stride is not 0, else one.
class Run {
public:
  Run(KernelEmitter &emitter, llvm::ArrayRef<mlir::Value> offsets,
      llvm::ArrayRef<int64_t> strides, int64_t width, int64_t valid)
      : e(emitter), offsets(offsets), strides(strides), width(width),
        valid(valid) {}

  /// The elements of walk `walk` as a vector of `width`; behind the valid ones
  /// are zeros. Elements that are no neighbours are gathered.
  /// `shift` is added to the walk's offset.
  mlir::Value load(mlir::Value buffer, size_t walk,
                   mlir::Value shift = nullptr) const;
  /// Stores the valid elements to walk 0.
  void store(mlir::Value elements, mlir::Value buffer,
             mlir::Value shift = nullptr) const;
  /// Elements of walk `walk` that lie `places` (a vector of integers) beyond
  /// its offset, which rests along the run.
  mlir::Value gather(mlir::Value buffer, size_t walk, mlir::Value places,
                     mlir::Value shift = nullptr) const;
  int64_t getWidth() const { return width; }
  /// The walk's offset at the first element.
  mlir::Value at(size_t walk) const { return offsets[walk]; }
  /// Whether the walk goes on with the elements of the run.
  bool moves(size_t walk) const { return strides[walk] != 0; }

private:
  KernelEmitter &e;
  llvm::ArrayRef<mlir::Value> offsets;
  llvm::ArrayRef<int64_t> strides;
  int64_t width, valid;
};

/// The same nest in runs of up to `width` elements along its innermost loop.
int64_t emitRunNest(KernelContext &context, llvm::ArrayRef<int64_t> sizes,
                    llvm::ArrayRef<Walk> walks, int64_t width,
                    llvm::function_ref<void(const Run &)> body,
                    int64_t elementsPerTask = 32768);

/// The dimension that the innermost loop over `sizes` goes along, in the order
/// of `walk`; nothing where there is one element.
std::optional<size_t> innermostDimension(llvm::ArrayRef<int64_t> sizes,
                                         const Walk &walk);

/// Whether hardly any neighbours of the result are neighbours of the operands,
/// or near enough to load a register and pick.
bool isScattered(llvm::ArrayRef<int64_t> sizes, llvm::ArrayRef<Walk> walks);

/// The position along `dimension`, of `rank`, as a walk: it keeps the dimension
/// from merging with others.
Walk walkPosition(KernelEmitter &emitter, int64_t rank, size_t dimension);

/// `walk` at rest along `dimension`, whose places the kernel finds itself.
Walk restAlong(Walk walk, size_t dimension);

/// The tasks of `first` and those of `second`, which write different elements.
int64_t emitBoth(KernelContext &context,
                 llvm::function_ref<int64_t(KernelContext &)> first,
                 llvm::function_ref<int64_t(KernelContext &)> second);

} // namespace qcc

#endif // PASSES_LOWERCPU_LOOPNEST_H
