// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Codes, zero points and scales are tensors of their own in such files.
// CHECK-LABEL: @parts
func.func @parts(%codes: tensor<128xi8>, %zeros: tensor<4xi8>,
    %scales: tensor<16xi8>) -> tensor<8x24xi8, #qcc.blocks<"int4_g32z", 32>> {
  // CHECK: qcc.unpack_weight "codes"(%{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}})
  // CHECK-SAME: {parameters = {all_rows = 8 : i64, bits = 4 : i64,
  %0 = qcc.unpack_weight "codes"(%codes, %zeros, %scales)
      {parameters = {all_rows = 8 : i64, bits = 4 : i64, code_layout = 0 : i64,
        columns = 32 : i64, first_row = 0 : i64, group = 32 : i64,
        part_kinds = array<i64: 0, 1, 2>, rows = 8 : i64,
        scale_format = 1 : i64, zero_offset = 1 : i64}}
      : (tensor<128xi8>, tensor<4xi8>, tensor<16xi8>)
      -> tensor<8x24xi8, #qcc.blocks<"int4_g32z", 32>>
  return %0 : tensor<8x24xi8, #qcc.blocks<"int4_g32z", 32>>
}
