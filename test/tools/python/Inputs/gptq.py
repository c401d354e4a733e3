# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Compares logits of a library with those of another one, of a run of all tokens
# and of runs of one.
"""gptq.py CODES.so FLOATS.so TOLERANCE, a part of the logits' deviation."""

import sys

import numpy
import qcc

codes, floats = (qcc.LanguageModel(path, threads=2) for path in sys.argv[1:3])
ids = [(7 * i + 3) % 100 for i in range(24)]
got, expected = codes.logits(ids), floats.logits(ids)
error = abs(got - expected).max() / expected.std()
assert error <= float(sys.argv[3]), error
one = numpy.concatenate([codes.logits(ids[: n + 1])[-1:] for n in (0, 11, 23)])
error = abs(one - expected[[0, 11, 23]]).max() / expected.std()
assert error <= float(sys.argv[3]), error
