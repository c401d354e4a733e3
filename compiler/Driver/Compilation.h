// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qcc as a library: options in, artefact out.

#ifndef COMPILER_DRIVER_COMPILATION_H
#define COMPILER_DRIVER_COMPILATION_H

#include "compiler/Driver/Diagnostics.h"
#include "compiler/Pipeline/CompileOptions.h"

namespace qcc {

/// Compiles the model and writes what `options.artefact` or `stopAfter` names,
/// in one step: after a failure there is no output file. The error is one
/// line, `<file or place>: expected X, but got Y`.
llvm::Error compileModel(const CompileOptions &options, RemarkHandler remark);

/// Where compileModel writes: `outputPath`, or the model's name with `.so`,
/// `.o` or `.s` in the working folder, or `-` for text.
std::string getOutputPath(const CompileOptions &options);

} // namespace qcc

#endif // COMPILER_DRIVER_COMPILATION_H
