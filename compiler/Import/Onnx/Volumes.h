// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images of three dimensions as images of two: the planes that a window reads
// become channels, and the depth of the result joins the batch.

#ifndef COMPILER_IMPORT_ONNX_VOLUMES_H
#define COMPILER_IMPORT_ONNX_VOLUMES_H

#include "compiler/Import/Onnx/GraphBuilder.h"

namespace qcc::onnx_import {

/// Which planes of a volume the windows of one dimension read: window `i` of
/// `count` those from `i * stride` on, `taps` of them, `dilation` apart.
struct PlaneWindows {
  int64_t count, taps, stride, dilation;
};

/// [N, C, D, H, W] as [N * count, group * taps * (C / group), H, W]: the planes
/// of each window, group by group.
mlir::Value stackPlanes(GraphBuilder &build, mlir::Value volume,
                        PlaneWindows windows, int64_t group);

/// Filters [O, C / group, KD, KH, KW] for such planes.
mlir::Value stackFilters(GraphBuilder &build, mlir::Value filters);

/// [N * D, C, H, W] as [N, C, D, H, W].
mlir::Value unstackPlanes(GraphBuilder &build, mlir::Value planes,
                          int64_t depth);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_VOLUMES_H
