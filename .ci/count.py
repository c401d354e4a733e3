#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Prints "PASSED FAILED SKIPPED" of a JUnit report, case by case: the totals
# that ctest and lit write in its header do not count alike.

import sys
import xml.etree.ElementTree


def count(path):
    passed = failed = skipped = 0
    tree = xml.etree.ElementTree.parse(path)
    for case in tree.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif (skip := case.find("skipped")) is not None:
            # ctest calls a test whose program was never built skipped.
            unbuilt = "Unable to find executable" in skip.get("message", "")
            failed += unbuilt
            skipped += not unbuilt
        elif case.get("status") in ("notrun", "disabled"):
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


if __name__ == "__main__":
    try:
        print(*count(sys.argv[1]))
    except (OSError, xml.etree.ElementTree.ParseError) as error:
        sys.exit(f"{sys.argv[1]}: error: {error}; the runner wrote no report")
