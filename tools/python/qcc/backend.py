# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The interface of onnx.backend, by which ONNX's own tests run a model.
"""qcc as a backend of the onnx package:

    import onnx, qcc.backend
    outputs = qcc.backend.run_model(onnx.load("model.onnx"), inputs)

qcc compiles for shapes, axes, pads, scales and the like that it knows. Where a
model takes one of these as an input, or leaves a size open, prepare() returns a
representation that compiles in run(): those inputs become constants with the
values that run() receives, open sizes become the sizes of its arrays, and the
library serves until a run brings other ones. What the model computes with
stays an input, unless it has no elements.
"""

import pathlib
import tempfile

import numpy as np
import onnx
import onnx.backend.base

from ._compile import compile
from ._library import Error
from ._model import Model

# The inputs that qcc has to know, by op; of com.microsoft's too.
_PARAMETERS = {
    "AffineGrid": [1],
    "BlackmanWindow": [0],
    "CenterCropPad": [1],
    "Col2Im": [1, 2],
    "Compress": [1],
    "ConstantOfShape": [0],
    "ConvInteger": [1, 2, 3],
    "CumProd": [1],
    "CumSum": [1],
    "DFT": [1, 2],
    "DequantizeLinear": [1, 2],
    "Dropout": [1, 2],
    "Expand": [1],
    "HammingWindow": [0],
    "HannWindow": [0],
    "If": [0],
    "Loop": [0, 1],
    "MatMulInteger": [2, 3],
    "MaxUnpool": [2],
    "MelWeightMatrix": [0, 1, 2, 3, 4],
    "NonMaxSuppression": [2, 3, 4],
    "OneHot": [1],
    "Pad": [1, 2, 3],
    "QLinearConv": [1, 2, 3, 4, 5, 6, 7, 8],
    "QLinearMatMul": [1, 2, 4, 5, 6, 7],
    "QuantizeLinear": [1, 2],
    "Range": [0, 1, 2],
    "Reshape": [1],
    "Resize": [1, 2, 3],
    "STFT": [1, 2, 3],
    "Slice": [1, 2, 3, 4],
    "Split": [1],
    "SplitToSequence": [1],
    "Squeeze": [1],
    "Tile": [1],
    "TopK": [1],
    "Trilu": [1],
    "Unsqueeze": [1],
    "Upsample": [1],
}
# What they give is known once shapes are.
_SHAPE_READERS = {"Shape", "Size"}


def _bodies(node):
    return [a.g for a in node.attribute if a.type == a.GRAPH]


def _nodes(graph):
    """All nodes, users first; those of a body after the node that has it."""
    for node in reversed(graph.node):
        yield node
        for body in _bodies(node):
            yield from _nodes(body)


def find_parameters(graph):
    """Names of the graph's inputs whose values qcc has to know: those that
    parameters of its nodes are computed from."""
    wanted = set()
    for node in _nodes(graph):
        positions = _PARAMETERS.get(node.op_type, ())
        if node.op_type.startswith("Reduce"):
            positions = [1]
        wanted.update(node.input[i] for i in positions if i < len(node.input))
        if node.op_type not in _SHAPE_READERS and wanted & set(node.output):
            wanted.update(node.input)
            for body in _bodies(node):
                wanted.update(value.name for value in body.output)
    return wanted & {value.name for value in _inputs(graph)}


def _inputs(graph):
    constants = {tensor.name for tensor in graph.initializer}
    return [value for value in graph.input if value.name not in constants]


def _is_open(value):
    """Without a shape, or with a size that is not known; 0 counts as such."""
    tensor = value.type.tensor_type
    return not tensor.HasField("shape") or any(
        size.dim_value == 0 for size in tensor.shape.dim
    )


def specialize(model, arrays, parameters):
    """The model with the values of `parameters` and the sizes of all inputs as
    they are in `arrays`, a dictionary by name."""
    model = onnx.ModelProto.FromString(model.SerializeToString())
    for value in _inputs(model.graph):
        array = arrays[value.name]
        if value.name in parameters:
            model.graph.initializer.append(
                onnx.numpy_helper.from_array(array, value.name)
            )
        elif _is_open(value):
            tensor = value.type.tensor_type
            tensor.shape.ClearField("dim")
            for size in array.shape:
                tensor.shape.dim.add().dim_value = size
    return model


# NumPy's name for a type that it has from elsewhere, and that qcc.Model takes
# and gives as bit patterns.
_BF16 = onnx.helper.tensor_dtype_to_np_dtype(onnx.TensorProto.BFLOAT16)


def _load(model, flags):
    """A Representation of the compiled model."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.onnx"
        onnx.save(model, path)
        library = compile(path, path.with_suffix(".so"), **flags)
        types = [v.type.tensor_type.elem_type for v in model.graph.output]
        outputs = [onnx.helper.tensor_dtype_to_np_dtype(t) for t in types]
        return Representation(Model(library, threads=1), outputs)


class Representation(onnx.backend.base.BackendRep):
    """A compiled model; run() takes and returns lists of arrays."""

    def __init__(self, model, outputs):
        self._model, self._outputs = model, outputs

    def run(self, inputs, **kwargs):
        arrays = map(np.asarray, inputs)
        results = self._model(
            *(a.view(np.uint16) if a.dtype == _BF16 else a for a in arrays)
        )
        if not isinstance(results, tuple):
            results = (results,)
        return [
            array.view(_BF16) if dtype == _BF16 else array
            for array, dtype in zip(results, self._outputs, strict=True)
        ]


class LazyRepresentation(onnx.backend.base.BackendRep):
    """A model that is compiled for the values and sizes that run() receives."""

    def __init__(self, model, parameters, flags):
        self._model, self._flags = model, flags
        self._parameters = parameters
        self._names = [value.name for value in _inputs(model.graph)]
        self._key = self._compiled = None

    def run(self, inputs, **kwargs):
        arrays = dict(zip(self._names, map(np.asarray, inputs), strict=True))
        constants = self._parameters | {
            name for name, array in arrays.items() if array.size == 0
        }
        key = [
            (array.shape, name in constants and array.tobytes())
            for name, array in arrays.items()
        ]
        if key != self._key:
            model = specialize(self._model, arrays, constants)
            self._compiled = _load(model, self._flags)
            self._key = key
        return self._compiled.run(
            [arrays[name] for name in self._names if name not in constants]
        )


class Backend(onnx.backend.base.Backend):
    @classmethod
    def prepare(cls, model, device="CPU", **flags):
        """Compiles a ModelProto; keyword arguments are flags of qcc. Raises
        qcc.Error with the compiler's sentence."""
        if not cls.supports_device(device):
            raise ValueError(f"expected device CPU, but got {device}")
        flags.setdefault("target", "native")
        parameters = find_parameters(model.graph)
        if not parameters:
            try:
                return _load(model, flags)
            except Error:
                if not any(map(_is_open, _inputs(model.graph))):
                    raise
        return LazyRepresentation(model, parameters, flags)

    @classmethod
    def supports_device(cls, device):
        return device == "CPU"


prepare = Backend.prepare
run_model = Backend.run_model
supports_device = Backend.supports_device
