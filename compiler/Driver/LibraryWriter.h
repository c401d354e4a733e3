// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From modules of loops, one for each target, to the shared library.

#ifndef COMPILER_DRIVER_LIBRARYWRITER_H
#define COMPILER_DRIVER_LIBRARYWRITER_H

#include "compiler/Codegen/LibraryTable.h"
#include "compiler/Codegen/WeightSection.h"
#include "compiler/Codegen/WeightStream.h"
#include "compiler/Driver/Diagnostics.h"
#include "compiler/Driver/TemporaryFolder.h"
#include "compiler/Pipeline/CompileOptions.h"

namespace qcc {

/// Lowers `loops` to the LLVM dialect in place, then writes it to `out` as
/// LLVM IR, assembly or an object (`artefact`).
llvm::Error emitMachineCode(mlir::ModuleOp loops, const Target &target,
                            Artefact artefact, DiagnosticCollector &diagnostics,
                            llvm::raw_pwrite_stream &out);

class LibraryWriter {
public:
  static llvm::Expected<LibraryWriter> create(DiagnosticCollector &diagnostics);

  /// Compiles `loops`, which is lowered in place. Targets come best first.
  llvm::Error addVariant(mlir::ModuleOp loops, const Target &target);

  /// Signature and variants so far; the caller adds name and JSON.
  LibraryInfo &getInfo() { return library; }

  /// Links to `output`, all of it or nothing.
  llvm::Error link(llvm::StringRef output);

private:
  explicit LibraryWriter(DiagnosticCollector &diagnostics)
      : diagnostics(&diagnostics) {}
  llvm::Error addKernels(mlir::ModuleOp loops, const Target &target);
  void addWeights(WeightStream weights, VariantInfo &variant);
  llvm::Error writeLibrary(llvm::StringRef output,
                           llvm::SmallVectorImpl<char> &bytes);
  llvm::Error
  addObject(const llvm::Twine &name,
            llvm::function_ref<llvm::Error(llvm::raw_pwrite_stream &)> emit);

  DiagnosticCollector *diagnostics;
  std::unique_ptr<TemporaryFolder> folder;
  std::vector<std::string> objects;
  // Streams and their symbols; targets often share their weights.
  std::vector<WeightStream> streams;
  WeightSymbols symbols;
  llvm::ThreadPoolInterface *threads = nullptr;
  LibraryInfo library;
};

} // namespace qcc

#endif // COMPILER_DRIVER_LIBRARYWRITER_H
