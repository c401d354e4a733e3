// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parsed by hand, as in the other programs.

#include "tools/qcc-bench/Options.h"

using namespace llvm;

namespace qcc::bench {

StringRef helpText() {
  return R"(usage: qcc-bench [MODEL ...] [flags]

Times generated kernels, or the given models and compiled libraries, and
prints percent of what this machine can do at the moment.

  --threads=N                threads to compute with (1)
  --target=avx512|...        machine to compile for (native)
  --precision=f32|int8       of models that are compiled (f32)
  --calibrate=DATA           samples for int8, as in qcc
  --load-statistics=FILE     ranges for int8, as in qcc
  --shape=NAME=1x3x480x640   fixes dynamic dimensions of models
  --benchmark_filter=REGEX   and all other flags of Google Benchmark
)";
}

static Error setFlag(StringRef flag, StringRef value, Options &options) {
  CompileOptions &compile = options.compile;
  if (flag == "--threads") {
    if (value.getAsInteger(10, options.threads) || options.threads < 1 ||
        options.threads > 1024)
      return createStringError("expected a number from 1 to 1024, but got '" +
                               value + "'");
    return Error::success();
  }
  if (flag == "--target") {
    Expected<std::vector<const Target *>> targets = parseTargets(value);
    if (!targets)
      return targets.takeError();
    compile.targets = *targets;
    return Error::success();
  }
  if (flag == "--precision") {
    Expected<Precision> precision = parsePrecision(value);
    if (!precision)
      return precision.takeError();
    compile.precision = *precision;
    return Error::success();
  }
  if (flag == "--calibrate")
    compile.calibrationPath = value.str();
  else if (flag == "--load-statistics")
    compile.loadStatisticsPath = value.str();
  else if (flag == "--shape")
    compile.shapes.push_back(value.str());
  else
    return createStringError("expected a flag of --help, but got another");
  return Error::success();
}

Expected<Options> parseOptions(int argc, char **argv) {
  Options options;
  options.rest.push_back(argv[0]);
  for (int i = 1; i < argc; ++i) {
    StringRef argument(argv[i]);
    if (argument == "--help") {
      options.showsHelp = true;
    } else if (argument.starts_with("--benchmark_")) {
      options.rest.push_back(argv[i]);
    } else if (argument.starts_with("-")) {
      auto [flag, value] = argument.split('=');
      if (Error error = setFlag(flag, value, options))
        return createStringError(flag + ": " + toString(std::move(error)));
    } else {
      options.models.push_back(argument.str());
    }
  }
  return options;
}

} // namespace qcc::bench
