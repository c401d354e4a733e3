// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Indexing maps become slices, transposes and reshapes; bodies become graph
// ops that broadcast.

#include "compiler/Import/Mlir/LoopNest.h"

#include "compiler/Import/Mlir/ScalarOps.h"
#include "compiler/Import/Onnx/TensorReader.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace qcc::mlir_import {

LoopNest::LoopNest(linalg::LinalgOp op, GraphBuilder &build)
    : op(op), build(build), maps(op.getIndexingMapsArray()),
      sizes(op.getStaticLoopRanges()), initNumber(op.getNumDpsInputs()) {
  for (utils::IteratorType type : op.getIteratorTypesArray())
    isReduced.push_back(type == utils::IteratorType::reduction);
}

bool LoopNest::check() {
  for (Value operand : op->getOperands())
    if (auto type = dyn_cast<ShapedType>(operand.getType()))
      if (!isa<RankedTensorType>(type) || !type.hasStaticShape()) {
        build.fail("expected tensors of static shape, but got " +
                   describe(type));
        return false;
      }
  if (op.hasDynamicShape() || !onnx_import::countElements(sizes)) {
    build.fail("expected loops of at most 2^36 steps, but got " +
               describe(sizes));
    return false;
  }
  return true;
}

std::optional<SmallVector<int64_t>> getLoops(AffineMap map) {
  SmallVector<int64_t> loops;
  for (AffineExpr expr : map.getResults()) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim)
      return std::nullopt;
    loops.push_back(dim.getPosition());
  }
  return loops;
}

static std::string describe(AffineMap map) {
  std::string text;
  llvm::raw_string_ostream(text) << map;
  return text;
}

namespace {

/// loop * step + start; no loop where the index is constant.
struct Index {
  std::optional<int64_t> loop;
  int64_t step = 1;
  int64_t start = 0;
};

} // namespace

// Steps and starts up to here times 2^36 loops do not overflow.
static constexpr int64_t kMaxStep = 1 << 24;

static std::optional<Index> readIndex(AffineExpr expr) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return Index{dim.getPosition()};
  auto isSmall = [](int64_t value) {
    return value >= -kMaxStep && value <= kMaxStep;
  };
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return isSmall(constant.getValue())
               ? Index{std::nullopt, 1, constant.getValue()}
               : std::optional<Index>();
  auto pair = dyn_cast<AffineBinaryOpExpr>(expr);
  auto constant =
      pair ? dyn_cast<AffineConstantExpr>(pair.getRHS()) : AffineConstantExpr();
  std::optional<Index> index =
      constant ? readIndex(pair.getLHS()) : std::nullopt;
  if (!index || !isSmall(constant.getValue()))
    return std::nullopt;
  if (pair.getKind() == AffineExprKind::Add) {
    index->start += constant.getValue();
  } else if (pair.getKind() == AffineExprKind::Mul &&
             constant.getValue() != 0) {
    index->start *= constant.getValue();
    index->step *= constant.getValue();
  } else {
    return std::nullopt;
  }
  return isSmall(index->start) && isSmall(index->step) ? index : std::nullopt;
}

Value LoopNest::getTensor(unsigned number) {
  Value operand = op->getOperand(number);
  if (isa<RankedTensorType>(operand.getType())) {
    if (operand.getDefiningOp<tensor::EmptyOp>())
      return build.fail("expected elements, but got those of tensor.empty");
    return operand;
  }
  Attribute value = constantOf(operand);
  if (!value || !isa<FloatType, IntegerType>(operand.getType()))
    return build.fail("expected a constant scalar, but got one of " +
                      describe(operand.getType()));
  return build.constant(DenseElementsAttr::get(
      RankedTensorType::get({}, operand.getType()), value));
}

