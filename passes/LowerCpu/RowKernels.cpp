// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels of language models that compute rows one by one: norms, gates, and
// tables of tokens. A task is a row of the run, and stays in the first cache.

#include "passes/LowerCpu/DecoderKernels.h"

#include "passes/LowerCpu/PanelReader.h"
#include "passes/LowerCpu/RowLoop.h"
#include "passes/LowerCpu/ScalarMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {

static Value addUp(KernelEmitter &e, int64_t columns,
                   function_ref<Value(Value k, int64_t valid)> value) {
  int64_t lanes = e.target.lanes;
  Value zero = e.constant(e.vectorOf(e.getF32Type(), lanes), 0.0);
  Value sum = emitRowLoop(
      e, columns, lanes, zero, [&](Value k, int64_t valid, Value so) -> Value {
        Value x = selectLanes(e, value(k, valid), zero, valid);
        return arith::AddFOp::create(e, so, x);
      });
  return combineLanes(e, sum, [&](Value a, Value b) -> Value {
    return arith::AddFOp::create(e, a, b);
  });
}

/// 1 / sqrt(mean of squares + epsilon), in all lanes.
static Value emitInverseDeviation(KernelEmitter &e, Value squares,
                                  int64_t columns, double epsilon) {
  Type f32 = e.getF32Type();
  Value mean = arith::DivFOp::create(e, squares, e.constant(f32, columns));
  Value root = math::SqrtOp::create(
      e, arith::AddFOp::create(e, mean, e.constant(f32, epsilon)));
  return e.splat(arith::DivFOp::create(e, e.constant(f32, 1.0), root),
                 e.target.lanes);
}

int64_t emitNormRows(KernelContext &context, NormRowsOp op) {
  KernelEmitter &e = context.e;
  int64_t lanes = e.target.lanes;
  const TensorArgument &input = context.operands[0];
  int64_t columns = input.shape[1];
  size_t next = 2;
  auto take = [&](Value operand) {
    return operand ? &context.operands[next++] : nullptr;
  };
  const TensorArgument *weight = take(op.getWeight());
  const TensorArgument *bias = take(op.getBias());
  const TensorArgument *residual = take(op.getResidual());
  const TensorArgument *select = take(op.getSelect());
  const TensorArgument *order = take(op.getOrder());

  Value from = context.task;
  if (select)
    from = arith::IndexCastOp::create(
        e, e.getIndexType(),
        e.load(select->buffer, e.add(context.task, select->base)));
  auto load = [&](const TensorArgument &tensor, Value r, Value k,
                  int64_t valid) {
    Value at = r ? tensor.at(e, {r, k}) : tensor.at(e, {k});
    return e.loadPart(tensor.buffer, at, lanes, e.index(valid));
  };
  Value mean, factor;
  auto centered = [&](Value k, int64_t valid) -> Value {
    Value x = load(input, from, k, valid);
    return mean ? Value(arith::SubFOp::create(e, x, mean)) : x;
  };
  if (op.getCentered())
    mean = e.splat(arith::DivFOp::create(e, addUp(e, columns, centered),
                                         e.constant(e.getF32Type(), columns)),
                   lanes);
  if (weight)
    factor = emitInverseDeviation(e,
                                  addUp(e, columns,
                                        [&](Value k, int64_t valid) -> Value {
                                          Value x = centered(k, valid);
                                          return arith::MulFOp::create(e, x, x);
                                        }),
                                  columns, op.getEpsilon().convertToDouble());
  auto value = [&](Value k, int64_t valid) -> Value {
    Value x = centered(k, valid);
    if (weight)
      x = arith::MulFOp::create(e, arith::MulFOp::create(e, x, factor),
                                load(*weight, {}, k, valid));
    if (bias)
      x = arith::AddFOp::create(e, x, load(*bias, {}, k, valid));
    if (residual)
      x = arith::AddFOp::create(e, x, load(*residual, context.task, k, valid));
    return x;
  };
  emitRow(context, {columns, order, op.getFormat()}, value);
  return useTaskForEach(context, 1, select ? kOutputs : kRows);
}

// What gpt-oss was trained with.
constexpr double kSwishSlope = 1.702, kSwishLimit = 7;

/// y sigmoid(slope y), where y is x and not above the limit.
static Value emitClampedSwish(KernelEmitter &e, Value x) {
  Type type = x.getType();
  Value y = arith::MinimumFOp::create(e, x, e.constant(type, kSwishLimit));
  Value power = math::ExpOp::create(
      e, arith::MulFOp::create(e, y, e.constant(type, -kSwishSlope)));
  return arith::DivFOp::create(
      e, y, arith::AddFOp::create(e, power, e.constant(type, 1.0)));
}

