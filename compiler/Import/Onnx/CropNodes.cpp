// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that are known places of other tensors: cut out around the middle, chosen
// by a constant condition, in the reverse order, on the diagonal.

#include "compiler/Import/Onnx/Indices.h"
#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/ElementTypes.h"
#include "compiler/Import/Onnx/OnnxReader.h"

using namespace mlir;

namespace qcc::onnx_import {

// CenterCropPad -> slice, pad
void importCenterCropPad(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  int64_t rank = rankOf(x);
  auto wanted = node.constantIntegers(1, "sizes");
  SmallVector<int64_t> axes =
      node.getIntegers("axes", llvm::to_vector(llvm::seq<int64_t>(rank)));
  if (!wanted || !node.normalizeAxes(axes, rank))
    return;
  if (wanted->size() != axes.size()) {
    node.fail("expected " + Twine(axes.size()) + " sizes, but got " +
              Twine(wanted->size()));
    return;
  }
  SmallVector<int64_t> sizes(shapeOf(x)), starts(rank, 0), steps(rank, 1);
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  for (auto [axis, size] : llvm::zip(axes, *wanted)) {
    if (size < 0 || size > int64_t(1) << 40) {
      node.fail("expected sizes of at least 0, but got " + Twine(size));
      return;
    }
    int64_t at = axis < 0 ? axis + rank : axis, missing = size - sizes[at];
    if (missing > 0) {
      low[at] = missing / 2;
      high[at] = missing - missing / 2;
    } else {
      starts[at] = -missing / 2;
      sizes[at] = size;
    }
  }
  node.setOutput(0, build.pad(build.slice(x, starts, sizes, steps), low, high,
                              PadMode::Constant, 0));
}

// Compress with a constant condition -> gather
void importCompress(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  std::optional<int64_t> axis = 0;
  if (node.hasAttribute("axis"))
    axis = node.normalizeAxis(node.getInteger("axis", 0), rankOf(x));
  else
    x = build.reshape(x, typeOf(x).getNumElements());
  auto condition = node.constantIntegers(1, "condition");
  if (!axis || !condition || !x)
    return;
  SmallVector<int64_t> places;
  for (auto [i, holds] : llvm::enumerate(*condition))
    if (holds)
      places.push_back(i);
  if (places.empty()) {
    node.fail("expected a condition that holds somewhere, but got none");
    return;
  }
  node.setOutput(0, build.gather(x, build.integers(places), *axis));
}

// ReverseSequence -> gather of element length - 1 - i where i < length
void importReverseSequence(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0), lengths = node.input(1);
  int64_t rank = rankOf(x);
  auto time = node.normalizeAxis(node.getInteger("time_axis", 0), rank);
  auto batch = node.normalizeAxis(node.getInteger("batch_axis", 1), rank);
  if (!time || !batch)
    return;
  if (*time == *batch || shapeOf(lengths) != shapeOf(x).slice(*batch, 1)) {
    node.fail("expected a length for each of the batch axis of " +
              describe(shapeOf(x)) + ", but got " + describe(shapeOf(lengths)));
    return;
  }
  SmallVector<int64_t> perBatch(rank, 1);
  perBatch[*batch] = shapeOf(lengths)[0];
  lengths = build.reshape(
      build.convert(lengths, IntegerType::get(build.getContext(), 64)),
      perBatch);
  Value numbers = makeNumbers(build, shapeOf(x)[*time], *time, rank);
  if (!numbers || !lengths)
    return;
  Value reversed = build.binary(
      BinaryKind::Sub, build.binary(BinaryKind::Sub, lengths, 1), numbers);
  Value isInside = build.binary(BinaryKind::Less, numbers, lengths);
  Value places = build.select(isInside, reversed, numbers);
  node.setOutput(
      0, gatherElements(build, x, build.expand(places, shapeOf(x)), *time));
}

// EyeLike -> cast(column - row == k)
void importEyeLike(Node &node) {
  GraphBuilder &build = node.build;
  Shape shape = shapeOf(node.input(0));
  Type element = elementOf(node.input(0));
  if (node.hasAttribute("dtype")) {
    int32_t number = node.getInteger("dtype", 1);
    const ElementType *type = findElementType(number);
    if (!type) {
      node.fail("expected a dtype of numbers, but got " +
                describeElementType(number));
      return;
    }
    element = getGraphType(getInterfaceType(build.getContext(), *type));
  }
  if (shape.size() != 2) {
    node.fail("expected a matrix, but got " + describe(shape));
    return;
  }
  Value rows = makeNumbers(build, shape[0], 0, 2);
  Value columns = makeNumbers(build, shape[1], 1, 2);
  if (!rows || !columns)
    return;
  Value offset = build.binary(BinaryKind::Sub, columns, rows);
  node.setOutput(0, build.convert(build.binary(BinaryKind::Equal, offset,
                                               double(node.getInteger("k", 0))),
                                  element));
}

} // namespace qcc::onnx_import
