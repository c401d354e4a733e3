# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes the small quantized models of the import tests:
# quantized_models.py FOLDER NAME...

import sys

import models
import numpy as np
from models import model

GRID = ["scale", "zero"]


def layer(op, shape, weight, scales, **attrs):
    """One layer of quantized weights and bias between two grids."""
    channels = len(scales)
    return model(
        [
            ("QuantizeLinear", ["x", *GRID], ["q"], {}),
            ("DequantizeLinear", ["q", *GRID], ["d"], {}),
            ("DequantizeLinear", ["w", "ws", "wz"], ["wd"], {"axis": 0}),
            ("DequantizeLinear", ["b", "bs"], ["bd"], {"axis": 0}),
            (op, ["d", "wd", "bd"], ["f"], attrs),
            ("QuantizeLinear", ["f", *GRID], ["g"], {}),
            ("DequantizeLinear", ["g", *GRID], ["y"], {}),
        ],
        [("x", shape)],
        [("y", None)],
        {
            "scale": np.float32(0.5),
            "zero": np.uint8(128),
            "w": weight,
            "ws": np.array(scales, np.float32),
            "wz": np.zeros(channels, weight.dtype),
            "b": np.arange(channels, dtype=np.int32),
            "bs": np.array(scales, np.float32) / 2,
        },
    )


def matrix(zero, stored=None):
    """A column of bytes with one scale, 3 and 5 without its zero point."""
    return model(
        [
            ("DequantizeLinear", ["w", *GRID], ["d"], {}),
            ("MatMul", ["x", "d"], ["y"], {}),
        ],
        [("x", [1, 2])],
        [("y", [1, 1])],
        {
            "w": np.array([[3 + zero], [5 + zero]], np.uint8),
            "scale": np.float32(0.25),
            "zero": np.uint8(zero) if stored is None else stored,
        },
    )


def pair(kind, scale=0.5, zero=0, channels=()):
    """Quantize and dequantize by a type of integers."""
    return model(
        [
            ("QuantizeLinear", ["x", *GRID], ["q"], {}),
            ("DequantizeLinear", ["q", *GRID], ["y"], {}),
        ],
        [("x", [1, 2, 4])],
        [("y", [1, 2, 4])],
        {
            "scale": np.full(channels, scale, np.float32),
            "zero": np.full(channels, zero, kind),
        },
        21,
    )


def pooled():
    """Integers that move between quantize and dequantize."""
    return model(
        [
            ("QuantizeLinear", ["x", *GRID], ["q"], {}),
            ("MaxPool", ["q"], ["p"], {"kernel_shape": [2, 2]}),
            ("DequantizeLinear", ["p", *GRID], ["y"], {}),
        ],
        [("x", [1, 1, 2, 2])],
        [("y", [1, 1, 1, 1])],
        {"scale": np.float32(0.5), "zero": np.uint8(128)},
    )


def of_integers(op, inputs, constants, shape=(1, 2), **attrs):
    """An op of integers between quantize and dequantize."""
    result = model(
        [
            ("QuantizeLinear", ["x", *GRID], ["q"], {}),
            (op, inputs, ["g"], attrs),
            ("DequantizeLinear", ["g", *GRID], ["y"], {}),
        ],
        [("x", list(shape))],
        [("y", None)],
        {"scale": np.float32(0.5), "zero": np.uint8(128), **constants},
    )
    if not op.startswith("QLinearConv") and op != "QLinearMatMul":
        result.graph.node[1].domain = "com.microsoft"
        result.opset_import.add(domain="com.microsoft", version=1)
    return result


X = ["q", *GRID]
ONES = np.ones((2, 1, 1, 1), np.int8)

models.MODELS.update(
    {
        "conv": lambda: layer("Conv", [1, 1, 2, 2], ONES, [0.25, 0.5]),
        "gemm": lambda: layer(
            "Gemm", [1, 1], ONES.reshape(2, 1), [0.25, 0.5], transB=1
        ),
        "matmul": lambda: matrix(100),
        "qlinear-conv": lambda: of_integers(
            "QLinearConv",
            [*X, "w", "ws", "wz", *GRID, "b"],
            {
                "w": ONES,
                "ws": np.array([0.25, 0.5], np.float32),
                "wz": np.zeros(2, np.int8),
                "b": np.array([1, 2], np.int32),
            },
            (1, 1, 2, 2),
        ),
        "qlinear-matmul": lambda: of_integers(
            "QLinearMatMul",
            [*X, "w", "ws", "wz", *GRID],
            {
                "w": ONES.reshape(2, 1),
                "ws": np.float32(0.25),
                "wz": np.int8(0),
            },
        ),
        "qlinear-add": lambda: of_integers(
            "QLinearAdd", [*X, *X, "other", "zero"], {"other": np.float32(1)}
        ),
        "qlinear-concat": lambda: of_integers(
            "QLinearConcat", [*GRID, *X, *X], {}, axis=0
        ),
        "qlinear-sigmoid": lambda: of_integers(
            "QLinearSigmoid", [*X, "other", ""], {"other": np.float32(1 / 256)}
        ),
        "max-pool": pooled,
        "signed": lambda: pair(np.int8, zero=-3),
        "channels": lambda: pair(np.uint8, channels=2),
        "16-bits": lambda: pair(np.int16),
        "bad-zero": lambda: matrix(zero=100, stored=np.int16(300)),
        "bad-scale": lambda: pair(np.uint8, scale=-1),
    }
)

if __name__ == "__main__":
    models.main(*sys.argv[1:])
