// A layer of channels-last images, a pool and a matrix product.
#map = affine_map<(n, h, w, c) -> (n, h, w, c)>
func.func @main(%x: tensor<1x6x6x2xf32> {qcc.name = "image"})
    -> (tensor<1x3xf32> {qcc.name = "scores"}) {
  %w = arith.constant dense<0.25> : tensor<3x3x2x4xf32>
  %b = arith.constant dense<[1.0, -2.0, 0.5, 0.0]> : tensor<4xf32>
  %m = arith.constant dense<0.125> : tensor<16x3xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<1x6x6x2xf32> to tensor<1x8x8x2xf32>
  %e0 = tensor.empty() : tensor<1x6x6x4xf32>
  %i0 = linalg.broadcast ins(%b : tensor<4xf32>)
    outs(%e0 : tensor<1x6x6x4xf32>) dimensions = [0, 1, 2]
  %0 = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : vector<2xi64>,
                                 strides = dense<1> : vector<2xi64>}
    ins(%p, %w : tensor<1x8x8x2xf32>, tensor<3x3x2x4xf32>)
    outs(%i0 : tensor<1x6x6x4xf32>) -> tensor<1x6x6x4xf32>
  %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types =
      ["parallel", "parallel", "parallel", "parallel"]}
      ins(%0 : tensor<1x6x6x4xf32>) outs(%e0 : tensor<1x6x6x4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %r = arith.maximumf %a, %zero : f32
    linalg.yield %r : f32
  } -> tensor<1x6x6x4xf32>
  %e2 = tensor.empty() : tensor<1x2x2x4xf32>
  %i2 = linalg.fill ins(%low : f32) outs(%e2 : tensor<1x2x2x4xf32>)
    -> tensor<1x2x2x4xf32>
  %window = tensor.empty() : tensor<3x3xf32>
  %2 = linalg.pooling_nhwc_max {dilations = dense<1> : vector<2xi64>,
                                strides = dense<3> : vector<2xi64>}
    ins(%1, %window : tensor<1x6x6x4xf32>, tensor<3x3xf32>)
    outs(%i2 : tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
  %3 = tensor.collapse_shape %2 [[0], [1, 2, 3]]
    : tensor<1x2x2x4xf32> into tensor<1x16xf32>
  %e4 = tensor.empty() : tensor<1x3xf32>
  %i4 = linalg.fill ins(%zero : f32) outs(%e4 : tensor<1x3xf32>)
    -> tensor<1x3xf32>
  %4 = linalg.matmul ins(%3, %m : tensor<1x16xf32>, tensor<16x3xf32>)
    outs(%i4 : tensor<1x3xf32>) -> tensor<1x3xf32>
  return %4 : tensor<1x3xf32>
}
