// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every dialect that a qcc module may contain and every pass of qcc, in one
// place, so that the tools cannot disagree about them.

#ifndef COMPILER_REGISTERALL_H
#define COMPILER_REGISTERALL_H

namespace mlir {
class DialectRegistry;
}

namespace qcc {

/// The dialects of all levels, with what translating them to LLVM needs.
void registerAllDialects(mlir::DialectRegistry &registry);

/// The passes of all groups under their `qcc-` flags, and upstream's
/// canonicalize, cse and friends.
void registerAllPasses();

} // namespace qcc

#endif // COMPILER_REGISTERALL_H
