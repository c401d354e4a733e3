// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that take parts of tensors or join them.

#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/OnnxReader.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace qcc::onnx_import {

void importConcat(Node &node) {
  for (size_t i = 0; i < node.getNumInputs(); ++i)
    if (!node.hasInput(i)) {
      node.fail("expected an input " + Twine(i) + ", but got none");
      return;
    }
  if (!node.hasAttribute("axis")) {
    node.fail("expected an attribute 'axis', but got none");
    return;
  }
  auto axis = node.normalizeAxis(node.getInteger("axis", 0),
                                 rankOf(node.input(0)));
  if (axis)
    node.setOutput(0, node.build.concat(node.getInputs(), *axis));
}

void importGather(Node &node) {
  auto axis = node.normalizeAxis(node.getInteger("axis", 0),
                                 rankOf(node.input(0)));
  if (axis)
    node.setOutput(
        0, node.build.gather(node.input(0), node.input(1), *axis));
}

namespace {

/// A part of each dimension.
struct Part {
  SmallVector<int64_t> starts, sizes, steps;

  explicit Part(Shape shape)
      : starts(shape.size(), 0), sizes(shape), steps(shape.size(), 1) {}

  /// Limits dimension `i` to start:end:step as NumPy does.
  void limit(size_t i, int64_t start, int64_t end, int64_t step) {
    int64_t size = sizes[i];
    // Any negative end stays before the first element.
    auto fromFront = [size](int64_t at) { return at < 0 ? at + size : at; };
    if (step > 0) {
      start = std::clamp<int64_t>(fromFront(start), 0, size);
      end = std::clamp<int64_t>(fromFront(end), 0, size);
    } else {
      start = std::clamp<int64_t>(fromFront(start), -1, size - 1);
      end = std::clamp<int64_t>(fromFront(end), -1, size - 1);
    }
    int64_t distance = step > 0 ? end - start : start - end;
    int64_t stride = step > 0 ? step : -step;
    starts[i] = start;
    steps[i] = step;
    sizes[i] = distance > 0 ? (distance - 1) / stride + 1 : 0;
    if (sizes[i] <= 1)
      steps[i] = 1;
    if (sizes[i] == 0)
      starts[i] = 0;
  }
};

/// The lists that a Slice gives, one entry for each of `axes`.
struct Bounds {
  SmallVector<int64_t> starts, ends, axes, steps;
};

} // namespace

/// Reads the lists from attributes (operator set 1) or inputs (10).
static std::optional<Bounds> readBounds(Node &node) {
  Bounds bounds;
  if (node.opset < 10) {
    bounds.starts = node.getIntegers("starts", {});
    bounds.ends = node.getIntegers("ends", {});
    bounds.axes = node.getIntegers("axes", {});
  } else {
    for (auto [i, name, list] :
         {std::tuple(1, "starts", &bounds.starts),
          std::tuple(2, "ends", &bounds.ends),
          std::tuple(3, "axes", &bounds.axes),
          std::tuple(4, "steps", &bounds.steps)}) {
      if (i >= 3 && !node.hasInput(i))
        continue;
      auto values = node.constantIntegers(i, name);
      if (!values)
        return std::nullopt;
      list->assign(values->begin(), values->end());
    }
  }
  size_t count = bounds.starts.size();
  if (bounds.axes.empty())
    bounds.axes = llvm::to_vector(llvm::seq<int64_t>(count));
  if (bounds.steps.empty())
    bounds.steps.assign(count, 1);
  if (bounds.ends.size() == count && bounds.axes.size() == count &&
      bounds.steps.size() == count)
    return bounds;
  node.fail("expected as many ends, axes and steps as starts (" +
            Twine(count) + "), but got " + Twine(bounds.ends.size()) + ", " +
            Twine(bounds.axes.size()) + " and " + Twine(bounds.steps.size()));
  return std::nullopt;
}

