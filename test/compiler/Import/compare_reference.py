# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Compares compiled models with ONNX's own evaluator on random inputs, equal but
# for the last bits of floats: compare_reference.py MODEL.onnx...

import sys
import tempfile
import warnings

import numpy as np
import onnx
import qcc
from onnx import helper
from onnx.reference import ReferenceEvaluator


def draw(random, info):
    tensor = info.type.tensor_type
    shape = [d.dim_value for d in tensor.shape.dim]
    kind = helper.tensor_dtype_to_np_dtype(tensor.elem_type)
    if kind.kind == "f":
        return random.normal(size=shape).astype(kind)
    limits = np.iinfo(kind)
    return random.integers(limits.min, limits.max + 1, shape).astype(kind)


def compare(path):
    model = onnx.load(path)
    random = np.random.default_rng(0)
    evaluator = ReferenceEvaluator(model)
    with tempfile.NamedTemporaryFile(suffix=".so") as library:
        qcc.compile(path, library.name)
        compiled = qcc.Model(library.name)
        for _ in range(20):
            feeds = {i.name: draw(random, i) for i in model.graph.input}
            expected = evaluator.run(None, feeds)[0]
            result = compiled(**feeds)
            if expected.dtype.kind == "f":
                np.testing.assert_allclose(result, expected, 1e-6, 1e-6)
            else:
                np.testing.assert_array_equal(result, expected)
    print(path, "equal")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for argument in sys.argv[1:]:
        compare(argument)
