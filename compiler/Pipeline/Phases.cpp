// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function for each phase lists its passes, with the reason where their
// order matters.

#include "compiler/Pipeline/Phases.h"

#include "compiler/Pipeline/CompileOptions.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "passes/Assign/Passes.h"
#include "passes/Calibrate/Passes.h"
#include "passes/Lower/Passes.h"
#include "passes/LowerCpu/Passes.h"
#include "passes/Pack/Passes.h"
#include "passes/Prepare/Passes.h"
#include "passes/Quantize/Passes.h"
#include "passes/Simplify/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace qcc;

static void addNothing(OpPassManager &, const PhaseContext &) {}

static void addSimplify(OpPassManager &passes, const PhaseContext &) {
  // Constants first: importers leave shape arithmetic behind.
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createNormalizeShapes());
  passes.addPass(createFoldAffine());
  // Before residuals are fused, which hides additions of activations.
  passes.addPass(createRecognizeActivations());
  // Models quantize a tensor once for each op that reads it.
  passes.addPass(createCSEPass());
  // Before residuals too: a quantized model rounds before it adds.
  passes.addPass(createFoldQuantization());
  passes.addPass(createFuseResidual());
  passes.addPass(createFuseActivations());
  passes.addPass(createCSEPass());
}

static void addCalibrate(OpPassManager &passes, const PhaseContext &context) {
  if (context.statisticsPath.empty())
    return;
  passes.addPass(createInsertObservers());
  FoldCalibrationOptions options;
  options.statistics = context.statisticsPath;
  options.method = context.options.calibrationMethod;
  passes.addPass(createFoldCalibration(options));
}

static bool wantsInt8(const PhaseContext &context) {
  return context.options.precision == Precision::Int8;
}

static void addPrepare(OpPassManager &passes, const PhaseContext &context) {
  if (!wantsInt8(context))
    return;
  // Before scales are chosen, since it changes the weights.
  passes.addPass(createEqualizeLayers());
  // Biases are corrected for the rounding that these scales cause.
  passes.addPass(createChooseWeightScales());
  passes.addPass(createCorrectBias());
}

static void addAssign(OpPassManager &passes, const PhaseContext &context) {
  if (!wantsInt8(context))
    return;
  AssignPrecisionOptions options;
  options.precision = getName(context.options.precision).str();
  passes.addPass(createAssignPrecision(options));
}

static void addQuantize(OpPassManager &passes, const PhaseContext &context) {
  if (wantsInt8(context)) {
    // First, since the other drops the notes that both need.
    passes.addPass(createQuantizeDynamic());
    passes.addPass(createQuantizeStatic());
    // Quantize after dequantize on one grid, and what nobody reads any more.
    passes.addPass(createCanonicalizerPass());
  }
  if (context.options.precision != Precision::Float32) {
    QuantizeBlocksOptions blocks;
    blocks.bits = context.options.precision == Precision::Int4   ? 4
                  : context.options.precision == Precision::Int8 ? 8
                                                                 : 16;
    blocks.group = context.options.groupSize;
    blocks.symmetric = context.options.isSymmetric;
    passes.addPass(createQuantizeBlocks(blocks));
  }
  // After weights have their formats, which decide.
  QuantizeRowsOptions rows;
  rows.activations = context.options.activations;
  passes.addPass(createQuantizeRows(rows));
  if (context.options.keepsLayers) {
    InsertObserversOptions options;
    options.layers = true;
    passes.addPass(createInsertObservers(options));
  }
}

static void addPack(OpPassManager &passes, const PhaseContext &context) {
  // Before tables, which become those of the unsigned grids.
  passes.addPass(createMakeUnsigned());
  // Before weights move, so that a table's function has no layout to mind.
  passes.addPass(createBuildTables());
  PackWeightsOptions options;
  options.target = std::string(context.target->name);
  passes.addPass(createPackWeights(options));
  PackBlocksOptions blocks;
  blocks.target = options.target;
  passes.addPass(createPackBlocks(blocks));
}