Value LoopNest::getOperand(unsigned number) {
  Value tensor = getTensor(number);
  if (!tensor)
    return {};
  SmallVector<int64_t> starts, counts, steps, kept, shape(sizes.size(), 1);
  for (auto [i, expr] : llvm::enumerate(maps[number].getResults())) {
    std::optional<Index> index = readIndex(expr);
    if (!index || (index->loop && llvm::is_contained(kept, *index->loop)))
      return build.fail("expected indices that are a loop each, but got " +
                        describe(maps[number]));
    starts.push_back(index->start);
    steps.push_back(index->step);
    counts.push_back(index->loop ? sizes[*index->loop] : 1);
    if (!index->loop)
      continue;
    kept.push_back(*index->loop);
    shape[*index->loop] = sizes[*index->loop];
  }
  if (std::optional<double> value = getNumber(tensor))
    return build.scalar(*value, build.getFloat());
  tensor = build.slice(tensor, starts, counts, steps);
  SmallVector<int64_t> dense;
  for (int64_t loop : kept)
    dense.push_back(sizes[loop]);
  tensor = build.reshape(tensor, dense);
  SmallVector<int64_t> permutation =
      llvm::to_vector(llvm::seq<int64_t>(kept.size()));
  llvm::sort(permutation,
             [&](int64_t a, int64_t b) { return kept[a] < kept[b]; });
  return build.reshape(build.transpose(tensor, permutation), shape);
}

/// A constant stays small: who adds it to something takes it as it is.
Value LoopNest::expand(Value value, Shape shape) {
  if (!constantOf(value) || shapeOf(value) == shape ||
      !build.broadcast(shapeOf(value), shape))
    return build.expand(value, shape);
  OpBuilder builder(op);
  return ExpandOp::create(builder, value.getLoc(), typeOf(value).clone(shape),
                          value);
}

Value LoopNest::makeResult(Value value, unsigned number) {
  AffineMap map = maps[initNumber + number];
  std::optional<SmallVector<int64_t>> loops = getLoops(map);
  if (!value || !loops)
    return value ? build.fail("expected a result of loops, but got " +
                              describe(map))
                 : nullptr;
  // Loops that the result does not have come last, with size 1.
  SmallVector<int64_t> permutation = *loops, full(sizes), shape;
  for (int64_t loop : llvm::seq<int64_t>(sizes.size()))
    if (!llvm::is_contained(*loops, loop)) {
      permutation.push_back(loop);
      full[loop] = 1;
    }
  for (int64_t loop : *loops)
    shape.push_back(sizes[loop]);
  return build.reshape(build.transpose(expand(value, full), permutation),
                       shape);
}

int64_t LoopNest::countSteps(Shape loops) const {
  int64_t count = 1;
  for (int64_t loop : loops)
    count *= sizes[loop];
  return count;
}

Value LoopNest::arrangeResult(Value value, Shape order) {
  std::optional<SmallVector<int64_t>> loops = getLoops(getInitMap());
  if (!value || !loops)
    return value ? build.fail("expected a result of loops, but got " +
                              describe(getInitMap()))
                 : nullptr;
  SmallVector<int64_t> shape, permutation;
  for (int64_t loop : order)
    shape.push_back(sizes[loop]);
  for (int64_t loop : *loops)
    permutation.push_back(llvm::find(order, loop) - order.begin());
  return build.transpose(build.reshape(value, shape), permutation);
}

Value LoopNest::makeIndex(unsigned loop) {
  SmallVector<int64_t> shape(sizes.size(), 1);
  shape[loop] = sizes[loop];
  if (sizes[loop] > (1 << 24))
    return build.fail("expected at most 2^24 indices, but got " +
                      Twine(sizes[loop]));
  return build.reshape(
      build.integers(llvm::to_vector(llvm::seq<int64_t>(sizes[loop]))), shape);
}

