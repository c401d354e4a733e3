// The smallest model with weights.
func.func @main(%x: tensor<1x4xf32> {qcc.name = "x"})
    -> (tensor<1x2xf32> {qcc.name = "y"}) {
  %w = arith.constant dense<[[1.0, 2.0, 3.0, 4.0], [-1.0, 0.5, 0.25, -2.0]]>
    : tensor<2x4xf32>
  %b = arith.constant dense<[0.5, -0.5]> : tensor<2xf32>
  %y = qcc.linear %x, %w bias(%b)
    : (tensor<1x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}