/// 1 + x within the limits: what that is multiplied by.
static Value emitClampedFactor(KernelEmitter &e, Value x) {
  Type type = x.getType();
  x = arith::MinimumFOp::create(e, x, e.constant(type, kSwishLimit));
  x = arith::MaximumFOp::create(e, x, e.constant(type, -kSwishLimit));
  return arith::AddFOp::create(e, x, e.constant(type, 1.0));
}

static Value emitGate(KernelEmitter &e, StringRef function, Value x) {
  auto unary = [&](UnaryKind kind) {
    return emitUnaryFunction(e, kind, x, 0, 0, false);
  };
  if (function == "silu")
    return unary(UnaryKind::Silu);
  if (function == "gelu")
    return unary(UnaryKind::Gelu);
  if (function == "gelu_tanh")
    return unary(UnaryKind::GeluTanh);
  if (function == "clamped_swish")
    return emitClampedSwish(e, x);
  Value rectified = unary(UnaryKind::Relu);
  return function == "relu"
             ? rectified
             : Value(arith::MulFOp::create(e, rectified, rectified));
}

int64_t emitGateRows(KernelContext &context, GateRowsOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0];
  auto load = [&](const TensorArgument &tensor, Value k, int64_t valid) {
    return e.loadPart(tensor.buffer, tensor.at(e, {context.task, k}),
                      e.target.lanes, e.index(valid));
  };
  const TensorArgument *order =
      op.getOrder() ? &context.operands.back() : nullptr;
  auto value = [&](Value k, int64_t valid) -> Value {
    Value x = load(input, k, valid);
    if (op.getFunction())
      x = emitGate(e, *op.getFunction(), x);
    if (!op.getFactor())
      return x;
    Value factor = load(context.operands[2], k, valid);
    if (op.getFunction() == "clamped_swish")
      factor = emitClampedFactor(e, factor);
    return arith::MulFOp::create(e, x, factor);
  };
  emitRow(context, {input.shape[1], order, op.getFormat()}, value);
  return useTaskForEach(context, 1, kRows) * int64_t(op.getSlots());
}

/// Lane `lane` (a value) of the values of a panel's columns.
static void emitTableRow(KernelContext &context, const PanelFormat &format,
                         Value panelAt, Value lane, float scale,
                         const TensorArgument *addend) {
  KernelEmitter &e = context.e;
  const TensorArgument &result = context.result;
  PanelReader reader(e, format, context.operands[1].buffer);
  int64_t columns = result.shape[1];
  auto storeColumn = [&](Value values, Value k) {
    Value x = vector::ExtractOp::create(e, values, OpFoldResult(lane));
    if (scale != 1.0f)
      x = arith::MulFOp::create(e, x, e.constant(e.getF32Type(), scale));
    if (addend)
      x = arith::AddFOp::create(
          e, x, e.load(addend->buffer, addend->at(e, {context.task, k})));
    e.store(x, result.buffer, result.at(e, {context.task, k}));
  };
  e.loop(
      e.index(0), e.index(columns), format.block,
      [&](Value k) {
        Value block =
            e.add(panelAt, e.mul(e.div(k, format.block), reader.blockBytes()));
        int64_t chunks = format.isFloat ? 1 : format.block / 32;
        for (int64_t chunk = 0; chunk < chunks; ++chunk)
          for (auto [i, values] :
               llvm::enumerate(reader.loadValues(block, chunk))) {
            Value column = e.add(k, 32 * chunk + i);
            if (columns % format.block == 0) {
              storeColumn(values, column);
              continue;
            }
            Value exists = arith::CmpIOp::create(e, arith::CmpIPredicate::ult,
                                                 column, e.index(columns));
            e.ifThen(exists, [&] { storeColumn(values, column); });
          }
      },
      /*keepRolled=*/true);
}

FailureOr<int64_t> emitEmbed(KernelContext &context, EmbedOp op) {
  KernelEmitter &e = context.e;
  BlockMatrix table = *getBlockMatrix(op.getTable());
  std::optional<PanelFormat> format = findPanelFormat(table.format);
  if (!format)
    return op.emitOpError("expected a format of blocks that has a kernel, but "
                          "got ")
           << table.format;
  int64_t lanes = e.target.lanes;
  const TensorArgument &ids = context.operands[0];
  Value id = arith::IndexCastUIOp::create(
      e, e.getIndexType(), e.load(ids.buffer, e.add(context.task, ids.base)));
  id = e.min(id, e.index(table.rows - 1));
  Value panelAt = e.mul(
      e.div(id, lanes),
      format->panelBytes(llvm::alignTo(table.columns, format->block), lanes));
  emitTableRow(context, *format, panelAt, e.rem(id, lanes),
               op.getScale().convertToFloat(),
               op.getAddend() ? &context.operands[3] : nullptr);
  return useTaskForEach(context, 2, kRows);
}

} // namespace qcc
