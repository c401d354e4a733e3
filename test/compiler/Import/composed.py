# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes models of ops that the importer composes of others: composed.py FOLDER

import os
import sys

import numpy as np
import onnx
from models import F32, I64, model, one, ramp
from onnx import TensorProto

IMAGE = [1, 2, 4, 4]
BOOL = TensorProto.BOOL


def to_type(op, shape, kind, constants=None, **attrs):
    """One node whose result is of another type than its input."""
    constants = constants or {}
    return model(
        [(op, ["x", *constants], ["y"], attrs)],
        [("x", shape)],
        [("y", None, kind)],
        constants,
    )


def gather(op, shape, indices, **attrs):
    return model(
        [(op, ["x", "i"], ["y"], attrs)],
        [("x", shape), ("i", indices, I64)],
        [("y", None, F32)],
    )


def body(nodes, inputs, outputs, constants=None):
    """The graph of a model, for the attribute of a node."""
    return model(nodes, inputs, outputs, constants).graph


def branches():
    """Relu, or twice the input, which both are read from outside."""
    return {
        "then_branch": body([("Relu", ["x"], ["r"], {})], [], [("r", [4])]),
        "else_branch": body([("Add", ["x", "x"], ["r"], {})], [], [("r", [4])]),
    }


def running_sum(op, **attrs):
    """Adds the slices of s to a state, and gives the state after each."""
    if op == "Loop":
        nodes = [("Add", ["a", "x"], ["b"], {}), ("Identity", ["c"], ["d"], {})]
        inputs = [("i", [], I64), ("c", [], BOOL), ("a", [4])]
        outputs = [("d", [], BOOL), ("b", [4]), ("b", [4])]
        names, constants = ["n", "", "x"], {"n": np.int64(3)}
    else:
        nodes = [("Add", ["a", "t"], ["b"], {})]
        inputs, outputs = [("a", [4]), ("t", [4])], [("b", [4]), ("b", [4])]
        names, constants = ["x", "s"], {"s": ramp(3, 4)}
    attrs["body"] = body(nodes, inputs, outputs)
    return model(
        [(op, names, ["y", "all"], attrs)],
        [("x", [4])],
        [("y", [4]), ("all", [3, 4])],
        constants,
    )


def loop_constant():
    """Adds a constant of the body in each trip."""
    graph = body(
        [("Add", ["a", "w"], ["b"], {}), ("Identity", ["c"], ["d"], {})],
        [("i", [], I64), ("c", [], BOOL), ("a", [4])],
        [("d", [], BOOL), ("b", [4])],
        {"w": ramp(4)},
    )
    return model(
        [("Loop", ["n", "", "x"], ["y"], {"body": graph})],
        [("x", [4])],
        [("y", [4])],
        {"n": np.int64(2)},
    )


def if_ranks():
    """A scalar in one branch, one element in the other."""
    then = body([("ReduceMax", ["x"], ["r"], {"keepdims": 0})], [], [("r", [])])
    other = body([("ReduceMin", ["x"], ["r"], {})], [], [("r", [1])])
    return model(
        [("If", ["c"], ["y"], {"then_branch": then, "else_branch": other})],
        [("x", [4]), ("c", [1], BOOL)],
        [("y", None)],
    )


def recurrent(op, gates, outputs, directions=1, **attrs):
    """Three steps of a batch of two, from four inputs to five states."""
    rows = gates * 5
    return model(
        [(op, ["x", "w", "r", "b"], outputs, {"hidden_size": 5, **attrs})],
        [("x", [3, 2, 4])],
        [(name, None) for name in outputs if name],
        {
            "w": ramp(directions, rows, 4),
            "r": ramp(directions, rows, 5),
            "b": ramp(directions, 2 * rows),
        },
    )


