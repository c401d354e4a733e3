// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Planes of volumes as channels.

#include "compiler/Import/Onnx/Volumes.h"

using namespace mlir;

namespace qcc::onnx_import {

// Each plane of a window becomes a slice of the volume.
static constexpr int64_t kMaxTaps = 256;

Value stackPlanes(GraphBuilder &build, Value volume, PlaneWindows windows,
                  int64_t group) {
  if (!volume)
    return {};
  if (windows.taps > kMaxTaps)
    return build.fail("expected filters of at most " + Twine(kMaxTaps) +
                      " planes, but got " + Twine(windows.taps));
  SmallVector<int64_t> shape(shapeOf(volume)), sizes(shape);
  int64_t depth = shape[1] / group;
  sizes[2] = windows.count;
  SmallVector<Value> planes;
  for (int64_t tap = 0; tap < windows.taps; ++tap) {
    Value plane = build.slice(volume, {0, 0, tap * windows.dilation, 0, 0},
                              sizes, {1, 1, windows.stride, 1, 1});
    planes.push_back(build.reshape(
        plane, {shape[0], group, depth, windows.count, shape[3], shape[4]}));
  }
  Value joined = build.transpose(build.concat(planes, 2), {0, 3, 1, 2, 4, 5});
  return build.reshape(joined, {shape[0] * windows.count,
                                shape[1] * windows.taps, shape[3], shape[4]});
}

Value stackFilters(GraphBuilder &build, Value filters) {
  SmallVector<int64_t> shape(shapeOf(filters));
  return build.reshape(build.transpose(filters, {0, 2, 1, 3, 4}),
                       {shape[0], shape[1] * shape[2], shape[3], shape[4]});
}

Value unstackPlanes(GraphBuilder &build, Value planes, int64_t depth) {
  if (!planes)
    return {};
  Shape shape = shapeOf(planes);
  Value split = build.reshape(
      planes, {shape[0] / depth, depth, shape[1], shape[2], shape[3]});
  return build.transpose(split, {0, 2, 1, 3, 4});
}

} // namespace qcc::onnx_import
