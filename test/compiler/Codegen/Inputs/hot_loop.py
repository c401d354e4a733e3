#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Finds, in assembly from standard input, the innermost loop with the most
# instructions of the name that is its argument, and prints what it consists
# of. A vector stored to the stack was spilled; one that is only loaded from it
# was constant in the loop, and costs what any load costs.

import re
import sys

LABEL = re.compile(r"^(\.L\w+):")
JUMP = re.compile(r"^\s+j\w+\s+(\.L\w+)")
NAME = re.compile(r"^\s+(?:\{\w+\}\s+)?([a-z]\w*)")
STACK_LOAD = re.compile(r"\sv\w+\s.*\(%rsp[^)]*\),")
STACK_STORE = re.compile(r"\sv\w+\s.*\(%rsp[^)]*\)$")


def find_loops(lines):
    """(first, last) of each run of lines from a label to a jump back to it."""
    places, loops = {}, []
    for number, line in enumerate(lines):
        if label := LABEL.match(line):
            places[label[1]] = number
        elif jump := JUMP.match(line):
            if jump[1] in places:
                loops.append((places[jump[1]], number))
    return loops


def is_innermost(loop, loops):
    first, last = loop
    return not any(
        first <= a and b <= last for a, b in loops if (a, b) != loop
    )


def count_bunched(names):
    """The most prefetches that follow each other."""
    longest = run = 0
    for name in names:
        run = run + 1 if name.startswith("prefetch") else 0
        longest = max(longest, run)
    return longest


def main():
    wanted = sys.argv[1]
    lines = sys.stdin.read().split("\n")
    loops = find_loops(lines)
    best, best_names, count = [], [], 0
    for first, last in loops:
        body = [line for line in lines[first : last + 1] if NAME.match(line)]
        names = [NAME.match(line)[1] for line in body]
        if is_innermost((first, last), loops) and names.count(wanted) > count:
            best, best_names, count = body, names, names.count(wanted)
    if not best:
        sys.exit(f"hot_loop: error: expected {wanted} in a loop, but got none")
    text = "".join(best)
    kinds = [kind for kind in ("xmm", "ymm", "zmm") if kind in text]
    print(wanted, count, "of", len(best))
    print("registers", *kinds)
    print("calls", sum("\tcallq" in line for line in best))
    print("stack loads", sum(bool(STACK_LOAD.search(line)) for line in best))
    print("stack stores", sum(bool(STACK_STORE.search(line)) for line in best))
    for name in sorted(set(best_names)):
        if name.startswith(("vpdpbusd", "vpmaddubsw")):
            print(name, best_names.count(name))
    print("prefetches together", count_bunched(best_names))


if __name__ == "__main__":
    main()
