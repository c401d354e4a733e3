// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Constants in resources fold like those in the text, and small results come
// back as text. The blob: an alignment of 4, then 1 and 2 as i32.
// CHECK-LABEL: @folds_resource
func.func @folds_resource() -> tensor<2xi32> {
  // CHECK: dense<[2, 1]> : tensor<2xi32>
  %c = arith.constant dense_resource<pair> : tensor<2xi32>
  %0 = qcc.slice %c {starts = array<i64: 1>, steps = array<i64: -1>}
      : tensor<2xi32> -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// A resource can hold integers of a grid, which dense elements cannot.
// CHECK-LABEL: @folds_grid
func.func @folds_grid() -> tensor<2x1x!qcc.quant<u8, 5.0e-01, 128>> {
  // CHECK-NOT: qcc.reshape
  // CHECK: dense_resource<{{.*}}> : tensor<2x1x!qcc.quant<u8, 5.000000e-01, 128>>
  %c = arith.constant dense_resource<bytes>
      : tensor<2x!qcc.quant<u8, 5.0e-01, 128>>
  %0 = qcc.reshape %c : tensor<2x!qcc.quant<u8, 5.0e-01, 128>>
      -> tensor<2x1x!qcc.quant<u8, 5.0e-01, 128>>
  return %0 : tensor<2x1x!qcc.quant<u8, 5.0e-01, 128>>
}

// Too many elements to keep in a library.
// CHECK-LABEL: @keeps_large
func.func @keeps_large() -> tensor<67108865xi8> {
  // CHECK: qcc.expand
  %c = arith.constant dense<1> : tensor<1xi8>
  %0 = qcc.expand %c : tensor<1xi8> -> tensor<67108865xi8>
  return %0 : tensor<67108865xi8>
}

{-#
  dialect_resources: {
    builtin: {
      pair: "0x040000000100000002000000",
      bytes: "0x010000000102"
    }
  }
#-}
