// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ops that only the executor computes, by family; the others are in
// dialects/Qcc/IR/Evaluation.h. Each returns the bytes of the result, or
// nothing for ops of other families.

#ifndef COMPILER_REFERENCE_FAMILIES_H
#define COMPILER_REFERENCE_FAMILIES_H

#include "dialects/Qcc/IR/Evaluation.h"

namespace qcc {

/// conv, linear, matmul.
std::optional<std::vector<char>>
executeContraction(mlir::Operation *op, llvm::ArrayRef<TensorView> operands);

/// max_pool, average_pool, softmax, resize.
std::optional<std::vector<char>>
executeWindow(mlir::Operation *op, llvm::ArrayRef<TensorView> operands);

} // namespace qcc

#endif // COMPILER_REFERENCE_FAMILIES_H
