// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sizes of windows, as ONNX defines them for Conv and the pools.

#include "compiler/Import/Onnx/WindowGeometry.h"

#include "compiler/Import/Onnx/OnnxReader.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace qcc::onnx_import {

// Keeps products of two attributes within 64 bits.
static constexpr int64_t kMaxExtent = int64_t(1) << 31;

/// A list attribute with `count` entries from `lowest` on, `fill` if absent.
static std::optional<SmallVector<int64_t>>
readExtents(Node &node, StringRef name, size_t count, int64_t lowest,
            int64_t fill) {
  SmallVector<int64_t> absent(count, fill);
  SmallVector<int64_t> extents = node.getIntegers(name, absent);
  if (extents.empty())
    return absent;
  bool isFit = extents.size() == count &&
               llvm::all_of(extents, [&](int64_t extent) {
                 return extent >= lowest && extent <= kMaxExtent;
               });
  if (isFit)
    return extents;
  node.fail("expected " + Twine(count) + " " + name + " of at least " +
            Twine(lowest) + ", but got " + describe(extents));
  return std::nullopt;
}

namespace {

/// One dimension of the windows.
struct Dimension {
  int64_t size, kernel, stride, dilation, before, after;

  int64_t window() const { return (kernel - 1) * dilation + 1; }

  int64_t count(bool roundsUp) const {
    int64_t room = size + before + after - window();
    if (room < 0)
      return 0;
    int64_t result = room / stride + 1;
    // A last window must begin before the padding at the end.
    if (roundsUp && room % stride && result * stride < size + before)
      ++result;
    return result;
  }

  /// Pads so that there are ceil(size / stride) windows.
  void padToSame(bool isUpper) {
    int64_t windows = llvm::divideCeilSigned(size, stride);
    int64_t total =
        std::max<int64_t>((windows - 1) * stride + window() - size, 0);
    before = isUpper ? total / 2 : total - total / 2;
    after = total - before;
  }
};

enum class AutoPad { Explicit, None, SameUpper, SameLower };

} // namespace

static std::optional<AutoPad> readAutoPad(Node &node) {
  StringRef text = node.getString("auto_pad", "NOTSET");
  auto result = llvm::StringSwitch<std::optional<AutoPad>>(text)
                    .Cases({"NOTSET", ""}, AutoPad::Explicit)
                    .Case("VALID", AutoPad::None)
                    .Case("SAME_UPPER", AutoPad::SameUpper)
                    .Case("SAME_LOWER", AutoPad::SameLower)
                    .Default(std::nullopt);
  if (!result)
    node.fail("expected auto_pad NOTSET, VALID, SAME_UPPER or SAME_LOWER, but "
              "got " +
              quote(text));
  return result;
}

std::optional<WindowGeometry> readWindows(Node &node, Shape image,
                                          Shape kernel, bool roundsUp) {
  size_t rank = image.size();
  auto isExtent = [](int64_t size) { return size >= 1 && size <= kMaxExtent; };
  if (kernel.size() != rank || !llvm::all_of(kernel, isExtent)) {
    node.fail("expected a kernel of " + Twine(rank) +
              " sizes of at least 1, but got " + describe(kernel));
    return std::nullopt;
  }
  auto strides = readExtents(node, "strides", rank, 1, 1);
  auto dilations = readExtents(node, "dilations", rank, 1, 1);
  auto pads = readExtents(node, "pads", 2 * rank, 0, 0);
  auto padding = readAutoPad(node);
  if (!strides || !dilations || !pads || !padding)
    return std::nullopt;
  WindowGeometry geometry;
  SmallVector<int64_t> after;
  if (rank == 1) {
    geometry = {{1}, {1}, {1}, {0}, {1}};
    after.push_back(0);
  }
  for (size_t i = 0; i < rank; ++i) {
    Dimension dimension{image[i],        kernel[i],
                        (*strides)[i],   (*dilations)[i],
                        (*pads)[i],      (*pads)[i + rank]};
    if (*padding == AutoPad::None)
      dimension.before = dimension.after = 0;
    else if (*padding != AutoPad::Explicit)
      dimension.padToSame(*padding == AutoPad::SameUpper);
    int64_t count = dimension.count(roundsUp);
    if (count < 1) {
      node.fail("expected windows of at most " +
                Twine(dimension.size + dimension.before + dimension.after) +
                " elements, but got " + Twine(dimension.window()));
      return std::nullopt;
    }
    geometry.kernel.push_back(kernel[i]);
    geometry.strides.push_back(dimension.stride);
    geometry.dilations.push_back(dimension.dilation);
    geometry.pads.push_back(dimension.before);
    after.push_back(dimension.after);
    geometry.output.push_back(count);
  }
  geometry.pads.append(after.begin(), after.end());
  return geometry;
}

Value asImage(Node &node, Value value) {
  Shape shape = shapeOf(value);
  if (shape.size() == 4)
    return value;
  if (shape.size() != 3)
    return node.fail("expected an input of rank 3 or 4, but got " +
                     describe(shape));
  return node.build.reshape(value, {shape[0], shape[1], 1, shape[2]});
}

Value asOriginal(Node &node, Value value, Value original) {
  if (!value || rankOf(original) == 4)
    return value;
  Shape shape = shapeOf(value);
  return node.build.reshape(value, {shape[0], shape[1], shape[3]});
}

} // namespace qcc::onnx_import