/// Bodies are as deep as a file makes them, so there is no recursion: ops
/// come in order.
Value LoopNest::evaluate(Value value) {
  Block *body = op.getBlock();
  auto find = [&](Value scalar) -> Value {
    if (Value known = evaluated.lookup(scalar))
      return known;
    Value tensor;
    if (auto argument = dyn_cast<BlockArgument>(scalar)) {
      if (argument.getOwner() == body)
        tensor = getOperand(argument.getArgNumber());
    } else if (Attribute constant = constantOf(scalar)) {
      Type type = scalar.getType();
      if (isa<FloatType, IntegerType>(type))
        tensor = build.constant(
            DenseElementsAttr::get(RankedTensorType::get({}, type), constant));
      else if (auto index = dyn_cast<IntegerAttr>(constant))
        tensor = build.scalar(index.getInt(),
                              IntegerType::get(type.getContext(), 64));
    }
    if (!tensor)
      return build.fail("expected scalars of the loop or constants, but got " +
                        describe(scalar.getType()));
    return evaluated[scalar] = tensor;
  };
  llvm::SetVector<Operation *> needed;
  if (Operation *last = value.getDefiningOp())
    if (last->getBlock() == body)
      needed.insert(last);
  for (size_t i = 0; i < needed.size(); ++i)
    for (Value operand : needed[i]->getOperands())
      if (Operation *before = operand.getDefiningOp())
        if (before->getBlock() == body)
          needed.insert(before);
  for (Operation &scalar : body->without_terminator()) {
    if (!needed.contains(&scalar) || scalar.getNumResults() != 1 ||
        evaluated.count(scalar.getResult(0)) || isa<arith::ConstantOp>(scalar))
      continue;
    SmallVector<Value> operands;
    for (Value operand : scalar.getOperands())
      operands.push_back(find(operand));
    if (llvm::is_contained(operands, Value()))
      return {};
    auto index = dyn_cast<linalg::IndexOp>(scalar);
    Value result = index ? makeIndex(index.getDim())
                         : convertScalarOp(&scalar, operands, build);
    if (!result)
      return build.fail("expected scalar ops that qcc knows, but got " +
                        scalar.getName().getStringRef());
    evaluated[scalar.getResult(0)] = result;
  }
  return find(value);
}

/// The kind of reduction that `name` is one step of.
static std::optional<ReduceKind> findKind(Operation *op) {
  if (isa<arith::AddFOp, arith::AddIOp>(op))
    return ReduceKind::Sum;
  if (isa<arith::MaximumFOp, arith::MaxNumFOp, arith::MaxSIOp>(op))
    return ReduceKind::Max;
  if (isa<arith::MinimumFOp, arith::MinNumFOp, arith::MinSIOp>(op))
    return ReduceKind::Min;
  if (isa<arith::MulFOp, arith::MulIOp>(op))
    return ReduceKind::Prod;
  return std::nullopt;
}

/// True if `value` is computed from `source` inside the body.
static bool dependsOn(Value value, Value source, Block *body) {
  SmallVector<Value> open = {value};
  llvm::DenseSet<Value> seen;
  while (!open.empty()) {
    Value next = open.pop_back_val();
    if (next == source)
      return true;
    Operation *op = next.getDefiningOp();
    if (seen.insert(next).second && op && op->getBlock() == body)
      llvm::append_range(open, op->getOperands());
  }
  return false;
}

std::optional<Reduction> LoopNest::findReduction() {
  Block *body = op.getBlock();
  Value result = body->getTerminator()->getOperand(0);
  Value sum = op.getRegionOutputArgs()[0];
  Operation *combine = result.getDefiningOp();
  std::optional<ReduceKind> kind =
      combine && combine->getBlock() == body ? findKind(combine) : std::nullopt;
  if (!kind)
    return std::nullopt;
  for (unsigned i : {0u, 1u})
    if (combine->getOperand(i) == sum &&
        !dependsOn(combine->getOperand(1 - i), sum, body))
      return Reduction{*kind, combine->getOperand(1 - i)};
  return std::nullopt;
}

/// True if `number` combined with anything is that.
static bool isNeutral(ReduceKind kind, double number) {
  switch (kind) {
  case ReduceKind::Sum:
    return number == 0;
  case ReduceKind::Prod:
    return number == 1;
  case ReduceKind::Max:
    return number <= std::numeric_limits<float>::lowest();
  case ReduceKind::Min:
    return number >= std::numeric_limits<float>::max();
  default:
    return false;
  }
}

Value LoopNest::combineWithInit(ReduceKind kind, Value result) {
  Value init = getTensor(initNumber);
  if (!init || !result)
    return {};
  std::optional<double> number = getNumber(init);
  if (number && isNeutral(kind, *number))
    return result;
  BinaryKind step = kind == ReduceKind::Sum    ? BinaryKind::Add
                    : kind == ReduceKind::Prod ? BinaryKind::Mul
                    : kind == ReduceKind::Max  ? BinaryKind::Max
                                               : BinaryKind::Min;
  return applyBinary(build, step, result, init);
}

} // namespace qcc::mlir_import
