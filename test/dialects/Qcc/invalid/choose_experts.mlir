// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Scores are rows of a matrix.
func.func @choose_experts_c1(%s: tensor<4xf32>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected scores of rank 2, but got 1}}
  %0 = qcc.choose_experts %s, %extents {function = "softmax", used = 2 : i64}
      : (tensor<4xf32>, tensor<4xi64>) -> tensor<8x2x2xf32>
  return
}

// -----

// One for each expert.
func.func @choose_experts_c1_bias(%s: tensor<8x4xf32>, %extents: tensor<4xi64>,
    %b: tensor<3xf32>) {
  // expected-error @below {{expected bias shape [4], but got [3]}}
  %0 = qcc.choose_experts %s, %extents bias(%b)
      {function = "sigmoid", used = 2 : i64}
      : (tensor<8x4xf32>, tensor<4xi64>, tensor<3xf32>) -> tensor<8x2x2xf32>
  return
}

// -----

// A row cannot have an expert twice.
func.func @choose_experts_c2(%s: tensor<8x4xf32>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected 1 to 4 experts of a row, but got 5}}
  %0 = qcc.choose_experts %s, %extents {function = "softmax", used = 5 : i64}
      : (tensor<8x4xf32>, tensor<4xi64>) -> tensor<8x2x5xf32>
  return
}

// -----

// Numbers, then weights.
func.func @choose_experts_c3(%s: tensor<8x4xf32>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected result shape [8, 2, 2], but got [8, 2, 3]}}
  %0 = qcc.choose_experts %s, %extents {function = "softmax", used = 2 : i64}
      : (tensor<8x4xf32>, tensor<4xi64>) -> tensor<8x2x3xf32>
  return
}

// -----

// Functions are known ones.
func.func @choose_experts_c4(%s: tensor<8x4xf32>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected softmax, softmax_chosen or sigmoid, but got relu}}
  %0 = qcc.choose_experts %s, %extents {function = "relu", used = 2 : i64}
      : (tensor<8x4xf32>, tensor<4xi64>) -> tensor<8x2x2xf32>
  return
}
