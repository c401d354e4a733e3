// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.packed_depthwise` on u8: each channel has its own filter, so
// there is no sum over channels to feed the dot product. Instead four
// neighbouring columns of a kernel row are interleaved byte by byte, and a
// vpdpbusd lane sums four taps of one channel:
//
//   x0 x1 x2 x3      64 channels of four columns, one register each
//   punpcklbw/hbw    x0c0 x1c0 x0c1 x1c1 ...
//   punpcklwd/hwd    x0c0 x1c0 x2c0 x3c0 | x0c1 ...     four registers
//   vpdpbusd         += taps of channel c, 4 per lane
//
// Neighbouring outputs use the same interleaved columns with their weights
// shifted by a byte, so a tile of two outputs of a 3x3 kernel pays for one
// interleave. For 3x3 kernels without strides, four neighbouring rows are
// interleaved instead: two rows of outputs use them, and walking along the
// columns each is interleaved once, with three columns of sums in flight.
// 64 outputs then take 12 dot products and 4 shuffles, and 18 and 12 before
// (Zen 5, 2026-11). The registers hold channels in the order that saturating
// packs undo (dialects/Qcc/Target/PanelLayout.h), so the store needs no
// permutation.

#include "passes/LowerCpu/Kernels.h"

#include "dialects/Qcc/Target/PanelLayout.h"
#include "passes/LowerCpu/ConvTiling.h"
#include "passes/LowerCpu/DepthwiseStore.h"
#include "passes/LowerCpu/DotProductTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace qcc {
namespace {

class DepthwiseEmitter {
public:
  DepthwiseEmitter(KernelContext &context, PackedDepthwiseOp op)
      : e(context.e), context(context), op(op), input(context.operands[0]),
        weight(context.operands[1]), start(context.operands[2]),
        multiplier(context.operands[3]), result(context.result),
        tile(op.getTile()),
        groups(columnGroups(op.getKernel()[1], op.getStrides()[1], tile)),
        store(context, op) {
    if (op.getResidual())
      residual = context.operands[4];
    for (const ColumnGroup &group : groups)
      usesPerRow += group.uses.size();
  }

  int64_t emit();

private:
  /// Neighbouring channels that are computed at once.
  struct Channels {
    Value first;
    int64_t valid;
    int64_t bytes; // of a register of activations
    Value weightAt;
  };

  void emitBlocks(ArrayRef<ChannelBlock> blocks, const RowRange &range,
                  const RowRange &rows);
  void emitBlock(const Channels &channels, const RowRange &rows);
  void emitTileAt(Value row, Value column, const Channels &channels);
  void emitPairs(const Channels &channels, const RowRange &rows);
  void emitPair(Value row, Value hasSecond, const Channels &channels);
  void storePair(ArrayRef<Value> sums, ArrayRef<Value> multipliers, Value row,
                 Value column, Value hasSecond, const Channels &channels);
  SmallVector<Value> addKernelRow(Value inputAt, Value weightAt,
                                  ValueRange sums, int64_t bytes);
  SmallVector<Value> interleave(ArrayRef<Value> columns, int64_t bytes);
  Value pixelAt(const TensorArgument &tensor, Value row, Value column,
                Value channel, int64_t stepY, int64_t stepX);

