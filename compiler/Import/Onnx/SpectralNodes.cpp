// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What speech models begin with: windows, Fourier transforms of frames as
// products with matrices of sines and cosines, and bands of the mel scale.

#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/ElementTypes.h"

#include <cmath>

using namespace mlir;

namespace qcc::onnx_import {

// Elements of a matrix or window that a short file can ask for.
static constexpr int64_t kMaxElements = 1 << 24;

namespace {

/// A transform of `length` complex elements, of which `results` are computed.
struct Transform {
  int64_t length = 0, results = 0;
  bool isInverse = false;
  // The inverse of a one-sided one: real elements from half of the spectrum.
  bool isReal = false;
};

/// Real and imaginary parts, the transformed dimension last.
struct Complex {
  Value real, imaginary;
};

} // namespace

/// [results, length] of cos or sin of 2 pi i k / length.
static Value makeWaves(GraphBuilder &build, const Transform &transform,
                       int64_t inputs, bool isSine) {
  std::vector<float> elements;
  elements.reserve(transform.results * inputs);
  for (int64_t k = 0; k < transform.results; ++k)
    for (int64_t i = 0; i < inputs; ++i) {
      double angle =
          2 * M_PI * double(i * k % transform.length) / transform.length;
      double wave = isSine ? std::sin(angle) : std::cos(angle);
      // Half of a spectrum stands for its mirror too, but for the ends.
      bool isEnd = i == 0 || 2 * i == transform.length;
      if (transform.isReal && !isEnd)
        wave *= 2;
      elements.push_back(transform.isInverse ? wave / transform.length : wave);
    }
  return build.floats(elements, {transform.results, inputs});
}

/// `x` times a constant matrix, over the last dimension.
static Value multiplyLast(GraphBuilder &build, Value x, Value matrix) {
  if (!x || !matrix)
    return {};
  SmallVector<int64_t> shape(shapeOf(x));
  int64_t width = shape.back();
  shape.back() = shapeOf(matrix)[0];
  int64_t rows = typeOf(x).getNumElements() / std::max<int64_t>(width, 1);
  return build.reshape(
      build.linear(build.reshape(x, {rows, width}), matrix, Value()), shape);
}

static Complex applyTransform(GraphBuilder &build, Complex x,
                              const Transform &transform) {
  if (!x.real)
    return {};
  int64_t inputs = shapeOf(x.real).back();
  if (transform.length < 1 || transform.results < 1 ||
      transform.results > kMaxElements / std::max<int64_t>(inputs, 1)) {
    build.fail("expected a transform of at most " + Twine(kMaxElements) +
               " weights, but got one of length " + Twine(transform.length));
    return {};
  }
  Value cosine = makeWaves(build, transform, inputs, false);
  Value sine = makeWaves(build, transform, inputs, true);
  // e^(-ia) forward, e^(ia) back.
  Complex result{multiplyLast(build, x.real, cosine),
                 multiplyLast(build, x.real, sine)};
  if (!transform.isInverse)
    result.imaginary = build.unary(UnaryKind::Neg, result.imaginary);
  if (!x.imaginary)
    return result;
  Value turned = multiplyLast(build, x.imaginary, sine);
  result.real =
      build.binary(transform.isInverse ? BinaryKind::Sub : BinaryKind::Add,
                   result.real, turned);
  result.imaginary = build.binary(BinaryKind::Add, result.imaginary,
                                  multiplyLast(build, x.imaginary, cosine));
  return result;
}

/// [..., n, 1 or 2] as parts of `length` elements, cut off or filled with 0.
static Complex splitParts(Node &node, Value x, int64_t length) {
  GraphBuilder &build = node.build;
  if (!x)
    return {};
  SmallVector<int64_t> shape(shapeOf(x)), starts(shape.size(), 0), sizes(shape);
  size_t rank = shape.size();
  SmallVector<int64_t> steps(rank, 1), low(rank, 0), high(rank, 0);
  high[rank - 2] = length - shape[rank - 2];
  x = build.pad(x, low, high, PadMode::Constant, 0);
  sizes[rank - 2] = length;
  sizes[rank - 1] = 1;
  auto part = [&](int64_t at) {
    starts.back() = at;
    return build.dropDimensions(build.slice(x, starts, sizes, steps),
                                int64_t(rank - 1));
  };
  return {part(0), shape.back() == 2 ? part(1) : Value()};
}

/// The inverse of `splitParts`.
static Value joinParts(GraphBuilder &build, Complex x, bool isReal) {
  if (!x.real || (!isReal && !x.imaginary))
    return {};
  SmallVector<int64_t> shape(shapeOf(x.real));
  shape.push_back(1);
  Value real = build.reshape(x.real, shape);
  if (isReal)
    return real;
  return build.concat({real, build.reshape(x.imaginary, shape)},
                      int64_t(shape.size()) - 1);
}

/// True for a signal whose last dimension has real and imaginary parts.
static bool checkSignal(Node &node, Value x) {
  int64_t rank = rankOf(x);
  if (rank >= 2 && elementOf(x).isF32() &&
      (shapeOf(x)[rank - 1] == 1 || shapeOf(x)[rank - 1] == 2))
    return true;
  node.fail("expected a float signal [..., 1 or 2], but got " +
            describe(x.getType()));
  return false;
}

void importDft(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  if (!checkSignal(node, x))
    return;
  int64_t rank = rankOf(x);
  std::optional<int64_t> wanted =
      node.opset < 20 ? node.getInteger("axis", 1) : -2;
  if (node.opset >= 20 && node.hasInput(2))
    wanted = node.constantInteger(2, "axis");
  auto axis = wanted ? node.normalizeAxis(*wanted, rank) : std::nullopt;
  if (!axis)
    return;
  Transform transform;
  bool isOneSided = node.getInteger("onesided", 0);
  transform.isInverse = node.getInteger("inverse", 0);
  transform.isReal = transform.isInverse && isOneSided;
  int64_t size = shapeOf(x)[*axis];
  transform.length = transform.isReal ? 2 * (size - 1) : size;
  if (node.hasInput(1)) {
    auto length = node.constantInteger(1, "dft_length");
    if (!length)
      return;
    transform.length = *length;
  }
  bool isHalf = isOneSided && !transform.isInverse;
  transform.results = isHalf ? transform.length / 2 + 1 : transform.length;
  int64_t inputs =
      transform.isReal ? transform.length / 2 + 1 : transform.length;
  if (transform.length < 1 || transform.length > kMaxElements) {
    node.fail("expected a length of at least 1, but got " +
              Twine(transform.length));
    return;
  }
  SmallVector<int64_t> order = llvm::to_vector(llvm::seq(rank));
  std::swap(order[*axis], order[rank - 2]);
  Complex parts = splitParts(node, build.transpose(x, order), inputs);
  Value result = joinParts(build, applyTransform(build, parts, transform),
                           transform.isReal);
  node.setOutput(0, build.transpose(result, order));
}

// STFT -> frames of the signal, times the window, transformed
void importStft(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0), window = node.input(2);
  auto step = node.constantInteger(1, "frame_step");
  if (rankOf(x) == 2) // without parts, as ONNX Runtime takes it
    x = build.reshape(x, {shapeOf(x)[0], shapeOf(x)[1], 1});
  if (!step || !checkSignal(node, x))
    return;
  if (rankOf(x) != 3) {
    node.fail("expected a signal of rank 2 or 3, but got " +
              describe(shapeOf(x)));
    return;
  }
  std::optional<int64_t> length;
  if (node.hasInput(3))
    length = node.constantInteger(3, "frame_length");
  else if (window)
    length = shapeOf(window)[0];
  int64_t size = length ? *length : 0, total = shapeOf(x)[1];
  if (*step < 1 || size < 1 || size > total ||
      (window && shapeOf(window) != Shape(size))) {
    node.fail("expected frames within a signal of " + Twine(total) +
              ", but got length " + Twine(size) + " and step " + Twine(*step));
    return;
  }
  int64_t frames = (total - size) / *step + 1;
  if (frames > kMaxElements / size) {
    node.fail("expected at most " + Twine(kMaxElements) +
              " elements in all frames, but got " + Twine(frames) + " frames");
    return;
  }
  SmallVector<int64_t> places;
  for (int64_t frame = 0; frame < frames; ++frame)
    for (int64_t i = 0; i < size; ++i)
      places.push_back(frame * *step + i);
  Value cut =
      build.gather(x, build.reshape(build.integers(places), {frames, size}), 1);
  if (window)
    cut = build.binary(BinaryKind::Mul, cut,
                       build.reshape(window, {1, 1, size, 1}));
  Transform transform;
  transform.length = size;
  transform.results = node.getInteger("onesided", 1) ? size / 2 + 1 : size;
  Complex parts = splitParts(node, cut, size);
  node.setOutput(
      0, joinParts(build, applyTransform(build, parts, transform), false));
}

