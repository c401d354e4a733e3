// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generic loops over elements.

#include "passes/LowerCpu/LoopNest.h"

#include <numeric>

using namespace mlir;

namespace qcc {
namespace {

/// A loop of the nest: its size, and what each walk adds a step.
struct Dimension {
  int64_t size;
  SmallVector<int64_t> strides;
};

/// Dimensions by descending stride of the first walk; sizes of one dropped;
/// neighbours merged where every walk goes on at the inner one's end.
SmallVector<Dimension> orderDimensions(ArrayRef<int64_t> sizes,
                                       ArrayRef<Walk> walks) {
  SmallVector<size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(order, [&](size_t a, size_t b) {
    return std::abs(walks[0].strides[a]) > std::abs(walks[0].strides[b]);
  });
  SmallVector<Dimension> dimensions;
  for (size_t i : order) {
    if (sizes[i] == 1)
      continue;
    Dimension dimension{sizes[i], {}};
    for (const Walk &walk : walks)
      dimension.strides.push_back(walk.strides[i]);
    if (!dimensions.empty()) {
      Dimension &outer = dimensions.back();
      bool merges = true;
      for (size_t w = 0; w < walks.size(); ++w)
        merges &= outer.strides[w] == dimension.strides[w] * dimension.size;
      if (merges) {
        outer.size *= dimension.size;
        outer.strides = dimension.strides;
        continue;
      }
    }
    dimensions.push_back(dimension);
  }
  return dimensions;
}

struct Nest {
  KernelEmitter &e;
  ArrayRef<Dimension> dimensions;
  function_ref<void(ArrayRef<Value>)> body;

  void emit(size_t depth, Value low, Value high, ArrayRef<Value> offsets) {
    if (depth == dimensions.size())
      return body(offsets);
    e.loop(low, high, 1, [&](Value i) {
      SmallVector<Value> next;
      for (auto [offset, stride] :
           llvm::zip(offsets, dimensions[depth].strides))
        next.push_back(stride == 0 ? offset : e.add(offset, e.mul(i, stride)));
      size_t inner = depth + 1;
      emit(inner, e.index(0),
           e.index(inner < dimensions.size() ? dimensions[inner].size : 0),
           next);
    });
  }
};

} // namespace

Walk walkBroadcast(KernelEmitter &e, const TensorArgument &tensor,
                   ArrayRef<int64_t> shape) {
  Walk walk;
  walk.strides.assign(shape.size(), 0);
  int64_t shift = shape.size() - tensor.rank();
  for (int64_t i = 0; i < tensor.rank(); ++i)
    walk.strides[shift + i] = tensor.shape[i] == 1 ? 0 : tensor.strides[i];
  walk.start = e.index(tensor.base);
  return walk;
}

int64_t emitNest(KernelContext &context, ArrayRef<int64_t> sizes,
                 ArrayRef<Walk> walks,
                 function_ref<void(ArrayRef<Value>)> body,
                 int64_t elementsPerTask) {
  KernelEmitter &e = context.e;
  SmallVector<Dimension> dimensions = orderDimensions(sizes, walks);
  SmallVector<Value> starts;
  for (const Walk &walk : walks)
    starts.push_back(walk.start);
  Nest nest{e, dimensions, body};
  if (ShapedType::getNumElements(sizes) == 0)
    return 1;
  if (dimensions.empty()) {
    body(starts);
    return 1;
  }
  int64_t outer = dimensions[0].size;
  int64_t elements = ShapedType::getNumElements(sizes);
  int64_t tasks = std::clamp<int64_t>(elements / elementsPerTask, 1,
                                      std::min<int64_t>(outer, 64));
  int64_t perTask = llvm::divideCeil(outer, tasks);
  tasks = llvm::divideCeil(outer, perTask);
  Value low = e.mul(context.task, perTask);
  Value high = tasks == 1 ? e.index(outer)
                          : e.min(e.add(low, perTask), e.index(outer));
  nest.emit(0, tasks == 1 ? e.index(0) : low, high, starts);
  return tasks;
}

int64_t
emitPositions(KernelContext &context,
              function_ref<void(ArrayRef<Value>, Value)> body,
              int64_t elementsPerTask) {
  KernelEmitter &e = context.e;
  const TensorArgument &result = context.result;
  SmallVector<Walk> walks{
      Walk{SmallVector<int64_t>(result.strides), e.index(result.base)}};
  // A walk for each dimension that steps by one along it and nowhere else
  // gives the position (and keeps dimensions from merging).
  for (int64_t i = 0; i < result.rank(); ++i) {
    Walk walk{SmallVector<int64_t>(result.rank(), 0), e.index(0)};
    walk.strides[i] = 1;
    walks.push_back(walk);
  }
  return emitNest(
      context, result.shape, walks,
      [&](ArrayRef<Value> offsets) {
        body(offsets.drop_front(), offsets.front());
      },
      elementsPerTask);
}

} // namespace qcc
