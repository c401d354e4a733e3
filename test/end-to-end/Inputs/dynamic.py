# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Checks dynamic.mlir, compiled with scales found at run time, against
# docs/numerics.md *dynamic* in NumPy: every bit, whatever the magnitude.

import sys

import numpy as np
import qcc

WEIGHTS = np.array([[127, -64, 33, 1], [-5, 17, 127, -90]], np.float32)
BIAS = np.array([0.25, -3.5], np.float32)


def contract(x, levels):
    """Each row has a scale of its own. Sums below 2^24 are exact in f32."""
    largest = np.maximum(np.abs(x).max(1, keepdims=True), np.float32(1e-36))
    steps = np.rint(x * (np.float32(levels) / largest))
    return (steps @ WEIGHTS.T) * (largest / np.float32(levels))


model = qcc.Model(sys.argv[1])
assert {entry["precision"] for entry in model.info["plan"]
        if entry["op"] == "qcc.linear"} == {"int8"}
rows = np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32)
rows[1] *= 1000
rows[2] = 0
for magnitude in (1, 1e-30, 77, 1e9):
    x = rows * np.float32(magnitude)
    signed, unsigned = model(x)
    expected = np.maximum(contract(x, 127) + BIAS, np.float32(-40))
    np.testing.assert_array_equal(signed, expected)
    np.testing.assert_array_equal(unsigned, contract(np.maximum(x, 0), 255))