/// The float type that the node asks for by the attribute `output_datatype`.
static bool checkOutputType(Node &node) {
  const ElementType *type =
      findElementType(node.getInteger("output_datatype", 1));
  if (type && isa<FloatType>(getInterfaceType(node.build.getContext(), *type)))
    return true;
  node.fail("expected output_datatype to be a float type, but got another");
  return false;
}

// HannWindow, HammingWindow, BlackmanWindow: sums of cosines
void importWindow(Node &node) {
  auto size = node.constantInteger(0, "size");
  if (!size || !checkOutputType(node))
    return;
  int64_t count = *size;
  if (count < 1 || count > kMaxElements) {
    node.fail("expected a size of at least 1, but got " + Twine(count));
    return;
  }
  double period = node.getInteger("periodic", 1) ? count : count - 1;
  StringRef type = node.getType();
  std::vector<float> elements;
  for (int64_t i = 0; i < count; ++i) {
    double angle = 2 * M_PI * i / std::max(period, 1.0);
    double once = std::cos(angle), twice = std::cos(2 * angle);
    elements.push_back(type == "HannWindow" ? 0.5 - 0.5 * once
                       : type == "HammingWindow"
                           ? 25.0 / 46 - 21.0 / 46 * once
                           : 0.42 - 0.5 * once + 0.08 * twice);
  }
  node.setOutput(0, node.build.floats(elements, count));
}

