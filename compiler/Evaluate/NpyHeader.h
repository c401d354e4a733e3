// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text in front of a .npy array. Only the array files read or write it.

#ifndef QCC_COMPILER_EVALUATE_NPYHEADER_H
#define QCC_COMPILER_EVALUATE_NPYHEADER_H

#include "compiler/Evaluate/NpyFile.h"

namespace qcc::evaluate {

struct NpyHeaderLimits {
  /// NumPy itself stops at 64 dimensions.
  static constexpr size_t rank = 64;
  /// NumPy refuses longer headers of plain arrays, too.
  static constexpr size_t textBytes = 10000;
};

/// `name` is for the error. The element count of the result does not
/// overflow, but nothing is known yet about the bytes that follow.
llvm::Expected<ArrayHeader> parseNpyHeader(llvm::StringRef text,
                                           llvm::StringRef name);
std::string printNpyHeader(const ArrayHeader &header);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_NPYHEADER_H
