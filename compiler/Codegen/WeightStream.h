// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The constants of a program as they are written to a library: some are made
// on the way, a few megabytes at a time, so that a model whose weights are
// mapped from a file never lies in memory as a whole.

#ifndef COMPILER_CODEGEN_WEIGHTSTREAM_H
#define COMPILER_CODEGEN_WEIGHTSTREAM_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"

namespace qcc {

class WeightStream {
public:
  /// Reads `qcc.weights` (passes/LowerCpu/WeightBytes.h). The attributes keep
  /// what is read alive as long as the module's context.
  explicit WeightStream(mlir::ModuleOp module);

  int64_t size() const { return total; }

  /// The same bytes, for sure.
  bool operator==(const WeightStream &other) const;

  /// Writes all bytes; `advance` is told how many are done.
  void write(llvm::raw_ostream &out, llvm::ThreadPoolInterface &threads,
             llvm::function_ref<void(int64_t)> advance) const;

private:
  mlir::Attribute attribute;
  int64_t total = 0;
};

} // namespace qcc

#endif // COMPILER_CODEGEN_WEIGHTSTREAM_H
