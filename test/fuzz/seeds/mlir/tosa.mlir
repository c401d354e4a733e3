// A layer, arithmetic, a pool and moves.
func.func @main(%x: tensor<1x6x6x2xf32>) -> tensor<1x36xf32> {
  %w = "tosa.const"() <{values = dense<0.25> : tensor<4x3x3x2xf32>}>
    : () -> tensor<4x3x3x2xf32>
  %b = "tosa.const"() <{values = dense<[1.0, 2.0, 0.5, 0.0]> : tensor<4xf32>}>
    : () -> tensor<4xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}>
    : () -> tensor<1xf32>
  %border = tosa.const_shape
    {values = dense<[0, 0, 0, 1, 0, 1, 0, 0]> : tensor<8xindex>}
    : () -> !tosa.shape<8>
  %start = tosa.const_shape {values = dense<[0, 1, 1, 0]> : tensor<4xindex>}
    : () -> !tosa.shape<4>
  %size = tosa.const_shape {values = dense<[1, 3, 3, 4]> : tensor<4xindex>}
    : () -> !tosa.shape<4>
  %flat = tosa.const_shape {values = dense<[1, 36]> : tensor<2xindex>}
    : () -> !tosa.shape<2>
  %0 = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32,
      dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>,
      stride = array<i64: 1, 1>}
    : (tensor<1x6x6x2xf32>, tensor<4x3x3x2xf32>, tensor<4xf32>, tensor<1xf32>,
       tensor<1xf32>) -> tensor<1x6x6x4xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 6.0 : f32}
    : (tensor<1x6x6x4xf32>) -> tensor<1x6x6x4xf32>
  %2 = tosa.max_pool2d %1 {kernel = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
    : (tensor<1x6x6x4xf32>) -> tensor<1x3x3x4xf32>
  %3 = tosa.sigmoid %2 : (tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32>
  %4 = tosa.add %2, %3
    : (tensor<1x3x3x4xf32>, tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32>
  %5 = tosa.pad %4, %border, %z
    : (tensor<1x3x3x4xf32>, !tosa.shape<8>, tensor<1xf32>)
    -> tensor<1x4x4x4xf32>
  %6 = tosa.slice %5, %start, %size
    : (tensor<1x4x4x4xf32>, !tosa.shape<4>, !tosa.shape<4>)
    -> tensor<1x3x3x4xf32>
  %7 = tosa.reshape %6, %flat
    : (tensor<1x3x3x4xf32>, !tosa.shape<2>) -> tensor<1x36xf32>
  return %7 : tensor<1x36xf32>
}
