// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Room for weights in a library. The linker is told of an empty section of
// their size; afterwards it gets a segment of its own that the loader maps from
// the end of the file, where the weights are then written. So neither the
// assembler nor the linker ever holds them, and a library has no size limit.

#ifndef COMPILER_CODEGEN_WEIGHTSECTION_H
#define COMPILER_CODEGEN_WEIGHTSECTION_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

#include <string>
#include <utility>
#include <vector>

namespace qcc {

/// Hidden symbols and the bytes of each, in the order of the section.
using WeightSymbols = std::vector<std::pair<std::string, int64_t>>;

/// Where symbol number `index` begins in the section.
int64_t getWeightOffset(const WeightSymbols &symbols, size_t index);
/// Bytes of the section.
int64_t getWeightBytes(const WeightSymbols &symbols);

/// Writes an object file that defines the symbols.
llvm::Error emitWeightSymbols(const WeightSymbols &symbols,
                              llvm::TargetMachine &machine,
                              llvm::raw_pwrite_stream &out);

/// Gives the section a segment at the end of the linked `library`, which it
/// pads to where that begins.
llvm::Error placeWeightSection(llvm::SmallVectorImpl<char> &library);

} // namespace qcc

#endif // COMPILER_CODEGEN_WEIGHTSECTION_H
