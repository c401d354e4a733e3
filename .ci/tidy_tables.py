# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What tidy.py asks of TableGen files: ops and passes that document themselves,
# and that have the source and the test which their name promises.

import re

OP = re.compile(r'(?m)^def\s+Qcc_(\w+)Op\s*:\s*Qcc_\w+<"([a-z0-9_]+)"')
PASS = re.compile(
    r'(?m)^def\s+(\w+)\s*:\s*(?:Pass|InterfacePass|\w+Pass)<\s*"([^"]+)"'
)
LABEL = re.compile(r"\(C(\d+)\)")
VERIFIER_LABEL = re.compile(r"\b([a-z]\w*)_c(\d+)\b")


def definitions(pattern, text):
    """(line, match, body) of each def; it ends at the next one."""
    found = list(pattern.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    for match, end in zip(found, ends):
        line = text.count("\n", 0, match.start()) + 1
        yield line, match, text[match.start() : end]


def summary_fault(body):
    match = re.search(r'let summary =\s*"([^"]*)"', body)
    if not match:
        return "no summary; add one, a verb first"
    if re.match(r"[A-Z][a-z]", match[1]) or match[1].endswith("."):
        return "summary with a capital or a period; write a lower-case phrase"
    return None


def check_ops(text):
    """Yields (line, message) for the ops of one file."""
    for line, match, body in definitions(OP, text):
        name = f"qcc.{match[2]}"
        if fault := summary_fault(body):
            yield line, f"{name} has {fault}"
        if "let description" not in body:
            yield line, f"{name} has no description; say what it computes"
            continue
        if "Example" not in body:
            yield line, f"{name} has no example; show one that can be checked"
        labels = [int(n) for n in LABEL.findall(body)]
        if labels != list(range(1, len(labels) + 1)):
            yield line, f"{name} has labels {labels}; number them from 1"
        if "hasVerifier = 1" in body and not labels:
            yield line, f"{name} has a verifier but no (C1); state it"


def op_labels(text):
    """The labels that the ops of one file state, as `conv_c1`."""
    for _, match, body in definitions(OP, text):
        for number in LABEL.findall(body):
            yield f"{match[2]}_c{number}"


def camel(flag):
    return "".join(word.capitalize() for word in flag.split("-")[1:])


def check_passes(path, text, read):
    """Yields (line, message); `read(path)` is a file's text or None."""
    folder = path.parent.as_posix()
    for line, match, body in definitions(PASS, text):
        name, flag = match.groups()
        if fault := summary_fault(body):
            yield line, f"{flag} has {fault}"
        for part in ("let description", "Needs:", "Leaves:"):
            if part not in body:
                yield line, f"{flag} has no '{part}'; add it"
        if not flag.startswith("qcc-") or camel(flag) != name:
            yield line, f"{flag} is defined as {name}; name it {camel(flag)}"
        source = f"{folder}/{name}.cpp"
        if read(source) is None:
            yield line, f"{flag} has no {source}; one pass, one file"
        test = f"test/{folder}/{flag.removeprefix('qcc-')}.mlir"
        test_text = read(test)
        if test_text is None:
            yield line, f"{flag} has no test; write {test}"
        elif not re.search(rf"{flag}\b", test_text):
            yield line, f"{test} does not run {flag}; add a RUN line"


def comment_labels(text):
    """(line, label) of verifier labels, which stand in // comments."""
    for number, line in enumerate(text.splitlines(), 1):
        _, slashes, comment = line.partition("//")
        for match in VERIFIER_LABEL.finditer(comment if slashes else ""):
            yield number, match.group()


def test_labels(text):
    """(line, label) of functions named after a label."""
    for number, line in enumerate(text.splitlines(), 1):
        # A suffix tells several tests of one label apart: @conv_c2_groups.
        for match in re.finditer(r"@([a-z]\w*?_c\d+)(?:_\w+)?\b", line):
            yield number, match[1]
