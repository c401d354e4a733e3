// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calibration runs compiled code, not an interpreter: a thousand pictures take
// seconds.

#include "compiler/Driver/Calibration.h"

#include "compiler/Driver/LibraryWriter.h"
#include "compiler/Evaluate/LoadedLibrary.h"
#include "compiler/Evaluate/Progress.h"
#include "compiler/Evaluate/Samples.h"
#include "mlir/Pass/PassManager.h"
#include "passes/Calibrate/Passes.h"
#include "passes/Calibrate/RangeObserver.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/Parallel.h"

using namespace llvm;
using namespace qcc;

namespace {

/// One observed tensor: how its elements lie in the arena, and what was seen.
class TensorWatch {
public:
  explicit TensorWatch(const qcc_observed_info_t &info);
  Error observe(const void *data);
  calibrate::RangeObserver observer;

private:
  struct Axis {
    int64_t size;
    int64_t stride;
  };
  /// Innermost last, in the order of memory; sizes of 1 are left out.
  std::vector<Axis> axes;
  int64_t innerRun = 1;
  std::vector<float> scratch;

  static calibrate::RangeObserver makeObserver(const qcc_observed_info_t &info);
  static std::vector<int> sortByStride(const qcc_observed_info_t &info);
};

} // namespace

/// Dimensions that have more than one element, outermost in memory first.
std::vector<int> TensorWatch::sortByStride(const qcc_observed_info_t &info) {
  std::vector<int> order;
  for (int i = 0; i < info.rank; ++i)
    if (info.shape[i] != 1)
      order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return info.strides[a] > info.strides[b];
  });
  return order;
}

/// Channels are dimension 1, as everywhere in the graph; `innerCount` is what
/// lies inside of them in memory.
calibrate::RangeObserver
TensorWatch::makeObserver(const qcc_observed_info_t &info) {
  if (info.rank < 2)
    return calibrate::RangeObserver(info.name);
  size_t inner = 1;
  std::vector<int> order = sortByStride(info);
  for (auto axis = order.rbegin(); axis != order.rend() && *axis != 1; ++axis)
    inner *= info.shape[*axis];
  // One channel is not among the sorted axes: all elements are inside of it.
  return calibrate::RangeObserver(info.name, info.shape[1], inner);
}

TensorWatch::TensorWatch(const qcc_observed_info_t &info)
    : observer(makeObserver(info)) {
  for (int axis : sortByStride(info))
    axes.push_back({info.shape[axis], info.strides[axis]});
  // Axes that continue each other are read in one run.
  while (!axes.empty() && axes.back().stride == innerRun) {
    innerRun *= axes.back().size;
    axes.pop_back();
  }
}

Error TensorWatch::observe(const void *data) {
  auto *values = static_cast<const float *>(data);
  if (axes.empty())
    return observer.observe(values, innerRun);
  scratch.clear();
  std::vector<int64_t> index(axes.size());
  while (true) {
    int64_t offset = 0;
    for (size_t i = 0; i < axes.size(); ++i)
      offset += index[i] * axes[i].stride;
    scratch.insert(scratch.end(), values + offset, values + offset + innerRun);
    size_t axis = axes.size();
    while (axis > 0 && ++index[axis - 1] == axes[axis - 1].size)
      index[--axis] = 0;
    if (axis == 0)
      break;
  }
  return observer.observe(scratch.data(), scratch.size());
}

/// Compiles `graph` with observers to `path`.
static Error compileObserved(mlir::ModuleOp graph,
                             const CompileOptions &options,
                             const qcc::Target &target,
                             DiagnosticCollector &diagnostics, StringRef path) {
  mlir::OwningOpRef<mlir::ModuleOp> module(graph.clone());
  mlir::PassManager passes((*module)->getName());
  passes.addPass(createInsertObservers());
  PhaseContext context{options, &target, ""};
  if (failed(passes.run(*module)) ||
      failed(runPhases(*module, Phase::Pack, Phase::LowerCpu, context)))
    return diagnostics.takeError("expected a float model that compiles");
  Expected<LibraryWriter> writer = LibraryWriter::create(diagnostics);
  if (!writer)
    return writer.takeError();
  if (Error error = writer->addVariant(*module, target))
    return error;
  return writer->link(path);
}

