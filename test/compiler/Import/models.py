# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes the small models of the import tests: models.py FOLDER NAME...

import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

F32, I64 = TensorProto.FLOAT, TensorProto.INT64


def ramp(*shape):
    """Distinct small values; no two tests depend on which."""
    count = int(np.prod(shape, dtype=np.int64))
    return (np.arange(count, dtype=np.float32) / 8 - 1).reshape(shape)


def model(nodes, inputs, outputs, constants=None, opset=17):
    """A model of (op, inputs, outputs, attributes) tuples."""

    def value(name, shape, kind=F32):
        return helper.make_tensor_value_info(name, kind, shape)

    graph = helper.make_graph(
        [
            helper.make_node(op, ins, outs, name=f"{op.lower()}_{i}", **attrs)
            for i, (op, ins, outs, attrs) in enumerate(nodes)
        ],
        "test",
        [value(*entry) for entry in inputs],
        [value(*entry) for entry in outputs],
        [
            numpy_helper.from_array(np.asarray(array), name)
            for name, array in (constants or {}).items()
        ],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8
    )


def one(op, shape, constants=None, opset=17, output=None, outputs=1, **attrs):
    """A model of one node: input x, then the constants in their order."""
    names = [f"y{i}" if i else "y" for i in range(outputs)]
    constants = constants or {}
    return model(
        [(op, ["x", *constants], names, attrs)],
        [("x", shape)],
        [(name, output) for name in names],
        constants,
        opset,
    )


def integers(*values):
    return np.array(values, dtype=np.int64)


def shape_arithmetic():
    """Flattens as PyTorch exports x.view(x.size(0), -1)."""
    return model(
        [
            ("Shape", ["x"], ["shape"], {}),
            ("Gather", ["shape", "zero"], ["batch"], {"axis": 0}),
            ("Unsqueeze", ["batch", "axes"], ["row"], {}),
            ("Concat", ["row", "rest"], ["sizes"], {"axis": 0}),
            ("Reshape", ["x", "sizes"], ["y"], {}),
        ],
        [("x", ["N", 3, 4, 4])],
        [("y", ["N", 48])],
        {"zero": np.int64(0), "axes": integers(0), "rest": integers(-1)},
    )


def unsupported():
    return model(
        [
            ("Relu", ["x"], ["a"], {}),
            ("NoSuchOp", ["a"], ["b"], {}),
            ("OtherOp", ["b"], ["c"], {}),
            ("NoSuchOp", ["c"], ["y"], {}),
        ],
        [("x", [1, 4])],
        [("y", [1, 4])],
    )


def unused_unsupported():
    return model(
        [("Relu", ["x"], ["y"], {}), ("NoSuchOp", ["x"], ["z"], {})],
        [("x", [1, 4])],
        [("y", [1, 4])],
    )


def cycle():
    return model(
        [("Add", ["x", "b"], ["a"], {}), ("Relu", ["a"], ["b"], {})],
        [("x", [1, 4])],
        [("b", [1, 4])],
    )


def reversed_order():
    return model(
        [("Relu", ["a"], ["y"], {}), ("Sigmoid", ["x"], ["a"], {})],
        [("x", [1, 4])],
        [("y", [1, 4])],
    )


def twice(name_of):
    nodes = [("Relu", ["x"], ["a"], {}), ("Tanh", ["x"], [name_of], {})]
    return model(nodes, [("x", [1, 4])], [("a", [1, 4])])


def external(location, offset, length, shape=(4, 4)):
    """A Gemm whose weights are said to lie in a file beside the model."""
    result = one("Gemm", [1, 4], {"w": ramp(*shape)})
    tensor = result.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (
        ("location", location),
        ("offset", offset),
        ("length", length),
    ):
        tensor.external_data.add(key=key, value=str(value))
    return result


def typed(kind, values, shape):
    """An initializer in the typed field that its kind has."""
    tensor = helper.make_tensor("c", kind, shape, values)
    result = model(
        [("Cast", ["c"], ["d"], {"to": F32}), ("Add", ["x", "d"], ["y"], {})],
        [("x", shape)],
        [("y", shape)],
    )
    result.graph.initializer.append(tensor)
    return result


def short_data():
    result = one("Add", [2, 2], {"c": ramp(2, 2)})
    result.graph.initializer[0].raw_data = b"\0" * 12
    return result


def huge():
    result = one("Add", [2, 2], {"c": ramp(2, 2)})
    del result.graph.initializer[0].dims[:]
    result.graph.initializer[0].dims.extend([1 << 40, 1 << 40])
    return result


def half():
    """f16 outside, f32 inside."""
    result = one("Relu", [1, 4])
    for value in (result.graph.input[0], result.graph.output[0]):
        value.type.tensor_type.elem_type = TensorProto.FLOAT16
    return result


