# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Data for the toy library (x [batch, 2, 3] and bias [3]): samples.py FOLDER

import pathlib
import sys

import numpy as np


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    x = np.arange(24, dtype=np.float32).reshape(4, 2, 3)
    bias = np.ones((4, 3), np.float32)
    bad = x.copy()
    bad[2, 1, 0] = np.nan
    np.savez(folder / "good.npz", x=x, bias=bias)
    np.savez(folder / "nan.npz", x=bad, bias=bias)
    np.savez(folder / "missing.npz", x=x)
    np.savez(folder / "labels.npz", x=x, bias=bias, labels=np.arange(4))
    (folder / "model.onnx").write_text("no model")


if __name__ == "__main__":
    main(*sys.argv[1:])
