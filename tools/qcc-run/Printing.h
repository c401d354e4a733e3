// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What qcc-run writes to the standard output, one function for each kind.

#ifndef QCC_TOOLS_QCC_RUN_PRINTING_H
#define QCC_TOOLS_QCC_RUN_PRINTING_H

#include "compiler/Evaluate/LoadedLibrary.h"
#include "tools/qcc-run/Inputs.h"
#include "tools/qcc-run/Options.h"

namespace qcc::run {

/// Name, type, shape and first values of each output.
llvm::Error printValues(llvm::ArrayRef<qcc_tensor_info_t> infos,
                        llvm::ArrayRef<evaluate::Array> outputs);
/// The largest values of each sample of each output, with their labels.
llvm::Error printTop(llvm::ArrayRef<qcc_tensor_info_t> infos,
                     llvm::ArrayRef<evaluate::Array> outputs,
                     const Options &options);
/// The library's own JSON, with what the table says where it is silent.
llvm::Error printInfo(const evaluate::LoadedLibrary &library, bool asJson);

/// Runs for a while and prints `name value unit` lines.
llvm::Error printBenchmark(const evaluate::LoadedLibrary &library,
                           Inputs &inputs,
                           std::vector<evaluate::Array> &outputs,
                           double seconds);
/// Runs for a while and prints a line for each layer.
llvm::Error printProfile(const evaluate::LoadedLibrary &library, Inputs &inputs,
                         std::vector<evaluate::Array> &outputs);

} // namespace qcc::run

#endif // QCC_TOOLS_QCC_RUN_PRINTING_H
