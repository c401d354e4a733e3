// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.packed_conv`: a direct convolution as one loop nest around the
// micro-kernel of DotProductTile, for u8 x s8 and for f32, and with a 1x1
// kernel over rows of a matrix also every linear layer.
//
//   task = (rows block, panel block)
//   for panel:  its start values and multipliers stay in registers or L1
//     for row:  a line of output pixels, or several short ones
//       for tile of 14 pixels:            accumulators = start
//         for kernel row, column, k:      micro-kernel
//         epilogue, store
//
// The panel is the outer loop, so that its weights (64 bytes * K / 2) stay in
// L1 or L2 while rows stream. Where they are many, each tile fetches its share
// of a later panel beside its own work: else the first tile of a panel waits
// for memory while the others leave it idle. The input has its padding around
// it, so borders need no code.

#include "passes/LowerCpu/Kernels.h"

#include "passes/LowerCpu/ConvTiling.h"
#include "passes/LowerCpu/DotProductTile.h"
#include "passes/LowerCpu/FloatEpilogue.h"
#include "passes/LowerCpu/NarrowingEpilogue.h"
#include "passes/LowerCpu/PixelStrides.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {
namespace {

constexpr int64_t kLineBytes = 64;
// Of weights that stay in a core's second-level cache from run to run, next to
// what else a model reads.
constexpr int64_t kCachedWeightBytes = 128 << 10;
constexpr int64_t kMostSharers = 16;

class ConvEmitter {
public:
  ConvEmitter(KernelContext &context, PackedConvOp op)
      : e(context.e), context(context), op(op), input(context.operands[0]),
        weight(context.operands[1]), start(context.operands[2]),
        result(context.result) {
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
          result.grid(), op.getLowerAttr(), op.getUpperAttr(), op.getBounded(),
          residual.buffer ? residual.grid() : QuantType());
    setGeometry();
  }

  int64_t emit();

private:
  /// Offsets where a row or a tile begins.
  struct RowPlace {
    Value input, result, residual;
  };

  void setGeometry();
  void setTaps();
  void emitPanel(Value panel, Value firstRow, Value endRow);
  void emitRow(Value row);
  RowPlace placeRow(Value row, int64_t firstPixel);
  void emitPixels(Value row, int64_t firstPixel, int64_t tiles, int64_t pixels);
  void emitLines(Value row, int64_t lines);
  void emitOne(const RowPlace &place, int64_t lines, int64_t pixels);
  Value placeAhead(Value row, Value tile, int64_t rowTiles);
  void storeNarrow(ArrayRef<Value> sums, const RowPlace &place);
  void storeFloat(ArrayRef<Value> sums, const RowPlace &place);
  Value rowOffset(const TensorArgument &tensor, const PixelStrides &strides,
                  Value row, int64_t lineStep);

  KernelEmitter &e;
  KernelContext &context;
  PackedConvOp op;
  TensorArgument input, weight, start, multiplier, residual, result;
  PanelsAttr layout;
  bool isInteger;
  int64_t groups, panels, panelWidth, perGroup;
  std::optional<Requantization> scheme;

  // Geometry: `images` of `height` x `width` output pixels, in rows of
  // `rowLines` lines.
  int64_t images, height, width, strideY = 1, strideX = 1;
  int64_t rowLines = 1, imageRows;
  PixelStrides inputStrides, resultStrides, residualStrides{0, 0, 0};
  int64_t inputBase = 0;
  TileOperands taps;

  // Of the panel being emitted.
  Value group, channel, valid;
  SmallVector<Value> starts, multipliers;
  // Tiles that share the fetching of the panel `panelsAhead` on; 1 for none.
  int64_t sharers = 1, panelsAhead;
  // Of the tile being emitted: its pixels in the result and the residual.
  SmallVector<int64_t> resultOffsets, residualOffsets;
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

  int64_t mostRows = e.target.maxTileRows(layout.getVectors());
  bool pointwise = op.getKernel()[0] == 1 && op.getKernel()[1] == 1 &&
                   strideY == 1 && strideX == 1 &&
                   llvm::all_of(op.getPads(), [](int64_t p) { return !p; });
  if (!context.rows && pointwise &&
      inputStrides.isDense(images, height, width) &&
      resultStrides.isDense(images, height, width) &&
      (!residual.buffer || residualStrides.isDense(images, height, width))) {
    // Pixels in one line: cut it into rows that tile well.
    int64_t pixels = images * height * width;
    width = chooseRowLength(pixels, mostRows);
    height = pixels / width;
    images = 1;
    for (PixelStrides *strides :
         {&inputStrides, &resultStrides, &residualStrides})
      strides->row = width * strides->pixel;
  } else if (!context.rows && 2 * width <= mostRows) {
    rowLines = std::min(height, mostRows / width);
  }
  imageRows = (height + rowLines - 1) / rowLines;
}