  KernelEmitter &e;
  KernelContext &context;
  PackedDepthwiseOp op;
  TensorArgument input, weight, start, multiplier, residual, result;
  int64_t tile;
  std::vector<ColumnGroup> groups;
  int64_t usesPerRow = 0;
  DepthwiseStore store;
};

// 64 outputs take about 25 cycles; a task of 8192 takes some 1 us.
constexpr int64_t kOutputsPerTask = 8192;

/// Small images of many channels are cut by channels, as the convolution
/// before them is, and others by rows: a thread then reads what it wrote.
int64_t DepthwiseEmitter::emit() {
  int64_t rows = result.shape[0] * result.shape[2];
  std::vector<ChannelBlock> blocks =
      channelBlocks(result.shape[1], e.target.vectorBytes());
  if (context.rows) {
    emitBlocks(blocks, {e.index(0), e.index(blocks.size())}, *context.rows);
    return 1;
  }
  int64_t inputRows = input.shape[0] * input.shape[2];
  int64_t unit = op.getRowPairs() ? 2 : 1;
  bool byRows = inputRows >= int64_t(blocks.size());
  int64_t parts = byRows ? rows : blocks.size();
  int64_t tasks =
      std::clamp<int64_t>(result.count() / kOutputsPerTask, 1, parts);
  int64_t perTask = chooseBlockSize(parts, tasks, byRows ? unit : 1);
  Value first = e.mul(context.task, perTask);
  Value end = e.min(e.add(first, perTask), e.index(parts));
  emitBlocks(blocks,
             byRows ? RowRange{e.index(0), e.index(blocks.size())}
                    : RowRange{first, end},
             byRows ? RowRange{first, end}
                    : RowRange{e.index(0), e.index(rows)});
  return llvm::divideCeil(parts, perTask);
}

/// Blocks of one width follow each other, so each run of them is a loop.
void DepthwiseEmitter::emitBlocks(ArrayRef<ChannelBlock> blocks,
                                  const RowRange &range, const RowRange &rows) {
  int64_t channels = result.shape[1];
  int64_t weightsPerByte =
      op.getRowPairs() ? 24 : op.getKernel()[0] * usesPerRow * 4;
  for (size_t i = 0; i < blocks.size();) {
    ChannelBlock block = blocks[i];
    size_t end = i;
    // A block that reaches beyond the channels is stored in part, so it is
    // emitted by itself.
    while (end < blocks.size() && blocks[end].bytes == block.bytes &&
           blocks[end].offset + block.bytes <= channels)
      ++end;
    if (end == i)
      end = i + 1;
    int64_t valid = std::min(block.bytes, channels - block.offset);
    e.loop(e.max(range.first, e.index(i)), e.min(range.end, e.index(end)), 1,
           [&](Value number) {
             Value channel = e.add(e.mul(number, block.bytes),
                                   block.offset - i * block.bytes);
             Channels part{channel, valid, block.bytes,
                           e.mul(channel, weightsPerByte)};
             if (op.getRowPairs())
               emitPairs(part, rows);
             else
               emitBlock(part, rows);
           });
    i = end;
  }
}

void DepthwiseEmitter::emitBlock(const Channels &channels,
                                 const RowRange &rows) {
  int64_t width = result.shape[3];
  int64_t tiles = llvm::divideCeil(width, tile);
  e.loop(rows.first, rows.end, 1, [&](Value row) {
    e.loop(tiles, [&](Value number) {
      // The last tile moves back to stay inside; it writes some pixels twice,
      // with the same bytes.
      Value column = e.mul(number, tile);
      if (width % tile != 0)
        column = e.min(column, e.index(width - tile));
      emitTileAt(row, column, channels);
    });
  });
}

Value DepthwiseEmitter::pixelAt(const TensorArgument &tensor, Value row,
                                Value column, Value channel, int64_t stepY,
                                int64_t stepX) {
  Value at = e.add(channel, tensor.base);
  Value line = row;
  if (result.shape[0] > 1) {
    at = e.add(at, e.mul(e.div(row, result.shape[2]), tensor.strides[0]));
    line = e.rem(row, result.shape[2]);
  }
  at = e.add(at, e.mul(line, stepY * tensor.strides[2]));
  return e.add(at, e.mul(column, stepX * tensor.strides[3]));
}

/// before: columns x0..x3, one register each; after: four registers of dwords,
/// each the four columns of one channel.
SmallVector<Value> DepthwiseEmitter::interleave(ArrayRef<Value> x,
                                                int64_t bytes) {
  // punpckl/h: alternate elements of the low or high half of each 16 bytes.
  auto unpack = [&](Value a, Value b, int64_t width, bool high) {
    SmallVector<int64_t> mask;
    int64_t perLane = 16 / width, count = bytes / width;
    for (int64_t lane = 0; lane < bytes / 16; ++lane)
      for (int64_t i = 0; i < perLane / 2; ++i) {
        int64_t at = lane * perLane + i + (high ? perLane / 2 : 0);
        mask.push_back(at);
        mask.push_back(count + at);
      }
    Type element = e.getIntegerType(width * 8);
    return e.shuffle(e.bitcast(a, element), e.bitcast(b, element), mask);
  };
  SmallVector<Value> result;
  for (bool high : {false, true}) {
    Value first = unpack(x[0], x[1], 1, high);
    Value second = unpack(x[2], x[3], 1, high);
    result.push_back(e.bitcast(unpack(first, second, 2, false), e.getI8Type()));
    result.push_back(e.bitcast(unpack(first, second, 2, true), e.getI8Type()));
  }
  return result;
}

/// Adds one row of the kernel to the sums of a tile.
SmallVector<Value> DepthwiseEmitter::addKernelRow(Value inputAt, Value weightAt,
                                                  ValueRange start,
                                                  int64_t bytes) {
  int64_t columnStep = op.getDilations()[1] * input.strides[3];
  int64_t kernelWidth = op.getKernel()[1];
  int64_t columns = (tile - 1) * op.getStrides()[1] + kernelWidth;
  SmallVector<Value> sums(start);
  int64_t use = 0;
  for (const ColumnGroup &group : groups) {
    SmallVector<Value> loaded;
    for (int64_t i = 0; i < 4; ++i) {
      // Columns past the tile's last tap weigh zero: any byte will do.
      int64_t column = std::min(group.firstColumn + i, columns - 1);
      loaded.push_back(column < group.firstColumn + i
                           ? loaded.back()
                           : e.loadVector(input.buffer,
                                          e.add(inputAt, column * columnStep),
                                          bytes));
    }
    SmallVector<Value> dwords = interleave(loaded, bytes);
    for (const ColumnGroupUse &output : group.uses) {
      for (int64_t v = 0; v < 4; ++v) {
        Value weights = e.loadVector(
            weight.buffer, e.add(weightAt, (use * 4 + v) * bytes), bytes);
        Value &sum = sums[output.output * 4 + v];
        sum = emitDot(e, sum, dwords[v], weights);
      }
      ++use;
    }
  }
  return sums;
}

void DepthwiseEmitter::emitTileAt(Value row, Value column,
                                  const Channels &channels) {
  int64_t bytes = channels.bytes, quarter = bytes / 4;
  SmallVector<Value> starts, multipliers, sums;
  for (int64_t v = 0; v < 4; ++v) {
    Value at = e.add(channels.first, v * quarter);
    starts.push_back(e.loadVector(start.buffer, at, quarter));
    multipliers.push_back(e.loadVector(multiplier.buffer, at, quarter));
  }
  for (int64_t output = 0; output < tile; ++output)
    sums.append(starts);

  Value inputAt = e.add(pixelAt(input, row, column, channels.first,
                                op.getStrides()[0], op.getStrides()[1]),
                        -op.getPads()[0] * input.strides[2] -
                            op.getPads()[1] * input.strides[3]);
  int64_t rowStep = op.getDilations()[0] * input.strides[2];
  int64_t weightStep = usesPerRow * 4 * bytes;
  int64_t kernelRows = op.getKernel()[0];
  auto addRow = [&](Value y, ValueRange sums) {
    return addKernelRow(e.add(inputAt, e.mul(y, rowStep)),
                        e.add(channels.weightAt, e.mul(y, weightStep)), sums,
                        bytes);
  };
  if (kernelRows <= 3) {
    for (int64_t y = 0; y < kernelRows; ++y)
      sums = addRow(e.index(y), sums);
  } else {
    sums = e.reduceLoop(e.index(0), e.index(kernelRows), 1, sums, addRow,
                        /*keepRolled=*/true);
  }

  Value resultAt = pixelAt(result, row, column, channels.first, 1, 1);
  Value residualAt;
  if (residual.buffer)
    residualAt = pixelAt(residual, row, column, channels.first, 1, 1);
  for (int64_t output = 0; output < tile; ++output)
    store.emit(ArrayRef(sums).slice(output * 4, 4), multipliers,
               e.add(resultAt, output * result.strides[3]),
               residualAt ? e.add(residualAt, output * residual.strides[3])
                          : Value(),
               channels.valid);
}

//===-- Row pairs ---------------------------------------------------------===//

void DepthwiseEmitter::emitPairs(const Channels &channels,
                                 const RowRange &rows) {
  e.loop(rows.first, rows.end, 2, [&](Value row) {
    Value hasSecond = arith::CmpIOp::create(e, arith::CmpIPredicate::ult,
                                            e.add(row, 1), rows.end);
    emitPair(row, hasSecond, channels);
  });
}

/// Rows `row` and the one after it. Column `c` of the input is tap 2 of output
/// `c - 2`, which it completes, tap 1 of `c - 1` and tap 0 of `c`.
void DepthwiseEmitter::emitPair(Value row, Value hasSecond,
                                const Channels &channels) {
  int64_t bytes = channels.bytes, quarter = bytes / 4;
  SmallVector<Value> starts, multipliers;
  for (int64_t v = 0; v < 4; ++v) {
    Value at = e.add(channels.first, v * quarter);
    starts.push_back(e.loadVector(start.buffer, at, quarter));
    multipliers.push_back(e.loadVector(multiplier.buffer, at, quarter));
  }
  starts.append(SmallVector<Value>(starts));

  int64_t height = result.shape[2];
  Value line = result.shape[0] > 1 ? e.rem(row, height) : row;
  // Without a second row the fourth line may not exist: read the third again.
  Value fourth = e.min(
      e.index(3), e.createOrFold<arith::SubIOp>(e.index(height + 1), line));
  Value first = e.add(pixelAt(input, row, e.index(0), channels.first, 1, 1),
                      -op.getPads()[0] * input.strides[2] -
                          op.getPads()[1] * input.strides[3]);
  Value lines[] = {first, e.add(first, input.strides[2]),
                   e.add(first, 2 * input.strides[2]),
                   e.add(first, e.mul(fourth, input.strides[2]))};
  auto interleaveColumn = [&](Value column) {
    SmallVector<Value> loaded;
    for (Value at : lines)
      loaded.push_back(e.loadVector(
          input.buffer, e.add(at, e.mul(column, input.strides[3])), bytes));
    return interleave(loaded, bytes);
  };
  // Sums of both rows, 4 registers each, plus tap `x` of `dwords`.
  auto addTap = [&](int64_t x, ValueRange sums, ArrayRef<Value> dwords) {
    SmallVector<Value> added;
    for (int64_t i = 0; i < 8; ++i)
      added.push_back(emitDot(
          e, sums[i], dwords[i % 4],
          e.loadVector(weight.buffer,
                       e.add(channels.weightAt, (x * 8 + i) * bytes), bytes)));
    return added;
  };
  SmallVector<Value> dwords = interleaveColumn(e.index(0));
  SmallVector<Value> older = addTap(0, starts, dwords);
  dwords = interleaveColumn(e.index(1));
  older = addTap(1, older, dwords);
  SmallVector<Value> pending = older;
  pending.append(addTap(0, starts, dwords));
  e.reduceLoop(
      e.index(0), e.index(result.shape[3]), 1, pending,
      [&](Value column, ValueRange sums) {
        SmallVector<Value> dwords = interleaveColumn(e.add(column, 2));
        SmallVector<Value> complete = addTap(2, sums.take_front(8), dwords);
        storePair(complete, multipliers, row, column, hasSecond, channels);
        SmallVector<Value> next = addTap(1, sums.drop_front(8), dwords);
        next.append(addTap(0, starts, dwords));
        return next;
      },
      /*keepRolled=*/true);
}

void DepthwiseEmitter::storePair(ArrayRef<Value> sums,
                                 ArrayRef<Value> multipliers, Value row,
                                 Value column, Value hasSecond,
                                 const Channels &channels) {
  Value resultAt = pixelAt(result, row, column, channels.first, 1, 1);
  Value residualAt;
  if (residual.buffer)
    residualAt = pixelAt(residual, row, column, channels.first, 1, 1);
  store.emit(sums.take_front(4), multipliers, resultAt, residualAt,
             channels.valid);
  e.ifThen(hasSecond, [&] {
    store.emit(sums.drop_front(4), multipliers,
               e.add(resultAt, result.strides[2]),
               residualAt ? e.add(residualAt, residual.strides[2]) : Value(),
               channels.valid);
  });
}

} // namespace

int64_t emitDepthwise(KernelContext &context, PackedDepthwiseOp op) {
  if (!op.getMultiplier())
    return emitFloatDepthwise(context, op);
  return DepthwiseEmitter(context, op).emit();
}

} // namespace qcc