/// The triangle of each band, as columns over the bins of a spectrum.
static std::vector<float> makeBands(int64_t bands, int64_t bins,
                                    ArrayRef<int64_t> edges) {
  std::vector<float> weights(bands * bins, 0);
  auto at = [&](int64_t bin, int64_t band) -> float * {
    return bin >= 0 && bin < bins ? &weights[bin * bands + band] : nullptr;
  };
  for (int64_t band = 0; band < bands; ++band) {
    int64_t low = edges[band], middle = edges[band + 1];
    int64_t high = edges[band + 2];
    for (int64_t bin = low; bin <= middle; ++bin)
      if (float *weight = at(bin, band))
        *weight = low == middle ? 1.0f : float(bin - low) / (middle - low);
    for (int64_t bin = middle; bin < high; ++bin)
      if (float *weight = at(bin, band))
        *weight = float(high - bin) / (high - middle);
  }
  return weights;
}

void importMelWeightMatrix(Node &node) {
  auto bands = node.constantInteger(0, "num_mel_bins");
  auto length = node.constantInteger(1, "dft_length");
  auto rate = node.constantInteger(2, "sample_rate");
  auto low = node.constantScalar(3, "lower_edge_hertz");
  auto high = node.constantScalar(4, "upper_edge_hertz");
  if (!bands || !length || !rate || !low || !high || !checkOutputType(node))
    return;
  int64_t count = *bands, bins = *length / 2 + 1;
  if (count < 1 || count > 1 << 14 || bins < 1 || bins > 1 << 20 ||
      bins > kMaxElements / count || *rate < 1 || *length > 1 << 21 ||
      !(*low >= 0) || !(*high >= *low) || !(*high <= 1e9)) {
    node.fail("expected bands within a spectrum, but got " + Twine(count) +
              " over " + Twine(bins) + " bins");
    return;
  }
  auto toMel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
  double first = toMel(*low), step = (toMel(*high) - first) / (count + 2);
  SmallVector<int64_t> edges;
  for (int64_t i = 0; i < count + 2; ++i) {
    double hertz = 700 * (std::pow(10, (first + i * step) / 2595) - 1);
    edges.push_back(std::floor((*length + 1) * hertz / *rate));
  }
  node.setOutput(
      0, node.build.floats(makeBands(count, bins, edges), {bins, count}));
}

} // namespace qcc::onnx_import
