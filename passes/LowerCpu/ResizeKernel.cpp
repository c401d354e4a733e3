// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.resize`: along each resized dimension a result index reads one,
// two or four input indices with weights that are known when the kernel is
// made, so they are constant tables; dimensions are combined one after the
// other, the last one first, as docs/numerics.md orders it.

#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/LoopNest.h"
#include "passes/LowerCpu/ScalarMath.h"

#include "dialects/Qcc/Numerics/ResizeReference.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace qcc {
namespace {

/// What a result index of one dimension reads.
struct DimensionTaps {
  int64_t dimension;
  int64_t count;         // taps of each index
  Value indices, weights; // tables of `size * count`
};

/// A constant table beside the kernels, as a memref.
Value makeTable(KernelEmitter &e, DenseElementsAttr values) {
  auto module =
      e.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
  auto type = MemRefType::get(values.getType().getShape(),
                              values.getElementType());
  std::string name;
  for (auto global : module.getOps<memref::GlobalOp>())
    if (global.getInitialValue() == Attribute(values))
      name = global.getSymName().str();
  if (name.empty()) {
    auto globals = module.getOps<memref::GlobalOp>();
    name = "table_" +
           std::to_string(std::distance(globals.begin(), globals.end()));
    OpBuilder::InsertionGuard guard(e);
    e.setInsertionPointToStart(module.getBody());
    memref::GlobalOp::create(e, name, e.getStringAttr("private"), type, values,
                             /*constant=*/true, /*alignment=*/IntegerAttr());
  }
  return memref::GetGlobalOp::create(e, type, name);
}

SmallVector<DimensionTaps> makeTaps(KernelContext &context, ResizeOp op) {
  KernelEmitter &e = context.e;
  numerics::ResizeRule rule{
      numerics::ResizeMode(op.getMode()),
      numerics::Coordinates(op.getCoordinates()),
      numerics::NearestRounding(op.getRounding()),
      op.getCubicCoefficient().convertToDouble()};
  SmallVector<DimensionTaps> result;
  for (int64_t d = 0; d < context.result.rank(); ++d) {
    int64_t from = context.operands[0].shape[d], to = context.result.shape[d];
    if (op.getScales()[d] == 1.0 && from == to)
      continue;
    std::vector<std::vector<numerics::Tap>> taps =
        numerics::getTaps(rule, from, to, op.getScales()[d]);
    SmallVector<int32_t> indices;
    SmallVector<float> weights;
    for (const std::vector<numerics::Tap> &one : taps)
      for (const numerics::Tap &tap : one) {
        indices.push_back(tap.index);
        weights.push_back(float(tap.weight));
      }
    auto tableType = [&](Type element) {
      return RankedTensorType::get({int64_t(indices.size())}, element);
    };
    result.push_back(
        {d, int64_t(taps[0].size()),
         makeTable(e, DenseElementsAttr::get(tableType(e.getI32Type()),
                                             ArrayRef<int32_t>(indices))),
         makeTable(e, DenseElementsAttr::get(tableType(e.getF32Type()),
                                             ArrayRef<float>(weights)))});
  }
  return result;
}

/// Weighs the taps of dimensions `depth` and on, around `source`.
Value emitWeighted(KernelContext &context, ArrayRef<DimensionTaps> taps,
                   size_t depth, ArrayRef<Value> position,
                   SmallVector<Value> &source) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0];
  if (depth == taps.size()) {
    Value element = e.load(input.buffer, input.at(e, source));
    if (!input.grid())
      return element;
    return arith::SIToFPOp::create(e, e.getF32Type(),
                                   emitSteps(e, element, input.grid()));
  }
  const DimensionTaps &one = taps[depth];
  Value sum;
  for (int64_t tap = 0; tap < one.count; ++tap) {
    Value at = e.add(e.mul(position[one.dimension], one.count), tap);
    source[one.dimension] = arith::IndexCastOp::create(
        e, e.getIndexType(), e.load(one.indices, at));
    Value element =
        emitWeighted(context, taps, depth + 1, position, source);
    Value weight = e.load(one.weights, at);
    sum = sum ? Value(math::FmaOp::create(e, element, weight, sum))
              : Value(arith::MulFOp::create(e, element, weight));
  }
  return sum;
}

} // namespace

int64_t emitResize(KernelContext &context, ResizeOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0], &result = context.result;
  SmallVector<DimensionTaps> taps = makeTaps(context, op);
  return emitPositions(context, [&](ArrayRef<Value> position, Value at) {
    SmallVector<Value> source(position);
    if (op.getMode() == ResizeMode::Nearest) {
      for (const DimensionTaps &one : taps)
        source[one.dimension] = arith::IndexCastOp::create(
            e, e.getIndexType(),
            e.load(one.indices, position[one.dimension]));
      e.store(e.load(input.buffer, input.at(e, source)), result.buffer, at);
      return;
    }
    Value t = emitWeighted(context, taps, 0, position, source);
    if (QuantType grid = result.grid())
      t = emitToGrid(e, t, grid, {grid.getLowest(), grid.getHighest()});
    e.store(t, result.buffer, at);
  });
}

} // namespace qcc
