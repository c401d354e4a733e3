// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns the statistics file into attributes, so that everything after this
// pass needs only the module.

#include "passes/Calibrate/Passes.h"

#include "dialects/Qcc/Analysis/ObservedRanges.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "passes/Calibrate/Statistics.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_FOLDCALIBRATION
#include "passes/Calibrate/Passes.h.inc"
} // namespace qcc

namespace {

using qcc::calibrate::CalibrationMethod;

struct FoldCalibration : qcc::impl::FoldCalibrationBase<FoldCalibration> {
  using FoldCalibrationBase::FoldCalibrationBase;

  void runOnOperation() override {
    auto file = qcc::calibrate::loadStatistics(statistics);
    if (!file) {
      getOperation()->emitError(llvm::toString(file.takeError()));
      return signalPassFailure();
    }
    CalibrationMethod chosen = file->method;
    if (!method.empty()) {
      auto parsed = qcc::calibrate::parseCalibrationMethod(method.getValue());
      if (!parsed) {
        getOperation()->emitError("expected method minmax, percentile, "
                                  "entropy or mse, but got ")
            << method;
        return signalPassFailure();
      }
      chosen = *parsed;
    }
    WalkResult result = getOperation()->walk(
        [&](qcc::ObserveOp op) { return fold(op, *file, chosen); });
    if (result.wasInterrupted())
      signalPassFailure();
  }

  WalkResult fold(qcc::ObserveOp op, const qcc::calibrate::Statistics &file,
                  CalibrationMethod chosen) {
    const qcc::calibrate::TensorStatistics *tensor = file.find(op.getName());
    if (!tensor) {
      op.emitError("expected statistics of tensor '")
          << op.getName() << "' in " << statistics << ", but got none";
      return WalkResult::interrupt();
    }
    Value value = op.getInput();
    if (isa<BlockArgument>(value))
      chosen = CalibrationMethod::MinMax;
    qcc::calibrate::Range range =
        qcc::calibrate::Statistics::rangeOf(*tensor, chosen);
    Builder builder(op.getContext());
    qcc::setObservation(value, qcc::kRangeAttr,
                        builder.getDenseF32ArrayAttr({range.low, range.high}));
    auto attach = [&](StringRef name, const std::vector<float> &elements) {
      if (!elements.empty())
        qcc::setObservation(value, name,
                            builder.getDenseF32ArrayAttr(elements));
    };
    if (isReadBy(value, [](Operation *user) {
          return isa<qcc::ConvOp, qcc::LinearOp>(user);
        }))
      attach(qcc::kMeansAttr, tensor->channelMeans);
    if (isReadBy(value, [](Operation *user) {
          auto conv = dyn_cast<qcc::ConvOp>(user);
          return conv && conv.isDepthwise();
        })) {
      attach(qcc::kLowsAttr, tensor->channelLows);
      attach(qcc::kHighsAttr, tensor->channelHighs);
    }
    op.erase();
    return WalkResult::advance();
  }

  static bool isReadBy(Value value, llvm::function_ref<bool(Operation *)> is) {
    return llvm::any_of(value.getUsers(), is);
  }
};

} // namespace
