// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles in this process, runs under Google Benchmark, compares with the
// probe that ran just before.

#ifndef QCC_TOOLS_QCC_BENCH_MEASUREMENT_H
#define QCC_TOOLS_QCC_BENCH_MEASUREMENT_H

#include "tools/qcc-bench/KernelCases.h"
#include "tools/qcc-bench/Options.h"

#include <benchmark/benchmark.h>

namespace qcc::bench {

/// Fastest run of one kernel, for sums over several.
struct KernelResult {
  double seconds = 0;
  /// Share of the probe, from 0 to 1.
  double share = 0;
};

/// Times the op of `kernel` by the library's own profile.
KernelResult measureKernel(benchmark::State &state, const KernelCase &kernel,
                           const Options &options);

/// Times whole runs of a model file or of a library.
void measureModel(benchmark::State &state, const std::string &path,
                  const Options &options);

} // namespace qcc::bench

#endif // QCC_TOOLS_QCC_BENCH_MEASUREMENT_H
