// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Resize of every operator set, and Upsample before it.

#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/OnnxReader.h"
#include "compiler/Import/Onnx/ResizeMatrices.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace qcc::onnx_import {

/// A choice of `table` by the string attribute `name`; a problem if it is none
/// of them.
template <typename T>
static T readChoice(Node &node, StringRef name, StringRef absent,
                    ArrayRef<std::pair<StringLiteral, T>> table) {
  StringRef text = node.getString(name, absent);
  for (const auto &[key, value] : table)
    if (key == text)
      return value;
  node.fail("expected " + name + " that qcc knows, such as " +
            table.front().first + ", but got " + quote(text));
  return table.front().second;
}

/// True for tf_crop_and_resize, which scales a part of the input.
static bool isCropped(Node &node) {
  return node.opset >= 11 &&
         node.getString("coordinate_transformation_mode", "half_pixel") ==
             "tf_crop_and_resize";
}

static MatrixResize readOptions(Node &node) {
  MatrixResize rule;
  ResizeOptions &options = rule.options;
  options.mode = readChoice<ResizeMode>(node, "mode", "nearest",
                                        {{"nearest", ResizeMode::Nearest},
                                         {"linear", ResizeMode::Linear},
                                         {"bilinear", ResizeMode::Linear},
                                         {"cubic", ResizeMode::Cubic}});
  if (node.opset < 11) {
    options.coordinates = Coordinates::Asymmetric;
    options.rounding = NearestRounding::Floor;
    return rule;
  }
  rule.isAntialiased =
      node.getInteger("antialias", 0) && options.mode != ResizeMode::Nearest;
  rule.excludesOutside = node.getInteger("exclude_outside", 0) &&
                         options.mode != ResizeMode::Nearest;
  rule.isCropped = isCropped(node);
  rule.extrapolation = node.getFloat("extrapolation_value", 0);
  if (!rule.isCropped)
    options.coordinates = readChoice<Coordinates>(
        node, "coordinate_transformation_mode", "half_pixel",
        {{"half_pixel", Coordinates::HalfPixel},
         {"pytorch_half_pixel", Coordinates::PytorchHalfPixel},
         {"align_corners", Coordinates::AlignCorners},
         {"asymmetric", Coordinates::Asymmetric},
         {"half_pixel_symmetric", Coordinates::HalfPixelSymmetric}});
  options.rounding = readChoice<NearestRounding>(
      node, "nearest_mode", "round_prefer_floor",
      {{"round_prefer_floor", NearestRounding::RoundPreferFloor},
       {"round_prefer_ceil", NearestRounding::RoundPreferCeil},
       {"floor", NearestRounding::Floor},
       {"ceil", NearestRounding::Ceil}});
  options.cubicCoefficient = node.getFloat("cubic_coeff_a", -0.75f);
  return rule;
}

namespace {

/// Result sizes and factors, and the part of the input that is taken: one a
/// dimension of the input.
struct Sizes {
  SmallVector<int64_t> sizes;
  SmallVector<double> scales;
  SmallVector<double> starts, ends;

  explicit Sizes(Shape shape)
      : sizes(shape), scales(shape.size(), 1.0), starts(shape.size(), 0.0),
        ends(shape.size(), 1.0) {}
};

} // namespace

/// Reads the part of the input that input `roi` gives, starts before ends.
static bool readPart(Node &node, Shape axes, Sizes &result) {
  if (!isCropped(node))
    return true;
  auto part = node.constantFloats(1, "roi");
  if (!part)
    return false;
  bool isFinite = llvm::all_of(*part, [](float x) { return std::isfinite(x); });
  if (part->size() != 2 * axes.size() || !isFinite) {
    node.fail("expected " + Twine(2 * axes.size()) +
              " finite numbers as roi, but got " + Twine(part->size()));
    return false;
  }
  for (auto [i, axis] : llvm::enumerate(axes)) {
    result.starts[axis] = (*part)[i];
    result.ends[axis] = (*part)[i + axes.size()];
  }
  return true;
}

static std::optional<Sizes> sizesOfScales(Node &node, Shape shape, Shape axes,
                                          ArrayRef<float> scales) {
  if (scales.size() != axes.size()) {
    node.fail("expected " + Twine(axes.size()) + " scales, but got " +
              Twine(scales.size()));
    return std::nullopt;
  }
  Sizes result(shape);
  if (!readPart(node, axes, result))
    return std::nullopt;
  for (auto [axis, scale] : llvm::zip(axes, scales)) {
    // In f32, as other runtimes compute it.
    float size =
        std::floor(float(shape[axis]) *
                   float(result.ends[axis] - result.starts[axis]) * scale);
    if (!(size >= 1 && size < float(int64_t(1) << 31))) {
      node.fail("expected scales that leave at least 1 element, but got "
                "dimension " +
                Twine(axis) + " of size " + Twine(shape[axis]) +
                " with scale " + std::to_string(scale));
      return std::nullopt;
    }
    result.sizes[axis] = size;
    result.scales[axis] = scale;
  }
  return result;
}

