# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Models of upstream's MLIR dialects.
#
#   mlir_graphs.py write FOLDER            one small network of channels-last
#       images as tosa.mlir and as linalg.mlir, data.npz to calibrate with, and
#       io.npz with what NumPy computes
#   mlir_graphs.py inputs IO.npz DATA.npz  the samples of IO.npz to calibrate
#       a network of one input with
#   mlir_graphs.py check LIB IO.npz BOUND  the samples of IO.npz one by one;
#       fails below BOUND decibels

import os
import sys

import numpy as np

SIZE, CHANNELS, CLASSES = 8, 8, 5

TOSA = """func.func @main(%x: tensor<1x8x8x3xf32>) -> tensor<1x5xf32> {{
  %w = "tosa.const"() <{{values = {filters_ohwi}
    : tensor<8x3x3x3xf32>}}> : () -> tensor<8x3x3x3xf32>
  %b = "tosa.const"() <{{values = {bias}}}> : () -> tensor<8xf32>
  %m = "tosa.const"() <{{values = {matrix3}
    : tensor<1x128x5xf32>}}> : () -> tensor<1x128x5xf32>
  %z = "tosa.const"() <{{values = dense<0.0> : tensor<1xf32>}}>
    : () -> tensor<1xf32>
  %rows = tosa.const_shape {{values = dense<[1, 1, 128]> : tensor<3xindex>}}
    : () -> !tosa.shape<3>
  %flat = tosa.const_shape {{values = dense<[1, 5]> : tensor<2xindex>}}
    : () -> !tosa.shape<2>
  %0 = tosa.conv2d %x, %w, %b, %z, %z {{acc_type = f32,
      dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>,
      stride = array<i64: 1, 1>}}
    : (tensor<1x8x8x3xf32>, tensor<8x3x3x3xf32>, tensor<8xf32>, tensor<1xf32>,
       tensor<1xf32>) -> tensor<1x8x8x8xf32>
  %1 = tosa.clamp %0 {{min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32}}
    : (tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  %2 = tosa.avg_pool2d %1, %z, %z {{acc_type = f32, kernel = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}}
    : (tensor<1x8x8x8xf32>, tensor<1xf32>, tensor<1xf32>)
    -> tensor<1x4x4x8xf32>
  %3 = tosa.reshape %2, %rows
    : (tensor<1x4x4x8xf32>, !tosa.shape<3>) -> tensor<1x1x128xf32>
  %4 = tosa.matmul %3, %m, %z, %z
    : (tensor<1x1x128xf32>, tensor<1x128x5xf32>, tensor<1xf32>, tensor<1xf32>)
    -> tensor<1x1x5xf32>
  %5 = tosa.reshape %4, %flat
    : (tensor<1x1x5xf32>, !tosa.shape<2>) -> tensor<1x5xf32>
  return %5 : tensor<1x5xf32>
}}
"""

LINALG = """func.func @net(%x: tensor<1x8x8x3xf32>) -> tensor<1x5xf32> {{
  %w = arith.constant {filters_hwio} : tensor<3x3x3x8xf32>
  %b = arith.constant {bias}
  %m = arith.constant {matrix}
  %zero = arith.constant 0.0 : f32
  %four = arith.constant 4.0 : f32
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {{
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  }} : tensor<1x8x8x3xf32> to tensor<1x10x10x3xf32>
  %e0 = tensor.empty() : tensor<1x8x8x8xf32>
  %i0 = linalg.broadcast ins(%b : tensor<8xf32>)
    outs(%e0 : tensor<1x8x8x8xf32>) dimensions = [0, 1, 2]
  %0 = linalg.conv_2d_nhwc_hwcf {{dilations = dense<1> : vector<2xi64>,
                                 strides = dense<1> : vector<2xi64>}}
    ins(%p, %w : tensor<1x10x10x3xf32>, tensor<3x3x3x8xf32>)
    outs(%i0 : tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  %1 = linalg.generic {{
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>,
                       affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}}
      ins(%0 : tensor<1x8x8x8xf32>) outs(%e0 : tensor<1x8x8x8xf32>) {{
  ^bb0(%a: f32, %o: f32):
    %r = arith.maximumf %a, %zero : f32
    linalg.yield %r : f32
  }} -> tensor<1x8x8x8xf32>
  %e2 = tensor.empty() : tensor<1x4x4x8xf32>
  %i2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<1x4x4x8xf32>)
    -> tensor<1x4x4x8xf32>
  %window = tensor.empty() : tensor<2x2xf32>
  %2 = linalg.pooling_nhwc_sum {{dilations = dense<1> : vector<2xi64>,
                                strides = dense<2> : vector<2xi64>}}
    ins(%1, %window : tensor<1x8x8x8xf32>, tensor<2x2xf32>)
    outs(%i2 : tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  %3 = linalg.generic {{
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>,
                       affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}}
      ins(%2 : tensor<1x4x4x8xf32>) outs(%e2 : tensor<1x4x4x8xf32>) {{
  ^bb0(%a: f32, %o: f32):
    %q = arith.divf %a, %four : f32
    linalg.yield %q : f32
  }} -> tensor<1x4x4x8xf32>
  %4 = tensor.collapse_shape %3 [[0], [1, 2, 3]]
    : tensor<1x4x4x8xf32> into tensor<1x128xf32>
  %e5 = tensor.empty() : tensor<1x5xf32>
  %i5 = linalg.fill ins(%zero : f32) outs(%e5 : tensor<1x5xf32>)
    -> tensor<1x5xf32>
  %5 = linalg.matmul ins(%4, %m : tensor<1x128xf32>, tensor<128x5xf32>)
    outs(%i5 : tensor<1x5xf32>) -> tensor<1x5xf32>
  return %5 : tensor<1x5xf32>
}}
"""


