// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that give elements another shape or order.

#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/OnnxReader.h"
#include "compiler/Import/Onnx/TensorReader.h"

using namespace mlir;

namespace qcc::onnx_import {

void importReshape(Node &node) {
  Value x = node.input(0);
  auto wanted = node.constantIntegers(1, "sizes");
  if (!wanted)
    return;
  SmallVector<int64_t> shape(wanted->begin(), wanted->end());
  bool copiesZero = !node.getInteger("allowzero", 0);
  int64_t known = 1, open = -1;
  bool isFit = true;
  for (auto [i, size] : llvm::enumerate(shape)) {
    if (size == 0 && copiesZero && int64_t(i) < rankOf(x))
      size = shapeOf(x)[i];
    if (size == -1 && open < 0)
      open = i;
    else
      isFit &= size >= 0 && !llvm::MulOverflow(known, size, known);
  }
  int64_t count = typeOf(x).getNumElements();
  if (isFit && open >= 0) {
    isFit = known > 0 && count % known == 0;
    if (isFit)
      shape[open] = count / known;
  }
  if (!isFit) {
    node.fail("expected a shape for the " + Twine(count) + " elements of " +
              describe(shapeOf(x)) + ", but got " + describe(*wanted));
    return;
  }
  node.setOutput(0, node.build.reshape(x, shape));
}

void importFlatten(Node &node) {
  Value x = node.input(0);
  int64_t rank = rankOf(x), axis = node.getInteger("axis", 1);
  if (axis < -rank || axis > rank) {
    node.fail("expected an axis from " + Twine(-rank) + " to " + Twine(rank) +
              ", but got " + Twine(axis));
    return;
  }
  int64_t rows = 1, columns = 1;
  for (auto [i, size] : llvm::enumerate(shapeOf(x)))
    (int64_t(i) < (axis < 0 ? axis + rank : axis) ? rows : columns) *= size;
  node.setOutput(0, node.build.reshape(x, {rows, columns}));
}

void importTranspose(Node &node) {
  Value x = node.input(0);
  auto reversed = llvm::to_vector(llvm::reverse(llvm::seq(rankOf(x))));
  node.setOutput(
      0, node.build.transpose(x, node.getIntegers("perm", reversed)));
}

void importSqueeze(Node &node) {
  Value x = node.input(0);
  auto axes = node.getAxes(1, 13);
  if (node.build.hasProblem())
    return;
  std::optional<SmallVector<int64_t>> dropped = SmallVector<int64_t>();
  if (axes)
    dropped = node.normalizeAxes(*axes, rankOf(x));
  if (!dropped)
    return;
  SmallVector<int64_t> shape;
  for (auto [i, size] : llvm::enumerate(shapeOf(x))) {
    bool isNamed = llvm::is_contained(*dropped, int64_t(i));
    if (isNamed && size != 1) {
      node.fail("expected dimension " + Twine(i) + " to have size 1, but got " +
                describe(shapeOf(x)));
      return;
    }
    if (axes ? !isNamed : size != 1)
      shape.push_back(size);
  }
  node.setOutput(0, node.build.reshape(x, shape));
}

void importUnsqueeze(Node &node) {
  Value x = node.input(0);
  auto axes = node.getAxes(1, 13);
  if (!axes) {
    node.fail("expected axes, but got none");
    return;
  }
  auto added = node.normalizeAxes(*axes, rankOf(x) + axes->size());
  if (!added)
    return;
  SmallVector<int64_t> shape(shapeOf(x));
  for (int64_t axis : *added)
    shape.insert(shape.begin() + axis, 1);
  node.setOutput(0, node.build.reshape(x, shape));
}

void importExpand(Node &node) {
  Value x = node.input(0);
  auto wanted = node.constantIntegers(1, "sizes");
  if (!wanted)
    return;
  for (int64_t size : *wanted)
    if (size < 0) {
      node.fail("expected sizes from 0 on, but got " + describe(*wanted));
      return;
    }
  if (auto shape = node.build.broadcast(shapeOf(x), *wanted))
    node.setOutput(0, node.build.expand(x, *shape));
}

// Tile [A, B] by [r, s] -> reshape [1, A, 1, B], expand [r, A, s, B], reshape
// [r*A, s*B]
void importTile(Node &node) {
  Value x = node.input(0);
  auto repeats = node.constantIntegers(1, "repeats");
  if (!repeats)
    return;
  SmallVector<int64_t> single, repeated, shape;
  bool isFit = int64_t(repeats->size()) == rankOf(x);
  for (size_t i = 0; isFit && i < repeats->size(); ++i) {
    int64_t size = shapeOf(x)[i], count = (*repeats)[i];
    shape.push_back(0);
    isFit = count >= 0 && !llvm::MulOverflow(size, count, shape.back());
    // Only repeated dimensions are split, to keep the rank low.
    if (count != 1) {
      single.push_back(1);
      repeated.push_back(count);
    }
    single.push_back(size);
    repeated.push_back(size);
  }
  if (!isFit || !countElements(shape)) {
    node.fail("expected " + Twine(rankOf(x)) +
              " repeats from 0 on, but got " + describe(*repeats));
    return;
  }
  Value split = node.build.reshape(x, single);
  node.setOutput(0,
                 node.build.reshape(node.build.expand(split, repeated),
                                    shape));
}

/// [N, C, H, W] of the node's input, or nothing and a problem; and its block.
static std::optional<std::pair<Shape, int64_t>> readBlocks(Node &node) {
  Shape shape = shapeOf(node.input(0));
  int64_t block = node.getInteger("blocksize", 0);
  if (shape.size() == 4 && block >= 1 && block <= 1 << 15)
    return std::pair(shape, block);
  node.fail("expected an input of rank 4 and a blocksize of at least 1, but "
            "got " +
            describe(shape) + " and " + Twine(block));
  return std::nullopt;
}

void importDepthToSpace(Node &node) {
  auto blocks = readBlocks(node);
  if (!blocks)
    return;
  auto [shape, block] = *blocks;
  int64_t n = shape[0], c = shape[1] / (block * block), h = shape[2],
          w = shape[3];
  if (shape[1] % (block * block)) {
    node.fail("expected channels that blocksize " + Twine(block) +
              " squared divides, but got " + Twine(shape[1]));
    return;
  }
  StringRef mode = node.getString("mode", "DCR");
  if (mode != "DCR" && mode != "CRD") {
    node.fail("expected mode DCR or CRD, but got " + quote(mode));
    return;
  }
  GraphBuilder &build = node.build;
  // DCR has the place in the block before the channel, CRD after it.
  Value split =
      mode == "DCR"
          ? build.transpose(
                build.reshape(node.input(0), {n, block, block, c, h, w}),
                {0, 3, 4, 1, 5, 2})
          : build.transpose(
                build.reshape(node.input(0), {n, c, block, block, h, w}),
                {0, 1, 4, 2, 5, 3});
  node.setOutput(0, build.reshape(split, {n, c, h * block, w * block}));
}

void importSpaceToDepth(Node &node) {
  auto blocks = readBlocks(node);
  if (!blocks)
    return;
  auto [shape, block] = *blocks;
  int64_t n = shape[0], c = shape[1], h = shape[2] / block,
          w = shape[3] / block;
  if (shape[2] % block || shape[3] % block) {
    node.fail("expected an image that blocksize " + Twine(block) +
              " divides, but got " + describe(shape));
    return;
  }
  GraphBuilder &build = node.build;
  Value split = build.transpose(
      build.reshape(node.input(0), {n, c, h, block, w, block}),
      {0, 3, 5, 1, 2, 4});
  node.setOutput(0, build.reshape(split, {n, c * block * block, h, w}));
}

} // namespace qcc::onnx_import
