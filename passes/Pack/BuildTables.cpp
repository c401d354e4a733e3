// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A function of an 8-bit grid has 256 results: computing them here in f64 is
// exact by definition and replaces any function by one look-up at run time.

#include "passes/Pack/Passes.h"

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Evaluation.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Numerics/ElementwiseReference.h"
#include "dialects/Qcc/Numerics/Quantize.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_BUILDTABLES
#include "passes/Pack/Passes.h.inc"
} // namespace qcc

namespace {

/// Both grids of `op` if they have 8 bits, else null.
std::pair<qcc::QuantType, qcc::QuantType> byteGrids(Operation *op) {
  qcc::QuantType input = qcc::getQuantType(op->getOperand(0).getType());
  qcc::QuantType result = qcc::getQuantType(op->getResult(0).getType());
  if (!input || !result || input.getBits() != 8 || result.getBits() != 8)
    return {};
  return {input, result};
}

/// op(x) -> lookup(x, table)
void replaceByTable(PatternRewriter &rewriter, Operation *op,
                    ArrayRef<int16_t> table) {
  std::vector<int8_t> bytes(table.begin(), table.end());
  auto type = RankedTensorType::get({256}, rewriter.getI8Type());
  Value constant = qcc::makeConstant(rewriter, op->getLoc(), type, bytes);
  rewriter.replaceOpWithNewOp<qcc::LookupOp>(op, op->getResult(0).getType(),
                                             op->getOperand(0), constant);
}

/// unary(q) : grid to grid  ->  lookup(q, table of the function)
struct UnaryToTable : OpRewritePattern<qcc::UnaryOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::UnaryOp op,
                                PatternRewriter &rewriter) const override {
    auto [input, result] = byteGrids(op);
    if (!input)
      return rewriter.notifyMatchFailure(op, "not between 8-bit grids");
    auto kind = qcc::numerics::UnaryKind(op.getKind());
    double alpha = op.getAlpha().convertToDouble();
    double beta = op.getBeta().convertToDouble();
    auto function = [&](double x) {
      return qcc::numerics::evaluate(kind, x, alpha, beta);
    };
    replaceByTable(rewriter, op,
                   qcc::numerics::buildTable(qcc::getGrid(input),
                                             qcc::getGrid(result), function));
    return success();
  }
};

/// clamp(q) : grid to grid  ->  lookup(q, table of the clamp)
struct ClampToTable : OpRewritePattern<qcc::ClampOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::ClampOp op,
                                PatternRewriter &rewriter) const override {
    auto [input, result] = byteGrids(op);
    if (!input)
      return rewriter.notifyMatchFailure(op, "not between 8-bit grids");
    auto bound = [](FloatAttr attr, double otherwise) {
      return attr ? attr.getValueAsDouble() : otherwise;
    };
    double lower = bound(op.getLowerAttr(), -HUGE_VAL);
    double upper = bound(op.getUpperAttr(), HUGE_VAL);
    auto function = [&](double x) {
      return std::min(std::max(x, lower), upper);
    };
    replaceByTable(rewriter, op,
                   qcc::numerics::buildTable(qcc::getGrid(input),
                                             qcc::getGrid(result), function));
    return success();
  }
};

/// requantize(q)  ->  lookup(q, table of the change of grid)
struct RequantizeToTable : OpRewritePattern<qcc::RequantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::RequantizeOp op,
                                PatternRewriter &rewriter) const override {
    auto [input, result] = byteGrids(op);
    if (!input)
      return rewriter.notifyMatchFailure(op, "not between 8-bit grids");
    qcc::numerics::Grid to = qcc::getGrid(result);
    float multiplier = qcc::numerics::getMultiplier(input.getScaleValue(),
                                                    result.getScaleValue());
    SmallVector<int16_t> table;
    for (int64_t q = input.getLowest(); q <= input.getHighest(); ++q)
      table.push_back(
          qcc::numerics::convert(float(q - input.getZeroPoint()) * multiplier,
                                 qcc::numerics::getBounds(to), to));
    replaceByTable(rewriter, op, table);
    return success();
  }
};

struct BuildTables : qcc::impl::BuildTablesBase<BuildTables> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<UnaryToTable, ClampToTable, RequantizeToTable>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
