// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The constant `qcc_model` of a compiled library, which the runtime reads.

#ifndef COMPILER_CODEGEN_LIBRARYTABLE_H
#define COMPILER_CODEGEN_LIBRARYTABLE_H

#include "compiler/Codegen/ProgramInfo.h"

#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>

namespace qcc {

/// The same model for all targets: signature once, variants best first.
struct LibraryInfo {
  std::string name;
  std::string infoJson;
  std::vector<TensorInfo> inputs;
  std::vector<TensorInfo> outputs;
  std::vector<VariantInfo> variants;
  std::optional<LanguageInfo> language;
};

/// A module that defines `qcc_model` and all it points to; entries and weights
/// are left to other objects.
std::unique_ptr<llvm::Module> emitLibraryTable(const LibraryInfo &library,
                                               llvm::LLVMContext &context,
                                               llvm::TargetMachine &machine);

} // namespace qcc

#endif // COMPILER_CODEGEN_LIBRARYTABLE_H
