func.func @main(%a: tensor<1x8xi32> {qcc.name = "a"},
                %b: tensor<1x8xi32> {qcc.name = "b"})
    -> (tensor<1x8xi32> {qcc.name = "quotient"},
        tensor<1x8xi32> {qcc.name = "rest"}, tensor<1x8xi32> {qcc.name = "sign"}) {
  %q = qcc.binary div %a, %b
    : (tensor<1x8xi32>, tensor<1x8xi32>) -> tensor<1x8xi32>
  %r = qcc.binary mod %a, %b
    : (tensor<1x8xi32>, tensor<1x8xi32>) -> tensor<1x8xi32>
  %floor = qcc.unary floor %a : tensor<1x8xi32> -> tensor<1x8xi32>
  %s = qcc.unary sign %floor : tensor<1x8xi32> -> tensor<1x8xi32>
  return %q, %r, %s : tensor<1x8xi32>, tensor<1x8xi32>, tensor<1x8xi32>
}
