# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes calibration files that no model accepts, for the demo's input
# `image` [1, 3, 32, 32]: bad_samples.py FOLDER

import pathlib
import sys

import numpy as np


def main(folder):
    folder = pathlib.Path(folder)
    good = np.ones((4, 3, 32, 32), np.float32)
    nan = good.copy()
    nan[2, 1, 5, 5] = np.nan
    infinite = good.copy()
    infinite[3, 0, 0, 0] = np.inf
    files = {
        "nan": {"image": nan},
        "infinite": {"image": infinite},
        "empty": {"image": good[:0]},
        "shape": {"image": good[:, :, :31]},
        "name": {"picture": good},
        "type": {"image": good.astype(np.complex64)},
    }
    for name, arrays in files.items():
        np.savez(folder / f"{name}.npz", **arrays)
    whole = (folder / "nan.npz").read_bytes()
    (folder / "cut.npz").write_bytes(whole[: len(whole) // 2])


if __name__ == "__main__":
    main(*sys.argv[1:])
