# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes the arrays that the qcc-run tests feed to the toy library.

import pathlib
import sys

import numpy

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
x = numpy.arange(12, dtype=numpy.float32).reshape(2, 2, 3)
bias = numpy.array([10, 20, 30], numpy.float32)
numpy.save(folder / "x.npy", x)
numpy.save(folder / "x64.npy", x[:1].astype(numpy.float64))
numpy.savez(folder / "b.npz", bias=bias, other=bias)
numpy.savez(folder / "others.npz", first=bias, second=bias)
numpy.save(folder / "turned.npy", x[:1].reshape(1, 3, 2))
numpy.save(folder / "complex.npy", x.astype(numpy.complex64))
(folder / "labels.txt").write_text("cat\ndog\nbird\n")
