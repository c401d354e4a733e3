// RUN: split-file %s %t
// RUN: not qcc --stop-after=import %t/syntax.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=SYNTAX
// RUN: not qcc --stop-after=import %t/verify.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=VERIFY
// RUN: not qcc --stop-after=import %t/main.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=MAIN
// RUN: not qcc --stop-after=import %t/dynamic.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=DYNAMIC
// RUN: not qcc --stop-after=import %t/range.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=RANGE
// RUN: not qcc --stop-after=import %t/channel.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=CHANNEL
// RUN: not qcc --stop-after=import %t/other.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=OTHER
// RUN: %python -c "print('[' * 100000)" >> %t/deep.mlir
// RUN: not qcc --stop-after=import %t/deep.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=DEEP
// RUN: not qcc --stop-after=import %t/large.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=LARGE
// RUN: not qcc --stop-after=import %t/resource.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=RESOURCE
// RUN: not qcc --stop-after=import %t/splat.mlir 2>&1 \
// RUN:   | FileCheck %s --check-prefix=SPLAT

//--- syntax.mlir
// SYNTAX: syntax.mlir: expected MLIR that qcc reads, but got {{[0-9]+}}:1:
func.func

//--- verify.mlir
// VERIFY: 'qcc.reshape' op expected
func.func @main(%x: tensor<4xf32>) -> tensor<5xf32> {
  %y = qcc.reshape %x : tensor<4xf32> -> tensor<5xf32>
  return %y : tensor<5xf32>
}

//--- main.mlir
// MAIN: main.mlir: expected a public function @main, or one alone, but got none
func.func @one(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
func.func @other(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

//--- dynamic.mlir
// DYNAMIC: expected @main's input 0 to be a tensor of static shape, but got
// DYNAMIC-SAME: tensor<?x4xf32>
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}

//--- range.mlir
// RANGE: expected the full storage range, but got !quant.uniform<i8<-127:127>
func.func @main(%x: tensor<4x!quant.uniform<i8<-127:127>:f32, 0.5>>)
    -> tensor<4x!quant.uniform<i8<-127:127>:f32, 0.5>> {
  return %x : tensor<4x!quant.uniform<i8<-127:127>:f32, 0.5>>
}

//--- channel.mlir
// CHANNEL: expected one scale for the whole tensor, but got !quant.uniform
func.func @main(%x: tensor<2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>)
    -> tensor<2x!quant.uniform<i8:f32:0, {0.5, 0.25}>> {
  return %x : tensor<2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>
}

//--- other.mlir
// All of them at once, as for ONNX.
// OTHER: other.mlir: expected a graph of ops that qcc knows, but got
// OTHER-SAME: linalg.exp (expected float elements, but got f64), vector.print
func.func @main(%x: tensor<4xf64>) -> tensor<4xf64> {
  %0 = linalg.exp ins(%x : tensor<4xf64>) outs(%x : tensor<4xf64>)
    -> tensor<4xf64>
  vector.print str "no graph"
  return %0 : tensor<4xf64>
}

//--- deep.mlir
// Upstream's parser would end the process.
// DEEP: deep.mlir: expected brackets or aliases of at most 256 levels, but got
// DEEP-SAME: more in line

//--- large.mlir
// LARGE: large.mlir: expected tensors of at most 16 dimensions and 2^36
// LARGE-SAME: elements, but got tensor<4611686018427387904x4xf32>
func.func @main(%x: tensor<4611686018427387904x4xf32>)
    -> tensor<4611686018427387904x4xf32> {
  return %x : tensor<4611686018427387904x4xf32>
}

//--- resource.mlir
// A byte too much.
// RESOURCE: resource.mlir: expected 8 bytes in the resource 'weights', but got
// RESOURCE-SAME: 9
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %w = arith.constant dense_resource<weights> : tensor<2xf32>
  %0 = arith.mulf %x, %w : tensor<2xf32>
  return %0 : tensor<2xf32>
}
{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803F0000004000"
    }
  }
#-}

//--- splat.mlir
// SPLAT: splat.mlir: expected at most 2^28 elements of one number, but got
// SPLAT-SAME: tensor<32768x32768xf32>
func.func @main(%x: tensor<1x32768xf32>) -> tensor<1x32768xf32> {
  %w = arith.constant dense<1.0> : tensor<32768x32768xf32>
  %0 = qcc.matmul %x, %w
    : (tensor<1x32768xf32>, tensor<32768x32768xf32>) -> tensor<1x32768xf32>
  return %0 : tensor<1x32768xf32>
}
