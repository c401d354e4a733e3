// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where unsigned integers differ from signed ones.

func.func @main(
    %a: tensor<4xui8> {qcc.name = "a"}, %b: tensor<4xui8> {qcc.name = "b"},
    %x: tensor<4xf32> {qcc.name = "x"})
    -> (tensor<4xui8> {qcc.name = "div"}, tensor<4xui8> {qcc.name = "mod"},
        tensor<4xui8> {qcc.name = "max"}, tensor<4xi1> {qcc.name = "less"},
        tensor<4xui8> {qcc.name = "clamp"}, tensor<1xui8> {qcc.name = "least"},
        tensor<4xui8> {qcc.name = "cast"}) {
  %0 = qcc.binary div %a, %b
    : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
  %1 = qcc.binary mod %a, %b
    : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
  %2 = qcc.binary max %a, %b
    : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
  %3 = qcc.binary less %a, %b
    : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xi1>
  %4 = qcc.clamp %a {lower = 5.0 : f32, upper = 150.0 : f32}
    : tensor<4xui8> -> tensor<4xui8>
  %5 = qcc.reduce min %a {axes = array<i64: 0>}
    : tensor<4xui8> -> tensor<1xui8>
  %6 = qcc.cast %x : tensor<4xf32> -> tensor<4xui8>
  return %0, %1, %2, %3, %4, %5, %6
    : tensor<4xui8>, tensor<4xui8>, tensor<4xui8>, tensor<4xi1>,
      tensor<4xui8>, tensor<1xui8>, tensor<4xui8>
}
