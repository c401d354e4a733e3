# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Checks qcc.Model against the toy library: y = 2 x + bias, total = sum of y.

import os
import shutil
import sys
import tempfile
import threading

import numpy
import qcc

model = qcc.Model(sys.argv[1], threads=2)
x = numpy.arange(24, dtype=numpy.float32).reshape(4, 2, 3)
bias = numpy.array([10, 20, 30], numpy.float32)


def check_results(results, x):
    y, total = results
    numpy.testing.assert_array_equal(y, 2 * x + bias)
    assert total.shape == (len(x), 1)
    numpy.testing.assert_array_equal(total[:, 0], y.sum((1, 2)))


def check_error(kind, sentence, call):
    try:
        call()
    except kind as error:
        assert sentence in str(error), str(error)
        return
    raise AssertionError(f"no {kind.__name__}: {sentence}")


def test_description():
    assert [info.name for info in model.inputs] == ["x", "bias"]
    assert model.inputs[0].shape == (-1, 2, 3)
    assert model.outputs[1].dtype == numpy.float32
    assert model.targets == ["future", "baseline"]
    assert model.target == "baseline" and model.threads == 2
    assert model.info["precision"] == "f32"


def test_calls():
    check_results(model(x, bias), x)
    check_results(model(x[:1], bias=bias), x[:1])
    check_results(model(bias=bias, x=x), x)
    check_results(model(x.astype(numpy.float64), bias), x)
    check_results(model(x[::2], [10, 20, 30]), x[::2])
    check_results(model(numpy.asfortranarray(x), bias), x)
    model.threads = 3
    check_results(model(x, bias), x)
    # A later call must not touch the arrays of an earlier one.
    first = model(x, bias)
    model(x + 1, bias)
    check_results(first, x)


def test_errors():
    check_error(
        ValueError,
        "expected type f32 for input 'x', but got u8",
        lambda: model(x.astype(numpy.uint8), bias),
    )
    check_error(
        ValueError,
        "expected shape [1, 2, 3] for input 'x', but got [2, 3]",
        lambda: model(x[0], bias),
    )
    check_error(
        ValueError,
        "expected shape [3] for input 'bias', but got [2]",
        lambda: model(x, bias[:2]),
    )
    check_error(ValueError, "but got [0, 2, 3]", lambda: model(x[:0], bias))
    check_error(ValueError, "expected 2 inputs", lambda: model(x))
    check_error(ValueError, "but got 'z'", lambda: model(z=x))
    check_error(ValueError, "by position", lambda: model(x, bias, x=x))
    check_error(ValueError, "input 'bias', but got none", lambda: model(x=x))
    check_error(
        qcc.Error, "no file", lambda: qcc.Model(sys.argv[1] + ".none")
    )
    check_error(qcc.Error, "another file", lambda: qcc.Model(__file__))
    with tempfile.NamedTemporaryFile() as file:
        with open(sys.argv[1], "rb") as whole:
            file.write(whole.read(5000))
        file.flush()
        check_error(
            qcc.Error, "the beginning of one", lambda: qcc.Model(file.name)
        )
    check_error(
        qcc.Error,
        "an unknown feature for target 'future'",
        lambda: qcc.Model(sys.argv[1], target="future"),
    )


def test_looking_back():
    assert model.profile() == []
    model.profile(True)
    for _ in range(3):
        model(x[:2], bias)
    entries = model.profile(False)
    assert [entry.name for entry in entries] == ["scale", "shift", "total"]
    assert all(entry.calls == 6 for entry in entries)
    numpy.testing.assert_array_equal(model.observed("hidden"), 2 * x[1])
    check_error(KeyError, "'none'", lambda: model.observed("none"))


def test_threads():
    def use():
        for _ in range(200):
            check_results(model(x, bias), x)
        done.append(True)

    done = []
    users = [threading.Thread(target=use) for _ in range(3)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert len(done) == 3


def test_replaced_file():
    """A path that is compiled again while its old library is in use."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "m.so")
        shutil.copy(sys.argv[1], path)
        first = qcc.Model(path)
        same = qcc.Model(path)
        shutil.copy(sys.argv[1], path + ".new")
        os.replace(path + ".new", path)
        second = qcc.Model(path)
        assert same._handle._handle == first._handle._handle
        assert second._handle._handle != first._handle._handle
        check_results(first(x, bias), x)
        check_results(second(x, bias), x)


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
