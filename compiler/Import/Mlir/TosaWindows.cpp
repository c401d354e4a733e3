// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TOSA's convolutions, pools, products and resizes. Images are NHWC, so each
// op stands between two transposes.

#include "compiler/Import/Mlir/TosaOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using qcc::onnx_import::WindowGeometry;

namespace qcc::mlir_import {

static Value toNchw(GraphBuilder &build, Value image) {
  return build.transpose(image, {0, 3, 1, 2});
}

static Value toNhwc(GraphBuilder &build, Value image) {
  return build.transpose(image, {0, 2, 3, 1});
}

/// `pad` is [top, bottom, left, right]; the output's sizes are the op's.
static WindowGeometry makeGeometry(Operation *op, ArrayRef<int64_t> kernel,
                                   ArrayRef<int64_t> stride,
                                   ArrayRef<int64_t> dilation,
                                   ArrayRef<int64_t> pad) {
  WindowGeometry geometry;
  geometry.kernel.assign(kernel.begin(), kernel.end());
  geometry.strides.assign(stride.begin(), stride.end());
  geometry.dilations.assign(dilation.begin(), dilation.end());
  geometry.pads = {pad[0], pad[2], pad[1], pad[3]};
  Shape output = shapeOf(op->getResult(0));
  geometry.output = {output[1], output[2]};
  return geometry;
}

static Value convolve(tosa::Conv2DOp op, Value input, Value weight, Value bias,
                      GraphBuilder &build) {
  Shape shape = shapeOf(weight); // OHWI
  WindowGeometry geometry = makeGeometry(op, shape.slice(1, 2), op.getStride(),
                                         op.getDilation(), op.getPad());
  return toNhwc(build,
                build.convolution(toNchw(build, input), toNchw(build, weight),
                                  build.expand(bias, shape[0]), geometry,
                                  /*group=*/1));
}

/// Filters [H, W, C, M] are M for each of C channels.
static Value convolve(tosa::DepthwiseConv2DOp op, Value input, Value weight,
                      Value bias, GraphBuilder &build) {
  Shape shape = shapeOf(weight);
  WindowGeometry geometry = makeGeometry(
      op, shape.take_front(2), op.getStride(), op.getDilation(), op.getPad());
  int64_t channels = shape[2] * shape[3];
  Value filters = build.reshape(build.transpose(weight, {2, 3, 0, 1}),
                                {channels, 1, shape[0], shape[1]});
  return toNhwc(build, build.convolution(toNchw(build, input), filters,
                                         build.expand(bias, channels), geometry,
                                         /*group=*/shape[2]));
}

/// Zeros between the pixels, then a convolution with the flipped filters.
static Value convolve(tosa::TransposeConv2DOp op, Value input, Value weight,
                      Value bias, GraphBuilder &build) {
  op.emitRemark("expected a convolution, but got tosa.transpose_conv2d, which "
                "falls back to one over an image with zeros in between");
  Shape image = shapeOf(input), shape = shapeOf(weight); // NHWC, OHWI
  ArrayRef<int64_t> stride = op.getStride(), outPad = op.getOutPad();
  SmallVector<int64_t> apart = {image[0], image[3], image[1], 1, image[2], 1};
  SmallVector<int64_t> none(6, 0),
      zeros = {0, 0, 0, stride[0] - 1, 0, stride[1] - 1};
  Value wide = build.pad(build.reshape(toNchw(build, input), apart), none,
                         zeros, PadMode::Constant, 0);
  wide = build.reshape(
      wide, {image[0], image[3], image[1] * stride[0], image[2] * stride[1]});
  // The zeros behind the last pixel go; negative borders crop.
  SmallVector<int64_t> low = {0, 0, shape[1] - 1 + outPad[0],
                              shape[2] - 1 + outPad[2]};
  SmallVector<int64_t> high = {0, 0, shape[1] - stride[0] + outPad[1],
                               shape[2] - stride[1] + outPad[3]};
  wide = build.pad(wide, low, high, PadMode::Constant, 0);
  Value filters = toNchw(build, weight);
  filters = build.slice(filters, {0, 0, shape[1] - 1, shape[2] - 1},
                        shapeOf(filters), {1, 1, -1, -1});
  WindowGeometry geometry =
      makeGeometry(op, shape.slice(1, 2), {1, 1}, {1, 1}, {0, 0, 0, 0});
  return toNhwc(build,
                build.convolution(wide, filters, build.expand(bias, shape[0]),
                                  geometry, /*group=*/1));
}

/// Products of stacks; a stack of one is none.
static Value multiply(tosa::MatMulOp op, Value lhs, Value rhs,
                      GraphBuilder &build) {
  Shape rows = shapeOf(lhs), columns = shapeOf(rhs);
  if (rows[0] == 1 && columns[0] == 1) {
    lhs = build.reshape(lhs, rows.drop_front());
    rhs = build.reshape(rhs, columns.drop_front());
  }
  return build.reshape(build.matmul(lhs, rhs), shapeOf(op.getOutput()));
}

Value convertTosaProduct(Operation *op, Value input, Value weight, Value bias,
                         GraphBuilder &build) {
  if (!input || !weight)
    return {};
  if (auto conv = dyn_cast<tosa::Conv2DOp>(op))
    return convolve(conv, input, weight, bias, build);
  if (auto conv = dyn_cast<tosa::DepthwiseConv2DOp>(op))
    return convolve(conv, input, weight, bias, build);
  if (auto conv = dyn_cast<tosa::TransposeConv2DOp>(op))
    return convolve(conv, input, weight, bias, build);
  if (auto matmul = dyn_cast<tosa::MatMulOp>(op))
    return multiply(matmul, input, weight, build);
  return {};
}

/// input = (output * denominator + offset) / numerator
static Value resize(tosa::ResizeOp op, GraphBuilder &build) {
  auto scale = readShape(op.getScale(), build);
  auto offset = readShape(op.getOffset(), build);
  if (!scale || !offset)
    return {};
  bool isAsymmetric = true, isHalfPixel = true;
  SmallVector<double> scales = {1, 1};
  for (unsigned i : {0u, 1u}) {
    int64_t n = (*scale)[2 * i], d = (*scale)[2 * i + 1];
    if (n < 1 || d < 1)
      return build.fail("expected a positive scale, but got " +
                        describe(*scale));
    isAsymmetric &= (*offset)[i] == 0;
    isHalfPixel &= double((*offset)[i]) * 2 == double(d) - double(n);
    scales.push_back(double(n) / double(d));
  }
  if (!isAsymmetric && !isHalfPixel)
    return build.fail(
        "expected offsets of pixels' corners or centres, but got " +
        describe(*offset));
  onnx_import::ResizeOptions options;
  options.coordinates =
      isAsymmetric ? Coordinates::Asymmetric : Coordinates::HalfPixel;
  options.mode = op.getMode() == tosa::ResizeMode::NEAREST_NEIGHBOR
                     ? ResizeMode::Nearest
                     : ResizeMode::Linear;
  options.rounding = NearestRounding::RoundPreferCeil;
  Shape output = shapeOf(op.getOutput());
  return toNhwc(build,
                build.resize(toNchw(build, op.getInput()),
                             {output[0], output[3], output[1], output[2]},
                             scales, options));
}

Value convertTosaWindow(Operation *op, GraphBuilder &build) {
  if (isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp, tosa::TransposeConv2DOp>(op))
    return convertTosaProduct(op, op->getOperand(0), op->getOperand(1),
                              op->getOperand(2), build);
  if (isa<tosa::MatMulOp>(op))
    return convertTosaProduct(op, op->getOperand(0), op->getOperand(1), Value(),
                              build);
  if (auto pool = dyn_cast<tosa::MaxPool2dOp>(op))
    return toNhwc(build, build.maxPool(toNchw(build, pool.getInput()),
                                       makeGeometry(op, pool.getKernel(),
                                                    pool.getStride(), {1, 1},
                                                    pool.getPad())));
  if (auto pool = dyn_cast<tosa::AvgPool2dOp>(op))
    return toNhwc(build, build.averagePool(toNchw(build, pool.getInput()),
                                           makeGeometry(op, pool.getKernel(),
                                                        pool.getStride(),
                                                        {1, 1}, pool.getPad()),
                                           /*countsPadding=*/false));
  if (auto resizeOp = dyn_cast<tosa::ResizeOp>(op))
    return resize(resizeOp, build);
  return {};
}

} // namespace qcc::mlir_import