/// One factor for all `axes`: the smallest or largest that `sizes` asks for.
static void keepAspectRatio(Shape shape, Shape axes, Sizes &result,
                            bool isSmallest) {
  double scale = isSmallest ? INFINITY : 0;
  for (int64_t axis : axes)
    scale = isSmallest ? std::min(scale, result.scales[axis])
                       : std::max(scale, result.scales[axis]);
  for (int64_t axis : axes) {
    result.sizes[axis] = std::floor(scale * shape[axis] + 0.5);
    result.scales[axis] = scale;
  }
}

static std::optional<Sizes> sizesOfSizes(Node &node, Shape shape, Shape axes,
                                         Shape sizes) {
  Sizes result(shape);
  if (!readPart(node, axes, result))
    return std::nullopt;
  bool isFit = sizes.size() == axes.size();
  for (size_t i = 0; isFit && i < axes.size(); ++i) {
    isFit = sizes[i] >= 1 && sizes[i] < int64_t(1) << 31 && shape[axes[i]] > 0;
    result.sizes[axes[i]] = sizes[i];
    result.scales[axes[i]] = double(sizes[i]) / shape[axes[i]];
  }
  if (!isFit) {
    node.fail("expected " + Twine(axes.size()) +
              " sizes of at least 1, but got " + describe(sizes));
    return std::nullopt;
  }
  StringRef policy = node.getString("keep_aspect_ratio_policy", "stretch");
  if (policy == "not_larger" || policy == "not_smaller")
    keepAspectRatio(shape, axes, result, policy == "not_larger");
  else if (policy != "stretch")
    node.fail("expected keep_aspect_ratio_policy stretch, not_larger or "
              "not_smaller, but got " +
              quote(policy));
  return result;
}

/// The dimensions that change, for matrices.
static SmallVector<ResizedDimension> listDimensions(Shape shape,
                                                    const Sizes &sizes) {
  SmallVector<ResizedDimension> dimensions;
  for (size_t i = 0; i < shape.size(); ++i)
    if (sizes.sizes[i] != shape[i] || sizes.scales[i] != 1 ||
        sizes.starts[i] != 0 || sizes.ends[i] != 1)
      dimensions.push_back({int64_t(i), shape[i], sizes.sizes[i],
                            sizes.scales[i], sizes.starts[i], sizes.ends[i]});
  return dimensions;
}

/// Interpolates in f32 whatever the elements are; integers on a grid move.
static void finishResize(Node &node, const std::optional<Sizes> &sizes) {
  GraphBuilder &build = node.build;
  MatrixResize rule = readOptions(node);
  if (!sizes || build.hasProblem())
    return;
  Value x = node.input(0);
  auto dimensions = listDimensions(shapeOf(x), *sizes);
  if (dimensions.empty()) {
    node.setOutput(0, x);
    return;
  }
  bool isMove = getQuantType(x.getType()) && !rule.isNeeded() &&
                rule.options.mode == ResizeMode::Nearest;
  Value source = isMove ? x : build.convert(x, build.getFloat());
  Value result =
      rule.isNeeded()
          ? resizeByMatrices(build, source, dimensions, rule)
          : build.resize(source, sizes->sizes, sizes->scales, rule.options);
  if (rule.isNeeded())
    build.remark("its rule has no kernel: it becomes a matrix product along "
                 "each dimension");
  node.setOutput(0, build.convert(result, elementOf(x)));
}

/// True for an optional input that is there and not an empty tensor, which
/// older exporters write instead of leaving it out.
static bool isGiven(Node &node, size_t i) {
  return node.hasInput(i) && typeOf(node.input(i)).getNumElements() > 0;
}

void importResize(Node &node) {
  Shape shape = shapeOf(node.input(0));
  auto axes = llvm::to_vector(llvm::seq<int64_t>(shape.size()));
  if (node.hasAttribute("axes")) {
    SmallVector<int64_t> given = node.getIntegers("axes", {});
    auto normal = node.normalizeAxes(given, shape.size());
    if (!normal)
      return;
    for (int64_t &axis : given)
      axis = axis < 0 ? axis + int64_t(shape.size()) : axis;
    axes = given;
  }
  // Operator set 10 has (x, scales), later ones (x, roi, scales, sizes).
  size_t scalesIndex = node.opset < 11 ? 1 : 2;
  if (isGiven(node, 3)) {
    auto sizes = node.constantIntegers(3, "sizes");
    if (sizes)
      finishResize(node, sizesOfSizes(node, shape, axes, *sizes));
  } else if (isGiven(node, scalesIndex)) {
    auto scales = node.constantFloats(scalesIndex, "scales");
    if (scales)
      finishResize(node, sizesOfScales(node, shape, axes, *scales));
  } else {
    node.fail("expected scales or sizes, but got neither");
  }
}

void importUpsample(Node &node) {
  Shape shape = shapeOf(node.input(0));
  auto axes = llvm::to_vector(llvm::seq<int64_t>(shape.size()));
  if (node.opset < 9) {
    SmallVector<float> scales = node.getFloats("scales");
    finishResize(node, sizesOfScales(node, shape, axes, scales));
  } else if (auto scales = node.constantFloats(1, "scales")) {
    finishResize(node, sizesOfScales(node, shape, axes, *scales));
  }
}

} // namespace qcc::onnx_import
