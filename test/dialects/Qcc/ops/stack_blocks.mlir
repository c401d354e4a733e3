// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// CHECK-LABEL: @stack
func.func @stack(%a: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
    %b: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>)
    -> tensor<64x36xi8, #qcc.blocks<"q4_0", 64>> {
  // CHECK: qcc.stack_blocks %{{[^ ]+}}, %{{[^ ]+}} :
  // CHECK-SAME: -> tensor<64x36xi8, #qcc.blocks<"q4_0", 64>>
  %0 = qcc.stack_blocks %a, %b
      : (tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>)
        -> tensor<64x36xi8, #qcc.blocks<"q4_0", 64>>
  return %0 : tensor<64x36xi8, #qcc.blocks<"q4_0", 64>>
}