def dense(array):
    """The array as MLIR's hexadecimal text, with its type."""
    shape = "x".join(map(str, array.shape))
    return f'dense<"0x{array.tobytes().hex().upper()}"> : tensor<{shape}xf32>'


def compute(image, filters, bias, matrix):
    """One image [H, W, C] by the definition, in f64."""
    padded = np.pad(image.astype(np.float64), ((1, 1), (1, 1), (0, 0)))
    layer = np.zeros((SIZE, SIZE, CHANNELS))
    for y in range(SIZE):
        for x in range(SIZE):
            patch = padded[y : y + 3, x : x + 3]
            layer[y, x] = np.einsum("hwi,hwio->o", patch, filters) + bias
    layer = np.maximum(layer, 0)
    pooled = layer.reshape(SIZE // 2, 2, SIZE // 2, 2, CHANNELS).mean((1, 3))
    return pooled.reshape(-1) @ matrix


def write(folder):
    os.makedirs(folder, exist_ok=True)
    draw = np.random.default_rng(1)
    filters = draw.normal(0, 0.3, (3, 3, 3, CHANNELS)).astype(np.float32)
    bias = draw.normal(0, 0.3, CHANNELS).astype(np.float32)
    matrix = draw.normal(0, 0.2, (128, CLASSES)).astype(np.float32)
    ohwi = np.moveaxis(filters, 3, 0).copy()
    texts = {
        "bias": dense(bias),
        "filters_hwio": dense(filters).split(" : ")[0],
        "filters_ohwi": dense(ohwi).split(" : ")[0],
        "matrix": dense(matrix),
        "matrix3": dense(matrix[np.newaxis]).split(" : ")[0],
    }
    for name, text in (("tosa", TOSA), ("linalg", LINALG)):
        with open(f"{folder}/{name}.mlir", "w") as file:
            file.write(text.format(**texts))
    images = draw.normal(0, 1, (64, SIZE, SIZE, 3)).astype(np.float32)
    results = [compute(image, filters, bias, matrix) for image in images[:16]]
    np.savez(f"{folder}/data.npz", input0=images[16:])
    np.savez(
        f"{folder}/io.npz",
        **{"in:x": images[:16], "out:y": np.array(results, np.float32)},
    )


def check(library, path, bound):
    import qcc
    from compare import decibels

    model, arrays = qcc.Model(library), np.load(path)
    inputs = next(arrays[key] for key in arrays if key.startswith("in:"))
    outputs = next(arrays[key] for key in arrays if key.startswith("out:"))
    results = np.concatenate([model(sample[np.newaxis]) for sample in inputs])
    ratio = decibels(outputs, results)
    print(f"{ratio:.1f} dB")
    return 0 if ratio >= bound else 1


def inputs(path, target):
    arrays = np.load(path)
    np.savez(target, input0=next(arrays[k] for k in arrays if k[:3] == "in:"))


if __name__ == "__main__":
    if sys.argv[1] == "inputs":
        sys.exit(inputs(sys.argv[2], sys.argv[3]))
    if sys.argv[1] == "write":
        sys.exit(write(sys.argv[2]))
    sys.exit(check(sys.argv[2], sys.argv[3], float(sys.argv[4])))
