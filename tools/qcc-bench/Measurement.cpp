// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Minimum beside Google Benchmark's mean, since neighbours on a shared machine
// only ever add time.

#include "tools/qcc-bench/Measurement.h"

#include "compiler/Driver/Compilation.h"
#include "compiler/Driver/TemporaryFolder.h"
#include "compiler/Evaluate/LoadedLibrary.h"
#include "compiler/Evaluate/OutputFile.h"
#include "tools/qcc-run/PeakProbe.h"

#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace llvm;
using qcc::evaluate::Array;
using qcc::evaluate::LoadedLibrary;

namespace qcc::bench {

static constexpr double probeSeconds = 0.05;
static constexpr int warmUpRuns = 3;

namespace {

/// A library, its context and arrays to run it with.
class Runner {
public:
  static Expected<Runner> open(StringRef path, int32_t threads) {
    Expected<LoadedLibrary> library = LoadedLibrary::open(path);
    if (!library)
      return createStringError(path + ": " + toString(library.takeError()));
    if (Error error = library->createContext(threads))
      return error;
    Runner runner(std::move(*library));
    for (int i = 0; i < warmUpRuns; ++i)
      if (Error error = runner.run())
        return error;
    return runner;
  }

  Error run() { return library.run(inputs, outputs, /*batch=*/1); }
  LoadedLibrary library;

private:
  explicit Runner(LoadedLibrary opened) : library(std::move(opened)) {
    inputs = evaluate::makeOutputs(library.inputs(), /*batch=*/1);
    outputs = evaluate::makeOutputs(library.outputs(), /*batch=*/1);
    for (Array &array : inputs)
      fill(array);
  }
  /// Any integers; floats from 0 to 1.
  static void fill(Array &array) {
    uint32_t state = 1;
    auto draw = [&] { return state = state * 1664525 + 1013904223; };
    if (array.type == evaluate::ArrayType::F32) {
      auto *floats = reinterpret_cast<float *>(array.bytes.data());
      for (size_t i = 0; i < array.countElements(); ++i)
        floats[i] = float(draw() >> 8) * 0x1p-24f;
    } else if (sizeInBytes(array.type) == 1 &&
               array.type != evaluate::ArrayType::Boolean) {
      for (uint8_t &byte : array.bytes)
        byte = uint8_t(draw() >> 24);
    }
  }

  std::vector<Array> inputs, outputs;
};

} // namespace

/// Compiles `path` to `output`.
static Error compile(StringRef path, StringRef output, const Options &options) {
  CompileOptions compile = options.compile;
  compile.modelPath = path.str();
  compile.outputPath = output.str();
  return compileModel(compile, [](StringRef remark) {
    errs() << "qcc-bench: remark: " << remark << "\n";
  });
}

/// Seconds that the probe would take for the multiply-accumulates of `entry`.
static double idealSeconds(const qcc_profile_entry_t &entry,
                           const qcc_peak_t &peak) {
  double roof = entry.is_int8 ? peak.int8_ops : peak.f32_ops;
  return roof > 0 ? 2 * double(entry.macs) / roof : 0;
}

static void report(benchmark::State &state, double seconds, double ideal) {
  // In seconds: the console prints 238u.
  state.counters["min_s"] = seconds;
  if (ideal > 0)
    state.counters["percent_of_probe"] = 100 * ideal / seconds;
}

static Expected<Runner> openKernel(const KernelCase &kernel,
                                   const Options &options) {
  Expected<std::unique_ptr<TemporaryFolder>> folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  std::string text = (*folder)->getFile("kernel.mlir");
  std::string library = (*folder)->getFile("kernel.so");
  if (Error error = evaluate::writeFile(text, kernel.text))
    return error;
  if (Error error = compile(text, library, options))
    return error;
  // The file may go: the library stays mapped.
  return Runner::open(library, options.threads);
}

/// One run's entry of the kernel: its time and its multiply-accumulates.
static Expected<qcc_profile_entry_t> profileOnce(Runner &runner,
                                                 const KernelCase &kernel) {
  if (Error error = runner.library.setProfile(true)) // from zero
    return error;
  if (Error error = runner.run())
    return error;
  Expected<std::vector<qcc_profile_entry_t>> entries =
      runner.library.readProfile();
  if (!entries)
    return entries.takeError();
  for (const qcc_profile_entry_t &entry : *entries)
    if (entry.kind == kernel.kind && entry.name == kernel.layer)
      return entry;
  return createStringError("expected an op " + kernel.kind +
                           " in the compiled kernel, but got none");
}

KernelResult measureKernel(benchmark::State &state, const KernelCase &kernel,
                           const Options &options) {
  KernelResult result;
  Expected<Runner> runner = openKernel(kernel, options);
  if (!runner) {
    state.SkipWithError(toString(runner.takeError()).c_str());
    return result;
  }
  qcc_peak_t peak = qcc_measure_peak(options.threads, probeSeconds);
  double least = 0, ideal = 0;
  for (auto _ : state) {
    Expected<qcc_profile_entry_t> entry = profileOnce(*runner, kernel);
    if (!entry) {
      state.SkipWithError(toString(entry.takeError()).c_str());
      return result;
    }
    double seconds = double(entry->nanoseconds) * 1e-9;
    state.SetIterationTime(seconds);
    least = least == 0 ? seconds : std::min(least, seconds);
    ideal = idealSeconds(*entry, peak);
  }
  report(state, least, ideal);
  result.seconds = least;
  result.share = least > 0 ? ideal / least : 0;
  return result;
}

static Expected<Runner> openModel(StringRef path, const Options &options) {
  if (path.ends_with(".so"))
    return Runner::open(path, options.threads);
  Expected<std::unique_ptr<TemporaryFolder>> folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  std::string library = (*folder)->getFile("model.so");
  if (Error error = compile(path, library, options))
    return error;
  return Runner::open(library, options.threads);
}

/// What the probe would take for all ops of the model.
static Expected<double> idealOfModel(Runner &runner, const qcc_peak_t &peak) {
  if (Error error = runner.library.setProfile(true))
    return error;
  Expected<std::vector<qcc_profile_entry_t>> entries =
      runner.library.readProfile();
  if (!entries)
    return entries.takeError();
  double seconds = 0;
  for (const qcc_profile_entry_t &entry : *entries)
    seconds += idealSeconds(entry, peak);
  if (Error error = runner.library.setProfile(false))
    return error;
  return seconds;
}

void measureModel(benchmark::State &state, const std::string &path,
                  const Options &options) {
  using Clock = std::chrono::steady_clock;
  Expected<Runner> runner = openModel(path, options);
  if (!runner) {
    state.SkipWithError(toString(runner.takeError()).c_str());
    return;
  }
  qcc_peak_t peak = qcc_measure_peak(options.threads, probeSeconds);
  Expected<double> ideal = idealOfModel(*runner, peak);
  if (!ideal) {
    state.SkipWithError(toString(ideal.takeError()).c_str());
    return;
  }
  double least = 0;
  for (auto _ : state) {
    Clock::time_point start = Clock::now();
    Error error = runner->run();
    std::chrono::duration<double> elapsed = Clock::now() - start;
    if (error) {
      state.SkipWithError(toString(std::move(error)).c_str());
      return;
    }
    state.SetIterationTime(elapsed.count());
    least = least == 0 ? elapsed.count() : std::min(least, elapsed.count());
  }
  report(state, least, *ideal);
}

} // namespace qcc::bench
