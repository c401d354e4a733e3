#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Prints, for each kernel in assembly from standard input, what its innermost
# loops do: how many instructions move or compute single elements, and how many
# whole registers.

import re
import sys

from hot_loop import find_loops, is_innermost

SCALAR = re.compile(
    r"\s+(v\w+(ss|sd)|vpinsr\w|vpextr\w|vmov[dq]|i?div[lq]|callq)\s"
    r"|\s+mov([bwlq]|[zs][bw]\w*)?\s.*\(%"
)
VECTOR = re.compile(r"\s+v.*%[xyz]mm")


def main():
    for function in re.split(r"\n(?=\w+_task:)", sys.stdin.read())[1:]:
        lines = function.split("\n")
        loops = find_loops(lines)
        body = [
            line
            for first, last in sorted(loops)
            if is_innermost((first, last), loops)
            for line in lines[first : last + 1]
        ]
        scalars = [line for line in body if SCALAR.match(line)]
        vectors = [line for line in body if VECTOR.match(line)]
        name = re.sub(r"_avx\w+?_\d+_task:.*", "", lines[0])
        count = len(set(vectors) - set(scalars))
        print(f"{name}: scalars {len(scalars)}, vectors {count}")


if __name__ == "__main__":
    main()
