// RUN: qcc-opt %s --split-input-file --verify-diagnostics

func.func @fused_c1(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@below {{'qcc.fused' op expected a body with 1 arguments, but got 2}}
  %0 = qcc.fused(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    qcc.yield %a : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

func.func @fused_c1_type(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@below {{expected an argument of the body to be 'tensor<4xf32>', but got}}
  %0 = qcc.fused(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xi32>):
    %1 = qcc.cast %a : tensor<4xi32> -> tensor<4xf32>
    qcc.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

func.func @fused_c2(%x: tensor<4xf32>) -> tensor<1xf32> {
  // expected-error@below {{expected the value yielded to be 'tensor<1xf32>', but got}}
  %0 = qcc.fused(%x) : (tensor<4xf32>) -> tensor<1xf32> {
  ^bb0(%a: tensor<4xf32>):
    qcc.yield %a : tensor<4xf32>
  }
  return %0 : tensor<1xf32>
}

// -----

func.func @fused_c3(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qcc.fused(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    // expected-error@below {{expected an elementwise op inside qcc.fused}}
    %1 = qcc.softmax %a {axis = 0 : i64} : tensor<4xf32> -> tensor<4xf32>
    qcc.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

func.func @fused_c3_shape(%x: tensor<4xf32>, %y: tensor<1xf32>) -> tensor<4xf32> {
  %0 = qcc.fused(%x, %y) : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>, %b: tensor<1xf32>):
    // expected-error@below {{expected the shape of qcc.fused, but got 'tensor<1xf32>'}}
    %1 = qcc.unary exp %b : tensor<1xf32> -> tensor<1xf32>
    %2 = qcc.binary add %a, %1 : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
    qcc.yield %2 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