MODELS = {
    "lstm": lambda: recurrent("LSTM", 4, ["y", "h", "c"]),
    "lstm-both": lambda: recurrent(
        "LSTM", 4, ["y"], directions=2, direction="bidirectional"
    ),
    "gru": lambda: recurrent("GRU", 3, ["", "h"]),
    "gru-after": lambda: recurrent("GRU", 3, ["", "h"], linear_before_reset=1),
    "rnn": lambda: recurrent("RNN", 1, ["", "h"], activations=["Relu"]),
    "rnn-unknown": lambda: recurrent("RNN", 1, ["y"], activations=["Gauss"]),
    "loop-constant": loop_constant,
    "if-ranks": if_ranks,
    "stft-plain": lambda: model(
        [("STFT", ["x", "step", "", "length"], ["y"], {})],
        [("x", [1, 16])],
        [("y", None)],
        {"step": np.int64(4), "length": np.int64(8)},
        opset=17,
    ),
    "if-constant": lambda: model(
        [("If", ["c"], ["y"], branches())],
        [("x", [4])],
        [("y", [4])],
        {"c": np.array(False)},
    ),
    "if-computed": lambda: model(
        [("If", ["c"], ["y"], branches())],
        [("x", [4]), ("c", [1], BOOL)],
        [("y", [4])],
    ),
    "loop": lambda: running_sum("Loop"),
    "scan": lambda: running_sum("Scan", num_scan_inputs=1),
    "conv-transpose": lambda: one(
        "ConvTranspose",
        IMAGE,
        {"w": ramp(2, 3, 3, 3), "b": ramp(3)},
        strides=[2, 2],
        pads=[1, 1, 1, 1],
        output_padding=[1, 1],
    ),
    "conv-transpose-1d": lambda: one(
        "ConvTranspose", [1, 2, 4], {"w": ramp(2, 1, 2)}, strides=[2]
    ),
    "conv-transpose-group": lambda: one(
        "ConvTranspose", IMAGE, {"w": ramp(3, 1, 2, 2)}, group=2
    ),
    "conv-transpose-volume": lambda: one(
        "ConvTranspose",
        [1, 2, 3, 4, 4],
        {"w": ramp(2, 3, 2, 2, 2)},
        strides=[2, 2, 2],
    ),
    "conv-volume": lambda: one(
        "Conv",
        [1, 4, 5, 8, 8],
        {"w": ramp(6, 2, 3, 3, 3), "b": ramp(6)},
        group=2,
        strides=[2, 1, 1],
        pads=[1] * 6,
    ),
    "conv-computed": lambda: model(
        [("Conv", ["x", "w", "b"], ["y"], {"strides": [2, 2]})],
        [("x", IMAGE), ("w", [3, 2, 2, 2]), ("b", [3])],
        [("y", None)],
    ),
    "resize-antialias": lambda: model(
        [
            (
                "Resize",
                ["x", "", "scales"],
                ["y"],
                {"antialias": 1, "mode": "linear"},
            )
        ],
        [("x", IMAGE)],
        [("y", [1, 2, 2, 2])],
        {"scales": np.float32([1, 1, 0.5, 0.5])},
        opset=18,
    ),
    "top-k": lambda: model(
        [("TopK", ["x", "k"], ["y", "i"], {"axis": 1})],
        [("x", [2, 5])],
        [("y", [2, 3]), ("i", [2, 3], I64)],
        {"k": np.array([3], dtype=np.int64)},
    ),
    "top-k-bad": lambda: one(
        "TopK", [2, 5], {"k": np.array([6], dtype=np.int64)}, outputs=2
    ),
    "boxes": lambda: model(
        [("NonMaxSuppression", ["b", "s", "most", "iou", "score"], ["y"], {})],
        [("b", [1, 6, 4]), ("s", [1, 2, 6])],
        [("y", None, I64)],
        {
            "most": np.int64(3),
            "iou": np.float32(0.5),
            "score": np.float32(0.25),
        },
    ),
    "scatter-elements": lambda: model(
        [("ScatterElements", ["x", "i", "u"], ["y"], {"reduction": "add"})],
        [("x", [3, 2]), ("i", [1, 2], I64), ("u", [1, 2])],
        [("y", [3, 2])],
        opset=18,
    ),
    "scatter-nd": lambda: model(
        [("ScatterND", ["x", "i", "u"], ["y"], {})],
        [("x", [3, 2, 4]), ("i", [5, 1], I64), ("u", [5, 2, 4])],
        [("y", [3, 2, 4])],
    ),
    "attention": lambda: model(
        [
            (
                "Attention",
                ["q", "k", "v"],
                ["y"],
                {"q_num_heads": 4, "kv_num_heads": 2, "is_causal": 1},
            )
        ],
        [("q", [1, 3, 32]), ("k", [1, 5, 16]), ("v", [1, 5, 16])],
        [("y", [1, 3, 32])],
        opset=23,
    ),
    "arg-max": lambda: to_type("ArgMax", [2, 5], I64, axis=1, keepdims=0),
    "hardmax": lambda: one("Hardmax", [2, 5]),
    "one-hot": lambda: model(
        [("OneHot", ["x", "depth", "values"], ["y"], {})],
        [("x", [3], I64)],
        [("y", [3, 4])],
        {"depth": np.int64(4), "values": np.float32([2, 5])},
    ),
    "cum-sum": lambda: one("CumSum", [2, 5], {"axis": np.int64(1)}),
    "cum-prod": lambda: one(
        "CumProd", [3], {"axis": np.int64(0)}, opset=26
    ),
    "cum-sum-reverse": lambda: one(
        "CumSum", [3], {"axis": np.int64(0)}, reverse=1, exclusive=1
    ),
    "trilu": lambda: one("Trilu", [2, 3], {"k": np.int64(1)}),
    "gather-elements": lambda: gather(
        "GatherElements", [2, 3], [2, 2], axis=1
    ),
    "gather-nd": lambda: gather("GatherND", [2, 3, 4], [2, 1], batch_dims=1),
    "gather-nd-bad": lambda: gather("GatherND", [2, 3], [2, 3]),
    "grid-sample": lambda: model(
        [("GridSample", ["x", "g"], ["y"], {"padding_mode": "border"})],
        [("x", IMAGE), ("g", [1, 3, 3, 2])],
        [("y", [1, 2, 3, 3])],
        opset=20,
    ),
    "grid-sample-bad": lambda: model(
        [("GridSample", ["x", "g"], ["y"], {})],
        [("x", IMAGE), ("g", [1, 3, 3, 3])],
        [("y", [1, 2, 3, 3])],
        opset=20,
    ),
    "group-norm": lambda: one(
        "GroupNormalization",
        [1, 4, 2, 2],
        {"s": ramp(4), "b": ramp(4)},
        opset=21,
        num_groups=2,
    ),
    "group-norm-18": lambda: one(
        "GroupNormalization",
        [1, 4, 2, 2],
        {"s": ramp(2), "b": ramp(2)},
        opset=18,
        num_groups=2,
    ),
    "rms-norm": lambda: one(
        "RMSNormalization", [2, 4], {"s": ramp(4)}, opset=23
    ),
    "mean-variance": lambda: one("MeanVarianceNormalization", IMAGE),
    "lp-pool": lambda: one(
        "LpPool", [1, 2, 5, 5], opset=18, kernel_shape=[2, 2], p=3,
        strides=[2, 2], ceil_mode=1,
    ),
    "average-pool-3d": lambda: one(
        "AveragePool",
        [1, 2, 4, 4, 4],
        kernel_shape=[3, 2, 2],
        strides=[1, 2, 2],
        pads=[1, 0, 0, 1, 0, 0],
    ),
    "global-lp-pool": lambda: one("GlobalLpPool", IMAGE),
    "lp-norm": lambda: one("LpNormalization", [2, 4], axis=1, p=1),
    "lp-norm-bad": lambda: one("LpNormalization", [2, 4], p=0),
    "lrn": lambda: one("LRN", IMAGE, size=2, alpha=0.5, beta=0.5),
    "is-inf": lambda: to_type("IsInf", [4], BOOL, detect_negative=0),
    "is-nan": lambda: to_type("IsNaN", [4], BOOL),
    "shrink": lambda: one("Shrink", [4], lambd=1.5, bias=0.5),
    "tan": lambda: one("Tan", [4]),
    "sinh": lambda: one("Sinh", [4]),
    "asinh": lambda: one("Asinh", [4]),
}


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name, make in MODELS.items():
        onnx.save(make(), os.path.join(folder, name + ".onnx"))


if __name__ == "__main__":
    main()
