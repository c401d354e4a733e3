// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops about the places of elements: where the largest is, which ones an index
// names, running sums. They are made of comparisons with constant numbers.

#include "compiler/Import/Onnx/Indices.h"
#include "compiler/Import/Onnx/Nodes.h"

using namespace mlir;

namespace qcc::onnx_import {

// ArgMax -> reduce min(select(x == reduce max(x), 0 1 2 ..., last))
void importArgument(Node &node) {
  Value x = node.input(0);
  auto axis = node.normalizeAxis(node.getInteger("axis", 0), rankOf(x));
  if (!axis)
    return;
  Value place = findExtreme(node.build, x, *axis, node.getType() == "ArgMax",
                            node.getInteger("select_last_index", 0));
  if (!node.getInteger("keepdims", 1))
    place = node.build.dropDimensions(place, *axis);
  node.setOutput(0, place);
}

// OneHot -> select(indices == 0 1 2 ..., on, off)
void importOneHot(Node &node) {
  GraphBuilder &build = node.build;
  auto depth = node.constantScalar(1, "depth");
  if (!depth)
    return;
  int64_t count = *depth >= 1 && *depth <= INT32_MAX ? int64_t(*depth) : 0;
  int64_t rank = rankOf(node.input(0)) + 1;
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
static Value shift(GraphBuilder &build, Value x, int64_t axis, int64_t distance,
                   double fill) {
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
  auto wanted = node.constantInteger(1, "axis");
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

// GatherElements -> gather(flat x, index * stride + place of the rest)
void importGatherElements(Node &node) {
  Value x = node.input(0);
  auto axis = node.normalizeAxis(node.getInteger("axis", 0), rankOf(x));
  if (axis)
    node.setOutput(0, gatherElements(node.build, x, node.input(1), *axis));
}

// GatherND -> gather of flat slices by the dot product of index and strides
void importGatherNd(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  auto found = placeSlices(build, shapeOf(x), node.input(1),
                           node.getInteger("batch_dims", 0));
  if (found)
    node.setOutput(
        0, build.gather(build.reshape(x, found->slices), found->place, 0));
}

} // namespace qcc::onnx_import
