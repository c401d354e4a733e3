// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Joins import, phases, calibration and code generation.

#include "compiler/Driver/Compilation.h"

#include "compiler/Driver/Calibration.h"
#include "compiler/Driver/LanguageFlags.h"
#include "compiler/Driver/LayerPlan.h"
#include "compiler/Driver/LibraryDescription.h"
#include "compiler/Driver/LibraryHeader.h"
#include "compiler/Driver/LibraryWriter.h"
#include "compiler/Evaluate/OutputFile.h"
#include "compiler/Export/Onnx/OnnxExporter.h"
#include "compiler/Import/Importer.h"
#include "compiler/RegisterAll.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"

#include <chrono>

using namespace llvm;
using namespace qcc;

namespace {

class Compilation {
public:
  Compilation(const CompileOptions &options, RemarkHandler remark);
  Error run();

private:
  Error import();
  /// The phases that are the same for all targets, up to `last`.
  Error checkPlanFlags();
  Error assign();
  Error runGraphPhases(Phase last);
  Error checkCalibrationFlags();
  Error calibrate(Phase last);
  Error runPhases(mlir::ModuleOp module, Phase first, Phase last,
                  const qcc::Target *target);
  Error writeText(Phase last);
  Error writeOnnx();
  Error writeMachineCode();
  Error writeLibrary();
  Error addVariant(LibraryWriter &writer, const qcc::Target &target,
                   bool isLast);

  const CompileOptions &options;
  RemarkHandler remark;
  std::vector<const qcc::Target *> targets;
  std::chrono::steady_clock::time_point start;
  DefaultThreadPool pool;
  mlir::MLIRContext context;
  DiagnosticCollector diagnostics;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  // The first phase that the module as read still needs.
  Phase next = Phase::Simplify;
  std::unique_ptr<TemporaryFolder> folder;
  std::string statisticsPath;
};

} // namespace

static mlir::DialectRegistry makeRegistry() {
  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  return registry;
}

Compilation::Compilation(const CompileOptions &options, RemarkHandler remark)
    : options(options), remark(remark), targets(options.targets),
      start(std::chrono::steady_clock::now()),
      pool(hardware_concurrency(options.threads)),
      context(makeRegistry(), mlir::MLIRContext::Threading::DISABLED),
      diagnostics(context, options.modelPath, remark) {
  context.setThreadPool(pool);
  context.loadAllAvailableDialects();
}

Error Compilation::import() {
  ImportOptions importOptions;
  importOptions.cacheType = options.cacheType;
  importOptions.keepsFloats = options.precision == Precision::Float32;
  for (const std::string &shape : options.shapes)
    if (Error error = addShape(importOptions, shape))
      return error;
  Expected<mlir::OwningOpRef<mlir::ModuleOp>> imported =
      importModel(context, options.modelPath, importOptions);
  if (!imported)
    return imported.takeError();
  module = std::move(*imported);
  if (!(*module)->hasAttr("qcc.name"))
    (*module)->setAttr(
        "qcc.name",
        mlir::StringAttr::get(&context, sys::path::stem(options.modelPath)));
  next = findNextPhase(*module);
  return checkLanguageFlags(*module, options, remark);
}

Error Compilation::runPhases(mlir::ModuleOp target, Phase first, Phase last,
                             const qcc::Target *machine) {
  PhaseContext phases{options, machine, statisticsPath};
  first = std::max(first, next);
  if (first <= last && failed(qcc::runPhases(target, first, last, phases)))
    return diagnostics.takeError("expected a model that compiles");
  return Error::success();
}

/// Flags that would have no effect: an error where a file that was asked for
/// would not be written, or one of two sources not be read.
Error Compilation::checkCalibrationFlags() {
  if (!options.calibrationPath.empty() && !options.loadStatisticsPath.empty())
    return createStringError("expected --calibrate or --load-statistics, but "
                             "got both");
  bool isWanted =
      options.precision == Precision::Int8 && next <= Phase::Calibrate;
  if (!options.saveStatisticsPath.empty() &&
      (!isWanted || options.calibrationPath.empty()))
    return createStringError(
        "--save-statistics: expected a float model, --precision=int8 and "
        "--calibrate=DATA, but got nothing to calibrate");
  if (!isWanted &&
      (!options.calibrationPath.empty() || !options.loadStatisticsPath.empty()))
    remark("expected a float model and --precision=int8 for the calibration "
           "data, but got nothing to calibrate; it is not read");
  if (!options.preprocess.empty() &&
      (!isWanted || options.calibrationPath.empty()))
    remark("--preprocess: expected --precision=int8 and --calibrate=DATA, but "
           "got nothing to calibrate; it changes nothing");
  return Error::success();
}

