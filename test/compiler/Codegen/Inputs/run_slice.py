# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs the library of slice.mlir and checks every output.
import sys

import numpy as np
import qcc

model = qcc.Model(sys.argv[1], threads=2)
x = np.linspace(-4, 4, 3 * 64, dtype=np.float32).reshape(3, 64)
y, z = model(x)
error = np.abs(y - np.tanh(x)).max()
weights = (np.arange(256) * 7 % 256).astype(np.uint8).view(np.int8)
expected = weights.reshape(4, 16, 4).astype(np.int32).sum(axis=(0, 2))
assert error < 1e-6, error
assert z.shape == (3, 16) and (z == expected).all(), (z, expected)
print("equal")
