#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The house rules that a machine can check. Prints one line for each fault,
# `path:line: error: what; what to do`, and fails if there is one. With --fix,
# trailing blanks and missing last newlines are repaired first.

import ast
import hashlib
import pathlib
import re
import subprocess
import sys

import tidy_sources
import tidy_tables

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Path and check of every exception, with its reason. Keep it short.
EXCEPTIONS = {
    ("LICENSE", "width"): "the licence's own text",
    ("CMakePresets.json", "width"): "JSON cannot break a string",
    ("test/compiler/Codegen/Inputs/slice.mlir", "width"):
        "the bytes of a resource are one string",
    ("runtime/text/session.c", "parameters"):
        "a function of the C interface, which hosts call by its arguments",
    ("runtime/text/session.h", "parameters"): "its declaration",
}

SOURCE = (".c", ".h", ".cpp", ".td", ".inc")
SCRIPT = (".py",)
TEXT = SOURCE + SCRIPT + (
    ".md", ".mlir", ".test", ".txt", ".cmake", ".in", ".json", "",
)
WIDTH = {".md": 100, ".mlir": 100, ".test": 100}
BAD_NAMES = re.compile(
    r"^(utils?|utility|utilities|common|misc|helpers?)$", re.IGNORECASE
)
# Names of folders that a path in the documentation may start with.
FOLDERS = "runtime|dialects|passes|compiler|tools|test|docs|cmake|\\.ci"
PATH_IN_TEXT = re.compile(rf"[`(]((?:{FOLDERS})/[\w./*-]+)[`)]")

# Lines above which a reason is asked for, and above which none helps.
SIZES = {
    ".c": (400, 700),
    ".cpp": (400, 700),
    ".h": (200, 400),
    ".td": (300, 400),
    ".mlir": (200, 400),
    ".py": (400, 400),
    "CMakeLists.txt": (60, 120),
    "README.md": (140, 140),
}
FUNCTION_LINES = (60, 70)
PARAMETERS = 6
NESTING = 5


class Report:
    def __init__(self):
        self.lines = []

    def add(self, path, line, check, message):
        if (path.as_posix(), check) not in EXCEPTIONS:
            self.lines.append(f"{path}:{line}: error: {message}")


