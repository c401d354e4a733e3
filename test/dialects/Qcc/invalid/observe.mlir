// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// A table of tensors is read by name.
func.func @observe_c1(%x: tensor<4xf32>) {
  // expected-error @below {{expected a name, but got an empty one}}
  qcc.observe %x, "" : tensor<4xf32>
  return
}
