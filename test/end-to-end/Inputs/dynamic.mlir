// Two linear layers whose weights are on the grid of step 1 as they are.
func.func @main(%x: tensor<3x4xf32> {qcc.name = "x"})
    -> (tensor<3x2xf32> {qcc.name = "signed"},
        tensor<3x2xf32> {qcc.name = "unsigned"}) {
  %w = arith.constant dense<[[127.0, -64.0, 33.0, 1.0],
                             [-5.0, 17.0, 127.0, -90.0]]> : tensor<2x4xf32>
  %b = arith.constant dense<[0.25, -3.5]> : tensor<2xf32>
  %0 = qcc.linear %x, %w bias(%b) {lower = -40.0 : f32}
    : (tensor<3x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %1 = qcc.clamp %x {lower = 0.0 : f32} : tensor<3x4xf32> -> tensor<3x4xf32>
  %2 = qcc.linear %1, %w
    : (tensor<3x4xf32>, tensor<2x4xf32>) -> tensor<3x2xf32>
  return %0, %2 : tensor<3x2xf32>, tensor<3x2xf32>
}