/// False for models whose layers have their scales already.
static bool hasFloatLayers(mlir::ModuleOp module) {
  auto result = module.walk([](mlir::Operation *op) {
    bool isFloat = isa<ConvOp, LinearOp>(op) &&
                   !getQuantType(op->getOperandTypes().front());
    return isFloat ? mlir::WalkResult::interrupt()
                   : mlir::WalkResult::advance();
  });
  return result.wasInterrupted();
}

/// Finds or makes the statistics file, if int8 is wanted.
Error Compilation::calibrate(Phase last) {
  if (options.precision != Precision::Int8 || next > Phase::Calibrate)
    return Error::success();
  if (!options.loadStatisticsPath.empty()) {
    statisticsPath = options.loadStatisticsPath;
    return Error::success();
  }
  if (options.calibrationPath.empty()) {
    if (!hasFloatLayers(*module))
      return Error::success();
    remark("--precision=int8: expected --calibrate=DATA or "
           "--load-statistics=FILE, but got neither; falling back to dynamic "
           "quantization: scales are found at run time, and only linear "
           "layers and convolutions, but depthwise ones, compute in integers");
    return Error::success();
  }
  Expected<calibrate::Statistics> statistics =
      calibrateModel(*module, options, diagnostics);
  if (!statistics)
    return statistics.takeError();
  statisticsPath = options.saveStatisticsPath;
  if (statisticsPath.empty()) {
    Expected<std::unique_ptr<TemporaryFolder>> created =
        TemporaryFolder::create();
    if (!created)
      return created.takeError();
    folder = std::move(*created);
    statisticsPath = folder->getFile("statistics.txt");
  }
  return calibrate::saveStatistics(statisticsPath, *statistics);
}

/// Flags that need a phase which the model does not run.
Error Compilation::checkPlanFlags() {
  bool isPlanned =
      options.precision == Precision::Int8 && next <= Phase::Assign;
  if (isPlanned || (options.planPath.empty() && options.savePlanPath.empty()))
    return Error::success();
  return createStringError(
      (options.planPath.empty() ? "--save-plan" : "--plan") +
      Twine(": expected a float model and --precision=int8, but got nothing to "
            "plan"));
}

/// Assigns precisions, after what a plan file says and into one.
Error Compilation::assign() {
  if (!options.planPath.empty()) {
    ErrorOr<std::unique_ptr<MemoryBuffer>> file =
        MemoryBuffer::getFile(options.planPath);
    if (!file)
      return createStringError(options.planPath + ": " +
                               file.getError().message());
    Expected<std::vector<PlannedLayer>> plan =
        parsePlan((*file)->getBuffer(), options.planPath);
    if (!plan)
      return plan.takeError();
    if (Error error = notePlan(*module, *plan, options.planPath))
      return error;
  }
  if (Error error = runPhases(*module, Phase::Assign, Phase::Assign, nullptr))
    return error;
  if (options.savePlanPath.empty())
    return Error::success();
  return evaluate::writeFile(options.savePlanPath,
                             printPlan(readAssignment(*module)));
}

Error Compilation::runGraphPhases(Phase last) {
  if (Error error = runPhases(*module, Phase::Simplify,
                              std::min(last, Phase::Simplify), nullptr))
    return error;
  if (last < Phase::Calibrate)
    return Error::success();
  if (Error error = calibrate(last))
    return error;
  if (Error error = runPhases(*module, Phase::Calibrate,
                              std::min(last, Phase::Prepare), nullptr))
    return error;
  if (last < Phase::Assign)
    return Error::success();
  if (Error error = assign())
    return error;
  return runPhases(*module, Phase::Quantize, std::min(last, Phase::Quantize),
                   nullptr);
}

/// The phase whose result an artefact in text form shows.
static std::optional<Phase> getLastPhase(const CompileOptions &options) {
  if (options.stopAfter && *options.stopAfter != Phase::Emit)
    return options.stopAfter;
  switch (options.artefact) {
  case Artefact::Graph:
    return Phase::Simplify;
  case Artefact::Quantized:
    return Phase::Quantize;
  case Artefact::Packed:
    return Phase::Pack;
  case Artefact::Loops:
    return Phase::LowerCpu;
  default:
    return std::nullopt;
  }
}

static Error checkOneTarget(const CompileOptions &options, size_t count) {
  if (count == 1)
    return Error::success();
  return createStringError(
      "--target: expected one target for --emit=" + getName(options.artefact) +
      ", but got " + Twine(count));
}

