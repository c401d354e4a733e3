# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes some tokens at once, and the same from a state that was saved between
# them by one thread and is continued by two, with a prompt and without.
"""resume.py LIBRARY, which has no tokenizer"""

import subprocess
import sys


def run(count, threads, *flags):
    command = ["qcc-run", sys.argv[1], f"--threads={threads}", "-n", str(count)]
    return subprocess.run([*command, *flags], capture_output=True, text=True)


def write(tokens, count, threads, *flags):
    tokens = "--tokens=" + ",".join(map(str, tokens))
    done = run(count, threads, tokens, *flags)
    done.check_returncode()
    return [int(number) for number in done.stdout.split()]


prompt = [1, 259, 260]
whole = write(prompt, 40, 2)
start = write(prompt, 20, 1, "--save-session=state")
rest = write(whole[20:21], 19, 2, "--load-session=state")
assert len(set(whole)) > 4, whole
assert start + whole[20:21] + rest == whole, (whole, start, rest)

# The file names its last token, which says what comes next; one that does not
# needs a prompt.
for count in (4, 15):
    done = run(count, 2, "--load-session=state", "--save-session=state")
    done.check_returncode()
    start += [int(number) for number in done.stdout.split()]
assert start == whole[:39], (whole, start)
with open("state", "rb") as file:
    saved = file.read()
assert saved[-12:] == b"qcc.last" + whole[38].to_bytes(4, "little")
with open("state", "wb") as file:
    file.write(saved[:-12])
assert write(whole[39:], 1, 1, "--load-session=state")
done = run(4, 1, "--load-session=state")
assert done.returncode == 2 and "expected a prompt" in done.stderr, done
