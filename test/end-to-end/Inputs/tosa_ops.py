# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# TOSA's ops on images, one output each, against the loops of its
# specification.
#
#   tosa_ops.py write MODEL.mlir    tosa_ops.py check LIB

import itertools
import sys

import numpy as np

ZERO = """  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}>
    : () -> tensor<1xf32>
"""
CONSTANT = """  %{name} = "tosa.const"() <{{values = dense<"0x{data}">
    : {type}}}> : () -> {type}
"""


def draw(seed, *shape):
    """Eighths of small integers, whose sums are exact in f32."""
    numbers = np.random.default_rng(seed).integers(-8, 9, shape)
    return numbers.astype(np.float32) / 8


def steps(*counts):
    return itertools.product(*map(range, counts))


X = draw(1, 1, 5, 6, 3)
FILTERS, BIAS = draw(2, 4, 3, 2, 3), draw(3, 4)
DEPTHWISE, BIASES = draw(4, 3, 2, 3, 2), draw(5, 6)


def convolution():
    """Strides 2 and 1, dilations 1 and 2, pad [1, 1, 2, 1]."""
    y = np.zeros((1, 3, 7, 4)) + BIAS
    padded = np.pad(X, ((0, 0), (1, 1), (2, 1), (0, 0)))
    for i, j, ky, kx in steps(3, 7, 3, 2):
        y[0, i, j] += FILTERS[:, ky, kx] @ padded[0, 2 * i + ky, j + 2 * kx]
    return y


def depthwise():
    y = np.zeros((1, 3, 5, 6)) + BIASES
    for i, j, ky, kx in steps(3, 5, 3, 2):
        products = X[0, i + ky, j + kx][:, np.newaxis] * DEPTHWISE[ky, kx]
        y[0, i, j] += products.reshape(-1)
    return y


def transposed():
    """Stride [2, 3], out_pad [1, 0, -1, 2]."""
    y = np.zeros((1, 12, 18, 4)) + BIAS
    for i, j, ky, kx in steps(5, 6, 3, 2):
        row, column = 2 * i + ky + 1, 3 * j + kx - 1
        if 0 <= row < 12 and 0 <= column < 18:
            y[0, row, column] += FILTERS[:, ky, kx] @ X[0, i, j]
    return y


def average_pool():
    """Window 2, stride 2, pad 1 above: what is outside does not count."""
    y = np.zeros((1, 3, 3, 3))
    for i, j in steps(3, 3):
        rows = X[0, max(2 * i - 1, 0) : 2 * i + 1, 2 * j : 2 * j + 2]
        y[0, i, j] = rows.mean((0, 1))
    return y


def nearest():
    """Twice the size, by centres."""
    return X.repeat(2, 1).repeat(2, 2)


OPS = [
    (convolution, "conv2d %x, %f, %b, %z, %z {acc_type = f32, "
     "dilation = array<i64: 1, 2>, pad = array<i64: 1, 1, 2, 1>, "
     "stride = array<i64: 2, 1>}", "xfbzz"),
    (depthwise, "depthwise_conv2d %x, %w, %c, %z, %z {acc_type = f32, "
     "dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, "
     "stride = array<i64: 1, 1>}", "xwczz"),
    (transposed, "transpose_conv2d %x, %f, %b, %z, %z {acc_type = f32, "
     "out_pad = array<i64: 1, 0, -1, 2>, stride = array<i64: 2, 3>}", "xfbzz"),
    (average_pool, "avg_pool2d %x, %z, %z {acc_type = f32, "
     "kernel = array<i64: 2, 2>, pad = array<i64: 1, 0, 0, 0>, "
     "stride = array<i64: 2, 2>}", "xzz"),
    (nearest, "resize %x, %s, %o, %e {mode = NEAREST_NEIGHBOR}", "xsoe"),
]
TENSORS = {"f": FILTERS, "b": BIAS, "w": DEPTHWISE, "c": BIASES}
SHAPES = {"s": [4, 2, 4, 2], "o": [-1, -1], "e": [1, 1]}


def tensor(array):
    return "tensor<" + "".join(f"{size}x" for size in array.shape) + "f32>"


def write(path):
    results = [compute() for compute, _, _ in OPS]
    types = {name: tensor(array) for name, array in TENSORS.items()}
    types.update(x=tensor(X), z="tensor<1xf32>")
    text = f"func.func @main(%x: {types['x']}) -> "
    text += "(" + ", ".join(map(tensor, results)) + ") {\n" + ZERO
    for name, array in TENSORS.items():
        data = array.tobytes().hex().upper()
        text += CONSTANT.format(name=name, data=data, type=types[name])
    for name, numbers in SHAPES.items():
        count = len(numbers)
        types[name] = f"!tosa.shape<{count}>"
        text += f"  %{name} = tosa.const_shape {{values = dense<{numbers}> : "
        text += f"tensor<{count}xindex>}} : () -> {types[name]}\n"
    for number, ((_, op, names), result) in enumerate(zip(OPS, results)):
        operands = ", ".join(types[name] for name in names)
        text += f"  %{number} = tosa.{op}\n"
        text += f"    : ({operands}) -> {tensor(result)}\n"
    text += "  return " + ", ".join(f"%{i}" for i in range(len(OPS))) + " : "
    text += ", ".join(map(tensor, results)) + "\n}\n"
    with open(path, "w") as file:
        file.write(text)


def check(library):
    import qcc

    failed = 0
    for (compute, _, _), result in zip(OPS, qcc.Model(library)(X)):
        expected = compute()
        if not np.allclose(result, expected, rtol=1e-6, atol=1e-6):
            error = np.abs(result - expected).max()
            print(f"{compute.__name__} differs by {error}")
            failed = 1
    print(f"{len(OPS)} ops")
    return failed


if __name__ == "__main__":
    command = write if sys.argv[1] == "write" else check
    sys.exit(command(sys.argv[2]))
