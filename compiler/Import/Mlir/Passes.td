// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes that make a graph of upstream's dialects one of ours. They belong
// to the phase Import, whose reader of .mlir files runs them.

#ifndef QCC_IMPORT_MLIR_PASSES_TD
#define QCC_IMPORT_MLIR_PASSES_TD

include "mlir/Pass/PassBase.td"

class Qcc_MlirPass<string flag> : Pass<flag, "::mlir::ModuleOp"> {
  let dependentDialects = ["::qcc::QccDialect"];
}

def ConvertLinalg : Qcc_MlirPass<"qcc-convert-linalg"> {
  let summary = "make graph ops of linalg, tensor, arith and math";
  let description = [{
    Reads every linalg op on tensors by its indexing maps and its scalar body,
    so that a named op and the `linalg.generic` that spells it out become the
    same graph ops: elementwise functions, broadcasts, transposes, reductions,
    matrix products, convolutions with any order of dimensions, pools. Images
    become NCHW between transposes. An op that is none of these stays, and one
    error lists all that do.

    Needs: `@main` of one block on tensors of static shape.
    Leaves: no op of linalg, tensor or math, no arith op but constants.
  }];
}

def ConvertTosa : Qcc_MlirPass<"qcc-convert-tosa"> {
  let summary = "make graph ops of tosa";
  let description = [{
    Images become NCHW between transposes. An op that has no equal stays, and
    one error lists all that do.

    Needs: `@main` of one block on tensors of static shape.
    Leaves: no tosa op.
  }];
}

def SinkTransposes : Qcc_MlirPass<"qcc-sink-transposes"> {
  let summary = "move transposes down, so that they meet and cancel";
  let description = [{
    A model of channels-last images is imported as ops on NCHW, each between
    two transposes. Those behind an elementwise op, a padding, a concat, a
    slice, a reduction or a softmax move through it with its operands'
    transposes, until two that undo each other meet. Constants that they meet
    are transposed at once.

    Needs: a graph.
    Leaves: no such op whose operands that are no constants are all transposes
    of one permutation; no transpose of a transpose.
  }];
}

#endif // QCC_IMPORT_MLIR_PASSES_TD
