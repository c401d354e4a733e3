# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes some tokens at once, and the same from a state that was saved between
# them by one thread and is continued by two.
"""resume.py LIBRARY"""

import subprocess
import sys


def write(tokens, count, threads, *flags):
    command = ["qcc-run", sys.argv[1], f"--threads={threads}", "-n", str(count)]
    command.append("--tokens=" + ",".join(map(str, tokens)))
    run = subprocess.run(
        [*command, *flags], check=True, capture_output=True, text=True
    )
    return [int(number) for number in run.stdout.split()]


prompt = [1, 259, 260]
whole = write(prompt, 40, 2)
start = write(prompt, 20, 1, "--save-session=state")
rest = write(whole[20:21], 19, 2, "--load-session=state")
assert len(set(whole)) > 4, whole
assert start + whole[20:21] + rest == whole, (whole, start, rest)
