// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generic loops over elements.

#include "passes/LowerCpu/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <numeric>

using namespace mlir;

namespace qcc {
namespace {

/// A loop of the nest: its size, and what each walk adds a step.
struct Dimension {
  int64_t size;
  SmallVector<int64_t> strides;
};

/// Dimensions by descending stride of the first walk; sizes of one dropped (but
/// for one dimension at least); neighbours merged where every walk goes on at
/// the inner one's end.
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
  if (dimensions.empty())
    dimensions.push_back({1, SmallVector<int64_t>(walks.size(), 0)});
  return dimensions;
}

/// Each walk's offset after `i` steps along `dimension`.
SmallVector<Value> advance(KernelEmitter &e, const Dimension &dimension,
                           Value i, ArrayRef<Value> offsets) {
  SmallVector<Value> next;
  for (auto [offset, stride] : llvm::zip(offsets, dimension.strides))
    next.push_back(stride == 0 ? offset : e.add(offset, e.mul(i, stride)));
  return next;
}

/// The innermost loop from `low` to before `high`, around `offsets` at 0.
using Innermost =
    function_ref<void(Value low, Value high, ArrayRef<Value> offsets)>;

void emitLoops(KernelEmitter &e, ArrayRef<Dimension> dimensions, Value low,
               Value high, ArrayRef<Value> offsets, Innermost innermost) {
  if (dimensions.size() == 1)
    return innermost(low, high, offsets);
  e.loop(low, high, 1, [&](Value i) {
    emitLoops(e, dimensions.drop_front(), e.index(0),
              e.index(dimensions[1].size),
              advance(e, dimensions[0], i, offsets), innermost);
  });
}

/// Tasks of about `elements`, of whole multiples of `unit` steps of the
/// outermost loop.
struct TaskSize {
  int64_t elements, unit;
};

/// Cuts the outermost loop into tasks; returns their number.
int64_t emitTasks(KernelContext &context, ArrayRef<Dimension> dimensions,
                  ArrayRef<Walk> walks, TaskSize size, Innermost innermost) {
  KernelEmitter &e = context.e;
  int64_t elements = 1;
  for (const Dimension &dimension : dimensions)
    elements *= dimension.size;
  if (elements == 0)
    return 1;
  SmallVector<Value> starts;
  for (const Walk &walk : walks)
    starts.push_back(walk.start);
  int64_t outer = dimensions[0].size;
  int64_t tasks = std::clamp<int64_t>(elements / size.elements, 1,
                                      std::min<int64_t>(outer, 64));
  int64_t perTask =
      llvm::divideCeil(llvm::divideCeil(outer, tasks), size.unit) * size.unit;
  tasks = llvm::divideCeil(outer, perTask);
  Value low = tasks == 1 ? e.index(0) : e.mul(context.task, perTask);
  Value high =
      tasks == 1 ? e.index(outer) : e.min(e.add(low, perTask), e.index(outer));
  emitLoops(e, dimensions, low, high, starts, innermost);
  return tasks;
}

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
                 ArrayRef<Walk> walks, function_ref<void(ArrayRef<Value>)> body,
                 int64_t elementsPerTask) {
  KernelEmitter &e = context.e;
  SmallVector<Dimension> dimensions = orderDimensions(sizes, walks);
  return emitTasks(context, dimensions, walks, {elementsPerTask, 1},
                   [&](Value low, Value high, ArrayRef<Value> offsets) {
                     e.loop(low, high, 1, [&](Value i) {
                       body(advance(e, dimensions.back(), i, offsets));
                     });
                   });
}

Value Run::load(Value buffer, size_t walk, Value shift) const {
  Value at = shift ? e.add(offsets[walk], shift) : offsets[walk];
  return e.loadStrided(buffer, at, strides[walk], width, valid);
}

Value Run::gather(Value buffer, size_t walk, Value places, Value shift) const {
  Value at = shift ? e.add(offsets[walk], shift) : offsets[walk];
  return e.gather(buffer, at, places, valid);
}