void ConvEmitter::setTaps() {
  int64_t channels = input.shape[1] / groups;
  int64_t step = layout.getStep();
  taps.input = input.buffer;
  taps.weight = weight.buffer;
  taps.outerTaps = op.getKernel()[0];
  taps.outerStride = op.getDilations()[0] * inputStrides.row;
  taps.steps = weight.shape[3];
  taps.innerTaps = op.getRowTaps() ? 1 : op.getKernel()[1];
  taps.innerStride = op.getDilations()[1] * inputStrides.pixel;
  // A kernel row over dense pixels is one run of channels.
  if (!op.getRowTaps() && taps.innerTaps > 1 && taps.innerStride == channels &&
      groups == 1 && channels % step == 0) {
    taps.steps *= taps.innerTaps;
    taps.innerTaps = 1;
  }
}

int64_t ConvEmitter::emit() {
  if (context.rows) {
    e.loop(groups * panels, [&](Value panel) {
      emitPanel(panel, context.rows->first, context.rows->end);
    });
    return 1;
  }
  int64_t rows = images * imageRows;
  int64_t reduction =
      op.getKernel()[0] * op.getKernel()[1] * (input.shape[1] / groups);
  int64_t weightBytes = weight.span * getElementBytes(weight.stored);
  int64_t lineBytes = panelWidth * getElementBytes(result.stored);
  TaskGrid grid = chooseTasks(
      {rows, groups * panels, std::max<int64_t>(1, kLineBytes / lineBytes),
       rows * rowLines * width * groups * perGroup * reduction, weightBytes,
       std::max(input.span * getElementBytes(input.stored),
                result.count() * getElementBytes(result.stored))});
  RowTiles tiles = tileRow(width, e.target.maxTileRows(layout.getVectors()));
  // Consecutive tasks are the row blocks of one panel block, so that the one
  // after it has all of their time to arrive.
  if (grid.panelBlocks > 1 && weightBytes > kCachedWeightBytes)
    sharers = std::min(kMostSharers, rows * (tiles.large + tiles.small));
  panelsAhead = grid.panelsPerBlock;
  auto range = [&](Value block, int64_t size, int64_t end) {
    Value first = e.mul(block, size);
    Value last = e.add(first, size);
    return std::pair<Value, Value>(
        first, end % size == 0 ? last : e.min(last, e.index(end)));
  };
  auto [rowsFrom, rowsTo] =
      range(e.rem(context.task, grid.rowBlocks), grid.rowsPerBlock, rows);
  auto [firstPanel, endPanel] = range(e.div(context.task, grid.rowBlocks),
                                      grid.panelsPerBlock, groups * panels);
  Value firstRow = rowsFrom, endRow = rowsTo;
  e.loop(firstPanel, endPanel, 1,
         [&](Value panel) { emitPanel(panel, firstRow, endRow); });
  return grid.count();
}

void ConvEmitter::emitPanel(Value panel, Value firstRow, Value endRow) {
  group = e.div(panel, panels);
  Value inGroup = groups == 1 ? panel : e.rem(panel, panels);
  if (groups == 1)
    group = e.index(0);
  Value inGroupChannel = e.mul(inGroup, panelWidth);
  channel = e.add(e.mul(group, perGroup), inGroupChannel);
  valid =
      perGroup % panelWidth == 0
          ? e.index(panelWidth)
          : e.min(e.index(panelWidth), e.createOrFold<arith::SubIOp>(
                                           e.index(perGroup), inGroupChannel));
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
                             int64_t lineStep) {
  int64_t rowStride = rowLines * lineStep * strides.row;
  if (images == 1)
    return e.mul(row, rowStride);
  Value image = e.div(row, imageRows), inImage = e.rem(row, imageRows);
  return e.add(e.mul(image, strides.image), e.mul(inImage, rowStride));
}

void ConvEmitter::emitRow(Value row) {
  if (rowLines > 1) {
    int64_t last = height - (imageRows - 1) * rowLines;
    if (last == rowLines)
      return emitLines(row, rowLines);
    Value inImage = images == 1 ? row : e.rem(row, imageRows);
    Value isLast = arith::CmpIOp::create(e, arith::CmpIPredicate::eq, inImage,
                                         e.index(imageRows - 1));
    return e.ifThenElse(
        isLast, [&] { emitLines(row, last); },
        [&] { emitLines(row, rowLines); });
  }
  RowTiles tiles = tileRow(width, e.target.maxTileRows(layout.getVectors()));
  emitPixels(row, 0, tiles.large, tiles.rows);
  emitPixels(row, tiles.large * tiles.rows, tiles.small, tiles.rows - 1);
}

