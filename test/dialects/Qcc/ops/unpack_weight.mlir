// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Codes, zero points and scales are tensors of their own in such files.
// CHECK-LABEL: @parts
func.func @parts(%codes: tensor<64xi8>, %zeros: tensor<32xi8>,
    %scales: tensor<128xi8>) -> tensor<8x24xi8, #qcc.blocks<"int4_g32z", 32>> {
  // CHECK: qcc.unpack_weight "gptq"(%{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}})
  // CHECK-SAME: {parameters = {all_rows = 8 : i64, first_row = 0 : i64}}
  %0 = qcc.unpack_weight "gptq"(%codes, %zeros, %scales)
      {parameters = {all_rows = 8 : i64, first_row = 0 : i64}}
      : (tensor<64xi8>, tensor<32xi8>, tensor<128xi8>)
      -> tensor<8x24xi8, #qcc.blocks<"int4_g32z", 32>>
  return %0 : tensor<8x24xi8, #qcc.blocks<"int4_g32z", 32>>
}
