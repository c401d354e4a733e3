# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# qcc.compile: the qcc program with keyword arguments for flags.

import os
import pathlib
import shutil
import subprocess
import sys

from ._model import Error


def find_program(name="qcc"):
    """$QCC, then build/bin of the tree this package lies in, then PATH."""
    if name == "qcc" and os.environ.get("QCC"):
        return os.environ["QCC"]
    for parent in pathlib.Path(__file__).resolve().parents:
        for folder in ("build/bin", "bin"):
            program = parent / folder / name
            if program.is_file() and os.access(program, os.X_OK):
                return str(program)
    program = shutil.which(name)
    if program is None:
        raise Error(
            f"expected the {name} program in $QCC, build/bin or PATH, but got "
            "none"
        )
    return program


def _print_value(value):
    """(1, 3, 224, 224) after `shape=`: 1x3x224x224; lists: with commas."""
    if isinstance(value, dict):
        return ",".join(f"{k}={_print_part(v)}" for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return ",".join(_print_value(item) for item in value)
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def _print_part(value):
    """An item of --preprocess: three means are joined by colons."""
    if isinstance(value, (list, tuple)):
        return ":".join(str(item) for item in value)
    return str(value)


def to_flags(options):
    """max_loss=1 -> --max-loss=1, x=True -> --x, x=None or False -> none."""
    flags = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            flags.append(flag)
        elif name == "shape" and isinstance(value, dict):
            for tensor, sizes in value.items():
                flags.append(f"{flag}={tensor}={'x'.join(map(str, sizes))}")
        elif name == "shape" and isinstance(value, (list, tuple)):
            flags += [f"{flag}={item}" for item in value]
        else:
            flags.append(f"{flag}={_print_value(value)}")
    return flags


def compile(model, out, **options):
    """Compiles `model` to the library `out` and returns the path of it.

    Keyword arguments are flags of the qcc program: target="avx512",
    precision="int8", calibrate="images/", shape={"x": (1, 3, 224, 224)}.
    Raises qcc.Error with the compiler's sentence. Remarks go to stderr.
    """
    command = [find_program(), os.fspath(model), "-o", os.fspath(out)]
    command += to_flags(options)
    try:
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        raise Error(f"{command[0]}: {error.strerror}") from None
    if done.returncode != 0:
        sentence = done.stderr.strip() or f"qcc returned {done.returncode}"
        raise Error(sentence)
    sys.stderr.write(done.stderr)
    return os.fspath(out)
