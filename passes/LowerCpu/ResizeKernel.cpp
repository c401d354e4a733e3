// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.resize`: along each resized dimension a result index reads one,
// two or four input indices with weights that are known when the kernel is
// made, so they are constant tables.

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
  int64_t count;          // taps of each index
  Value indices, weights; // tables of `size * count`
};

/// A constant table beside the kernels, as a memref.
Value makeTable(KernelEmitter &e, DenseElementsAttr values) {
  auto module =
      e.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
  auto type =
      MemRefType::get(values.getType().getShape(), values.getElementType());
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
  numerics::ResizeRule rule{numerics::ResizeMode(op.getMode()),
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

/// The taps around one result element.
struct TapWalk {
  KernelContext &context;
  ArrayRef<DimensionTaps> taps;
  ArrayRef<Value> position;
  SmallVector<Value> source;

  Value readWeight(const DimensionTaps &one, int64_t tap);
  Value emitFloats(size_t depth);
  Value emitGrid(size_t depth, Value weight, Value sum);
};

/// Moves `source` to a tap of a dimension and returns the tap's weight.
Value TapWalk::readWeight(const DimensionTaps &one, int64_t tap) {
  KernelEmitter &e = context.e;
  Value at = e.add(e.mul(position[one.dimension], one.count), tap);
  source[one.dimension] =
      arith::IndexCastOp::create(e, e.getIndexType(), e.load(one.indices, at));
  return e.load(one.weights, at);
}

/// Floats: one dimension after the other, the last one first.
Value TapWalk::emitFloats(size_t depth) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0];
  if (depth == taps.size())
    return e.load(input.buffer, input.at(e, source));
  Value sum;
  for (int64_t tap = 0; tap < taps[depth].count; ++tap) {
    Value weight = readWeight(taps[depth], tap);
    Value element = emitFloats(depth + 1);
    sum = sum ? Value(math::FmaOp::create(e, element, weight, sum))
              : Value(arith::MulFOp::create(e, element, weight));
  }
  return sum;
}

/// Integers of a grid: `sum` and the products of all taps of dimensions
/// `depth` and on, as docs/numerics.md *resize* orders and rounds them.
Value TapWalk::emitGrid(size_t depth, Value weight, Value sum) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0];
  if (depth == taps.size()) {
    Value element = emitDequantized(
        e, e.load(input.buffer, input.at(e, source)), input.grid());
    Value product =
        weight ? Value(arith::MulFOp::create(e, element, weight)) : element;
    return sum ? Value(arith::AddFOp::create(e, sum, product)) : product;
  }
  for (int64_t tap = 0; tap < taps[depth].count; ++tap) {
    Value own = readWeight(taps[depth], tap);
    Value joined = weight ? Value(arith::MulFOp::create(e, weight, own)) : own;
    sum = emitGrid(depth + 1, joined, sum);
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
            e, e.getIndexType(), e.load(one.indices, position[one.dimension]));
      e.store(e.load(input.buffer, input.at(e, source)), result.buffer, at);
      return;
    }
    TapWalk walk{context, taps, position, source};
    QuantType grid = result.grid();
    Value t = grid ? emitQuantized(e, walk.emitGrid(0, Value(), Value()), grid)
                   : walk.emitFloats(0);
    e.store(t, result.buffer, at);
  });
}

} // namespace qcc
