// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses how a task of qcc.block_linear computes: one to eight rows read the
// weights as they stream from memory, where rows are floats and blocks long
// block by block; more rows unpack panels to scratch memory once and reuse
// them. Measured on Zen 5 (2026-11).

#include "passes/LowerCpu/BlockLinear.h"

#include "passes/LowerCpu/DecoderKernels.h"
#include "passes/LowerCpu/ScalarMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace qcc {

static int64_t activationGroup(RowFormat format, int64_t columns) {
  return format == RowFormat::Block32    ? 32
         : format == RowFormat::Block256 ? 256
                                         : columns;
}

BlockLinear::BlockLinear(KernelContext &context, BlockLinearOp op,
                         const PanelFormat &format)
    : e(context.e), op(op), format(format), rowFormat(op.getFormat()),
      lanes(e.target.lanes), input(context.operands[0]),
      weight(context.operands[1]), result(context.result),
      scratch(context.scratch) {
  BlockMatrix matrix = *getBlockMatrix(op.getWeight());
  row =
      RowLayout::of(matrix.columns, activationGroup(rowFormat, matrix.columns));
  columns = llvm::alignTo(matrix.columns, format.block);
  panels = llvm::divideCeil(result.shape[1], lanes);
  panelBytes = format.panelBytes(columns, lanes);
  unit = std::min(format.group, hasRowScale() ? format.group : row.group);
  size_t next = 3;
  if (op.getBias())
    bias = context.operands[next++];
  if (op.getResidual())
    residual = context.operands[next++];
  if (op.getGroups())
    groups = context.operands[next++];
}

Value BlockLinear::setExpert(Value number) {
  auto load = [&](int64_t field) -> Value {
    Value at = e.add(e.mul(number, 3), groups->base + 1 + field);
    return arith::IndexCastOp::create(e, e.getIndexType(),
                                      e.load(groups->buffer, at));
  };
  expert = load(0);
  firstPlace = e.add(load(1), groups->base + 1 + 3 * countExperts());
  return load(2);
}

Value BlockLinear::placeOf(Value r) const {
  if (!groups)
    return r;
  Value place = e.load(groups->buffer, e.add(firstPlace, r));
  return arith::IndexCastOp::create(e, e.getIndexType(), place);
}

Value BlockLinear::panelAt(Value panel) const {
  if (groups)
    panel = e.add(panel, e.mul(expert, panels));
  return e.mul(panel, panelBytes);
}

Value BlockLinear::fma(Value a, Value b, Value c) const {
  return math::FmaOp::create(e, a, b, c);
}

Value BlockLinear::rowAt(Value r) const {
  r = placeOf(r);
  if (input.shape[0] != result.shape[0])
    r = e.div(r, op.getSlots());
  return e.add(e.mul(r, input.strides[0]), input.base);
}

Value BlockLinear::loadRowScale(Value at, Value k) const {
  Value group = hasRowScale() ? e.index(0) : e.div(k, row.group);
  return ByteBuffer(e, input.buffer)
      .splatFloat(e.add(e.add(at, row.scalesAt), e.mul(group, 4)));
}

Value BlockLinear::loadSum(Value at, Value k) const {
  int64_t size = unit >= 128 ? 128 : unit >= 32 ? 32 : 16;
  ByteBuffer bytes(e, input.buffer);
  Value first = e.add(e.add(at, row.getSumsAt(size)), e.mul(e.div(k, size), 4));
  Value sum = bytes.splatInt(first);
  for (int64_t i = 1; i < unit / size; ++i)
    sum = arith::AddIOp::create(e, sum, bytes.splatInt(e.add(first, 4 * i)));
  return sum;
}

Value BlockLinear::loadSumPair(Value at, Value k) const {
  Value place = e.add(e.add(at, row.shortSumsAt), e.mul(e.div(k, 32), 2));
  return ByteBuffer(e, input.buffer).splatInt(place);
}

Value BlockLinear::loadStart(Value at, Value k) const {
  if (format.offset == 0)
    return e.constantInt(i32(), 0);
  return arith::MulIOp::create(e, loadSum(at, k),
                               e.constantInt(i32(), format.offset));
}

Value BlockLinear::loadDword(Value at, Value k) const {
  return e.broadcastDword(input.buffer, e.add(at, k));
}

void BlockLinear::storeSums(Value sums, Value r, Value panel) const {
  Value column = e.mul(panel, lanes);
  int64_t outputs = result.shape[1];
  Value valid = outputs % lanes == 0
                    ? e.index(lanes)
                    : e.min(e.index(lanes),
                            arith::SubIOp::create(e, e.index(outputs), column));
  if (hasIntegerRows() && hasRowScale())
    sums = arith::MulFOp::create(e, sums, loadRowScale(rowAt(r), e.index(0)));
  if (bias) {
    Value at = e.add(column, bias->base);
    if (groups)
      at = e.add(at, e.mul(expert, outputs));
    sums = arith::AddFOp::create(e, sums,
                                 e.loadPart(bias->buffer, at, lanes, valid));
  }
  if (!op.getScale().isExactlyValue(1.0))
    sums = arith::MulFOp::create(
        e, sums, e.constant(f32(), op.getScale().convertToFloat()));
  if (auto cap = op.getSoftCap()) {
    float bound = cap->convertToFloat();
    Value inner = arith::DivFOp::create(e, sums, e.constant(f32(), bound));
    sums = arith::MulFOp::create(e, math::TanhOp::create(e, inner),
                                 e.constant(f32(), bound));
  }
  if (residual) {
    Value at = residual->at(e, {r, column});
    sums = arith::AddFOp::create(
        e, sums, e.loadPart(residual->buffer, at, lanes, valid));
  }
  e.storePart(sums, result.buffer, result.at(e, {placeOf(r), column}), valid);
}