void importSlice(Node &node) {
  Value x = node.input(0);
  auto bounds = readBounds(node);
  if (!bounds || !node.normalizeAxes(bounds->axes, rankOf(x)))
    return;
  Part part(shapeOf(x));
  for (size_t i = 0; i < bounds->axes.size(); ++i) {
    int64_t axis = bounds->axes[i], step = bounds->steps[i];
    if (step == 0 || step == INT64_MIN) {
      node.fail("expected steps other than 0, but got " + Twine(step));
      return;
    }
    part.limit(axis < 0 ? axis + rankOf(x) : axis, bounds->starts[i],
               bounds->ends[i], step);
  }
  node.setOutput(
      0, node.build.slice(x, part.starts, part.sizes, part.steps));
}

/// Sizes of the parts of a dimension of `size`.
static std::optional<SmallVector<int64_t>> readParts(Node &node,
                                                     int64_t size) {
  SmallVector<int64_t> parts;
  if (node.opset >= 13 && node.hasInput(1)) {
    auto values = node.constantIntegers(1, "sizes");
    if (!values)
      return std::nullopt;
    parts.assign(values->begin(), values->end());
  } else if (node.opset < 13 && node.hasAttribute("split")) {
    parts = node.getIntegers("split", {});
  } else {
    int64_t count = node.getNumOutputs();
    // From operator set 18 on, the last part may be smaller.
    int64_t part = (size + count - 1) / count;
    if (node.opset < 18 && size % count) {
      node.fail("expected " + Twine(count) + " equal parts of " + Twine(size) +
                ", but got a remainder");
      return std::nullopt;
    }
    for (int64_t left = size; parts.size() < size_t(count); left -= part)
      parts.push_back(std::clamp<int64_t>(left, 0, part));
  }
  int64_t sum = 0;
  for (int64_t part : parts) {
    if (part < 0 || part > size - sum) {
      sum = -1;
      break;
    }
    sum += part;
  }
  if (sum == size && parts.size() == node.getNumOutputs())
    return parts;
  node.fail("expected " + Twine(node.getNumOutputs()) + " parts of " +
            Twine(size) + ", but got " + describe(parts));
  return std::nullopt;
}

void importSplit(Node &node) {
  Value x = node.input(0);
  auto axis = node.normalizeAxis(node.getInteger("axis", 0), rankOf(x));
  if (!axis)
    return;
  auto parts = readParts(node, shapeOf(x)[*axis]);
  if (!parts)
    return;
  Part part(shapeOf(x));
  for (auto [i, size] : llvm::enumerate(*parts)) {
    part.sizes[*axis] = size;
    if (node.isOutputUsed(i))
      node.setOutput(
          i, node.build.slice(x, part.starts, part.sizes, part.steps));
    part.starts[*axis] += size;
  }
}

void importPad(Node &node) {
  Value x = node.input(0);
  int64_t rank = rankOf(x);
  std::vector<int64_t> pads;
  double value = node.opset < 11 ? node.getFloat("value", 0) : 0;
  if (node.opset < 11) {
    SmallVector<int64_t> list = node.getIntegers("pads", {});
    pads.assign(list.begin(), list.end());
  } else {
    auto list = node.constantIntegers(1, "pads");
    auto constant =
        node.hasInput(2) ? node.constantScalar(2, "constant_value") : 0.0;
    if (!list || !constant)
      return;
    pads = *list;
    value = *constant;
  }
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(rank));
  if (node.hasInput(3)) {
    auto list = node.constantIntegers(3, "axes");
    if (!list || !node.normalizeAxes(*list, rank))
      return;
    axes.assign(list->begin(), list->end());
  }
  if (pads.size() != 2 * axes.size()) {
    node.fail("expected " + Twine(2 * axes.size()) + " pads, but got " +
              Twine(pads.size()));
    return;
  }
  StringRef text = node.getString("mode", "constant");
  auto mode = llvm::StringSwitch<std::optional<PadMode>>(text)
                  .Case("constant", PadMode::Constant)
                  .Case("reflect", PadMode::Reflect)
                  .Case("edge", PadMode::Edge)
                  .Case("wrap", PadMode::Wrap)
                  .Default(std::nullopt);
  if (!mode) {
    node.fail("expected mode constant, reflect, edge or wrap, but got " +
              quote(text));
    return;
  }
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    low[axis < 0 ? axis + rank : axis] = pads[i];
    high[axis < 0 ? axis + rank : axis] = pads[i + axes.size()];
  }
  node.setOutput(0, node.build.pad(x, low, high, *mode, value));
}

} // namespace qcc::onnx_import
