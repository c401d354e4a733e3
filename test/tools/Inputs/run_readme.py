#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs the session at the top of the README, in a folder that looks like the
# source tree after `tools/dev build`. Arguments: README, source root, build
# folder, folder to work in.

import pathlib
import subprocess
import sys


def make_tree(work, source, build):
    (work / "build/venv/bin").mkdir(parents=True)
    (work / "build/bin").symlink_to(build / "bin")
    (work / "tools").symlink_to(source / "tools")
    # A link would hide from Python where its packages are.
    python = work / "build/venv/bin/python3"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)


def main():
    readme, source, build, work = map(pathlib.Path, sys.argv[1:])
    lines = readme.read_text().split("\n")
    session = [line[6:] for line in lines if line.startswith("    $ ")]
    make_tree(work, source, build)
    print(len(session), "commands", flush=True)
    # Traced, so that a failure shows its command.
    subprocess.run(
        ["sh", "-exc", "\n".join(session)], cwd=work, check=True
    )


if __name__ == "__main__":
    main()
