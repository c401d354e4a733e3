// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// What is read has a format.
func.func @unpack_weight_c1(%c: tensor<12288xi8>) {
  // expected-error @below {{#qcc.blocks encoding, but got 'tensor<32x128xi8>'}}
  %0 = qcc.unpack_weight "columns"(%c)
      {parameters = {all_rows = 96 : i64, first_row = 32 : i64}}
      : (tensor<12288xi8>) -> tensor<32x128xi8>
  return
}
