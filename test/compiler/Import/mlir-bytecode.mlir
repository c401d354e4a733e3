// Bytecode is read in a process of its own, and becomes the same module; large
// constants too. Damaged, it is an error and nothing else.
// RUN: qcc-opt %s --emit-bytecode -o %t.mlirbc
// RUN: qcc --stop-after=import %t.mlirbc -o - | FileCheck %s
// RUN: head -c 200 %t.mlirbc > %t.cut.mlirbc
// RUN: not qcc --stop-after=import %t.cut.mlirbc 2>&1 \
// RUN:   | FileCheck %s --check-prefix=CUT

// CUT: cut.mlirbc: expected MLIR that qcc reads, but got bytecode that has an
// CUT-SAME: error:

// CHECK: func.func @main(%arg0: tensor<2xf32> {qcc.name = "x"}
// CHECK: arith.constant dense_resource<weights> : tensor<2xf32>
// CHECK: qcc.binary mul %arg0
// CHECK: loc("scale"
// CHECK: weights: "0x040000000000803F00000040"
func.func @main(%x: tensor<2xf32> {qcc.name = "x"}) -> tensor<2xf32> {
  %w = arith.constant dense_resource<weights> : tensor<2xf32>
  %0 = arith.mulf %x, %w : tensor<2xf32> loc("scale")
  return %0 : tensor<2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803F00000040"
    }
  }
#-}
