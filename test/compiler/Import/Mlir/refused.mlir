// What cannot be converted is named at once, each kind with its reason.
// RUN: split-file %s %t
// RUN: not qcc --stop-after=import %t/all.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=ALL
// RUN: not qcc --stop-after=import %t/body.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=BODY
// RUN: not qcc --stop-after=import %t/blocks.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=BLOCKS
// RUN: not qcc-opt --qcc-convert-linalg %t/body.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=BODY
// RUN: not qcc-opt --qcc-convert-tosa %t/tosa.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=TOSA

// ALL: all.mlir: expected a graph of ops that qcc knows, but got
// ALL-SAME: linalg.exp (expected float elements, but got f16), tosa.argmax
//--- all.mlir
func.func @main(%x: tensor<4xf16>, %y: tensor<4xf32>)
    -> (tensor<4xf16>, tensor<i32>) {
  %0 = linalg.exp ins(%x : tensor<4xf16>) outs(%x : tensor<4xf16>)
    -> tensor<4xf16>
  %1 = tosa.argmax %y {axis = 0 : i32} : (tensor<4xf32>) -> tensor<i32>
  return %0, %1 : tensor<4xf16>, tensor<i32>
}

// BODY: expected a graph of ops that qcc knows, but got
// BODY-SAME: linalg.generic (expected scalar ops that qcc knows, but got
// BODY-SAME: math.tan)
//--- body.mlir
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tensor.empty() : tensor<4xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>,
                                        affine_map<(d0) -> (d0)>],
                       iterator_types = ["parallel"]}
      ins(%x : tensor<4xf32>) outs(%0 : tensor<4xf32>) {
  ^bb0(%a: f32, %out: f32):
    %t = math.tan %a : f32
    linalg.yield %t : f32
  } -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// BLOCKS: blocks.mlir: expected @main without branches, but got 2 blocks
//--- blocks.mlir
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  cf.br ^next
^next:
  return %x : tensor<4xf32>
}

// TOSA: expected a graph of ops that qcc knows, but got tosa.argmax
//--- tosa.mlir
func.func @main(%y: tensor<4xf32>) -> tensor<i32> {
  %1 = tosa.argmax %y {axis = 0 : i32} : (tensor<4xf32>) -> tensor<i32>
  return %1 : tensor<i32>
}
