// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions and pools, whatever the order of their dimensions: an index of
// the image that adds two loops tells a window, and the operands that vary
// along a loop tell what it counts.

#include "compiler/Import/Mlir/LoopNest.h"

#include "compiler/Import/Mlir/ScalarOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace qcc::mlir_import {

namespace {

/// An index of the image: pixel * stride + tap * dilation.
struct Axis {
  int64_t pixel, tap;
  int64_t stride = 1, dilation = 1;
};

/// The loops of the image, in its own order of dimensions.
struct ImageLoops {
  SmallVector<int64_t> images, groups, channels; // plain indices
  SmallVector<Axis> axes;
  SmallVector<int64_t> outputs; // output channels of a group
};

using onnx_import::WindowGeometry;

} // namespace

// Strides up to here times 2^36 pixels do not overflow.
static constexpr int64_t kMaxStep = 1 << 24;

/// A loop times a number.
static std::optional<std::pair<int64_t, int64_t>> readTerm(AffineExpr expr) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return std::pair<int64_t, int64_t>(dim.getPosition(), 1);
  auto product = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!product || product.getKind() != AffineExprKind::Mul)
    return std::nullopt;
  auto dim = dyn_cast<AffineDimExpr>(product.getLHS());
  auto factor = dyn_cast<AffineConstantExpr>(product.getRHS());
  if (!dim || !factor || factor.getValue() < 1 || factor.getValue() > kMaxStep)
    return std::nullopt;
  return std::pair<int64_t, int64_t>(dim.getPosition(), factor.getValue());
}

static std::optional<Axis> readAxis(const LoopNest &nest, AffineExpr expr) {
  auto sum = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!sum || sum.getKind() != AffineExprKind::Add)
    return std::nullopt;
  auto first = readTerm(sum.getLHS()), second = readTerm(sum.getRHS());
  if (!first || !second)
    return std::nullopt;
  if (nest.isReduced[first->first])
    std::swap(first, second);
  if (nest.isReduced[first->first] || !nest.isReduced[second->first])
    return std::nullopt;
  return Axis{first->first, second->first, first->second, second->second};
}

/// `filter` is null for a pool.
static std::optional<ImageLoops> readLoops(const LoopNest &nest,
                                           AffineMap image, AffineMap filter) {
  ImageLoops loops;
  std::optional<SmallVector<int64_t>> inFilter = SmallVector<int64_t>();
  if (filter)
    inFilter = getLoops(filter);
  if (!inFilter)
    return std::nullopt;
  llvm::DenseSet<int64_t> seen;
  for (AffineExpr expr : image.getResults()) {
    if (std::optional<Axis> axis = readAxis(nest, expr)) {
      loops.axes.push_back(*axis);
      seen.insert(axis->pixel);
      seen.insert(axis->tap);
      continue;
    }
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim || !seen.insert(dim.getPosition()).second)
      return std::nullopt;
    int64_t loop = dim.getPosition();
    bool weighs = llvm::is_contained(*inFilter, loop);
    if (nest.isReduced[loop] && !weighs)
      return std::nullopt;
    (nest.isReduced[loop] ? loops.channels
     : weighs             ? loops.groups
                          : loops.images)
        .push_back(loop);
  }
  for (int64_t loop : *inFilter)
    if (!seen.contains(loop)) {
      if (nest.isReduced[loop])
        return std::nullopt;
      loops.outputs.push_back(loop);
      seen.insert(loop);
    }
  bool isKnown = loops.axes.size() == 1 || loops.axes.size() == 2;
  if (!isKnown || seen.size() != nest.sizes.size())
    return std::nullopt;
  return loops;
}

/// One axis becomes two, the first of which has one row.
static WindowGeometry makeGeometry(const LoopNest &nest,
                                   const ImageLoops &loops) {
  WindowGeometry geometry;
  geometry.pads.assign(4, 0);
  if (loops.axes.size() == 1) {
    geometry.kernel = geometry.strides = geometry.dilations = {1};
    geometry.output = {1};
  }
  for (const Axis &axis : loops.axes) {
    geometry.kernel.push_back(nest.sizes[axis.tap]);
    geometry.strides.push_back(axis.stride);
    geometry.dilations.push_back(axis.dilation);
    geometry.output.push_back(nest.sizes[axis.pixel]);
  }
  return geometry;
}

