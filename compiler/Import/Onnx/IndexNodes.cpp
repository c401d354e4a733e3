// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops about the places of elements: where the largest is, which ones an index
// names, running sums. They are made of comparisons with constant numbers.

#include "compiler/Import/Onnx/Nodes.h"

using namespace mlir;

namespace qcc::onnx_import {

// Constants that a short file can ask for are not made longer than this.
static constexpr int64_t kMaxElements = 1 << 24;

/// 0, 1, 2 ... along `axis` of a tensor of `rank` dimensions.
static Value makeNumbers(GraphBuilder &build, int64_t count, int64_t axis,
                         int64_t rank) {
  if (count > kMaxElements)
    return build.fail("expected at most " + Twine(kMaxElements) +
                      " numbers, but got " + Twine(count));
  SmallVector<int64_t> shape(rank, 1);
  shape[axis] = count;
  return build.reshape(
      build.integers(llvm::to_vector(llvm::seq<int64_t>(count))), shape);
}

/// The index along `axis` of the largest (smallest) element, with the
/// dimension kept: the first such, or the last.
static Value findExtreme(GraphBuilder &build, Value x, int64_t axis, bool isMax,
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

// ArgMax -> reduce min(select(x == reduce max(x), 0 1 2 ..., last))
void importArgument(Node &node) {
  Value x = node.input(0);
  auto axis = node.normalizeAxis(node.getInteger("axis", 0), rankOf(x));
  if (!axis)
    return;
  Value place = findExtreme(node.build, x, *axis, node.getType() == "ArgMax",
                            node.getInteger("select_last_index", 0));
  if (place && !node.getInteger("keepdims", 1)) {
    SmallVector<int64_t> shape(shapeOf(place));
    shape.erase(shape.begin() + *axis);
    place = node.build.reshape(place, shape);
  }
  node.setOutput(0, place);
}

// Hardmax -> cast(0 1 2 ... == argmax(x)). Before operator set 13 all
// dimensions from `axis` on were one.
void importHardmax(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  int64_t rank = rankOf(x);
  bool isFlat = node.opset < 13;
  auto axis =
      node.normalizeAxis(node.getInteger("axis", isFlat ? 1 : -1), rank);
  if (!axis)
    return;
  SmallVector<int64_t> shape(shapeOf(x));
  if (isFlat) {
    SmallVector<int64_t> flat(Shape(shape).take_front(*axis));
    flat.push_back(1);
    for (int64_t size : Shape(shape).drop_front(*axis))
      flat.back() *= size;
    x = build.reshape(x, flat);
    rank = *axis + 1;
  }
  if (!x)
    return;
  Value place = findExtreme(build, x, *axis, /*isMax=*/true, /*isLast=*/false);
  Value numbers = makeNumbers(build, shapeOf(x)[*axis], *axis, rank);
  Value hit = build.binary(BinaryKind::Equal, place, numbers);
  node.setOutput(0, build.reshape(build.convert(hit, elementOf(x)), shape));
}

/// `indices` as i64 from 0 on, for a dimension of `size`.
static Value fromFront(GraphBuilder &build, Value indices, int64_t size) {
  Type i64 = IntegerType::get(build.getContext(), 64);
  indices = build.convert(indices, i64);
  if (!indices)
    return {};
  Value isNegative =
      build.binary(BinaryKind::Less, indices, build.scalar(0, i64));
  Value moved = build.binary(BinaryKind::Add, indices, build.scalar(size, i64));
  return build.select(isNegative, moved, indices);
}

// OneHot -> select(indices == 0 1 2 ..., on, off)
void importOneHot(Node &node) {
  GraphBuilder &build = node.build;
  auto depth = node.constantScalar(1, "depth");
  if (!depth)
    return;
  int64_t count = *depth, rank = rankOf(node.input(0)) + 1;
  auto axis = node.normalizeAxis(node.getInteger("axis", -1), rank);
  if (!axis)
    return;
  if (count < 1 || shapeOf(node.input(2)) != Shape(2)) {
    node.fail("expected a depth of at least 1 and two values, but got " +
              Twine(count) + " and " + describe(shapeOf(node.input(2))));
    return;
  }
  SmallVector<int64_t> shape(shapeOf(node.input(0)));
  shape.insert(shape.begin() + *axis, 1);
  Value indices = build.reshape(fromFront(build, node.input(0), count), shape);
  Value hit = build.binary(BinaryKind::Equal, indices,
                           makeNumbers(build, count, *axis, rank));
  auto value = [&](int64_t at) {
    return build.reshape(build.slice(node.input(2), at, 1, 1), {});
  };
  node.setOutput(0, build.select(hit, value(1), value(0)));
}

/// `x` moved by `distance` towards the end of `axis`, `fill` in its place.
static Value shift(GraphBuilder &build, Value x, int64_t axis,
                   int64_t distance, double fill) {
  if (!x)
    return {};
  SmallVector<int64_t> low(rankOf(x), 0), high(rankOf(x), 0);
  low[axis] = distance;
  high[axis] = -distance;
  return build.pad(x, low, high, PadMode::Constant, fill);
}

// CumSum -> x + shift(x, 1), then the same by 2, 4, 8 ...: sums of 2, 4, 8 ...
// neighbours; CumProd is the same with products
void importCumulative(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  auto wanted = node.constantScalar(1, "axis");
  if (!wanted)
    return;
  auto axis = node.normalizeAxis(*wanted, rankOf(x));
  if (!axis)
    return;
  int64_t count = shapeOf(x)[*axis];
  bool isReverse = node.getInteger("reverse", 0);
  bool isExclusive = node.getInteger("exclusive", 0);
  bool isSum = node.getType() == "CumSum";
  auto move = [&](Value value, int64_t distance) {
    return shift(build, value, *axis, isReverse ? -distance : distance,
                 isSum ? 0 : 1);
  };
  Value result = isExclusive && count > 0 ? move(x, 1) : x;
  for (int64_t distance = 1; result && distance < count; distance *= 2)
    result = build.binary(isSum ? BinaryKind::Add : BinaryKind::Mul, result,
                          move(result, distance));
  node.setOutput(0, result);
}

// Trilu -> select(column - row <= k, x, 0)
void importTrilu(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  int64_t rank = rankOf(x);
  auto offset = node.hasInput(1) ? node.constantScalar(1, "k") : 0.0;
  if (!offset)
    return;
  if (rank < 2) {
    node.fail("expected matrices, but got " + describe(shapeOf(x)));
    return;
  }
  Value rows = makeNumbers(build, shapeOf(x)[rank - 2], 0, 2);
  Value columns = makeNumbers(build, shapeOf(x)[rank - 1], 1, 2);
  bool isUpper = node.getInteger("upper", 1);
  Value diagonal = build.binary(BinaryKind::Sub, columns, rows);
  if (!diagonal)
    return;
  Value keeps = build.binary(
      isUpper ? BinaryKind::GreaterOrEqual : BinaryKind::LessOrEqual, diagonal,
      build.scalar(*offset, elementOf(diagonal)));
  node.setOutput(0, build.select(keeps, x, build.scalar(0, elementOf(x))));
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

static SmallVector<int64_t> rowMajorStrides(Shape shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t i = int64_t(shape.size()) - 2; i >= 0; --i)
    strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

// GatherElements -> gather(flat x, index * stride + place of the rest)
void importGatherElements(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0), indices = node.input(1);
  int64_t rank = rankOf(x);
  auto axis = node.normalizeAxis(node.getInteger("axis", 0), rank);
  if (!axis)
    return;
  bool isFit = rankOf(indices) == rank && isa<IntegerType>(elementOf(indices));
  for (int64_t i = 0; isFit && i < rank; ++i)
    isFit = i == *axis || shapeOf(indices)[i] <= shapeOf(x)[i];
  if (!isFit) {
    node.fail("expected integer indices within " + describe(shapeOf(x)) +
              ", but got " + describe(indices.getType()));
    return;
  }
  SmallVector<int64_t> strides = rowMajorStrides(shapeOf(x));
  Value along = fromFront(build, indices, shapeOf(x)[*axis]);
  if (!along)
    return;
  Value place =
      build.binary(BinaryKind::Add,
                   build.binary(BinaryKind::Mul, along, double(strides[*axis])),
                   numberOthers(build, shapeOf(indices), *axis, strides));
  if (place)
    node.setOutput(0, build.gather(build.reshape(x, typeOf(x).getNumElements()),
                                   place, 0));
}

// GatherND -> gather of flat slices by the dot product of index and strides
void importGatherNd(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0), indices = node.input(1);
  int64_t rank = rankOf(x), places = rankOf(indices);
  int64_t batch = node.getInteger("batch_dims", 0);
  int64_t width = places > 0 ? shapeOf(indices).back() : 0;
  bool isFit =
      batch >= 0 && batch < std::min(rank, places) && width >= 1 &&
      width <= rank - batch &&
      shapeOf(x).take_front(batch) == shapeOf(indices).take_front(batch);
  if (!isFit) {
    node.fail("expected indices of at most " + Twine(rank) +
              " numbers for the input " + describe(shapeOf(x)) + ", but got " +
              describe(shapeOf(indices)));
    return;
  }
  Shape outer = shapeOf(x).take_front(batch + width);
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
  SmallVector<int64_t> rows(1, 1);
  for (int64_t size : outer)
    rows[0] *= size;
  llvm::append_range(rows, shapeOf(x).drop_front(batch + width));
  node.setOutput(0, build.gather(build.reshape(x, rows), place, 0));
}

} // namespace qcc::onnx_import