static Expected<std::unique_ptr<evaluate::SampleSet>>
openSamples(const evaluate::LoadedLibrary &model,
            const CompileOptions &options) {
  evaluate::SampleOptions sampleOptions;
  if (!options.preprocess.empty()) {
    Expected<evaluate::Preprocess> preprocess =
        evaluate::parsePreprocess(options.preprocess);
    if (!preprocess)
      return preprocess.takeError();
    sampleOptions.preprocess = *preprocess;
  }
  std::vector<evaluate::InputSpec> inputs;
  for (const qcc_tensor_info_t &info : model.inputs()) {
    std::optional<evaluate::ArrayType> type = evaluate::arrayTypeOf(info.dtype);
    if (!type)
      return createStringError(Twine("expected a type that arrays have for "
                                     "input '") +
                               info.name + "'");
    inputs.push_back({info.name, *type, {info.shape, info.shape + info.rank}});
  }
  return evaluate::SampleSet::open(options.calibrationPath, inputs,
                                   sampleOptions);
}

/// Tensors are independent, so each is looked at by one thread.
static Error observeAll(const evaluate::LoadedLibrary &model,
                        std::vector<TensorWatch> &watches) {
  return parallelForEachError(
      seq<size_t>(0, watches.size()), [&](size_t i) -> Error {
        Expected<qcc_observed_info_t> info = model.readObserved(i);
        return info ? watches[i].observe(info->data) : info.takeError();
      });
}

static Expected<std::vector<TensorWatch>>
watchAll(const evaluate::LoadedLibrary &model) {
  std::vector<TensorWatch> watches;
  for (int32_t i = 0, count = model.target().num_observed; i < count; ++i) {
    Expected<qcc_observed_info_t> info = model.readObserved(i);
    if (!info)
      return info.takeError();
    watches.emplace_back(*info);
  }
  return watches;
}

static Error runSamples(const evaluate::LoadedLibrary &model,
                        evaluate::SampleSet &samples,
                        std::vector<TensorWatch> &watches) {
  evaluate::Progress progress("calibrating", samples.countSamples());
  evaluate::Sample sample;
  while (true) {
    Expected<bool> more = samples.readNext(sample);
    if (!more)
      return more.takeError();
    if (!*more)
      return Error::success();
    int64_t batch = evaluate::batchOf(model.inputs(), sample.inputs);
    // Nobody looks at the outputs; what counts is observed.
    std::vector<evaluate::Array> outputs =
        evaluate::makeOutputs(model.outputs(), batch);
    if (Error error = model.run(sample.inputs, outputs, batch))
      return error;
    if (Error error = observeAll(model, watches))
      return createStringError(sample.name + ": " + toString(std::move(error)));
    progress.advance();
  }
}

Expected<calibrate::Statistics>
qcc::calibrateModel(mlir::ModuleOp graph, const CompileOptions &options,
                    DiagnosticCollector &diagnostics) {
  Expected<const qcc::Target *> native = findNativeTarget();
  if (!native)
    return native.takeError();
  Expected<std::unique_ptr<TemporaryFolder>> folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  std::string path = (*folder)->getFile("calibration.so");
  if (Error error =
          compileObserved(graph, options, **native, diagnostics, path))
    return error;

  Expected<evaluate::LoadedLibrary> model = evaluate::LoadedLibrary::open(path);
  if (!model)
    return model.takeError();
  if (Error error = model->createContext(options.threads))
    return error;
  Expected<std::unique_ptr<evaluate::SampleSet>> samples =
      openSamples(*model, options);
  if (!samples)
    return samples.takeError();

  Expected<std::vector<TensorWatch>> watches = watchAll(*model);
  if (!watches)
    return watches.takeError();
  if (Error error = runSamples(*model, **samples, *watches))
    return error;

  calibrate::Statistics statistics;
  if (auto method =
          calibrate::parseCalibrationMethod(options.calibrationMethod))
    statistics.method = *method;
  statistics.samples = (*samples)->countSamples();
  for (const TensorWatch &watch : *watches)
    statistics.tensors.push_back(calibrate::summarize(watch.observer));
  return statistics;
}
