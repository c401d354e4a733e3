// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Executes graphs and quantized graphs plainly: the oracle that every kernel
// and every pass is compared with.

#ifndef COMPILER_REFERENCE_EXECUTOR_H
#define COMPILER_REFERENCE_EXECUTOR_H

#include "dialects/Qcc/IR/Evaluation.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/Error.h"

namespace qcc {

/// Sees each value an op computes, right after it; the tensor may be gone when
/// the call is over.
using TensorObserver =
    llvm::function_ref<void(mlir::Value, const Tensor &)>;

/// The results of `function` for `inputs`, whose types must be those of its
/// arguments but for encodings. Knows arith.constant and the qcc ops up to the
/// quantized graph. Integers are exactly those of docs/numerics.md; floats are
/// sums in f64 rounded once for each op.
llvm::Expected<std::vector<Tensor>>
execute(mlir::func::FuncOp function, llvm::ArrayRef<Tensor> inputs,
        TensorObserver observer = nullptr);

} // namespace qcc

#endif // COMPILER_REFERENCE_EXECUTOR_H
