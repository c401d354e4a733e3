#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Checks the direction of includes: runtime <- dialects <- passes <- compiler
# <- tools, test sees all. Reads #include lines only, so it needs no build.

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ORDER = ["runtime", "dialects", "passes", "compiler", "tools", "test"]
INCLUDE = re.compile(r'^\s*(?:#\s*include|include)\s*(["<])([^">]+)[">]')

# Inside compiler/ these do not know each other; Driver joins them.
APART = {"Import", "Pipeline", "Codegen"}
# Command line flags live in tools/, so that the layers serve as libraries.
COMMAND_LINE = "llvm/Support/CommandLine.h"
# What generated code and the runtime agree on, so the code generator reads it.
CONTRACT = "runtime/core/module.h"
# Linked statically, into language models alone.
TEXT_LIBRARIES = {"pcre2.h", "utf8proc.h"}
STANDARD = re.compile(r"^[a-z0-9_]+(\.h)?$|^sys/[a-z]+\.h$")


def owner(include):
    """The folder that an include path belongs to; MLIR, LLVM or other."""
    if include.startswith("qcc/"):
        return ["runtime", "include", "qcc"]
    return include.split("/")


def is_library(include):
    return include.startswith(("mlir/", "mlir-c/", "llvm/", "llvm-c/", "lld/"))


def judge_runtime(parts, include, style):
    if is_library(include):
        return "runtime/ is linked into every model: no LLVM, no MLIR"
    if parts[0] == "include" and parts[1] == "qcc":
        if not (STANDARD.match(include) or include.startswith("qcc/")):
            return "installed headers include C's headers and qcc/ only"
    if include.startswith("cuda") and parts[0] != "cuda":
        return "CUDA headers belong to runtime/cuda"
    if include in TEXT_LIBRARIES and parts[0] != "text":
        return "patterns and Unicode belong to runtime/text"
    if include.startswith("runtime/text/") and parts[0] != "text":
        return "text/ is for language models alone; core/ works without"
    return None


def judge_numerics(include, style):
    own = include.startswith("dialects/Qcc/Numerics/")
    if own or (style == "<" and STANDARD.match(include)):
        return None
    return "Numerics uses the standard library only"


def judge(path, include, style):
    """Why `path` must not include `include`, or None."""
    layer, *parts = path.parts
    target = owner(include)
    if target[0] == "test" and layer != "test":
        return "nothing includes test/"
    if layer == "test":
        return None
    if target[0] in ORDER and ORDER.index(target[0]) > ORDER.index(layer):
        return f"{layer}/ is below {target[0]}/: move what both need down"
    if layer == "runtime":
        return judge_runtime(parts, include, style)
    if include.startswith("core/"):
        return "spell it from the root: runtime/core/..."
    if include.startswith("runtime/") and include != CONTRACT:
        if layer in ("dialects", "passes"):
            return f"of runtime/, only the qcc/ headers and {CONTRACT}"
    if include == COMMAND_LINE and layer != "tools":
        return "flags are parsed in tools/; pass an options struct"
    if path.as_posix().startswith("dialects/Qcc/Numerics/"):
        return judge_numerics(include, style)
    if layer == "passes" and target[0] == "passes" and target[1] != parts[0]:
        return "pass groups meet in the IR only: leave a type or an attribute"
    if layer == "compiler" and target[0] == "compiler":
        here, there = parts[0], target[1]
        if here != there and here in APART and there in APART:
            return f"{here} and {there} do not know each other; use Driver"
    return None


def check_text(path, text):
    """Yields (line number, message) for one file."""
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        style, include = match.groups()
        if include.startswith(".") or "/../" in include:
            yield number, f"relative '{include}'; spell it from the root"
            continue
        reason = judge(path, include, style)
        if reason:
            yield number, f"{path.parts[0]}/ includes '{include}'; {reason}"


def source_files(root):
    for layer in ORDER[:-1]:
        for path in sorted((root / layer).rglob("*")):
            if path.suffix in (".c", ".h", ".cpp", ".td", ".inc"):
                yield path


def main():
    errors = 0
    for path in source_files(ROOT):
        name = path.relative_to(ROOT)
        for number, message in check_text(name, path.read_text()):
            print(f"{name}:{number}: error: {message}")
            errors += 1
    if errors:
        print(f"layers: {errors} errors; see docs/architecture.md")
    return min(errors, 1)


if __name__ == "__main__":
    sys.exit(main())
