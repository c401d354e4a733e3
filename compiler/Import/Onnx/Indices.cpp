// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic on places.

#include "compiler/Import/Onnx/Indices.h"

using namespace mlir;

namespace qcc::onnx_import {

// Constants that a short file can ask for are not made longer than this.
static constexpr int64_t kMaxElements = 1 << 24;

Value makeNumbers(GraphBuilder &build, int64_t count, int64_t axis,
                  int64_t rank) {
  if (count > kMaxElements)
    return build.fail("expected at most " + Twine(kMaxElements) +
                      " numbers, but got " + Twine(count));
  SmallVector<int64_t> shape(rank, 1);
  shape[axis] = count;
  return build.reshape(
      build.integers(llvm::to_vector(llvm::seq<int64_t>(count))), shape);
}

Value findExtreme(GraphBuilder &build, Value x, int64_t axis, bool isMax,
                  bool isLast) {
  int64_t count = shapeOf(x)[axis];
  Value extreme = build.reduce(isMax ? ReduceKind::Max : ReduceKind::Min, x,
                               axis, /*keepsDimensions=*/true);
  Value isExtreme = build.binary(BinaryKind::Equal, x, extreme);
  Value numbers = makeNumbers(build, count, axis, rankOf(x));
  if (!isExtreme || !numbers)
    return {};
  // NaN, which equals nothing, leaves the index that decides nothing.
  Value neutral = build.scalar(isLast ? 0 : count - 1, elementOf(numbers));
  return build.reduce(isLast ? ReduceKind::Max : ReduceKind::Min,
                      build.select(isExtreme, numbers, neutral), axis,
                      /*keepsDimensions=*/true);
}

Value fromFront(GraphBuilder &build, Value indices, int64_t size) {
  Type i64 = IntegerType::get(build.getContext(), 64);
  indices = build.convert(indices, i64);
  if (!indices)
    return {};
  Value isNegative =
      build.binary(BinaryKind::Less, indices, build.scalar(0, i64));
  Value moved = build.binary(BinaryKind::Add, indices, build.scalar(size, i64));
  return build.select(isNegative, moved, indices);
}

SmallVector<int64_t> rowMajorStrides(Shape shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t i = int64_t(shape.size()) - 2; i >= 0; --i)
    strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

/// Sum of the numbers of the axes but `axis`, each times its row-major stride
/// in `strides`: where row `indices` starts in the flat input.
static Value numberOthers(GraphBuilder &build, Shape shape, int64_t axis,
                          Shape strides) {
  Value sum = build.scalar(0, IntegerType::get(build.getContext(), 64));
  for (int64_t i = 0; i < int64_t(shape.size()); ++i) {
    if (i == axis)
      continue;
    Value numbers = makeNumbers(build, shape[i], i, shape.size());
    sum = build.binary(
        BinaryKind::Add, sum,
        numbers ? build.binary(BinaryKind::Mul, numbers, double(strides[i]))
                : Value());
  }
  return sum;
}

Value placeElements(GraphBuilder &build, Shape shape, Value indices,
                    int64_t axis) {
  int64_t rank = shape.size();
  bool isFit = rankOf(indices) == rank && isa<IntegerType>(elementOf(indices));
  for (int64_t i = 0; isFit && i < rank; ++i)
    isFit = i == axis || shapeOf(indices)[i] <= shape[i];
  if (!isFit)
    return build.fail("expected integer indices within " + describe(shape) +
                      ", but got " + describe(indices.getType()));
  SmallVector<int64_t> strides = rowMajorStrides(shape);
  Value along = fromFront(build, indices, shape[axis]);
  if (!along)
    return {};
  if (strides[axis] != 1)
    along = build.binary(BinaryKind::Mul, along, double(strides[axis]));
  // Nothing to add where the line along the axis is all there is.
  if (typeOf(indices).getNumElements() == shapeOf(indices)[axis])
    return along;
  return build.binary(BinaryKind::Add, along,
                      numberOthers(build, shapeOf(indices), axis, strides));
}

Value gatherElements(GraphBuilder &build, Value x, Value indices,
                     int64_t axis) {
  if (!x || !indices)
    return {};
  Value place = placeElements(build, shapeOf(x), indices, axis);
  return build.gather(build.reshape(x, typeOf(x).getNumElements()), place, 0);
}

std::optional<SlicePlaces> placeSlices(GraphBuilder &build, Shape shape,
                                       Value indices, int64_t batch) {
  int64_t rank = shape.size(), places = rankOf(indices);
  int64_t width = places > 0 ? shapeOf(indices).back() : 0;
  bool isFit = batch >= 0 && batch < std::min(rank, places) && width >= 1 &&
               width <= rank - batch &&
               shape.take_front(batch) == shapeOf(indices).take_front(batch);
  if (!isFit) {
    build.fail("expected indices of at most " + Twine(rank) +
               " numbers for the input " + describe(shape) + ", but got " +
               describe(shapeOf(indices)));
    return std::nullopt;
  }
  Shape outer = shape.take_front(batch + width);
  SmallVector<int64_t> strides = rowMajorStrides(outer);
  SmallVector<int64_t> starts(places, 0), steps(places, 1);
  SmallVector<int64_t> one(shapeOf(indices)), kept(one);
  one.back() = 1;
  kept.pop_back();
  // The numbers of the batch dimensions, which the indices share.
  Value place = build.scalar(0, IntegerType::get(build.getContext(), 64));
  for (int64_t i = 0; i < batch; ++i) {
    Value numbers = makeNumbers(build, kept[i], i, kept.size());
    place = build.binary(
        BinaryKind::Add, place,
        numbers ? build.binary(BinaryKind::Mul, numbers, double(strides[i]))
                : Value());
  }
  for (int64_t i = 0; i < width; ++i) {
    starts.back() = i;
    Value entry = build.reshape(build.slice(indices, starts, one, steps), kept);
    entry = fromFront(build, entry, outer[batch + i]);
    place = build.binary(
        BinaryKind::Add, place,
        entry ? build.binary(BinaryKind::Mul, entry, double(strides[batch + i]))
              : Value());
  }
  SmallVector<int64_t> slices(1, 1);
  for (int64_t size : outer)
    slices[0] *= size;
  llvm::append_range(slices, shape.drop_front(batch + width));
  return SlicePlaces{slices, place};
}

} // namespace qcc::onnx_import
