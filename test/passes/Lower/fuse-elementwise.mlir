// RUN: qcc-opt %s --qcc-fuse-elementwise --split-input-file | FileCheck %s

// x * sigmoid(x) and what follows it is one pass; x is read once.
// CHECK-LABEL: @fuses
// CHECK-SAME:    %[[X:[^:]*]]: tensor<8x16xf32>, %[[Z:[^:]*]]: tensor<16xf32>
// CHECK-NEXT:    %[[Y:.*]] = qcc.fused(%[[X]], %[[Z]])
// CHECK:           %[[S:.*]] = qcc.unary sigmoid %[[A:.*]] :
// CHECK-NEXT:      %[[M:.*]] = qcc.binary mul %[[A]], %[[S]]
// CHECK-NEXT:      %[[P:.*]] = qcc.binary add %[[M]], %{{.*}}
// CHECK-NEXT:      qcc.yield %[[P]]
// CHECK:         return %[[Y]]
func.func @fuses(%x: tensor<8x16xf32>, %z: tensor<16xf32>) -> tensor<8x16xf32> {
  %0 = qcc.unary sigmoid %x : tensor<8x16xf32> -> tensor<8x16xf32>
  %1 = qcc.binary mul %x, %0 : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %2 = qcc.binary add %1, %z : (tensor<8x16xf32>, tensor<16xf32>) -> tensor<8x16xf32>
  return %2 : tensor<8x16xf32>
}

// -----

// What somebody else reads is written anyway; what is smaller would be computed
// again for every element.
// CHECK-LABEL: @keeps
// CHECK-NEXT:    %[[E:.*]] = qcc.unary exp %{{.*}} : tensor<8x16xf32>
// CHECK-NEXT:    %[[T:.*]] = qcc.unary tanh %{{.*}} : tensor<16xf32>
// CHECK-NEXT:    %[[Y:.*]] = qcc.binary add %[[E]], %[[T]]
// CHECK-NEXT:    return %[[E]], %[[Y]]
func.func @keeps(%x: tensor<8x16xf32>, %z: tensor<16xf32>)
    -> (tensor<8x16xf32>, tensor<8x16xf32>) {
  %0 = qcc.unary exp %x : tensor<8x16xf32> -> tensor<8x16xf32>
  %1 = qcc.unary tanh %z : tensor<16xf32> -> tensor<16xf32>
  %2 = qcc.binary add %0, %1 : (tensor<8x16xf32>, tensor<16xf32>) -> tensor<8x16xf32>
  return %0, %2 : tensor<8x16xf32>, tensor<8x16xf32>
}

// -----

// Pictures are quantized by the kernel that interleaves their planes.
// CHECK-LABEL: @keeps_pictures
// CHECK-NOT:     qcc.fused
func.func @keeps_pictures(%x: tensor<1x3x8x8xf32>)
    -> tensor<1x3x8x8x!qcc.quant<u8, 1.0, 0>> {
  %0 = qcc.unary relu %x : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32>
  %1 = qcc.quantize %0 : tensor<1x3x8x8xf32> -> tensor<1x3x8x8x!qcc.quant<u8, 1.0, 0>>
  return %1 : tensor<1x3x8x8x!qcc.quant<u8, 1.0, 0>>
}
