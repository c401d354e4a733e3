// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrix products.

#include "compiler/Import/Onnx/Nodes.h"

using namespace mlir;

namespace qcc::onnx_import {

/// True for a bias that is the same in each row.
static bool isRowBias(Value bias) {
  return rankOf(bias) < 2 || shapeOf(bias)[0] == 1;
}

// Gemm with constant B -> linear; alpha goes into the weights, beta into the
// bias. Any other -> matmul, mul, add.
void importGemm(Node &node) {
  GraphBuilder &build = node.build;
  Value a = node.input(0), b = node.input(1), c = node.input(2);
  if (rankOf(a) != 2 || rankOf(b) != 2 || (c && rankOf(c) > 2)) {
    node.fail("expected matrices, but got " + describe(shapeOf(a)) + " and " +
              describe(shapeOf(b)));
    return;
  }
  float alpha = node.getFloat("alpha", 1), beta = node.getFloat("beta", 1);
  if (node.getInteger("transA", 0))
    a = build.transpose(a, {1, 0});
  bool isTransposed = node.getInteger("transB", 0);
  int64_t columns = shapeOf(b)[isTransposed ? 0 : 1];
  if (c && beta != 1)
    c = build.binary(BinaryKind::Mul, c, beta);
  Value product;
  if (isWeight(b)) {
    Value weight = isTransposed ? b : build.transpose(b, {1, 0});
    if (alpha != 1)
      weight = build.binary(BinaryKind::Mul, weight, alpha);
    Value bias;
    if (c && constantOf(c) && isRowBias(c)) {
      Value row = build.reshape(c, typeOf(c).getNumElements());
      bias = build.expand(row, columns);
      if (!bias)
        return;
      c = {};
    }
    product = build.linear(a, weight, bias);
  } else {
    product = build.matmul(a, isTransposed ? build.transpose(b, {1, 0}) : b);
    if (alpha != 1)
      product = build.binary(BinaryKind::Mul, product, alpha);
  }
  if (product && c) {
    SmallVector<int64_t> shape(shapeOf(product));
    product = build.binary(BinaryKind::Add, product, c);
    if (product && shapeOf(product) != Shape(shape)) {
      node.fail("expected C to broadcast to " + describe(shape) +
                ", but got " + describe(shapeOf(node.input(2))));
      return;
    }
  }
  node.setOutput(0, product);
}

/// `x` times a constant matrix: rows of all leading dimensions at once.
static Value multiplyRows(GraphBuilder &build, Value x, Value matrix) {
  SmallVector<int64_t> shape(shapeOf(x));
  int64_t width = shape.pop_back_val();
  int64_t rows = 1;
  for (int64_t size : shape)
    rows *= size;
  shape.push_back(shapeOf(matrix)[1]);
  Value product = build.linear(build.reshape(x, {rows, width}),
                               build.transpose(matrix, {1, 0}), Value());
  return build.reshape(product, shape);
}

void importMatMul(Node &node) {
  GraphBuilder &build = node.build;
  Value a = node.input(0), b = node.input(1);
  if (rankOf(a) < 1 || rankOf(b) < 1) {
    node.fail("expected tensors of rank 1 or more, but got " +
              describe(shapeOf(a)) + " and " + describe(shapeOf(b)));
    return;
  }
  // NumPy: a vector is a row on the left and a column on the right.
  bool isRow = rankOf(a) == 1, isColumn = rankOf(b) == 1;
  if (isRow)
    a = build.reshape(a, {1, shapeOf(a)[0]});
  if (isColumn)
    b = build.reshape(b, {shapeOf(b)[0], 1});
  Value product = rankOf(b) == 2 && isWeight(b) ? multiplyRows(build, a, b)
                                                  : build.matmul(a, b);
  if (!product)
    return;
  SmallVector<int64_t> shape(shapeOf(product));
  if (isColumn)
    shape.pop_back();
  if (isRow)
    shape.erase(shape.end() - (isColumn ? 1 : 2));
  node.setOutput(0, build.reshape(product, shape));
}

} // namespace qcc::onnx_import
