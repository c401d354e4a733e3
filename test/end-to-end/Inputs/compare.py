# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Compares what compiled libraries compute.
#
#   compare.py LIB IO.npz --decibels=60    against the arrays `out:NAME` that
#                                          the inputs `in:NAME` must give
#   compare.py LIB OTHER DATA.npz --same   two libraries, one and two threads:
#                                          equal in every bit

import argparse
import itertools
import sys

import numpy as np
import qcc


def run(model, inputs):
    outputs = model(*inputs)
    return outputs if isinstance(outputs, tuple) else (outputs,)


def decibels(reference, value):
    """Signal to noise; equal arrays have an infinite ratio."""
    reference, value = reference.astype(np.float64), value.astype(np.float64)
    noise = np.sum((reference - value) ** 2)
    signal = np.sum(reference**2)
    return 10 * np.log10(signal / noise) if noise else np.inf


def check_reference(library, path, bound):
    model, arrays = qcc.Model(library), np.load(path)
    inputs = [arrays[k] for k in arrays if k.startswith("in:")]
    references = {k: arrays[k] for k in arrays if k.startswith("out:")}
    failed = not references
    for (name, reference), value in zip(references.items(), run(model, inputs)):
        if value.shape != reference.shape:
            print(f"{name}: expected {reference.shape}, but got {value.shape}")
            failed = True
            continue
        ratio = decibels(reference, value)
        print(f"{name}: {ratio:.1f} dB")
        # A NaN compares false with everything, so ask the positive question.
        failed |= not ratio >= bound
    return failed


def check_same(first, second, path):
    models = [
        qcc.Model(library, threads=threads)
        for library, threads in itertools.product((first, second), (1, 2))
    ]
    arrays = np.load(path)
    samples = next(arrays[k] for k in arrays if k != "labels")[:8]
    for index, sample in enumerate(samples):
        given = sample[np.newaxis].astype(np.float32)
        results = [run(model, [given]) for model in models]
        for result in results[1:]:
            for expected, value in zip(results[0], result):
                if expected.tobytes() != value.tobytes():
                    print(f"sample {index}: expected equal bits")
                    return True
    return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--decibels", type=float)
    parser.add_argument("--same", action="store_true")
    arguments = parser.parse_args()
    if arguments.same:
        return check_same(*arguments.paths)
    return check_reference(*arguments.paths, arguments.decibels)


if __name__ == "__main__":
    sys.exit(main())
