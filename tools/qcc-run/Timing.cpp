// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Serves --benchmark and --profile. Minimum and median, because neighbours on a
// shared machine make means wander; roofs are probed in the same second.

#include "tools/qcc-run/PeakProbe.h"
#include "tools/qcc-run/Printing.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <chrono>

using namespace llvm;
using namespace qcc::evaluate;
using Clock = std::chrono::steady_clock;

namespace qcc::run {

static constexpr double profileSeconds = 1;
static constexpr double probeSeconds = 0.05;
static constexpr int minRuns = 5;
static constexpr int warmUpRuns = 2;

static double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Calls `afterRun` with the seconds of each run until the time is up.
static Error runFor(const LoadedLibrary &library, Inputs &inputs,
                    std::vector<Array> &outputs, double seconds,
                    function_ref<Error(double)> afterRun) {
  Clock::time_point begin = Clock::now();
  for (int run = 0; run < minRuns || secondsSince(begin) < seconds; ++run) {
    Clock::time_point start = Clock::now();
    if (Error error = library.run(inputs.arrays, outputs, inputs.batch))
      return error;
    if (Error error = afterRun(secondsSince(start)))
      return error;
  }
  return Error::success();
}

static Error warmUp(const LoadedLibrary &library, Inputs &inputs,
                    std::vector<Array> &outputs) {
  for (int run = 0; run < warmUpRuns; ++run)
    if (Error error = library.run(inputs.arrays, outputs, inputs.batch))
      return error;
  return Error::success();
}

static double medianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  size_t half = values.size() / 2;
  return values.size() % 2 ? values[half]
                           : (values[half - 1] + values[half]) / 2;
}

Error printBenchmark(const LoadedLibrary &library, Inputs &inputs,
                     std::vector<Array> &outputs, double seconds) {
  std::vector<double> times;
  if (Error error = warmUp(library, inputs, outputs))
    return error;
  Error error =
      runFor(library, inputs, outputs, seconds, [&](double runSeconds) {
        times.push_back(runSeconds);
        return Error::success();
      });
  if (error)
    return error;
  qcc_target_info_t target = library.target();
  double least = *std::min_element(times.begin(), times.end());
  double median = medianOf(times);
  outs() << format("latency_min %.4f ms\n", least * 1e3)
         << format("latency_median %.4f ms\n", median * 1e3)
         << format("throughput_max %.2f samples/s\n", inputs.batch / least)
         << format("throughput_median %.2f samples/s\n", inputs.batch / median)
         << "runs " << times.size() << " runs\n"
         << "batch " << inputs.batch << " samples\n"
         << "threads " << library.threads() << " threads\n"
         << "weights " << target.weights_size_bytes << " bytes\n"
         << "arena " << target.arena_size_bytes << " bytes\n";
  return Error::success();
}

namespace {
/// One op's times over the runs, per sample.
struct LayerTimes {
  qcc_profile_entry_t entry;
  std::vector<double> seconds;
};
} // namespace

static Expected<std::vector<LayerTimes>>
measureLayers(const LoadedLibrary &library, Inputs &inputs,
              std::vector<Array> &outputs) {
  std::vector<LayerTimes> layers(library.target().num_ops);
  if (Error error = warmUp(library, inputs, outputs))
    return error;
  if (Error error = library.setProfile(true))
    return error;
  Error error = runFor(library, inputs, outputs, profileSeconds, [&](double) {
    Expected<std::vector<qcc_profile_entry_t>> entries = library.readProfile();
    if (!entries)
      return entries.takeError();
    for (size_t i = 0; i < layers.size(); ++i) {
      layers[i].entry = (*entries)[i];
      layers[i].seconds.push_back(double((*entries)[i].nanoseconds) * 1e-9 /
                                  double(inputs.batch));
    }
    return library.setProfile(true); // from zero for the next run
  });
  if (error)
    return error;
  return layers;
}

static void printLayer(const LayerTimes &layer, double seconds, double total,
                       const qcc_peak_t &peak) {
  const qcc_profile_entry_t &entry = layer.entry;
  double ops = 2.0 * double(entry.macs);
  double roof = entry.is_int8 ? peak.int8_ops : peak.f32_ops;
  bool hasRoof = entry.macs > 0 && seconds > 0;
  outs() << format("%10.2f %6.1f", seconds * 1e6, 100 * seconds / total);
  if (hasRoof)
    outs() << format(" %9.1f", ops / seconds * 1e-9);
  else
    outs() << format(" %9s", "-");
  if (hasRoof && roof > 0)
    outs() << format(" %6.1f", 100 * ops / seconds / roof);
  else
    outs() << format(" %6s", "-");
  double rate = seconds > 0 ? double(entry.bytes) / seconds * 1e-9 : 0;
  outs() << format(" %8.1f", rate) << "  " << entry.name << "  " << entry.kind
         << "  " << entry.kernel << '\n';
}

Error printProfile(const LoadedLibrary &library, Inputs &inputs,
                   std::vector<Array> &outputs) {
  Expected<std::vector<LayerTimes>> layers =
      measureLayers(library, inputs, outputs);
  if (!layers)
    return layers.takeError();
  qcc_peak_t peak = qcc_measure_peak(library.threads(), probeSeconds);
  std::vector<double> medians;
  double total = 0, macs = 0;
  for (const LayerTimes &layer : *layers) {
    medians.push_back(medianOf(layer.seconds));
    total += medians.back();
    macs += double(layer.entry.macs);
  }
  outs() << format("probe: int8 %.1f GOPS, f32 %.1f GOPS", peak.int8_ops * 1e-9,
                   peak.f32_ops * 1e-9)
         << " with " << library.threads() << " threads; medians of "
         << (layers->empty() ? 0 : layers->front().seconds.size())
         << " runs, per sample\n"
         << "   time us      %      GOPS   roof     GB/s  layer\n";
  for (size_t i = 0; i < layers->size(); ++i)
    printLayer((*layers)[i], medians[i], total, peak);
  outs() << format("%10.2f %6.1f %9.1f", total * 1e6, 100.0,
                   total > 0 ? 2 * macs / total * 1e-9 : 0)
         << "                  total\n";
  return Error::success();
}

} // namespace qcc::run
