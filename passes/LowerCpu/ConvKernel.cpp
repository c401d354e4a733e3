// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.packed_conv`: a direct convolution as one loop nest around the
// micro-kernel of DotProductTile, for u8 x s8 and for f32, and with a 1x1
// kernel over rows of a matrix also every linear layer.
//
//   task = (rows block, panel block)
//   for panel:  its start values and multipliers stay in registers or L1
//     for row:  one line of output pixels
//       for tile of 14 pixels:            accumulators = start
//         for kernel row, column, k:      micro-kernel
//         epilogue, store
//
// The panel is the outer loop, so that its weights (64 bytes * K / 2) stay in
// L1 or L2 while rows stream. The input has its padding around it, so borders
// need no code.

#include "passes/LowerCpu/Kernels.h"

#include "passes/LowerCpu/ConvTiling.h"
#include "passes/LowerCpu/DotProductTile.h"
#include "passes/LowerCpu/NarrowingEpilogue.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {
namespace {

/// Strides of an operand seen as images of rows of pixels.
struct PixelStrides {
  int64_t image, row, pixel;

  static PixelStrides of(const TensorArgument &tensor) {
    if (tensor.rank() == 2)
      return {0, 0, tensor.strides[0]};
    return {tensor.strides[0], tensor.strides[2], tensor.strides[3]};
  }
  /// All pixels at one distance.
  bool isDense(int64_t images, int64_t height, int64_t width) const {
    return (height == 1 || row == width * pixel) &&
           (images == 1 || image == height * width * pixel);
  }
};

class ConvEmitter {
public:
  ConvEmitter(KernelContext &context, PackedConvOp op)
      : e(context.e), context(context), op(op),
        input(context.operands[0]), weight(context.operands[1]),
        start(context.operands[2]), result(context.result) {
    layout = cast<PanelsAttr>(
        cast<RankedTensorType>(op.getWeight().getType()).getEncoding());
    groups = op.getGroup();
    panels = weight.shape[1];
    panelWidth = layout.getVectors() * layout.getLanes();
    perGroup = result.shape[1] / groups;
    isInteger = static_cast<bool>(op.getMultiplier());
    size_t next = 3;
    if (isInteger)
      multiplier = context.operands[next++];
    if (op.getResidual())
      residual = context.operands[next];
    if (result.grid())
      scheme = Requantization::of(
          result.grid(), op.getLowerAttr(), op.getUpperAttr(),
          op.getBounded(), residual.buffer ? residual.grid() : QuantType());
    setGeometry();
  }

  int64_t emit();

private:
  void setGeometry();
  void setTaps();
  void emitPanel(Value panel, Value firstRow, Value endRow);
  void emitRow(Value row);
  void emitPixels(Value row, int64_t firstPixel, int64_t tiles, int64_t rows);
  void emitOne(Value inputAt, Value resultAt, Value residualAt, int64_t rows);
  void storeNarrow(ArrayRef<Value> sums, Value at, Value residualAt,
                   int64_t rows);
  void storeFloat(ArrayRef<Value> sums, Value at, Value residualAt,
                  int64_t rows);
  Value rowOffset(const TensorArgument &tensor, const PixelStrides &strides,
                  Value row, int64_t rowStep);

  KernelEmitter &e;
  KernelContext &context;
  PackedConvOp op;
  TensorArgument input, weight, start, multiplier, residual, result;
  PanelsAttr layout;
  bool isInteger;
  int64_t groups, panels, panelWidth, perGroup;
  std::optional<Requantization> scheme;

  // Geometry: `images` of `height` x `width` output pixels.
  int64_t images, height, width, strideY = 1, strideX = 1;
  PixelStrides inputStrides, resultStrides, residualStrides{0, 0, 0};
  int64_t inputBase = 0;
  TileOperands taps;

