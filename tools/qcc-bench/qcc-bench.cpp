// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Google Benchmark over kernels, or over the models of the command line.

#include "tools/qcc-bench/Measurement.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

using namespace llvm;
using namespace qcc::bench;

namespace {

/// Best results of the 3x3 convolutions of ResNet-50, by their case.
using Results = std::map<const KernelCase *, KernelResult>;

} // namespace

static int fail(const Twine &message) {
  errs() << "qcc-bench: error: " << message << "\n";
  return 2;
}

static void registerKernel(const KernelCase &kernel, const Options &options,
                           Results &results) {
  auto run = [&](benchmark::State &state) {
    KernelResult result = measureKernel(state, kernel, options);
    KernelResult &best = results[&kernel];
    // Google Benchmark calls this several times to find how often to iterate.
    if (kernel.count > 0 && result.share > best.share)
      best = result;
  };
  benchmark::RegisterBenchmark(kernel.name.c_str(), run)
      ->UseManualTime()
      ->Unit(benchmark::kMicrosecond);
}

static void registerModel(const std::string &path, const Options &options) {
  auto run = [&](benchmark::State &state) {
    measureModel(state, path, options);
  };
  std::string name = ("model/" + sys::path::filename(path)).str();
  benchmark::RegisterBenchmark(name.c_str(), run)
      ->UseManualTime()
      ->Unit(benchmark::kMicrosecond);
}

/// The 3x3 convolutions together, each with the time that ResNet-50 spends in
/// it, where all of one precision ran.
static void printResNet3x3(ArrayRef<KernelCase> kernels, const Results &results,
                           StringRef precision) {
  double seconds = 0, ideal = 0;
  for (const KernelCase &kernel : kernels) {
    if (kernel.count == 0 || !StringRef(kernel.name).starts_with(precision))
      continue;
    auto found = results.find(&kernel);
    if (found == results.end() || found->second.seconds == 0)
      return;
    double time = double(kernel.count) * found->second.seconds;
    seconds += time;
    ideal += time * found->second.share;
  }
  // On the error stream: the output may be JSON.
  errs() << precision << " resnet50_3x3 weighted by time: "
         << format("%.1f %% of the probe, %.1f us\n", 100 * ideal / seconds,
                   seconds * 1e6);
}

int main(int argc, char **argv) {
  Expected<Options> options = parseOptions(argc, argv);
  if (!options)
    return fail(toString(options.takeError()));
  if (options->showsHelp) {
    outs() << helpText();
    return 0;
  }
  int count = int(options->rest.size());
  benchmark::Initialize(&count, options->rest.data());
  if (count > 1)
    return fail(Twine("expected a flag of Google Benchmark, but got '") +
                options->rest[1] + "'");
  std::vector<KernelCase> kernels;
  if (options->models.empty())
    kernels = makeKernelCases();
  Results results;
  for (const KernelCase &kernel : kernels)
    registerKernel(kernel, *options, results);
  for (const std::string &path : options->models)
    registerModel(path, *options);
  if (benchmark::RunSpecifiedBenchmarks() == 0)
    return fail("expected a benchmark that the filter names, but got none");
  if (!kernels.empty())
    for (StringRef precision : {"int8", "f32"})
      printResNet3x3(kernels, results, precision);
  benchmark::Shutdown();
  return 0;
}
