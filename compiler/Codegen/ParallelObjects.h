// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Objects from one module by several threads. Kernels know nothing of each
// other, so nothing is lost by compiling them apart.

#ifndef COMPILER_CODEGEN_PARALLELOBJECTS_H
#define COMPILER_CODEGEN_PARALLELOBJECTS_H

#include "dialects/Qcc/Target/Target.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/ThreadPool.h"

#include <vector>

namespace qcc {

/// Splits `module`, which is used up, optimizes the parts at -O3 and returns
/// their objects. Task functions become hidden symbols that end in the
/// target's name, so that variants link into one library. The objects do not
/// depend on the number of threads.
llvm::Expected<std::vector<llvm::SmallVector<char, 0>>>
emitObjectsInParallel(llvm::Module &module, const Target &target,
                      llvm::ThreadPoolInterface &pool);

} // namespace qcc

#endif // COMPILER_CODEGEN_PARALLELOBJECTS_H
