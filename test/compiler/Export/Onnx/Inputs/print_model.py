# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Checks a model and prints it, a node on each line: print_model.py FILE.onnx

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WORDS = {
    TensorProto.FLOAT: "float",
    TensorProto.UINT8: "u8",
    TensorProto.INT8: "s8",
    TensorProto.INT32: "s32",
    TensorProto.INT64: "",
    TensorProto.BOOL: "bool",
}


def describe(tensor):
    """A number, a short list, or the shape of an initializer."""
    values = numpy_helper.to_array(tensor)
    word = WORDS[tensor.data_type]
    if tensor.data_type == TensorProto.FLOAT:
        word = ""
    if values.ndim == 0 or tensor.data_type == TensorProto.INT64:
        return f"{word} {values.tolist()}".strip()
    return f"{word} {list(values.shape)}".strip()


def print_tensor(kind, info):
    tensor = info.type.tensor_type
    sizes = [d.dim_param or str(d.dim_value) for d in tensor.shape.dim]
    print(kind, info.name, WORDS[tensor.elem_type], f"[{', '.join(sizes)}]")


def main(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    names = {t.name: describe(t) for t in model.graph.initializer}
    for info in model.graph.input:
        print_tensor("input", info)
        names[info.name] = info.name
    for node in model.graph.node:
        inputs = ", ".join(names.get(name, "") for name in node.input)
        attributes = " ".join(
            f"{a.name}={helper.get_attribute_value(a)}" for a in node.attribute
        )
        print(f"{node.op_type}({inputs}) {attributes}".strip())
        names[node.output[0]] = node.op_type
    for info in model.graph.output:
        print_tensor("output", info)


if __name__ == "__main__":
    np.set_printoptions(floatmode="unique")
    main(sys.argv[1])