/// The place in `map` of the index that is, or starts with, each of `loops`.
static SmallVector<int64_t> findPlaces(const LoopNest &nest, AffineMap map,
                                       ArrayRef<int64_t> loops) {
  SmallVector<int64_t> places;
  for (int64_t loop : loops)
    for (auto [i, expr] : llvm::enumerate(map.getResults())) {
      std::optional<Axis> axis = readAxis(nest, expr);
      auto dim = dyn_cast<AffineDimExpr>(expr);
      if (axis ? axis->pixel == loop : dim && dim.getPosition() == loop)
        places.push_back(i);
    }
  return places;
}

/// A transpose of the image, below a padding if there is one: so that the
/// padding lies at the window's op, which takes it in.
static Value transposeImage(GraphBuilder &build, Value image,
                            ArrayRef<int64_t> permutation) {
  auto pad = image ? image.getDefiningOp<PadOp>() : PadOp();
  if (!pad || llvm::is_sorted(permutation))
    return build.transpose(image, permutation);
  SmallVector<int64_t> low, high;
  for (int64_t dimension : permutation) {
    low.push_back(pad.getLow()[dimension]);
    high.push_back(pad.getHigh()[dimension]);
  }
  return build.pad(build.transpose(pad.getInput(), permutation), low, high,
                   pad.getMode(), pad.getValue().convertToDouble());
}

/// The image as [N, C, H, W]; a pool counts its plain indices after the first
/// as channels.
static Value makeImage(LoopNest &nest, unsigned number, ImageLoops &loops,
                       const WindowGeometry &geometry) {
  GraphBuilder &build = nest.build;
  AffineMap map = nest.maps[number];
  SmallVector<int64_t> order;
  for (ArrayRef<int64_t> part : {ArrayRef(loops.images), ArrayRef(loops.groups),
                                 ArrayRef(loops.channels)})
    llvm::append_range(order, part);
  for (const Axis &axis : loops.axes)
    order.push_back(axis.pixel);
  Value image = transposeImage(build, nest.getTensor(number),
                               findPlaces(nest, map, order));
  if (!image)
    return {};
  int64_t channels =
      nest.countSteps(loops.groups) * nest.countSteps(loops.channels);
  SmallVector<int64_t> shape = {nest.countSteps(loops.images), channels};
  if (loops.axes.size() == 1)
    shape.push_back(1);
  llvm::append_range(shape, shapeOf(image).take_back(loops.axes.size()));
  image = build.reshape(image, shape);
  // Rows that would make room for one more window do not count.
  for (unsigned i : {0u, 1u}) {
    int64_t span = (geometry.kernel[i] - 1) * geometry.dilations[i] + 1;
    int64_t reached = (geometry.output[i] - 1) * geometry.strides[i] + span;
    if (shape[2 + i] >= reached + geometry.strides[i])
      shape[2 + i] = reached;
  }
  return build.slice(image, {0, 0, 0, 0}, shape, {1, 1, 1, 1});
}

/// [N, C, H, W] as the result.
static Value makeResult(LoopNest &nest, Value value, const ImageLoops &loops) {
  SmallVector<int64_t> order;
  for (ArrayRef<int64_t> part : {ArrayRef(loops.images), ArrayRef(loops.groups),
                                 ArrayRef(loops.outputs)})
    llvm::append_range(order, part);
  for (const Axis &axis : loops.axes)
    order.push_back(axis.pixel);
  return nest.arrangeResult(value, order);
}

