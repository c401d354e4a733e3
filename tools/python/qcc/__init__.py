# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The package's face: what users import.
"""Runs libraries compiled by qcc, and runs the compiler.

    import qcc
    qcc.compile("model.onnx", "model.so", target="native")
    model = qcc.Model("model.so", threads=2)
    y = model(x)

    lm = qcc.LanguageModel("llama.so", threads=2)
    print(lm.generate("Once upon a time", max_tokens=64))
"""

from ._compile import compile
from ._language import LanguageModel
from ._model import Error, Model, ProfileEntry, TensorInfo

__all__ = [
    "Error",
    "LanguageModel",
    "Model",
    "ProfileEntry",
    "TensorInfo",
    "compile",
]
