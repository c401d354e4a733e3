# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs a compiled unsigned.mlir and prints its results.

import sys

import numpy as np
import qcc

model = qcc.Model(sys.argv[1])
a = np.array([200, 7, 255, 128], dtype=np.uint8)
b = np.array([3, 0, 255, 129], dtype=np.uint8)
x = np.array([-1.5, 200.5, 300, np.nan], dtype=np.float32)
for result in model(a, b, x):
    print(*result.astype(int))