Error Compilation::writeText(Phase last) {
  if (last >= Phase::Pack) {
    if (Error error = checkOneTarget(options, targets.size()))
      return error;
    if (Error error = runPhases(*module, Phase::Pack, last, targets.front()))
      return error;
  }
  std::string text;
  raw_string_ostream stream(text);
  mlir::OpPrintingFlags flags;
  // Locations are layer names, which later phases and libraries show.
  flags.enableDebugInfo(true, false);
  (*module)->print(stream, flags);
  stream << "\n";
  return evaluate::writeFile(getOutputPath(options), text);
}

Error Compilation::writeOnnx() {
  if (next > Phase::Pack)
    return createStringError("--emit=onnx: expected a model of the levels up "
                             "to quantized, but got one that is packed");
  Expected<std::string> bytes = exportOnnx(*module);
  if (!bytes)
    return bytes.takeError();
  return evaluate::writeFile(getOutputPath(options), *bytes);
}

Error Compilation::writeMachineCode() {
  if (Error error = checkOneTarget(options, targets.size()))
    return error;
  const qcc::Target &target = *targets.front();
  if (Error error = runPhases(*module, Phase::Pack, Phase::LowerCpu, &target))
    return error;
  SmallString<0> text;
  raw_svector_ostream stream(text);
  if (Error error = qcc::emitMachineCode(*module, target, options.artefact,
                                         diagnostics, stream))
    return error;
  return evaluate::writeFile(getOutputPath(options), text);
}

Error Compilation::addVariant(LibraryWriter &writer, const qcc::Target &target,
                              bool isLast) {
  // The last target may use the module up.
  mlir::OwningOpRef<mlir::ModuleOp> copy =
      isLast ? std::move(module)
             : mlir::OwningOpRef<mlir::ModuleOp>(module->clone());
  if (Error error = runPhases(*copy, Phase::Pack, Phase::LowerCpu, &target))
    return error;
  return writer.addVariant(*copy, target);
}

Error Compilation::writeLibrary() {
  if (next == Phase::Emit)
    if (Error error = checkOneTarget(options, targets.size()))
      return error;
  std::vector<PlanEntry> plan = collectPlan(*module);
  Expected<LibraryWriter> writer = LibraryWriter::create(diagnostics);
  if (!writer)
    return writer.takeError();
  for (const qcc::Target *target : targets)
    if (Error error = addVariant(*writer, *target, target == targets.back()))
      return error;

  std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  LibraryInfo &library = writer->getInfo();
  library.infoJson = printDescription(library, plan, options, elapsed.count());
  std::string output = getOutputPath(options);
  if (Error error = writer->link(output))
    return error;
  // Nothing can lie beside a pipe, a device or standard output.
  if (output == "-" || !sys::fs::is_regular_file(output))
    return Error::success();
  SmallString<128> header(output);
  sys::path::replace_extension(header, "h");
  if (Error error = evaluate::writeFile(header, printLibraryHeader(library))) {
    sys::fs::remove(output);
    return error;
  }
  return Error::success();
}

Error Compilation::run() {
  if (targets.empty()) {
    Expected<const qcc::Target *> native = findNativeTarget();
    if (!native)
      return native.takeError();
    targets.push_back(*native);
  }
  if (Error error = import())
    return error;
  if (Error error = checkCalibrationFlags())
    return error;
  if (Error error = checkPlanFlags())
    return error;
  std::optional<Phase> last = getLastPhase(options);
  if (Error error = runGraphPhases(last.value_or(Phase::Quantize)))
    return error;
  if (last)
    return writeText(*last);
  if (options.artefact == Artefact::Onnx)
    return writeOnnx();
  if (options.artefact == Artefact::Library)
    return writeLibrary();
  return writeMachineCode();
}

namespace qcc {

std::string getOutputPath(const CompileOptions &options) {
  if (!options.outputPath.empty())
    return options.outputPath;
  StringRef stem = sys::path::stem(options.modelPath);
  if (getLastPhase(options))
    return "-";
  switch (options.artefact) {
  case Artefact::Object:
    return (stem + ".o").str();
  case Artefact::Onnx:
    // Not over the model itself.
    return (stem + ".qdq.onnx").str();
  case Artefact::Library:
    return (stem + ".so").str();
  default:
    return "-";
  }
}

Error compileModel(const CompileOptions &options, RemarkHandler remark) {
  return Compilation(options, remark).run();
}

} // namespace qcc
