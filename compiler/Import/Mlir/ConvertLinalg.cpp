// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Linalg on tensors becomes graph ops. Every structured op goes through its
// maps and its body, so that there is no table of named ops.

#include "compiler/Import/Mlir/Passes.h"

#include "compiler/Import/Mlir/LoopNest.h"
#include "compiler/Import/Mlir/ScalarOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_CONVERTLINALG
#include "compiler/Import/Mlir/Passes.h.inc"
} // namespace qcc

using namespace qcc::mlir_import;

/// Loops that are all parallel: the body on tensors.
static SmallVector<Value> convertElementwise(LoopNest &nest) {
  SmallVector<Value> results;
  Operation *yield = nest.op.getBlock()->getTerminator();
  for (auto [i, value] : llvm::enumerate(yield->getOperands()))
    results.push_back(nest.makeResult(nest.evaluate(value), i));
  return results;
}

/// Reduced loops: a matrix product, windows, or elements along dimensions.
static Value convertReduction(LoopNest &nest) {
  if (nest.op.getNumDpsInits() != 1)
    return nest.build.fail("expected one result of a reduction, but got " +
                           Twine(nest.op.getNumDpsInits()));
  std::optional<Reduction> reduction = nest.findReduction();
  if (!reduction)
    return nest.build.fail("expected a body that adds, multiplies or limits");
  Value result = convertProduct(nest, *reduction);
  if (!result && !nest.build.hasProblem())
    result = convertWindows(nest, *reduction);
  if (!result && !nest.build.hasProblem()) {
    SmallVector<int64_t> axes, full;
    for (auto [loop, isReduced] : llvm::enumerate(nest.isReduced)) {
      full.push_back(isReduced ? nest.sizes[loop] : 1);
      if (isReduced)
        axes.push_back(loop);
    }
    Value term = nest.evaluate(reduction->term);
    // Each loop counts, though the term may not vary along it.
    if (term) {
      auto shape = nest.build.broadcast(shapeOf(term), full);
      term = shape ? nest.build.expand(term, *shape) : Value();
    }
    result = nest.makeResult(nest.build.reduce(reduction->kind, term, axes,
                                               /*keepsDimensions=*/true));
  }
  return nest.combineWithInit(reduction->kind, result);
}

/// Elements that are all one number, of any size.
static Value convertFill(linalg::FillOp op, GraphBuilder &build) {
  auto type = cast<RankedTensorType>(op.getResult(0).getType());
  Attribute value = constantOf(op.getInputs()[0]);
  if (!value || !type.hasStaticShape() || type.getNumElements() > (1 << 28))
    return build.fail("expected a constant for a static shape of at most 2^28 "
                      "elements, but got " +
                      describe(type));
  return build.constant(DenseElementsAttr::get(type, value));
}

static SmallVector<Value> convertStructured(linalg::LinalgOp op,
                                            GraphBuilder &build) {
  if (!op.hasPureTensorSemantics()) {
    build.fail("expected tensors, but got buffers");
    return {};
  }
  if (auto fill = dyn_cast<linalg::FillOp>(*op))
    return {convertFill(fill, build)};
  LoopNest nest(op, build);
  if (!nest.check())
    return {};
  if (op.isAllParallelLoops())
    return convertElementwise(nest);
  return {convertReduction(nest)};
}

/// An op of arith or math on whole tensors.
static Value convertOnTensors(Operation *op, GraphBuilder &build) {
  if (op->getNumResults() != 1)
    return {};
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  for (Value operand : op->getOperands())
    if (!isa<RankedTensorType>(operand.getType()))
      return build.fail("expected tensors, but got " +
                        describe(operand.getType()));
  if (!type || !type.hasStaticShape())
    return build.fail("expected a tensor of static shape");
  SmallVector<Value> operands(op->getOperands());
  return build.expand(convertScalarOp(op, operands, build), type.getShape());
}

static SmallVector<Value> convert(Operation *op, GraphBuilder &build) {
  if (auto structured = dyn_cast<linalg::LinalgOp>(op))
    return convertStructured(structured, build);
  if (auto softmax = dyn_cast<linalg::SoftmaxOp>(op))
    return {build.softmax(softmax.getInput(), softmax.getDimension(),
                          /*isLog=*/false)};
  if (isa_and_nonnull<tensor::TensorDialect>(op->getDialect()))
    return {convertTensorOp(op, build)};
  return {convertOnTensors(op, build)};
}

/// Constants are graph ops; tensor.empty and scalars serve those that read
/// them and then go.
static bool isForeign(Operation *op) {
  return !isa<arith::ConstantOp, tensor::EmptyOp>(op) &&
         isa_and_nonnull<arith::ArithDialect, linalg::LinalgDialect,
                         math::MathDialect, tensor::TensorDialect>(
             op->getDialect()) &&
         llvm::any_of(op->getResultTypes(), llvm::IsaPred<TensorType>);
}

void qcc::mlir_import::convertLinalg(func::FuncOp main, Reasons &reasons) {
  convertOps(main, isForeign, convert, reasons);
}

namespace {

struct ConvertLinalg : qcc::impl::ConvertLinalgBase<ConvertLinalg> {
  void runOnOperation() override {
    Reasons reasons;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      convertLinalg(function, reasons);
      if (llvm::Error error = checkConverted(function, reasons)) {
        function.emitError(llvm::toString(std::move(error)));
        signalPassFailure();
      }
    }
  }
};

} // namespace
