// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Pack phase.

#ifndef QCC_PACK_PASSES_TD
#define QCC_PACK_PASSES_TD

include "mlir/Pass/PassBase.td"

def MakeUnsigned : Pass<"qcc-make-unsigned"> {
  let summary = "give signed activations the unsigned grid of equal values";
  let description = [{
    Every `!qcc.quant<i8, s, z>` becomes `!qcc.quant<u8, s, z + 128>`, which
    stands for the same values, because dot product instructions take unsigned
    activations. Arguments and results of the function keep their types: there
    a `qcc.requantize` moves between the two, which changes no value.

    Needs: no `qcc.lookup`, whose table counts from one storage type.
    Leaves: i8 grids only on arguments, results and the conversions beside them.
  }];
  let dependentDialects = ["::qcc::QccDialect"];
}

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

def PackBlocks : Pass<"qcc-pack-blocks", "::mlir::ModuleOp"> {
  let summary = "lay blocks of weights out for the kernels of a machine";
  let description = [{
    Puts a `qcc.pack_panels` before each use of blocks by `qcc.block_linear` and
    `qcc.embed`, with as many rows side by side as the machine has lanes. Uses
    of one weight share its panels.

    Needs: nothing. Leaves: no `#qcc.blocks` operand of those ops.
  }];
  let options = [
    Option<"target", "target", "std::string", /*default=*/"\"avx512\"",
           "machine to pack for, as in --target=">
  ];
  let dependentDialects = ["::qcc::QccDialect"];
}

#endif // QCC_PACK_PASSES_TD
