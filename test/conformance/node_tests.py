#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs ONNX's node tests through qcc.backend.
"""Runs the node tests of the onnx package through qcc's backend.

    node_tests.py [--update] [NAME...]

Each test must pass unless unsupported.txt lists it, with what qcc says of it;
a listed test that passes fails the run too, so that the list stays true.
--update writes the list and docs/conformance.md anew. Exit code 77: the onnx
package is missing.
"""

import argparse
import collections
import concurrent.futures
import itertools
import multiprocessing
import os
import pathlib
import re
import signal
import sys
import warnings

FOLDER = pathlib.Path(__file__).resolve().parent
LIST = FOLDER / "unsupported.txt"
TABLE = FOLDER.parents[1] / "docs" / "conformance.md"
SECONDS_A_TEST = 120
# Forking costs as much as a small test.
TESTS_A_CHILD = 16

cases = {}


def load_cases():
    """The tests are computed by the package: the same for every version."""
    from onnx.backend.test.loader import load_model_tests

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {case.name: case for case in load_model_tests(kind="node")}


def compare(case, expected, results):
    import numpy as np

    for want, got in zip(expected, results, strict=True):
        want = np.asarray(want)
        if want.shape != got.shape or want.dtype != got.dtype:
            raise AssertionError(
                f"expected {want.dtype} {want.shape}, "
                f"but got {got.dtype} {got.shape}"
            )
        rtol = case.rtol
        if want.dtype.name == "bfloat16":
            # One unit: qcc computes in f32 and rounds once.
            want, got, rtol = want.astype("f4"), got.astype("f4"), 2**-7
        if want.dtype.kind == "f":
            np.testing.assert_allclose(got, want, rtol, case.atol)
        else:
            np.testing.assert_array_equal(got, want)


def to_arrays(values):
    """Some tests hold their data as it is in files."""
    import onnx

    return [
        onnx.numpy_helper.to_array(value)
        if isinstance(value, onnx.TensorProto)
        else value
        for value in values
    ]


def drop_filling(case, results):
    """NonMaxSuppression gives rows of -1 for boxes that it does not choose."""
    if case.model.graph.node[-1].op_type == "NonMaxSuppression":
        return [rows[rows[:, 0] >= 0] for rows in results]
    return results


def shorten(sentence):
    """qcc's sentence without the names of files, nodes and values."""
    sentence = sentence.removeprefix("qcc: error: ")
    sentence = re.sub(r"\S*model\.onnx: ", "", sentence)
    sentence = re.sub(r"^node '[^']*' \((\w+)\)", r"\1", sentence)
    sentence = re.sub(r"^\S+: '(qcc\.\w+)' op", r"\1", sentence)
    return re.sub(r" \('[^)]*'\)", "", sentence)


def check(case):
    """"" or why the test fails."""
    import qcc.backend

    try:
        # The same code everywhere, so that the list holds on every machine.
        model = qcc.backend.prepare(case.model, target="avx2")
        for inputs, outputs in case.data_sets:
            results = drop_filling(case, model.run(to_arrays(inputs)))
            compare(case, to_arrays(outputs), results)
    except AssertionError as error:
        return "wrong: " + " ".join(str(error).split())[:80]
    except Exception as error:
        return shorten(str(error).splitlines()[0])
    return ""


def run_in_child(names):
    """The results of `names` in order, up to one that ends the process."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # remarks
        for name in names:
            signal.alarm(SECONDS_A_TEST)
            os.write(writer, (check(cases[name]) + "\n").encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        reasons = pipe.read().decode().splitlines()
    _, status = os.waitpid(child, 0)
    if status:
        reasons.append(f"ended by signal {os.WTERMSIG(status)}")
    return reasons


def run(names):
    """check() of several tests away from this process: a crash is a result."""
    reasons = []
    while len(reasons) < len(names):
        reasons += run_in_child(names[len(reasons) :])
    return list(zip(names, reasons, strict=True))


def run_all(names):
    context = multiprocessing.get_context("fork")
    starts = range(0, len(names), TESTS_A_CHILD)
    chunks = [names[i : i + TESTS_A_CHILD] for i in starts]
    with concurrent.futures.ProcessPoolExecutor(
        os.cpu_count(), mp_context=context
    ) as pool:
        return dict(itertools.chain.from_iterable(pool.map(run, chunks)))


def read_list():
    """The names: lines that begin with two blanks, below their reasons."""
    lines = LIST.read_text().splitlines() if LIST.exists() else []
    return {line.strip() for line in lines if line.startswith("  ")}


def write_results(results):
    failed = collections.defaultdict(list)
    for name, why in sorted(results.items()):
        if why:
            failed[why[:78].rstrip()].append(name)
    text = (
        "# Node tests of ONNX that qcc does not pass, below the reason;\n"
        "# written by node_tests.py --update.\n"
    )
    for why, names in sorted(failed.items()):
        text += why + "\n" + "".join(f"  {name}\n" for name in names)
    LIST.write_text(text)
    counts = collections.defaultdict(lambda: [0, 0])
    for name, why in results.items():
        for op in {node.op_type for node in cases[name].model.graph.node}:
            counts[op][0] += not why
            counts[op][1] += 1
    passed = sum(not why for why in results.values())
    rows = [
        f"| {op} | {good} | {tests} |"
        for op, (good, tests) in sorted(counts.items())
    ]
    TABLE.write_text(
        "# Conformance\n\n"
        "Node tests of ONNX that pass, by the ops in them, as\n"
        "`test/conformance/node_tests.py --update` found them;\n"
        "`test/conformance/unsupported.txt` has the reasons of the others.\n"
        "Inputs that a compiler has to know (axes, sizes, pads, scales and\n"
        "the like) are given to it when a test runs, as `qcc.backend` says;\n"
        "NonMaxSuppression may give rows of -1 behind the boxes it chooses;\n"
        "bf16 results, which qcc rounds once, may differ by one unit.\n\n"
        f"{passed} of {len(results)} pass.\n\n"
        "| op | pass | tests |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def report(results):
    """The number of tests that behave otherwise than the list says."""
    known, surprises = read_list(), 0
    for name, why in results.items():
        if why and name not in known:
            print(f"FAIL: {name}: {why}")
        elif not why and name in known:
            print(f"FAIL: {name}: expected a failure, but got a pass; --update")
        else:
            continue
        surprises += 1
    passed = sum(not why for why in results.values())
    print(f"{passed} of {len(results)} node tests pass, {surprises} surprises")
    return surprises


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--update", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    sys.path.insert(0, str(FOLDER.parents[1] / "tools" / "python"))
    try:
        cases.update(load_cases())
    except ImportError as error:
        print(f"skipped: {error}")
        return 77
    results = run_all(options.names or list(cases))
    if options.update:
        write_results(results)
    return 1 if report(results) else 0


if __name__ == "__main__":
    sys.exit(main())
