// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of qcc.

#ifndef TOOLS_QCC_FLAGS_H
#define TOOLS_QCC_FLAGS_H

#include "compiler/Pipeline/CompileOptions.h"

namespace qcc {

/// Turns the arguments into options. Errors read
/// `--flag: expected X, but got 'y'`. `--help` and `--version` print and exit.
llvm::Expected<CompileOptions> parseFlags(int argc, char **argv);

} // namespace qcc

#endif // TOOLS_QCC_FLAGS_H