void BlockLinear::ifExists(Value number, function_ref<void(Value)> body) const {
  Value exists = arith::CmpIOp::create(e, arith::CmpIPredicate::ult, number,
                                       e.index(panels));
  e.ifThen(exists, [&] { body(number); });
}

void BlockLinear::storePanels(
    Value panel, int64_t width, Value rows,
    function_ref<Value(Value r, int64_t p)> sumsOf) const {
  e.loop(
      e.index(0), rows, 1,
      [&](Value r) {
        for (int64_t p = 0; p < width; ++p)
          ifExists(e.add(panel, p),
                   [&](Value number) { storeSums(sumsOf(r, p), r, number); });
      },
      /*keepRolled=*/true);
}

namespace {

/// Panels of a task: accumulators of four rows by so many leave registers for
/// weights (32 registers), or of three rows (16 registers).
int64_t taskPanels(const Target &target) {
  return target.registers >= 32 ? 3 : 2;
}

Value isAtMost(KernelEmitter &e, Value rows, int64_t most) {
  return arith::CmpIOp::create(e, arith::CmpIPredicate::ule, rows,
                               e.index(most));
}

/// All rows in tiles of `height`; those beyond the last repeat it.
void emitRowsOfTokens(const BlockLinear &linear, Value first, Value end,
                      Value rows, int64_t height) {
  KernelEmitter &e = linear.e;
  Value last = e.add(rows, -1);
  e.loop(
      first, end, 1,
      [&](Value panel) {
        auto tile = [&](Value r) {
          SmallVector<Value> numbers;
          for (int64_t i = 0; i < height; ++i)
            numbers.push_back(height == 1 ? r : e.min(e.add(r, i), last));
          if (linear.hasBrainRows())
            emitBrainTokenTile(linear, panel, numbers);
          else
            emitTokenTile(linear, panel, numbers);
        };
        if (height == 1)
          return tile(e.index(0));
        e.loop(e.index(0), rows, height, tile, /*keepRolled=*/true);
      },
      /*keepRolled=*/true);
}

void emitChoice(const BlockLinear &linear, Value first, Value end, Value rows,
                ArrayRef<int64_t> heights, function_ref<void()> otherwise) {
  if (heights.empty())
    return otherwise();
  linear.e.ifThenElse(
      isAtMost(linear.e, rows, heights.front()),
      [&] { emitRowsOfTokens(linear, first, end, rows, heights.front()); },
      [&] {
        emitChoice(linear, first, end, rows, heights.drop_front(), otherwise);
      });
}

/// Up to `most` rows of floats, panel by panel. Returns bytes of scratch
/// memory.
int64_t emitFewFloats(const BlockLinear &linear, Value first, Value end,
                      Value rows, int64_t most,
                      function_ref<void()> otherwise) {
  int64_t bytes = 0;
  KernelEmitter &e = linear.e;
  auto emitTile = [&](Value panel) {
    bytes = emitFloatTile(linear, panel, rows, most);
  };
  e.ifThenElse(
      isAtMost(e, rows, most),
      [&] { e.loop(first, end, 1, emitTile, /*keepRolled=*/true); }, otherwise);
  return bytes;
}

} // namespace

FailureOr<int64_t> emitBlockLinear(KernelContext &context, BlockLinearOp op) {
  KernelEmitter &e = context.e;
  std::optional<PanelFormat> format =
      findPanelFormat(getBlockMatrix(op.getWeight())->format);
  if (!format)
    return op.emitOpError("expected a format of blocks that has a kernel, but "
                          "got ")
           << getBlockMatrix(op.getWeight())->format;
  BlockLinear linear(context, op, *format);
  int64_t width = taskPanels(e.target);
  int64_t tasks = llvm::divideCeil(linear.panels, width);
  Value task = context.task, rows;
  if (linear.groups) {
    rows = linear.setExpert(e.div(task, tasks));
    task = e.rem(task, tasks);
    // Those of the experts that have places.
    context.extent = {int64_t(context.operands.size()) - 1, 0, 1};
  } else {
    rows = loadExtent(context, 2, op.getExtent());
    // None where the run has no rows.
    context.extent = {2, int64_t(op.getExtent()), linear.result.shape[0]};
    context.streams = 1;
  }
  Value first = e.mul(task, width);
  Value end = e.min(e.add(first, width), e.index(linear.panels));
  int64_t most = e.target.registers >= 32 ? 8 : 4;
  auto needBytes = [&](int64_t bytes) {
    context.scratchBytes = std::max(context.scratchBytes, bytes);
  };
  auto emitPanels = [&] {
    needBytes(linear.hasBrainRows()
                  ? emitBrainPanels(linear, first, width, rows)
                  : emitPanelTiles(linear, first, width, rows));
  };
  // Long blocks: unrolled for each number of rows, code would be large.
  if (linear.rowFormat == RowFormat::Float && format->block > 32) {
    emitChoice(linear, first, end, rows, {1}, [&] {
      needBytes(emitFewFloats(linear, first, end, rows, most, emitPanels));
    });
    return tasks;
  }
  SmallVector<int64_t> heights = {1, 2, 4};
  if (most == 8)
    heights.push_back(8);
  emitChoice(linear, first, end, rows, heights, emitPanels);
  return tasks;
}

} // namespace qcc