static void addLower(OpPassManager &passes, const PhaseContext &context) {
  ChainLayersOptions chaining;
  chaining.target = std::string(context.target->name);
  passes.addPass(createChainLayers(chaining));
  passes.addNestedPass<func::FuncOp>(createFuseElementwise());
  passes.addPass(createPlanMemory());
}

static void addLowerCpu(OpPassManager &passes, const PhaseContext &context) {
  EmitKernelsOptions options;
  options.target = std::string(context.target->name);
  passes.addPass(createEmitKernels(options));
  passes.addPass(createJoinLaunches());
}

static const PhaseInfo kPhases[] = {
    {Phase::Import, "import", "read the model file into a graph", addNothing},
    {Phase::Simplify, "simplify",
     "fold what is constant, fuse what belongs "
     "together",
     addSimplify},
    {Phase::Calibrate, "calibrate",
     "run the float model on samples and write "
     "ranges into the graph",
     addCalibrate},
    {Phase::Prepare, "prepare",
     "change the float graph so that it quantizes "
     "better",
     addPrepare},
    {Phase::Assign, "assign", "choose the precision of each op", addAssign},
    {Phase::Quantize, "quantize",
     "put weights and activations on integer "
     "grids",
     addQuantize},
    {Phase::Pack, "pack", "lay weights out for the kernels", addPack},
    {Phase::Lower, "lower", "give every tensor its place in memory", addLower},
    {Phase::LowerCpu, "lower-cpu", "write the kernels as loops over vectors",
     addLowerCpu},
    {Phase::Emit, "emit", "machine code, the library and its header",
     addNothing},
};

/// Large constants would drown the rest of a dump.
static void dump(ModuleOp module, StringRef phase) {
  OpPrintingFlags flags;
  flags.elideLargeElementsAttrs(64).elideLargeResourceString(64);
  llvm::errs() << "// after " << phase << "\n";
  module.print(llvm::errs(), flags);
  llvm::errs() << "\n";
}

namespace qcc {

ArrayRef<PhaseInfo> allPhases() { return kPhases; }

const PhaseInfo &getInfo(Phase phase) {
  const PhaseInfo &info = kPhases[size_t(phase)];
  assert(info.phase == phase && "the table is in the order of the enum");
  return info;
}

Phase findNextPhase(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!main)
    return Phase::Simplify;
  // main of views and launches takes memrefs.
  if (main.getNumArguments() > 0 &&
      isa<MemRefType>(main.getArgumentTypes().front()))
    return Phase::Emit;
  Phase next = Phase::Simplify;
  main.walk([&](Operation *op) {
    if (auto type = op->getNumResults() > 0
                        ? dyn_cast<RankedTensorType>(op->getResultTypes()[0])
                        : RankedTensorType())
      if (isa_and_nonnull<BufferAttr>(type.getEncoding()))
        next = std::max(next, Phase::LowerCpu);
    if (isa<PackedConvOp, PackedDepthwiseOp, LookupOp>(op))
      next = std::max(next, Phase::Lower);
    // A quantized model as imported has Q/DQ pairs around float ops, though it
    // may move integers; in a quantized graph ops compute on grids.
    if (!isa<QuantizeOp, DequantizeOp, ConcatOp, ExpandOp, GatherOp, MaxPoolOp,
             PadOp, ReshapeOp, ResizeOp, SliceOp, TransposeOp>(op) &&
        op->getNumOperands() > 0 && op->getNumResults() > 0 &&
        getQuantType(op->getOperandTypes().front()))
      next = std::max(next, Phase::Pack);
  });
  return next;
}

LogicalResult runPhases(ModuleOp module, Phase first, Phase last,
                        const PhaseContext &context) {
  for (const PhaseInfo &phase : kPhases) {
    if (phase.phase < first || phase.phase > last)
      continue;
    PassManager passes(module->getName());
    passes.enableVerifier(true);
    phase.addPasses(passes, context);
    if (failed(passes.run(module)))
      return failure();
    if (context.options.dumpAfter == phase.phase)
      dump(module, phase.name);
  }
  return success();
}

} // namespace qcc
