// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Pack phase.

#ifndef QCC_PACK_PASSES_TD
#define QCC_PACK_PASSES_TD

include "mlir/Pass/PassBase.td"

def PackWeights : Pass<"qcc-pack-weights"> {
  let summary = "lay weights out for the target's micro-kernel";
  let description = [{
    Replaces `qcc.conv` and `qcc.linear` by `qcc.packed_conv` or
    `qcc.packed_depthwise`: weights in panels (`#qcc.panels`), the zero point
    of the input folded into the start value of the accumulators, the three
    scales folded into one multiplier per channel. All of it happens on
    constants, in the order docs/packing.md draws.

    Needs: weights, biases and scales are constants.
    Leaves: no `qcc.conv` and no `qcc.linear`.
  }];
  let options = [
    Option<"target", "target", "std::string", /*default=*/"\"avx512\"",
           "machine to pack for, as in --target=">
  ];
  let dependentDialects = ["::qcc::QccDialect", "::mlir::arith::ArithDialect"];
}

def BuildTables : Pass<"qcc-build-tables"> {
  let summary = "turn functions of 8-bit integers into tables";
  let description = [{
    Replaces `qcc.unary`, `qcc.clamp` and `qcc.requantize` between 8-bit grids
    by `qcc.lookup` with the 256 results, computed as docs/numerics.md *table*
    (or *requantize*) says.

    Needs: nothing.
    Leaves: no `qcc.unary`, `qcc.clamp` or `qcc.requantize` between 8-bit grids.
  }];
  let dependentDialects = ["::qcc::QccDialect", "::mlir::arith::ArithDialect"];
}

#endif // QCC_PACK_PASSES_TD
