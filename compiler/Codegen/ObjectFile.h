// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Machine code from LLVM IR: objects, assembly, and an object that is nothing
// but weights.

#ifndef COMPILER_CODEGEN_OBJECTFILE_H
#define COMPILER_CODEGEN_OBJECTFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

namespace qcc {

enum class MachineCode { Assembly, Object };

/// Writes `module`, which is used up. The module's context must not be used by
/// another thread meanwhile.
llvm::Error emitMachineCode(llvm::Module &module, llvm::TargetMachine &machine,
                            MachineCode kind, llvm::raw_pwrite_stream &out);

} // namespace qcc

#endif // COMPILER_CODEGEN_OBJECTFILE_H
