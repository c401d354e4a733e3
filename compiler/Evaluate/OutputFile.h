// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writing a file in one step: beside the target first, then renamed over it,
// so that a full disk or a crash never leaves half a file under its name.

#ifndef QCC_COMPILER_EVALUATE_OUTPUTFILE_H
#define QCC_COMPILER_EVALUATE_OUTPUTFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace qcc::evaluate {

/// `-` is standard output.
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef contents);

/// The same for what is too large to have in memory: `write` gets the stream.
llvm::Error
writeStream(llvm::StringRef path,
            llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write);

/// Writes out what standard output still holds. Programs end with it: the
/// stream would otherwise report a full disk by ending the process.
llvm::Error finishStandardOutput();

/// For writers that open files by name: `write` gets the temporary name, which
/// exists and is empty.
llvm::Error replaceFile(llvm::StringRef path,
                        llvm::function_ref<llvm::Error(llvm::StringRef)> write);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_OUTPUTFILE_H
