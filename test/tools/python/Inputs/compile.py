# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Checks qcc.compile with a program that only writes its arguments down.

import os
import pathlib
import sys

import qcc

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
program = folder / "program"
program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$3"\n')
program.chmod(0o755)
os.environ["QCC"] = str(program)

out = folder / "model.so"
returned = qcc.compile(
    folder / "model.onnx",
    out,
    target=["avx512", "avx2"],
    precision="int8",
    save_plan="-",
    report=None,
    verbose=True,
    quiet=False,
    shape={"x": (1, 3, 8, 8), "y": (1, 4)},
    preprocess={"resize": 256, "mean": (1, 2, 3)},
)
assert returned == str(out)
assert out.read_text().split("\n") == [
    str(folder / "model.onnx"),
    "-o",
    str(out),
    "--target=avx512,avx2",
    "--precision=int8",
    "--save-plan=-",
    "--verbose",
    "--shape=x=1x3x8x8",
    "--shape=y=1x4",
    "--preprocess=resize=256,mean=1:2:3",
    "",
]

program.write_text('#!/bin/sh\necho "qcc: error: m: expected" >&2\nexit 2\n')
try:
    qcc.compile("m", out)
    raise AssertionError("no error")
except qcc.Error as error:
    assert str(error) == "qcc: error: m: expected"

os.environ["QCC"] = str(folder / "none")
try:
    qcc.compile("m", out)
    raise AssertionError("no error")
except qcc.Error as error:
    assert "No such file" in str(error)
