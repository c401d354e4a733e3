# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs integers.mlir's library on operands at which a division traps.

import sys

import numpy as np
import qcc

model = qcc.Model(sys.argv[1])
a = np.array([[7, -7, 7, -7, 0, -(2**31), 5, -3]], np.int32)
b = np.array([[2, 2, -2, 0, 3, -1, 0, -1]], np.int32)
for result in model(a, b):
    print(*result[0])
