// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dialect itself and the base class of its ops.

#ifndef QCC_DIALECT_TD
#define QCC_DIALECT_TD

include "mlir/IR/OpBase.td"

def Qcc_Dialect : Dialect {
  let name = "qcc";
  let cppNamespace = "::qcc";
  let summary = "neural networks between a model file and machine loops";
  let description = [{
    One dialect for three levels (docs/architecture.md):

    - *graph*: ops on float tensors in the logical order of ONNX (NCHW);
    - *quantized graph*: the same ops on tensors whose element type is
      `!qcc.quant`;
    - *packed graph*: weights carry their layout, kernels are chosen.

    Integer results are defined in docs/numerics.md. Constants are
    `arith.constant`.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let extraClassDeclaration = [{
    void registerTypes();
  }];
  let dependentDialects = ["mlir::arith::ArithDialect"];
}

class Qcc_Op<string mnemonic, list<Trait> traits = []>
    : Op<Qcc_Dialect, mnemonic, traits>;

#endif // QCC_DIALECT_TD