def batch_norm(rank, opset, **attrs):
    shape = [1, 2, 4, 4][:rank]
    return one(
        "BatchNormalization",
        shape,
        {
            "scale": np.array([2, 4], np.float32),
            "bias": np.array([1, -1], np.float32),
            "mean": np.array([1, 2], np.float32),
            "variance": np.array([4, 16], np.float32),
        },
        opset=opset,
        epsilon=0.0,
        **attrs,
    )


def relu_of(name, shape):
    return model([("Relu", [name], ["y"], {})], [(name, shape)], [("y", None)])


def two_inputs(first, second, output):
    return model(
        [("Add", ["a", "b"], ["y"], {})],
        [("a", first), ("b", second)],
        [("y", output)],
    )


W = {"w": ramp(4, 2, 3, 3)}
IMAGE = [1, 2, 8, 8]
ZERO, SIX = np.float32(0), np.float32(6)

MODELS = {
    # Contractions.
    "conv": lambda: one(
        "Conv",
        [1, 4, 8, 8],
        {"w": ramp(4, 2, 3, 3), "b": ramp(4)},
        group=2,
        strides=[2, 1],
        dilations=[1, 2],
        pads=[1, 2, 0, 1],
    ),
    "conv-1d": lambda: one(
        "Conv", [1, 2, 8], {"w": ramp(4, 2, 3)}, pads=[2, 1]
    ),
    "conv-same-upper": lambda: one(
        "Conv", [1, 2, 7, 8], W, auto_pad="SAME_UPPER", strides=[2, 2]
    ),
    "conv-same-lower": lambda: one(
        "Conv", [1, 2, 7, 8], W, auto_pad="SAME_LOWER", strides=[2, 2]
    ),
    "conv-valid": lambda: one("Conv", IMAGE, W, auto_pad="VALID"),
    "conv-4d": lambda: one(
        "Conv", [1, 1, 4, 4, 4, 4], {"w": ramp(1, 1, 2, 2, 2, 2)}
    ),
    "conv-filters": lambda: one("Conv", [1, 3, 8, 8], W),
    "conv-small": lambda: one("Conv", [1, 2, 2, 2], W),
    "conv-pads": lambda: one("Conv", IMAGE, W, pads=[1, 1]),
    "gemm": lambda: one(
        "Gemm",
        [4, 2],
        {"w": ramp(4, 3), "c": ramp(1, 3)},
        alpha=2.0,
        beta=0.5,
        transA=1,
    ),
    "gemm-column": lambda: one(
        "Gemm", [2, 4], {"w": ramp(4, 3), "c": ramp(2, 1)}
    ),
    "gemm-computed": lambda: model(
        [("Gemm", ["a", "b"], ["y"], {"transB": 1})],
        [("a", [2, 4]), ("b", [3, 4])],
        [("y", [2, 3])],
    ),
    "matmul": lambda: one("MatMul", [2, 5, 4], {"w": ramp(4, 3)}),
    "matmul-stack": lambda: one("MatMul", [2, 5, 4], {"w": ramp(2, 4, 3)}),
    "matmul-vector": lambda: one("MatMul", [2, 5, 4], {"w": ramp(4)}),
    # Elementwise ops.
    "clip-6": lambda: one("Clip", [4], opset=6 + 1, min=0.0, max=6.0),
    "clip-11": lambda: one("Clip", [4], {"lo": ZERO, "hi": SIX}, opset=11),
    "clip-crossed": lambda: one("Clip", [4], {"lo": SIX, "hi": ZERO}),
    "batch-norm": lambda: batch_norm(4, 15),
    "batch-norm-flat": lambda: batch_norm(2, 7, spatial=1),
    "half": half,
    "prelu": lambda: one("PRelu", IMAGE, {"slope": ramp(2, 1, 1)}),
    "broadcast": lambda: one("Add", [2, 3], {"c": ramp(4)}),
    # Windows, reductions.
    "max-pool-ceil": lambda: one(
        "MaxPool",
        [1, 2, 6, 6],
        kernel_shape=[3, 3],
        strides=[2, 2],
        ceil_mode=1,
    ),
    "max-pool-1d": lambda: one("MaxPool", [1, 2, 6], kernel_shape=[2]),
    "average-pool": lambda: one(
        "AveragePool",
        IMAGE,
        kernel_shape=[2, 2],
        pads=[1, 1, 0, 0],
        count_include_pad=1,
    ),
    "max-pool-pads": lambda: one(
        "MaxPool", IMAGE, kernel_shape=[2, 2], pads=[2, 2, 2, 2]
    ),
    "global-pool": lambda: one("GlobalAveragePool", IMAGE),
    "reduce-13": lambda: one(
        "ReduceMean", IMAGE, opset=13, axes=[-1], keepdims=0
    ),
    "reduce-18": lambda: one(
        "ReduceMean", IMAGE, {"axes": integers(-1)}, opset=18, keepdims=0
    ),
    "softmax-12": lambda: one("Softmax", [2, 3, 4], opset=12),
    "softmax-13": lambda: one("Softmax", [2, 3, 4], opset=13, axis=1),
    # Moves.
    "slice-9": lambda: one(
        "Slice", IMAGE, opset=9, axes=[2], starts=[1], ends=[-1]
    ),
    "slice-10": lambda: one(
        "Slice",
        [8],
        {
            "starts": integers(-1),
            "ends": integers(-(2**63)),
            "axes": integers(0),
            "steps": integers(-3),
        },
        opset=10,
    ),
    "split-11": lambda: one("Split", [6, 2], opset=11, outputs=2, split=[2, 4]),
    "split-13": lambda: one(
        "Split", [6, 2], {"sizes": integers(2, 4)}, opset=13, outputs=2
    ),
    "split-18": lambda: one(
        "Split", [5, 2], opset=18, outputs=2, num_outputs=2
    ),
    "squeeze-11": lambda: one("Squeeze", [1, 2, 1], opset=11, axes=[-1]),
    "squeeze-13": lambda: one("Squeeze", [1, 2, 1], opset=13),
    "unsqueeze-13": lambda: one("Unsqueeze", [3], {"axes": integers(0, -1)}),
    "pad-10": lambda: one(
        "Pad", [2, 2], opset=10, pads=[0, 1, 0, 0], value=3.0
    ),
    "pad-18": lambda: model(
        [("Pad", ["x", "pads", "", "axes"], ["y"], {"mode": "reflect"})],
        [("x", [2, 4])],
        [("y", None)],
        {"pads": integers(2, 1), "axes": integers(-1)},
        opset=18,
    ),
    "tile": lambda: one("Tile", [2, 3], {"repeats": integers(1, 2)}),
    "depth-to-space": lambda: one(
        "DepthToSpace", [1, 8, 2, 3], blocksize=2, mode="CRD"
    ),
    "resize-10": lambda: one(
        "Resize", [1, 1, 2, 3], {"scales": np.float32([1, 1, 2, 2])}, opset=10
    ),
    "resize-13": lambda: model(
        [("Resize", ["x", "", "", "sizes"], ["y"], {"mode": "linear"})],
        [("x", [1, 1, 2, 3])],
        [("y", None)],
        {"sizes": integers(1, 1, 4, 9)},
        opset=13,
    ),
    "upsample-7": lambda: one(
        "Upsample", [1, 1, 2, 3], opset=7, scales=[1.0, 1.0, 2.0, 2.0]
    ),
    "reshape-bad": lambda: one("Reshape", [2, 3], {"sizes": integers(4, -1)}),
    # Shapes and names of the model.
    "shape-arithmetic": shape_arithmetic,
    "batch-fixed": lambda: two_inputs(["N", 4], [3, 4], ["N", 4]),
    "batch-two": lambda: two_inputs(["N", 4], ["M", 4], ["N", 4]),
    "batch-other": lambda: two_inputs(["rows", 4], [3, 4], ["rows", 4]),
    "dynamic": lambda: relu_of("image", ["N", 3, "height", "width"]),
    "symbols": lambda: two_inputs([1, "size"], [1, "size"], [1, "size"]),
    "question-marks": lambda: relu_of("image", [1, 3, "?", "?"]),
    # Models that are refused.
    "unsupported": unsupported,
    "unused-unsupported": unused_unsupported,
    "non-zero": lambda: one("NonZero", [4]),
    "cycle": cycle,
    "reversed": reversed_order,
    "same-output": lambda: twice("a"),
    "takes-input": lambda: twice("x"),
    "dangling": lambda: model(
        [("Relu", ["ghost"], ["y"], {})], [("x", [1, 4])], [("y", [1, 4])]
    ),
    "old-opset": lambda: one("Relu", [4], opset=6),
    "few-inputs": lambda: one("Add", [4]),
    "wrong-attribute": lambda: one("Flatten", [2, 3], axis="one"),
    "short-data": short_data,
    "huge": huge,
    "string": lambda: typed(TensorProto.STRING, [b"a", b"b"], [2]),
    # Where weights are.
    "typed-int4": lambda: typed(TensorProto.INT4, [-8, 7, 3], [3]),
    "typed-half": lambda: typed(TensorProto.FLOAT16, [0.5, -2.0], [2]),
    "typed-double": lambda: typed(TensorProto.DOUBLE, [0.5, -2.0], [2]),
    "typed-int8": lambda: typed(TensorProto.INT8, [-128, 127], [2]),
    "external": lambda: external("weights.bin", 4, 64),
    "external-outside": lambda: external("../weights.bin", 0, 64),
    "external-short": lambda: external("weights.bin", 64, 64),
}


def main(folder, *names):
    os.makedirs(folder, exist_ok=True)
    for name in names:
        with open(os.path.join(folder, name + ".onnx"), "wb") as file:
            file.write(MODELS[name]().SerializeToString())
    # What the models with external data point at.
    with open(os.path.join(folder, "weights.bin"), "wb") as file:
        file.write(b"\0" * 4 + ramp(4, 4).tobytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