  // Of the panel being emitted.
  Value group, channel, valid;
  SmallVector<Value> starts, multipliers;
};

void ConvEmitter::setGeometry() {
  bool isMatrix = result.rank() == 2;
  images = isMatrix ? 1 : result.shape[0];
  height = isMatrix ? 1 : result.shape[2];
  width = isMatrix ? result.shape[0] : result.shape[3];
  inputStrides = PixelStrides::of(input);
  resultStrides = PixelStrides::of(result);
  if (residual.buffer)
    residualStrides = PixelStrides::of(residual);
  strideY = op.getStrides()[0];
  strideX = op.getStrides()[1];
  inputBase = input.base - op.getPads()[0] * inputStrides.row -
              op.getPads()[1] * inputStrides.pixel;
  setTaps();

  bool pointwise = op.getKernel()[0] == 1 && op.getKernel()[1] == 1 &&
                   strideY == 1 && strideX == 1 &&
                   llvm::all_of(op.getPads(), [](int64_t p) { return !p; });
  if (!pointwise || !inputStrides.isDense(images, height, width) ||
      !resultStrides.isDense(images, height, width) ||
      (residual.buffer && !residualStrides.isDense(images, height, width)))
    return;
  // Pixels in one line: cut it into rows that tile well.
  int64_t pixels = images * height * width;
  width = chooseRowLength(pixels, e.target.maxTileRows(layout.getVectors()));
  height = pixels / width;
  images = 1;
  for (PixelStrides *strides :
       {&inputStrides, &resultStrides, &residualStrides})
    strides->row = width * strides->pixel;
}

void ConvEmitter::setTaps() {
  int64_t channels = input.shape[1] / groups;
  int64_t step = layout.getStep();
  taps.input = input.buffer;
  taps.weight = weight.buffer;
  taps.rowStride = strideX * inputStrides.pixel;
  taps.outerTaps = op.getKernel()[0];
  taps.outerStride = op.getDilations()[0] * inputStrides.row;
  taps.steps = weight.shape[3];
  taps.innerTaps = op.getRowTaps() ? 1 : op.getKernel()[1];
  taps.innerStride = op.getDilations()[1] * inputStrides.pixel;
  // A kernel row over dense pixels is one run of channels.
  if (!op.getRowTaps() && taps.innerTaps > 1 &&
      taps.innerStride == channels && groups == 1 && channels % step == 0) {
    taps.steps *= taps.innerTaps;
    taps.innerTaps = 1;
  }
}

int64_t ConvEmitter::emit() {
  int64_t rows = images * height;
  int64_t reduction = op.getKernel()[0] * op.getKernel()[1] *
                      (input.shape[1] / groups);
  TaskGrid grid = chooseTasks(
      {rows, groups * panels, rows * width * groups * perGroup * reduction,
       weight.span * getElementBytes(weight.stored),
       input.span * getElementBytes(input.stored)});
  auto range = [&](Value block, int64_t size, int64_t end) {
    Value first = e.mul(block, size);
    Value last = e.add(first, size);
    return std::pair<Value, Value>(
        first, end % size == 0 ? last : e.min(last, e.index(end)));
  };
  auto [firstRow, endRow] =
      range(e.rem(context.task, grid.rowBlocks), grid.rowsPerBlock, rows);
  auto [firstPanel, endPanel] = range(e.div(context.task, grid.rowBlocks),
                                      grid.panelsPerBlock, groups * panels);
  Value rowsFrom = firstRow, rowsTo = endRow;
  e.loop(firstPanel, endPanel, 1,
         [&](Value panel) { emitPanel(panel, rowsFrom, rowsTo); });
  return grid.count();
}

void ConvEmitter::emitPanel(Value panel, Value firstRow, Value endRow) {
  group = e.div(panel, panels);
  Value inGroup = groups == 1 ? panel : e.rem(panel, panels);
  if (groups == 1)
    group = e.index(0);
  Value inGroupChannel = e.mul(inGroup, panelWidth);
  channel = e.add(e.mul(group, perGroup), inGroupChannel);
  valid = perGroup % panelWidth == 0
              ? e.index(panelWidth)
              : e.min(e.index(panelWidth),
                      e.createOrFold<arith::SubIOp>(e.index(perGroup),
                                                    inGroupChannel));
  taps.weightAt = e.mul(panel, weight.shape[2] * weight.shape[3] *
                                   weight.shape[4] * weight.shape[5]);
  starts.clear();
  multipliers.clear();
  for (int64_t v = 0; v < layout.getVectors(); ++v) {
    Value at = e.add(e.mul(panel, panelWidth), v * layout.getLanes());
    starts.push_back(e.loadVector(start.buffer, at, layout.getLanes()));
    if (isInteger)
      multipliers.push_back(
          e.loadVector(multiplier.buffer, at, layout.getLanes()));
  }
  e.loop(firstRow, endRow, 1, [&](Value row) { emitRow(row); });
}

/// Offset of the first pixel of output row `row` (over all images).
Value ConvEmitter::rowOffset(const TensorArgument &tensor,
                             const PixelStrides &strides, Value row,
                             int64_t rowStep) {
  if (images == 1)
    return e.mul(row, rowStep * strides.row);
  Value image = e.div(row, height), line = e.rem(row, height);
  return e.add(e.mul(image, strides.image),
               e.mul(line, rowStep * strides.row));
}

void ConvEmitter::emitRow(Value row) {
  RowTiles tiles =
      tileRow(width, e.target.maxTileRows(layout.getVectors()));
  emitPixels(row, 0, tiles.large, tiles.rows);
  emitPixels(row, tiles.large * tiles.rows, tiles.small, tiles.rows - 1);
}

void ConvEmitter::emitPixels(Value row, int64_t firstPixel, int64_t tiles,
                             int64_t rows) {
  if (tiles == 0)
    return;
  Value inputRow = e.add(rowOffset(input, inputStrides, row, strideY),
                         inputBase +
                             firstPixel * strideX * inputStrides.pixel);
  inputRow = e.add(inputRow, e.mul(group, input.shape[1] / groups));
  Value resultRow =
      e.add(e.add(rowOffset(result, resultStrides, row, 1), channel),
            result.base + firstPixel * resultStrides.pixel);
  Value residualRow;
  if (residual.buffer)
    residualRow =
        e.add(e.add(rowOffset(residual, residualStrides, row, 1), channel),
              residual.base + firstPixel * residualStrides.pixel);
  e.loop(tiles, [&](Value tile) {
    auto at = [&](Value base, int64_t pixel) {
      return e.add(base, e.mul(tile, rows * pixel));
    };
    emitOne(at(inputRow, strideX * inputStrides.pixel),
            at(resultRow, resultStrides.pixel),
            residualRow ? at(residualRow, residualStrides.pixel) : Value(),
            rows);
  });
}

void ConvEmitter::emitOne(Value inputAt, Value resultAt, Value residualAt,
                          int64_t rows) {
  taps.inputAt = inputAt;
  SmallVector<Value> accumulators;
  for (int64_t r = 0; r < rows; ++r)
    accumulators.append(starts.begin(), starts.end());
  SmallVector<Value> sums =
      emitTile(e, taps, rows, layout.getVectors(), accumulators);
  if (scheme)
    storeNarrow(sums, resultAt, residualAt, rows);
  else
    storeFloat(sums, resultAt, residualAt, rows);
}

void ConvEmitter::storeNarrow(ArrayRef<Value> sums, Value at, Value residualAt,
                              int64_t rows) {
  SmallVector<Value> residuals;
  for (int64_t r = 0; residualAt && r < rows; ++r)
    residuals.push_back(
        e.loadVector(residual.buffer,
                     e.add(residualAt, r * residualStrides.pixel),
                     panelWidth));
  SmallVector<Value> bytes = emitNarrowing(e, *scheme, sums,
                                           layout.getVectors(), multipliers,
                                           residuals);
  for (int64_t r = 0; r < rows; ++r)
    e.storePart(bytes[r], result.buffer, e.add(at, r * resultStrides.pixel),
                valid);
}

void ConvEmitter::storeFloat(ArrayRef<Value> sums, Value at, Value residualAt,
                             int64_t rows) {
  int64_t lanes = layout.getLanes();
  VectorType floats = e.vectorOf(e.getF32Type(), lanes);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t v = 0; v < layout.getVectors(); ++v) {
      Value t = sums[r * layout.getVectors() + v];
      if (isInteger)
        t = arith::MulFOp::create(
            e, arith::SIToFPOp::create(e, floats, t), multipliers[v]);
      if (residualAt)
        t = arith::AddFOp::create(
            e, t,
            e.loadVector(residual.buffer,
                         e.add(residualAt,
                               r * residualStrides.pixel + v * lanes),
                         lanes));
      if (FloatAttr lower = op.getLowerAttr())
        t = e.maxFloat(t, e.constant(floats, lower.getValueAsDouble()));
      if (FloatAttr upper = op.getUpperAttr())
        t = e.minFloat(t, e.constant(floats, upper.getValueAsDouble()));
      Value left = valid;
      if (v > 0)
        left = e.max(e.index(0), e.createOrFold<arith::SubIOp>(
                                     valid, e.index(v * lanes)));
      e.storePart(t, result.buffer,
                  e.add(at, r * resultStrides.pixel + v * lanes), left);
    }
}

} // namespace

int64_t emitConv(KernelContext &context, PackedConvOp op) {
  return ConvEmitter(context, op).emit();
}

} // namespace qcc
