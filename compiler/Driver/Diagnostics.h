// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// MLIR's diagnostics as the one line that users see.

#ifndef COMPILER_DRIVER_DIAGNOSTICS_H
#define COMPILER_DRIVER_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Error.h"

#include <mutex>
#include <string>

namespace qcc {

/// Receives remarks and warnings, each without a prefix or line break.
using RemarkHandler = llvm::function_ref<void(llvm::StringRef)>;

/// While it lives, the context's first error is kept and the rest dropped;
/// remarks and warnings go to the handler, from one thread at a time.
class DiagnosticCollector {
public:
  DiagnosticCollector(mlir::MLIRContext &context, llvm::StringRef modelPath,
                      RemarkHandler remark);

  /// The first error, or one that says `otherwise`.
  llvm::Error takeError(llvm::StringRef otherwise);

private:
  void handle(mlir::Diagnostic &diagnostic);
  std::string print(mlir::Diagnostic &diagnostic) const;

  std::string modelPath;
  RemarkHandler remark;
  std::mutex mutex;
  std::string firstError;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace qcc

#endif // COMPILER_DRIVER_DIAGNOSTICS_H