void Run::store(Value elements, Value buffer, Value shift) const {
  Value at = shift ? e.add(offsets[0], shift) : offsets[0];
  e.storeStrided(elements, buffer, at, strides[0], valid);
}

int64_t emitRunNest(KernelContext &context, ArrayRef<int64_t> sizes,
                    ArrayRef<Walk> walks, int64_t width,
                    function_ref<void(const Run &)> body,
                    int64_t elementsPerTask) {
  KernelEmitter &e = context.e;
  SmallVector<Dimension> dimensions = orderDimensions(sizes, walks);
  const Dimension &last = dimensions.back();
  while (width > 1 && width / 2 >= last.size)
    width /= 2;
  int64_t whole = last.size / width * width, rest = last.size - whole;
  auto emitRun = [&](Value i, ArrayRef<Value> offsets, int64_t width,
                     int64_t valid) {
    SmallVector<Value> at = advance(e, last, i, offsets);
    body(Run(e, at, last.strides, width, valid));
  };
  auto emitRest = [&](ArrayRef<Value> offsets) {
    emitRun(e.index(whole), offsets, llvm::PowerOf2Ceil(rest), rest);
  };
  return emitTasks(context, dimensions, walks,
                   {elementsPerTask, dimensions.size() == 1 ? width : 1},
                   [&](Value low, Value high, ArrayRef<Value> offsets) {
                     e.loop(
                         low, e.min(high, e.index(whole)), width,
                         [&](Value i) { emitRun(i, offsets, width, width); },
                         /*keepRolled=*/true);
                     if (rest == 0)
                       return;
                     if (constantIndex(high))
                       return emitRest(offsets);
                     Value isLast = arith::CmpIOp::create(
                         e, arith::CmpIPredicate::eq, high, e.index(last.size));
                     e.ifThen(isLast, [&] { emitRest(offsets); });
                   });
}

std::optional<size_t> innermostDimension(ArrayRef<int64_t> sizes,
                                         const Walk &walk) {
  std::optional<size_t> innermost;
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] > 1 && (!innermost || std::abs(walk.strides[i]) <=
                                           std::abs(walk.strides[*innermost])))
      innermost = i;
  return innermost;
}

bool isScattered(ArrayRef<int64_t> sizes, ArrayRef<Walk> walks) {
  // Shorter runs do not fill a quarter of a register; elements further apart
  // come from different ones.
  constexpr int64_t kShortRun = 4, kFar = 4;
  Dimension inner = orderDimensions(sizes, walks).back();
  return inner.size > 1 && llvm::any_of(inner.strides, [&](int64_t stride) {
           return std::abs(stride) > kFar ||
                  (inner.size < kShortRun && stride != 0);
         });
}

Walk walkPosition(KernelEmitter &e, int64_t rank, size_t dimension) {
  Walk walk{SmallVector<int64_t>(rank, 0), e.index(0)};
  walk.strides[dimension] = 1;
  return walk;
}

Walk restAlong(Walk walk, size_t dimension) {
  walk.strides[dimension] = 0;
  return walk;
}

int64_t emitBoth(KernelContext &context,
                 function_ref<int64_t(KernelContext &)> first,
                 function_ref<int64_t(KernelContext &)> second) {
  KernelEmitter &e = context.e;
  auto count = arith::ConstantIndexOp::create(e, 0); // set below
  int64_t firstTasks = 0, secondTasks = 0;
  Value isFirst =
      arith::CmpIOp::create(e, arith::CmpIPredicate::ult, context.task, count);
  e.ifThenElse(
      isFirst, [&] { firstTasks = first(context); },
      [&] {
        KernelContext rest = context;
        rest.task = arith::SubIOp::create(e, context.task, count);
        secondTasks = second(rest);
      });
  count.setValueAttr(e.getIndexAttr(firstTasks));
  return firstTasks + secondTasks;
}

} // namespace qcc
