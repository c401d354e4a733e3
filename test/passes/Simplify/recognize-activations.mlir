// RUN: qcc-opt %s --qcc-recognize-activations | FileCheck %s

// CHECK-LABEL: @names_silu
// CHECK-SAME:    %[[X:.*]]: tensor<4xf32>
// CHECK-NEXT:    %[[Y:.*]] = qcc.unary silu %[[X]]
// CHECK-NEXT:    return %[[Y]]
func.func @names_silu(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qcc.unary sigmoid %x : tensor<4xf32> -> tensor<4xf32>
  %1 = qcc.binary mul %x, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// x * min(max(x + 3, 0), 6) / 6
// CHECK-LABEL: @names_hard_swish
// CHECK-NEXT:    qcc.unary hard_swish
// CHECK-NEXT:    return
func.func @names_hard_swish(%x: tensor<4xf32>) -> tensor<4xf32> {
  %three = arith.constant dense<3.0> : tensor<f32>
  %six = arith.constant dense<6.0> : tensor<f32>
  %0 = qcc.binary add %x, %three : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = qcc.clamp %0 {lower = 0.0 : f32, upper = 6.0 : f32} : tensor<4xf32> -> tensor<4xf32>
  %2 = qcc.binary mul %x, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = qcc.binary div %2, %six : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %3 : tensor<4xf32>
}

// The same without the factor x, and with the number on the left.
// CHECK-LABEL: @names_hard_sigmoid
// CHECK-NEXT: qcc.unary hard_sigmoid
// CHECK-SAME:   {alpha = 0.16666{{.*}} : f32, beta = 5.0{{.*}}e-01 : f32}
// CHECK-NEXT:    return
func.func @names_hard_sigmoid(%x: tensor<4xf32>) -> tensor<4xf32> {
  %three = arith.constant dense<3.0> : tensor<f32>
  %sixth = arith.constant dense<0.16666667> : tensor<f32>
  %0 = qcc.binary add %x, %three : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = qcc.clamp %0 {lower = 0.0 : f32, upper = 6.0 : f32} : tensor<4xf32> -> tensor<4xf32>
  %2 = qcc.binary mul %sixth, %1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// CHECK-LABEL: @names_hard_swish_of_hard_sigmoid
// CHECK-NEXT:    qcc.unary hard_swish
// CHECK-NEXT:    return
func.func @names_hard_swish_of_hard_sigmoid(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qcc.unary hard_sigmoid %x {alpha = 0.16666667 : f32, beta = 0.5 : f32}
    : tensor<4xf32> -> tensor<4xf32>
  %1 = qcc.binary mul %0, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// (x * (erf(x / sqrt(2)) + 1)) * 0.5
// CHECK-LABEL: @names_gelu
// CHECK-NEXT:    qcc.unary gelu %
// CHECK-NEXT:    return
func.func @names_gelu(%x: tensor<4xf32>) -> tensor<4xf32> {
  %root = arith.constant dense<1.41421354> : tensor<f32>
  %one = arith.constant dense<1.0> : tensor<f32>
  %half = arith.constant dense<0.5> : tensor<f32>
  %0 = qcc.binary div %x, %root : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = qcc.unary erf %0 : tensor<4xf32> -> tensor<4xf32>
  %2 = qcc.binary add %1, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %3 = qcc.binary mul %x, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = qcc.binary mul %3, %half : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %4 : tensor<4xf32>
}

// CHECK-LABEL: @names_gelu_tanh
// CHECK-NEXT:    qcc.unary gelu_tanh
// CHECK-NEXT:    return
func.func @names_gelu_tanh(%x: tensor<4xf32>) -> tensor<4xf32> {
  %three = arith.constant dense<3.0> : tensor<f32>
  %small = arith.constant dense<0.044715> : tensor<f32>
  %root = arith.constant dense<0.797884583> : tensor<f32>
  %one = arith.constant dense<1.0> : tensor<f32>
  %half = arith.constant dense<0.5> : tensor<f32>
  %0 = qcc.binary pow %x, %three : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = qcc.binary mul %0, %small : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %2 = qcc.binary add %x, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = qcc.binary mul %2, %root : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %4 = qcc.unary tanh %3 : tensor<4xf32> -> tensor<4xf32>
  %5 = qcc.binary add %4, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %6 = qcc.binary mul %x, %half : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %7 = qcc.binary mul %6, %5 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %7 : tensor<4xf32>
}

// CHECK-LABEL: @names_mish
// CHECK-NEXT:    qcc.unary mish
// CHECK-NEXT:    return
func.func @names_mish(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qcc.unary softplus %x : tensor<4xf32> -> tensor<4xf32>
  %1 = qcc.unary tanh %0 : tensor<4xf32> -> tensor<4xf32>
  %2 = qcc.binary mul %x, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// A gate: the sigmoid is of something else.
// CHECK-LABEL: @keeps_gate
// CHECK:         qcc.binary mul
func.func @keeps_gate(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qcc.unary sigmoid %y : tensor<4xf32> -> tensor<4xf32>
  %1 = qcc.binary mul %x, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// A product of three is none of the functions known.
// CHECK-LABEL: @keeps_three_factors
// CHECK-COUNT-2: qcc.binary mul
func.func @keeps_three_factors(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qcc.unary sigmoid %x : tensor<4xf32> -> tensor<4xf32>
  %1 = qcc.binary mul %y, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = qcc.binary mul %x, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// Divided by 5 it is no hard sigmoid.
// CHECK-LABEL: @keeps_other_divisor
// CHECK:         qcc.binary div
func.func @keeps_other_divisor(%x: tensor<4xf32>) -> tensor<4xf32> {
  %three = arith.constant dense<3.0> : tensor<f32>
  %five = arith.constant dense<5.0> : tensor<f32>
  %0 = qcc.binary add %x, %three : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = qcc.clamp %0 {lower = 0.0 : f32, upper = 6.0 : f32} : tensor<4xf32> -> tensor<4xf32>
  %2 = qcc.binary div %1, %five : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// CHECK-LABEL: @keeps_sum
// CHECK:         qcc.binary add
func.func @keeps_sum(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qcc.unary sigmoid %x : tensor<4xf32> -> tensor<4xf32>
  %1 = qcc.binary add %x, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
