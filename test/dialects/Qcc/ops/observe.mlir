// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Observing has no result.
// CHECK-LABEL: @named
func.func @named(%x: tensor<4xf32>) {
  // CHECK: qcc.observe %{{[^ ]+}}, "conv1" : tensor<4xf32>
  qcc.observe %x, "conv1" : tensor<4xf32>
  return
}
