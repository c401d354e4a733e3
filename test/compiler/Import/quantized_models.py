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


def dynamic(op, weight, shape, **attrs):
    """A layer as written where scales are found at run time."""
    return model(
        [
            ("DynamicQuantizeLinear", ["x"], ["q", "qs", "qz"], {}),
            (op, ["q", "w", "qz", "wz"], ["sum"], attrs),
            ("Cast", ["sum"], ["sums"], {"to": 1}),
            ("Mul", ["qs", "ws"], ["s"], {}),
            ("Mul", ["sums", "s"], ["y"], {}),
        ],
        [("x", list(shape))],
        [("y", None)],
        {"w": weight, "wz": np.uint8(128), "ws": np.float32(0.25)},
    )


def of_bytes(op, shape, weight):
    """A product of a model's own bytes, as i32."""
    result = model(
        [(op, ["x", "w"], ["y"], {})],
        [("x", shape)],
        [("y", None)],
        {"w": weight},
    )
    result.graph.input[0].type.tensor_type.elem_type = 3
    result.graph.output[0].type.tensor_type.elem_type = 6
    return result


def with_blocks():
    """Weights of 4 bits with a scale for two of them."""
    from onnx import TensorProto, helper

    blocks = {"axis": 0, "block_size": 2}
    result = model(
        [
            ("DequantizeLinear", ["w", "ws"], ["d"], blocks),
            ("MatMul", ["x", "d"], ["y"], {}),
        ],
        [("x", [1, 4])],
        [("y", [1, 1])],
        {"ws": np.array([[0.5], [2]], np.float32)},
        21,
    )
    result.graph.initializer.append(
        helper.make_tensor("w", TensorProto.INT4, [4, 1], [1, -2, 3, -8])
    )
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
        "qgemm": lambda: of_integers(
            "QGemm",
            [*X, "w", "ws", "wz", "b", *GRID],
            {
                "w": ONES.reshape(1, 2),
                "ws": np.float32(0.25),
                "wz": np.int8(0),
                "b": np.array([1, 2], np.int32),
            },
            (1, 1),
        ),
        "qlinear-softmax": lambda: of_integers(
            "QLinearSoftmax",
            [*X, "other", "zero"],
            {"other": np.float32(1 / 256)},
        ),
        "qlinear-reduce-mean": lambda: of_integers(
            "QLinearReduceMean", [*X, *GRID], {}, (1, 2, 3, 3), axes=[2, 3]
        ),
        "dynamic-matmul": lambda: dynamic(
            "MatMulInteger", np.array([[129], [126]], np.uint8), (3, 2)
        ),
        "dynamic-conv": lambda: dynamic(
            "ConvInteger",
            np.array([129, 130, 131], np.uint8).reshape(1, 1, 1, 3),
            (1, 1, 2, 4),
            pads=[0, 1, 0, 1],
        ),
        "matmul-integer": lambda: of_bytes(
            "MatMulInteger", [2, 2], np.array([[1], [2]], np.int8)
        ),
        "large-sums": lambda: of_bytes(
            "MatMulInteger", [2, 600], np.full([600, 1], 127, np.int8)
        ),
        "blocks": with_blocks,
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
