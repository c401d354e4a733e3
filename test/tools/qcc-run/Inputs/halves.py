# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Checks that a line of ids begins with those of another line.

import sys

long, short = (open(path).read().split() for path in sys.argv[1:])
assert 0 < len(short) <= len(long) and long[: len(short)] == short
print(*long[len(short) :])
