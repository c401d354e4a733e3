// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of integers with i32 results, and scales found at run time. The
// products become float ops of whole numbers, which later passes compute in
// integers; a zero point that is only known at run time is taken out of the
// sum, since (q - z) w = q w - z w.

#include "compiler/Import/Onnx/Nodes.h"
#include "compiler/Import/Onnx/QuantizedTensors.h"
#include "compiler/Import/Onnx/WindowGeometry.h"
#include "dialects/Qcc/IR/ImportedProducts.h"

using namespace mlir;

namespace qcc::onnx_import {

// The last whole number before f32 skips some.
static constexpr int64_t kExactFloats = int64_t(1) << 24;

namespace {

/// One operand of a product: its integers as floats, minus the zero point
/// unless that is computed, which is apart then.
struct Factor {
  Value floats;
  Value zeroPoint;
  /// The floats as numbers, where they are constant.
  std::optional<std::vector<int64_t>> numbers;
};

} // namespace

static Factor makeFactor(Node &node, Value x, Quantization form) {
  Factor factor;
  if (form.isComputed()) {
    factor.zeroPoint = std::exchange(form.zeroPoint, Value());
    form.scale = {};
    form.scales = {1};
    form.zeroPoints = {0};
  }
  factor.numbers = readSteps(x, form);
  factor.floats = dequantize(node, x, form);
  return factor;
}

/// Input `i`; its zero point, along `axis`, is input `zeroPoint`.
static Factor readFactor(Node &node, size_t i, size_t zeroPoint, int64_t axis) {
  Value x = node.input(i);
  auto form = readQuantization(node, x, getStoredType(node, x),
                               {kNoInput, zeroPoint, axis});
  return form ? makeFactor(node, x, *form) : Factor();
}

/// Says where sums of `length` products could be rounded.
static void remarkRounding(Value product, int64_t reach) {
  if (reach >= kExactFloats)
    product.getDefiningOp()->emitRemark(
        "sums of integers pass through f32, which rounds those above 2^24");
}

/// The largest sum of magnitudes of `count` runs of weights, times the largest
/// byte. `at(i, k)` is weight `k` of run `i`.
template <typename At>
static int64_t getReach(int64_t count, int64_t length, At at) {
  int64_t largest = 0;
  for (int64_t i = 0; i < count; ++i) {
    int64_t sum = 0;
    for (int64_t k = 0; k < length; ++k)
      sum += std::abs(at(i, k));
    largest = std::max(largest, sum);
  }
  return 255 * largest;
}

//===-- Matrices ----------------------------------------------------------===//

/// The sums of the columns of `b`, whose last two dimensions are matrices.
static Value sumColumns(Node &node, const Factor &b) {
  int64_t rank = rankOf(b.floats);
  if (!b.numbers || rank != 2)
    return node.build.reduce(ReduceKind::Sum, b.floats, {rank - 2},
                             /*keepsDimensions=*/true);
  int64_t columns = shapeOf(b.floats)[1];
  std::vector<float> sums(columns);
  for (auto [i, number] : llvm::enumerate(*b.numbers))
    sums[i % columns] += float(number);
  return node.build.floats(sums, {1, columns});
}

/// The product of two factors as whole floats.
static Value multiply(Node &node, Factor a, Factor b) {
  GraphBuilder &build = node.build;
  if (!a.floats || !b.floats)
    return {};
  if (b.zeroPoint)
    b = {build.binary(BinaryKind::Sub, b.floats, b.zeroPoint), {}, {}};
  bool isMatrix = rankOf(a.floats) > 1 && b.floats && rankOf(b.floats) > 1;
  if (a.zeroPoint && !isMatrix)
    a = {build.binary(BinaryKind::Sub, a.floats, a.zeroPoint), {}, {}};
  Value product = importAs(node, importMatMul, {a.floats, b.floats});
  if (!product)
    return {};
  int64_t length = shapeOf(a.floats).back(), reach = length * 255 * 255;
  if (b.numbers && rankOf(b.floats) == 2) {
    int64_t columns = shapeOf(b.floats)[1];
    reach = getReach(columns, length, [&](int64_t column, int64_t k) {
      return (*b.numbers)[k * columns + column];
    });
  }
  remarkRounding(product, reach);
  if (!a.zeroPoint)
    return product;
  return build.binary(
      BinaryKind::Sub, product,
      build.binary(BinaryKind::Mul, a.zeroPoint, sumColumns(node, b)));
}

static IntegerType getProductType(Node &node) {
  return IntegerType::get(node.build.getContext(), 32);
}

// a, b, a's zero point, b's
void importMatMulInteger(Node &node) {
  Factor a = readFactor(node, 0, 2, rankOf(node.input(0)) - 2);
  Factor b = readFactor(node, 1, 3, rankOf(node.input(1)) - 1);
  node.setOutput(
      0, node.build.convert(multiply(node, a, b), getProductType(node)));
}

/// product * (a's scale * b's scale) + bias
static void setScaled(Node &node, Value product, Value scale, Value other,
                      Value bias) {
  GraphBuilder &build = node.build;
  Value result = build.binary(BinaryKind::Mul, product,
                              build.binary(BinaryKind::Mul, scale, other));
  if (bias)
    result = build.binary(BinaryKind::Add, result, bias);
  node.setOutput(0, result);
}

// a, b, their scales, their zero points, bias
void importMatMulIntegerToFloat(Node &node) {
  Factor a = readFactor(node, 0, 4, rankOf(node.input(0)) - 2);
  Factor b = readFactor(node, 1, 5, rankOf(node.input(1)) - 1);
  setScaled(node, multiply(node, a, b), node.input(2), node.input(3),
            node.input(6));
}

//===-- Scales found at run time ------------------------------------------===//

/// The extreme element of `x`. Pixels first: channels lie next to each other in
/// memory, so that step takes whole vectors.
static Value findExtreme(Node &node, ReduceKind kind, Value x) {
  GraphBuilder &build = node.build;
  if (rankOf(x) == 4)
    x = build.reduce(kind, x, {2, 3}, /*keepsDimensions=*/true);
  auto all = llvm::to_vector(llvm::seq<int64_t>(rankOf(x)));
  return build.reduce(kind, x, all, /*keepsDimensions=*/false);
}

/// The u8 quantization that ONNX's DynamicQuantizeLinear finds for `x`.
static Quantization findQuantization(Node &node, Value x) {
  GraphBuilder &build = node.build;
  Value zero = build.floats({0}, {});
  Value low = build.binary(BinaryKind::Min,
                           findExtreme(node, ReduceKind::Min, x), zero);
  Value high = build.binary(BinaryKind::Max,
                            findExtreme(node, ReduceKind::Max, x), zero);
  Value scale = build.binary(BinaryKind::Div,
                             build.binary(BinaryKind::Sub, high, low), 255);
  Quantization form;
  form.element = IntegerType::get(build.getContext(), 8, IntegerType::Unsigned);
  // Zeros alone are multiples of anything.
  form.scale = build.select(build.binary(BinaryKind::Equal, high, low),
                            build.floats({1}, {}), scale);
  Value steps = build.binary(BinaryKind::Sub, zero,
                             build.binary(BinaryKind::Div, low, form.scale));
  form.zeroPoint =
      build.unary(UnaryKind::Round, build.clamp(steps, 0.0f, 255.0f));
  return form;
}

// y, its scale, its zero point
void importDynamicQuantizeLinear(Node &node) {
  Value x = node.input(0);
  Quantization form = findQuantization(node, x);
  node.setOutput(0, quantize(node, x, form));
  node.setOutput(1, form.scale);
  Quantization plain;
  plain.element = form.element;
  node.setOutput(2, quantize(node, form.zeroPoint, plain));
}

// a of floats, b, its scale, its zero point, bias
void importDynamicQuantizeMatMul(Node &node) {
  Value x = node.input(0);
  Quantization form = findQuantization(node, x);
  Value integers = quantize(node, x, form);
  Factor b = readFactor(node, 1, 3, rankOf(node.input(1)) - 1);
  if (!integers || !form.scale)
    return;
  Value product = multiply(node, makeFactor(node, integers, form), b);
  setScaled(node, product, form.scale, node.input(2), node.input(4));
}

//===-- Convolutions ------------------------------------------------------===//

namespace {

/// For each output along a dimension, which taps lie inside the image: an index
/// into the distinct ranges that there are.
struct TapRanges {
  std::vector<int64_t> indices;
  std::vector<std::pair<int64_t, int64_t>> ranges;
};

} // namespace

static TapRanges findTapRanges(const WindowGeometry &geometry, size_t d,
                               int64_t size) {
  TapRanges result;
  for (int64_t y = 0; y < geometry.output[d]; ++y) {
    int64_t start = y * geometry.strides[d] - geometry.pads[d];
    std::pair<int64_t, int64_t> range(geometry.kernel[d], 0);
    for (int64_t tap = 0; tap < geometry.kernel[d]; ++tap) {
      int64_t at = start + tap * geometry.dilations[d];
      if (at < 0 || at >= size)
        continue;
      range.first = std::min(range.first, tap);
      range.second = tap + 1;
    }
    auto known = llvm::find(result.ranges, range);
    result.indices.push_back(known - result.ranges.begin());
    if (known == result.ranges.end())
      result.ranges.push_back(range);
  }
  return result;
}

/// The sum of the weights of each output that meet the image: one number for
/// each output channel, row and column, or fewer that broadcast to them.
static Value sumWindows(Node &node, const std::vector<int64_t> &weights,
                        Value image, Value filters,
                        const WindowGeometry &geometry) {
  GraphBuilder &build = node.build;
  int64_t outputs = shapeOf(filters)[0], inputs = shapeOf(filters)[1];
  int64_t height = geometry.kernel[0], width = geometry.kernel[1];
  TapRanges rows = findTapRanges(geometry, 0, shapeOf(image)[2]);
  TapRanges columns = findTapRanges(geometry, 1, shapeOf(image)[3]);
  std::vector<float> sums;
  for (int64_t o = 0; o < outputs; ++o)
    for (auto [top, bottom] : rows.ranges)
      for (auto [left, right] : columns.ranges) {
        int64_t sum = 0;
        for (int64_t c = o * inputs; c < (o + 1) * inputs; ++c)
          for (int64_t i = top; i < bottom; ++i)
            for (int64_t j = left; j < right; ++j)
              sum += weights[(c * height + i) * width + j];
        sums.push_back(float(sum));
      }
  Value result = build.floats(sums, {1, outputs, int64_t(rows.ranges.size()),
                                     int64_t(columns.ranges.size())});
  if (rows.ranges.size() > 1)
    result = build.gather(result, build.integers(rows.indices), 2);
  if (columns.ranges.size() > 1)
    result = build.gather(result, build.integers(columns.indices), 3);
  return result;
}

/// What a computed zero point of `x` adds to the sums of `w`.
static Value getOffset(Node &node, const Factor &x, const Factor &w) {
  Value image = asImage(node, x.floats), filters = asImage(node, w.floats);
  if (!w.numbers || !image || !filters)
    return node.fail("expected constant weights, but got computed ones");
  auto geometry =
      readWindows(node, shapeOf(x.floats).drop_front(2),
                  shapeOf(w.floats).drop_front(2), /*roundsUp=*/false);
  if (!geometry)
    return {};
  Value sums = sumWindows(node, *w.numbers, image, filters, *geometry);
  SmallVector<int64_t> ones(4, 1);
  Value offset = node.build.binary(BinaryKind::Mul,
                                   node.build.reshape(x.zeroPoint, ones), sums);
  return asOriginal(node, offset, x.floats);
}

// x, w, x's zero point, w's
void importConvInteger(Node &node) {
  GraphBuilder &build = node.build;
  Factor x = readFactor(node, 0, 2, 1), w = readFactor(node, 1, 3, 0);
  if (!x.floats || !w.floats)
    return;
  Value product = importAs(node, importConv, {x.floats, w.floats});
  if (!product)
    return;
  if (w.numbers) {
    int64_t outputs = shapeOf(w.floats)[0];
    int64_t length = int64_t(w.numbers->size()) / std::max<int64_t>(outputs, 1);
    remarkRounding(product,
                   getReach(outputs, length, [&](int64_t o, int64_t k) {
                     return (*w.numbers)[o * length + k];
                   }));
  }
  if (x.zeroPoint)
    product = build.binary(BinaryKind::Sub, product, getOffset(node, x, w));
  node.setOutput(0, build.convert(product, getProductType(node)));
}

//===-- com.microsoft.QGemm -----------------------------------------------===//

// a, its scale and zero point, b, b's, c of i32, y's; floats where y has none
void importQGemm(Node &node) {
  GraphBuilder &build = node.build;
  bool isTransposed = node.getInteger("transB", 0);
  float alpha = node.getFloat("alpha", 1);
  Value a = readFloats(node, 0), b = readFloats(node, 3, isTransposed ? 0 : 1);
  Value c = node.hasInput(6) ? readBias(node, 6, 1, 4, alpha) : Value();
  if (!a || !b || build.hasProblem())
    return;
  if (node.getInteger("transA", 0))
    a = build.transpose(a, {1, 0});
  if (!isTransposed)
    b = build.transpose(b, {1, 0});
  Value product;
  if (isWeight(b) && alpha == 1) {
    product = build.linear(a, b, c);
    if (product)
      markImportedProduct(product.getDefiningOp());
  } else {
    product = build.binary(BinaryKind::Mul,
                           build.matmul(a, build.transpose(b, {1, 0})), alpha);
    if (c)
      product = build.binary(BinaryKind::Add, product, c);
  }
  if (node.hasInput(7))
    setIntegers(node, product, 7);
  else
    node.setOutput(0, product);
}

} // namespace qcc::onnx_import
