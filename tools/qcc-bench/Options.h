// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flags of qcc-bench; those of Google Benchmark are handed on.

#ifndef QCC_TOOLS_QCC_BENCH_OPTIONS_H
#define QCC_TOOLS_QCC_BENCH_OPTIONS_H

#include "compiler/Pipeline/CompileOptions.h"

namespace qcc::bench {

struct Options {
  /// What kernels and models are compiled with; without a model's path.
  CompileOptions compile;
  int32_t threads = 1;
  /// Model files and compiled libraries.
  std::vector<std::string> models;
  /// The program's name and the flags that start with `--benchmark_`.
  std::vector<char *> rest;
  bool showsHelp = false;
};

llvm::Expected<Options> parseOptions(int argc, char **argv);
llvm::StringRef helpText();

} // namespace qcc::bench

#endif // QCC_TOOLS_QCC_BENCH_OPTIONS_H
