# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The interface of onnx.backend, by which ONNX's own tests run a model.
"""qcc as a backend of the onnx package:

    import onnx, qcc.backend
    outputs = qcc.backend.run_model(onnx.load("model.onnx"), inputs)
"""

import pathlib
import tempfile

import numpy as np
import onnx
import onnx.backend.base

from ._compile import compile
from ._model import Model


class Representation(onnx.backend.base.BackendRep):
    """A compiled model; run() takes and returns lists of arrays."""

    def __init__(self, model):
        self._model = model

    def run(self, inputs, **kwargs):
        results = self._model(*map(np.asarray, inputs))
        return results if isinstance(results, tuple) else (results,)


class Backend(onnx.backend.base.Backend):
    @classmethod
    def prepare(cls, model, device="CPU", **flags):
        """Compiles a ModelProto; keyword arguments are flags of qcc. Raises
        qcc.Error with the compiler's sentence."""
        if not cls.supports_device(device):
            raise ValueError(f"expected device CPU, but got {device}")
        flags.setdefault("target", "native")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "model.onnx"
            onnx.save(model, path)
            library = compile(path, path.with_suffix(".so"), **flags)
            return Representation(Model(library, threads=1))

    @classmethod
    def supports_device(cls, device):
        return device == "CPU"


prepare = Backend.prepare
run_model = Backend.run_model
supports_device = Backend.supports_device
