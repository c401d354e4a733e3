# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs a command that must print one line of error, no output, and return 2.

import subprocess
import sys

done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
print(done.stderr, end="")
lines = [line for line in done.stderr.splitlines() if "remark:" not in line]
if (done.returncode, done.stdout, len(lines)) != (2, "", 1):
    print(f"expected one line and 2, but got {done}")
    sys.exit(1)
