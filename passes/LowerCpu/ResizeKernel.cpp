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

/// What the result indices of one dimension read.
struct DimensionTaps {
  int64_t dimension;
  int64_t size;           // of the dimension in the result
  int64_t count;          // taps of each index
  int64_t stride;         // of the input
  Value indices, weights; // tables of `count` rows of `size`
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
    for (size_t tap = 0; tap < taps[0].size(); ++tap)
      for (const std::vector<numerics::Tap> &one : taps) {
        indices.push_back(one[tap].index);
        weights.push_back(float(one[tap].weight));
      }
    auto tableType = [&](Type element) {
      return RankedTensorType::get({int64_t(indices.size())}, element);
    };
    result.push_back(
        {d, to, int64_t(taps[0].size()), context.operands[0].strides[d],
         makeTable(e, DenseElementsAttr::get(tableType(e.getI32Type()),
                                             ArrayRef<int32_t>(indices))),
         makeTable(e, DenseElementsAttr::get(tableType(e.getF32Type()),
                                             ArrayRef<float>(weights)))});
  }
  return result;
}

/// Where a tap lies: the operand's walk, this much further; each lane by its
/// own number of elements where the run goes along a resized dimension.
struct TapPlace {
  Value shift, lanes;
};

/// The taps around a run of the result. Walk 1 is the operand at rest along
/// resized dimensions, the next ones are the positions along those.
struct TapWalk {
  KernelContext &context;
  ArrayRef<DimensionTaps> taps;
  const Run &run;

  TapPlace move(TapPlace place, size_t depth, int64_t tap) const;
  Value readWeight(size_t depth, int64_t tap) const;
  Value readElements(TapPlace place) const;
  Value emitNearest() const;
  Value emitFloats(size_t depth, TapPlace place) const;
  Value emitGrid(size_t depth, TapPlace place, Value weight, Value sum) const;
};

/// `place` moved to a tap of a dimension.
TapPlace TapWalk::move(TapPlace place, size_t depth, int64_t tap) const {
  KernelEmitter &e = context.e;
  const DimensionTaps &one = taps[depth];
  Value row = e.index(tap * one.size);
  if (run.moves(2 + depth)) {
    Value index = run.load(one.indices, 2 + depth, row);
    place.lanes = arith::MulIOp::create(
        e, index, e.constantInt(index.getType(), one.stride));
    return place;
  }
  Value index = arith::IndexCastOp::create(
      e, e.getIndexType(), e.load(one.indices, e.add(run.at(2 + depth), row)));
  place.shift = e.add(place.shift, e.mul(index, one.stride));
  return place;
}

Value TapWalk::readWeight(size_t depth, int64_t tap) const {
  return run.load(taps[depth].weights, 2 + depth,
                  context.e.index(tap * taps[depth].size));
}

Value TapWalk::readElements(TapPlace place) const {
  Value buffer = context.operands[0].buffer;
  return place.lanes ? run.gather(buffer, 1, place.lanes, place.shift)
                     : run.load(buffer, 1, place.shift);
}

Value TapWalk::emitNearest() const {
  TapPlace place{context.e.index(0), Value()};
  for (size_t depth = 0; depth < taps.size(); ++depth)
    place = move(place, depth, 0);
  return readElements(place);
}

/// Floats: one dimension after the other, the last one first.
Value TapWalk::emitFloats(size_t depth, TapPlace place) const {
  KernelEmitter &e = context.e;
  if (depth == taps.size())
    return readElements(place);
  Value sum;
  for (int64_t tap = 0; tap < taps[depth].count; ++tap) {
    Value weight = readWeight(depth, tap);
    Value elements = emitFloats(depth + 1, move(place, depth, tap));
    sum = sum ? Value(math::FmaOp::create(e, elements, weight, sum))
              : Value(arith::MulFOp::create(e, elements, weight));
  }
  return sum;
}

/// Integers of a grid: `sum` and the products of all taps of dimensions
/// `depth` and on, as docs/numerics.md *resize* orders and rounds them.
Value TapWalk::emitGrid(size_t depth, TapPlace place, Value weight,
                        Value sum) const {
  KernelEmitter &e = context.e;
  if (depth == taps.size()) {
    Value elements =
        emitDequantized(e, readElements(place), context.operands[0].grid());
    Value product =
        weight ? Value(arith::MulFOp::create(e, elements, weight)) : elements;
    return sum ? Value(arith::AddFOp::create(e, sum, product)) : product;
  }
  for (int64_t tap = 0; tap < taps[depth].count; ++tap) {
    Value own = readWeight(depth, tap);
    Value joined = weight ? Value(arith::MulFOp::create(e, weight, own)) : own;
    sum = emitGrid(depth + 1, move(place, depth, tap), joined, sum);
  }
  return sum;
}

} // namespace

int64_t emitResize(KernelContext &context, ResizeOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0], &result = context.result;
  SmallVector<DimensionTaps> taps = makeTaps(context, op);
  Walk to{SmallVector<int64_t>(result.strides), e.index(result.base)};
  SmallVector<Walk> walks{
      to, {SmallVector<int64_t>(input.strides), e.index(input.base)}};
  std::optional<size_t> inner = innermostDimension(result.shape, to);
  bool scatters = false;
  for (const DimensionTaps &one : taps) {
    walks[1] = restAlong(walks[1], one.dimension);
    walks.push_back(walkPosition(e, result.rank(), one.dimension));
    scatters |= inner == size_t(one.dimension);
  }
  if (scatters && !e.hasGather(input.stored))
    remarkScattered(context, op);
  bool isNearest = op.getMode() == ResizeMode::Nearest;
  int64_t width = isNearest && !scatters
                      ? e.target.vectorBytes() / getElementBytes(result.stored)
                      : e.target.lanes;
  return emitRunNest(
      context, result.shape, walks, width,
      [&](const Run &run) {
        TapWalk walk{context, taps, run};
        TapPlace start{e.index(0), Value()};
        QuantType grid = result.grid();
        Value t =
            isNearest ? walk.emitNearest()
            : grid ? emitQuantized(e, walk.emitGrid(0, start, Value(), Value()),
                                   grid)
                   : walk.emitFloats(0, start);
        run.store(t, result.buffer);
      },
      /*elementsPerTask=*/isNearest ? 32768 : 8192);
}

} // namespace qcc
