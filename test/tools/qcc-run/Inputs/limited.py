# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs a program on a text of 4 GB, with address space for it but not for a
# copy. Sanitizers reserve more than that: then there is nothing to see.
"""limited.py PROGRAM ARGUMENTS; the text is called large"""

import os
import resource
import subprocess
import sys

LIMIT = 6 * 10**9


def run(*command):
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_AS, (LIMIT, LIMIT)
        ),
    )


program = sys.argv[1]
if run(program, "--help").returncode == 0:
    with open("large", "wb") as file:
        file.truncate(4 * 10**9 + 1)
    done = run(*sys.argv[1:])
    os.remove("large")
    sentence = "expected enough memory for the model, but got none"
    assert done.returncode == 2, done
    assert done.stderr == f"{program}: error: {sentence}\n", done