ConvEmitter::RowPlace ConvEmitter::placeRow(Value row, int64_t firstPixel) {
  RowPlace place;
  place.input = e.add(rowOffset(input, inputStrides, row, strideY),
                      inputBase + firstPixel * strideX * inputStrides.pixel);
  place.input = e.add(place.input, e.mul(group, input.shape[1] / groups));
  place.result = e.add(e.add(rowOffset(result, resultStrides, row, 1), channel),
                       result.base + firstPixel * resultStrides.pixel);
  if (residual.buffer)
    place.residual =
        e.add(e.add(rowOffset(residual, residualStrides, row, 1), channel),
              residual.base + firstPixel * residualStrides.pixel);
  return place;
}

/// A row that is one tile.
void ConvEmitter::emitLines(Value row, int64_t lines) {
  taps.ahead = placeAhead(row, e.index(0), 1);
  emitOne(placeRow(row, 0), lines, width);
}

/// `tiles` tiles of `pixels` pixels each.
void ConvEmitter::emitPixels(Value row, int64_t firstPixel, int64_t tiles,
                             int64_t pixels) {
  if (tiles == 0)
    return;
  RowPlace start = placeRow(row, firstPixel);
  RowTiles all = tileRow(width, e.target.maxTileRows(layout.getVectors()));
  e.loop(tiles, [&](Value tile) {
    auto at = [&](Value base, int64_t pixelStride) {
      return base ? e.add(base, e.mul(tile, pixels * pixelStride)) : base;
    };
    taps.ahead =
        placeAhead(row, firstPixel ? e.add(tile, e.index(all.large)) : tile,
                   all.large + all.small);
    emitOne({at(start.input, strideX * inputStrides.pixel),
             at(start.result, resultStrides.pixel),
             at(start.residual, residualStrides.pixel)},
            1, pixels);
  });
}

/// Where the tile's share of the panel to fetch begins.
Value ConvEmitter::placeAhead(Value row, Value tile, int64_t rowTiles) {
  if (sharers == 1)
    return Value();
  int64_t perPanel =
      weight.shape[2] * weight.shape[3] * weight.shape[4] * weight.shape[5];
  int64_t steps = taps.outerTaps * taps.innerTaps * taps.steps;
  taps.aheadStep = (perPanel / steps + sharers - 1) / sharers;
  Value share = e.rem(e.add(e.mul(row, rowTiles), tile), sharers);
  return e.add(e.add(taps.weightAt, e.mul(share, steps * taps.aheadStep)),
               panelsAhead * perPanel);
}

void ConvEmitter::emitOne(const RowPlace &place, int64_t lines,
                          int64_t pixels) {
  taps.inputAt = place.input;
  taps.rows = inputStrides.tile(lines, pixels, strideY, strideX);
  resultOffsets = resultStrides.tile(lines, pixels);
  residualOffsets = residualStrides.tile(lines, pixels);
  SmallVector<Value> accumulators;
  for (size_t r = 0; r < taps.rows.size(); ++r)
    accumulators.append(starts.begin(), starts.end());
  SmallVector<Value> sums =
      emitTile(e, taps, layout.getVectors(), accumulators);
  if (scheme)
    storeNarrow(sums, place);
  else
    storeFloat(sums, place);
}

void ConvEmitter::storeNarrow(ArrayRef<Value> sums, const RowPlace &place) {
  SmallVector<Value> residuals;
  if (place.residual)
    for (int64_t offset : residualOffsets)
      residuals.push_back(e.loadVector(
          residual.buffer, e.add(place.residual, offset), panelWidth));
  SmallVector<Value> bytes = emitNarrowing(
      e, *scheme, sums, layout.getVectors(), multipliers, residuals);
  for (auto [row, offset] : llvm::zip(bytes, resultOffsets))
    e.storePart(row, result.buffer, e.add(place.result, offset), valid);
}

void ConvEmitter::storeFloat(ArrayRef<Value> sums, const RowPlace &place) {
  int64_t lanes = layout.getLanes();
  for (int64_t v = 0; v < layout.getVectors(); ++v) {
    Value left = valid;
    if (v > 0)
      left = e.max(e.index(0),
                   e.createOrFold<arith::SubIOp>(valid, e.index(v * lanes)));
    for (size_t r = 0; r < resultOffsets.size(); ++r) {
      Value added;
      if (place.residual)
        added = e.loadVector(
            residual.buffer,
            e.add(place.residual, residualOffsets[r] + v * lanes), lanes);
      Value t = emitFloatResult(e, sums[r * layout.getVectors() + v],
                                isInteger ? multipliers[v] : Value(), added,
                                {op.getLowerAttr(), op.getUpperAttr()});
      e.storePart(t, result.buffer,
                  e.add(place.result, resultOffsets[r] + v * lanes), left);
    }
  }
}

} // namespace

int64_t emitConv(KernelContext &context, PackedConvOp op) {
  return ConvEmitter(context, op).emit();
}

} // namespace qcc