static Value convertConvolution(LoopNest &nest, unsigned image,
                                unsigned filter) {
  std::optional<ImageLoops> loops =
      readLoops(nest, nest.maps[image], nest.maps[filter]);
  if (!loops)
    return {};
  GraphBuilder &build = nest.build;
  WindowGeometry geometry = makeGeometry(nest, *loops);
  SmallVector<int64_t> order;
  for (ArrayRef<int64_t> part :
       {ArrayRef(loops->groups), ArrayRef(loops->outputs),
        ArrayRef(loops->channels)})
    llvm::append_range(order, part);
  for (const Axis &axis : loops->axes)
    order.push_back(axis.tap);
  Value weight = nest.getTensor(filter);
  if (weight)
    weight = build.reshape(
        build.transpose(weight, findPlaces(nest, nest.maps[filter], order)),
        {nest.countSteps(loops->groups) * nest.countSteps(loops->outputs),
         nest.countSteps(loops->channels), geometry.kernel[0],
         geometry.kernel[1]});
  Value result = build.convolution(makeImage(nest, image, *loops, geometry),
                                   weight, /*bias=*/Value(), geometry,
                                   nest.countSteps(loops->groups));
  return makeResult(nest, result, *loops);
}

/// max_pool(pad(x) by the lowest number)  ->  max_pool(x) {pads}
static Value takePadding(Value image, WindowGeometry &geometry) {
  auto pad = image ? image.getDefiningOp<PadOp>() : PadOp();
  if (!pad || pad.getMode() != PadMode::Constant ||
      pad.getValue().convertToDouble() > std::numeric_limits<float>::lowest())
    return image;
  ArrayRef<int64_t> low = pad.getLow(), high = pad.getHigh();
  for (unsigned i : {0u, 1u, 2u, 3u}) {
    int64_t most =
        i < 2 ? 0 : (geometry.kernel[i - 2] - 1) * geometry.dilations[i - 2];
    if (low[i] < 0 || high[i] < 0 || low[i] > most || high[i] > most)
      return image;
  }
  geometry.pads = {low[2], low[3], high[2], high[3]};
  return pad.getInput();
}

static Value convertPool(LoopNest &nest, unsigned number, ReduceKind kind) {
  std::optional<ImageLoops> loops =
      readLoops(nest, nest.maps[number], AffineMap());
  if (!loops)
    return {};
  // What is not the first is a channel.
  if (loops->images.size() > 1) {
    loops->groups.assign(loops->images.begin() + 1, loops->images.end());
    loops->images.truncate(1);
  }
  GraphBuilder &build = nest.build;
  WindowGeometry geometry = makeGeometry(nest, *loops);
  Value image = makeImage(nest, number, *loops, geometry);
  if (kind == ReduceKind::Max)
    return makeResult(
        nest, build.maxPool(takePadding(image, geometry), geometry), *loops);
  if (kind == ReduceKind::Min) {
    Value most = build.maxPool(build.unary(UnaryKind::Neg, image), geometry);
    return makeResult(nest, build.unary(UnaryKind::Neg, most), *loops);
  }
  // The factor last, where the division that makes it a mean finds it.
  Value mean = build.averagePool(image, geometry, /*countsPadding=*/true);
  return applyBinary(
      build, BinaryKind::Mul, makeResult(nest, mean, *loops),
      build.scalar(geometry.kernel[0] * geometry.kernel[1], build.getFloat()));
}

Value convertWindows(LoopNest &nest, const Reduction &reduction) {
  Block *body = nest.op.getBlock();
  auto getNumber = [&](Value value) -> std::optional<unsigned> {
    auto argument = dyn_cast<BlockArgument>(value);
    if (!argument || argument.getOwner() != body)
      return std::nullopt;
    return argument.getArgNumber();
  };
  if (auto product = reduction.term.getDefiningOp<arith::MulFOp>()) {
    auto lhs = getNumber(product.getLhs()), rhs = getNumber(product.getRhs());
    if (reduction.kind != ReduceKind::Sum || !lhs || !rhs)
      return {};
    bool isFirst = !getLoops(nest.maps[*lhs]);
    return convertConvolution(nest, isFirst ? *lhs : *rhs,
                              isFirst ? *rhs : *lhs);
  }
  std::optional<unsigned> number = getNumber(reduction.term);
  if (!number || reduction.kind == ReduceKind::Prod)
    return {};
  return convertPool(nest, *number, reduction.kind);
}

} // namespace qcc::mlir_import