def list_files(root):
    """What git tracks or would track."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, check=True, text=True,
    ).stdout
    paths = sorted(pathlib.Path(name) for name in listing.split("\0") if name)
    return [path for path in paths if (root / path).is_file()]


def is_text(path):
    return path.suffix in TEXT


def header_comment(lines):
    """The comment that a file begins with, its lines joined."""
    comment = []
    for line in lines:
        if not line.startswith(("//", "#", "/*", " *")):
            break
        comment.append(line.lstrip("/#* "))
    return " ".join(comment)


def check_text(path, text, report):
    lines = text.split("\n")
    if text and not text.endswith("\n"):
        report.add(path, len(lines), "newline", "no last newline; run --fix")
    width = WIDTH.get(path.suffix, 80)
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            report.add(path, number, "blank", "trailing blanks; run --fix")
        if "\t" in line:
            report.add(path, number, "tab", "a tab; indent with spaces")
        table = path.suffix == ".md" and line.startswith("|")
        if len(line) > width and not table:
            message = f"{len(line)} columns; break the line at {width}"
            report.add(path, number, "width", message)


def check_header(path, lines, report):
    """The SPDX line, and what the file is for."""
    if path.suffix not in SOURCE + SCRIPT:
        return
    start = 1 if lines[0].startswith("#!") else 0
    mark = "#" if path.suffix in SCRIPT else "//"
    spdx = f"{mark} SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
    if lines[start : start + 1] != [spdx]:
        report.add(path, start + 1, "spdx", f"no SPDX line; write '{spdx}'")
        return
    purpose = lines[start + 1 : start + 4]
    if not any(re.match(rf"{mark} ?\w", line) for line in purpose):
        message = "no purpose; say below the SPDX line what the file is for"
        report.add(path, start + 2, "purpose", message)


def check_size(path, lines, report):
    limits = SIZES.get(path.name) or SIZES.get(path.suffix)
    if not limits:
        return
    asked, refused = limits
    if path.as_posix().startswith("runtime/include/"):
        return  # the ABI is one thing by definition
    count = len(lines)
    reason = "one file" in header_comment(lines).lower()
    if count > refused or (count > asked and not reason):
        message = (
            f"{count} lines of at most {asked}; split it where a second name "
            f"suggests itself, or (up to {refused}) begin with 'One file: why'"
        )
        report.add(path, 1, "size", message)


def check_todo(path, lines, report):
    for number, line in enumerate(lines, 1):
        if re.search(r"\b(FIXME|XXX|HACK)\b", line) or (
            re.search(r"\bTODO\b", line)
            and not re.search(r"\bTODO\([\w#-]+\): \w", line)
        ):
            message = "unowned note; write TODO(name-or-issue): verb ..."
            report.add(path, number, "todo", message)


def check_functions(path, text, report):
    asked, refused = FUNCTION_LINES
    lines = text.split("\n")
    for function in tidy_sources.functions(text):
        above = function.line - 1 - function.header.count("\n")
        comment = " ".join(lines[max(0, above - 6) : above]).lower()
        reason = "one function" in comment
        count = function.length
        if count > refused or (count > asked and not reason):
            message = f"function of {count} lines; split it below {asked}"
            report.add(path, function.line, "function", message)
        parameters = tidy_sources.count_parameters(function.header)
        if parameters > PARAMETERS:
            message = f"{parameters} parameters; pass a struct"
            report.add(path, function.line, "parameters", message)
        if function.depth > NESTING:
            message = f"{function.depth} levels of nesting; leave early"
            report.add(path, function.line, "nesting", message)
        name = function.header.split("(")[0].split()[-1:]
        if name == ["matchAndRewrite"] and "return failure()" in function.body:
            message = "a silent failure(); return notifyMatchFailure with why"
            report.add(path, function.line, "failure", message)


def check_messages(path, text, report):
    for line, first, last in tidy_sources.messages(text):
        if re.match(r"[A-Z][a-z]+\b", first):
            message = f"diagnostic '{first}' starts with a capital; lower it"
            report.add(path, line, "message", message)
        if re.search(r"\w\.$", last):
            message = f"diagnostic '{last}' ends in a period; drop it"
            report.add(path, line, "message", message)


def check_code(path, text, report):
    check_functions(path, text, report)
    check_messages(path, text, report)
    in_tools = path.parts[0] == "tools"
    for number, line in enumerate(tidy_sources.strip(text).split("\n"), 1):
        if re.search(r"\bcl::(opt|list|bits)\b", line) and not in_tools:
            message = "a flag outside tools/; add a field to CompileOptions"
            report.add(path, number, "flag", message)
        if re.search(r"\(void\)\s*(apply|\w+::apply)", line):
            message = "a dropped result; report it and signalPassFailure"
            report.add(path, number, "dropped", message)


def check_python(path, text, report):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            count = node.end_lineno - node.lineno + 1
            if count > FUNCTION_LINES[0]:
                message = f"function of {count} lines; split it below 60"
                report.add(path, node.lineno, "function", message)


def check_names(path, report):
    for part in path.parts:
        if BAD_NAMES.match(part.split(".")[0]):
            message = f"'{part}' says nothing; name it after what it knows"
            report.add(path, 1, "name", message)


def check_paths_in_text(path, text, report):
    """Paths in backquotes or links; `<Phase>` marks a pattern, no path."""
    for number, line in enumerate(text.split("\n"), 1):
        for match in PATH_IN_TEXT.finditer(line):
            name = match[1].rstrip("/")
            if not any(ROOT.glob(name)):
                message = f"'{name}' does not exist; correct the text"
                report.add(path, number, "path", message)


def check_cited_pages(path, text, report):
    """Sources cite docs/<page>.md without backquotes."""
    for number, line in enumerate(text.split("\n"), 1):
        for name in re.findall(r"\bdocs/[\w-]+\.md\b", line):
            if not (ROOT / name).exists():
                message = f"'{name}' does not exist; correct the citation"
                report.add(path, number, "path", message)


def check_duplicates(files, report):
    seen = {}
    for path in files:
        content = (ROOT / path).read_bytes()
        if not content:
            report.add(path, 1, "empty", "empty file; remove it")
            continue
        first = seen.setdefault(hashlib.sha256(content).digest(), path)
        if first != path:
            message = f"same contents as {first}; keep one"
            report.add(path, 1, "duplicate", message)


def check_labels(texts, report):
    """Verifier labels against the ops that state them and their tests."""
    stated, checked, tested = set(), {}, {}
    for path, text in texts.items():
        top = path.as_posix()
        if top.startswith("dialects/") and path.suffix == ".td":
            stated.update(tidy_tables.op_labels(text))
        elif top.startswith("dialects/") and path.suffix == ".cpp":
            for line, label in tidy_tables.comment_labels(text):
                checked.setdefault(label, (path, line))
        elif top.startswith("test/dialects/") and path.suffix == ".mlir":
            for line, label in tidy_tables.test_labels(text):
                tested.setdefault(label, (path, line))
    for label, (path, line) in checked.items():
        if label not in stated:
            message = f"{label} is in no op's description; state it there"
            report.add(path, line, "label", message)
        if label not in tested:
            message = f"{label} has no test; add @{label} to test/dialects"
            report.add(path, line, "label", message)
    for label, (path, line) in tested.items():
        if label not in checked:
            message = f"no verifier is marked // {label}; mark the check"
            report.add(path, line, "label", message)


def check_registration(texts, report):
    """Every pass group is in compiler/RegisterAll.cpp, and nothing else."""
    path = pathlib.Path("compiler/RegisterAll.cpp")
    if path not in texts:
        return
    listed = set(re.findall(r'"passes/(\w+)/Passes\.h"', texts[path]))
    groups = {p.parts[1] for p in texts if p.match("passes/*/Passes.td")}
    for group in sorted(listed ^ groups):
        what = "is not registered" if group in groups else "does not exist"
        message = f"pass group {group} {what}; correct the list"
        report.add(path, 1, "registration", message)


def check_file(path, text, texts, report):
    lines = text.split("\n")[:-1] or [""]
    check_text(path, text, report)
    check_header(path, lines, report)
    check_size(path, lines, report)
    if path.suffix in SOURCE and path.suffix != ".td":
        check_code(path, text, report)
    if path.suffix in SOURCE + (".mlir",) + SCRIPT and path.parts[0] != ".ci":
        check_todo(path, lines, report)
    if path.suffix == ".py":
        check_python(path, text, report)
    if path.suffix in SOURCE:
        check_cited_pages(path, text, report)
    if path.suffix == ".md":
        check_paths_in_text(path, text, report)
    faults = []
    if path.suffix == ".td" and path.parts[0] == "dialects":
        faults = tidy_tables.check_ops(text)
    if path.name == "Passes.td":
        faults = tidy_tables.check_passes(
            path, text, lambda name: texts.get(pathlib.Path(name))
        )
    for line, message in faults:
        report.add(path, line, "table", message)


def fix(path, text):
    lines = [line.rstrip() for line in text.split("\n")]
    fixed = "\n".join(lines).rstrip("\n") + "\n" if text else text
    if fixed != text:
        (ROOT / path).write_text(fixed)
    return fixed


def main(arguments):
    report = Report()
    files = list_files(ROOT)
    texts = {p: (ROOT / p).read_text() for p in files if is_text(p)}
    if "--fix" in arguments:
        texts = {path: fix(path, text) for path, text in texts.items()}
    for path in files:
        check_names(path, report)
    check_duplicates(files, report)
    for path, text in texts.items():
        check_file(path, text, texts, report)
    check_labels(texts, report)
    check_registration(texts, report)
    print(*report.lines, sep="\n", end="\n" if report.lines else "")
    if report.lines:
        count = len(report.lines)
        print(f"tidy: {count} errors; 'tools/dev format' repairs blanks")
    return 1 if report.lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
