# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Reads C and C++ just well enough for tidy.py: blanks comments and literals,
# then follows braces to find the functions. No parser, so it errs towards
# silence: what it cannot tell apart is not reported.

import re
from dataclasses import dataclass

CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")
CONTROL = re.compile(r"\b(if|for|while|switch|do|else)\b")
TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)
MESSAGE_CALL = re.compile(
    r"\b(emitOpError|emitError|emitWarning|emitRemark|createStringError"
    r"|notifyMatchFailure)\s*\("
)
LITERAL = re.compile(r'"((?:\\.|[^"\\\n])*)"')


@dataclass
class Function:
    header: str
    line: int  # of the opening brace
    length: int
    depth: int  # of nested control flow, where it has braces
    body: str


def blank(match):
    """Spaces in place of a token, with its line breaks kept."""
    return re.sub(r"[^\n]", " ", match.group())


def strip(text):
    """The text without comments, literals and preprocessor lines."""
    text = TOKEN.sub(blank, text)
    return re.sub(r"(?m)^[ \t]*#(?:[^\n]*\\\n)*[^\n]*$", blank, text)


def is_function(header):
    before = header.split("(")[0]
    # An initializer `x = f({` and a braced argument are not functions.
    if CONTAINER.search(before) or "=" in before:
        return False
    return bool(re.search(r"\)[^=;]*$", header))


def functions(text):
    """All outermost functions with a body, in order."""
    code = strip(text)
    stack, found = [], []
    start = 0
    for match in re.finditer(r"[{};]", code):
        place = match.start()
        if match.group() == "{":
            header = code[start:place].strip()
            inside = any(kind == "function" for kind, _, _ in stack)
            kind = "block" if inside else "container"
            if not inside and is_function(header):
                kind = "function"
            if inside and CONTROL.search(header):
                kind = "control"
            stack.append((kind, place, header))
        elif match.group() == "}" and stack:
            kind, begin, header = stack.pop()
            if kind == "function":
                found.append(measure(code, begin, place, header))
        start = place + 1
    return sorted(found, key=lambda function: function.line)


def measure(code, begin, end, header):
    body = code[begin : end + 1]
    first = code.count("\n", 0, begin) + 1
    length = header.count("\n") + body.count("\n") + 1
    return Function(header, first, length, control_depth(body), body)


def control_depth(body):
    depth, deepest, stack, start = 0, 0, [], 1
    for match in re.finditer(r"[{};]", body[1:]):
        place = match.start() + 1
        if match.group() == "{":
            control = bool(CONTROL.search(body[start:place]))
            stack.append(control)
            depth += control
            deepest = max(deepest, depth)
        elif match.group() == "}" and stack:
            depth -= stack.pop()
        start = place + 1
    return deepest


def count_parameters(header):
    """Of the first parameter list; template arguments do not count."""
    while re.search(r"<[^<>()]*>", header):
        header = re.sub(r"<[^<>()]*>", "", header)
    if "(" not in header:
        return 0
    depth, commas, text = 0, 0, header[header.index("(") :]
    for position, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        commas += letter == "," and depth == 1
        if depth == 0:
            inner = text[1:position].strip()
            return commas + 1 if inner and inner != "void" else 0
    return 0


def messages(text):
    """(line, first literal, last literal) of every diagnostic call."""
    for match in MESSAGE_CALL.finditer(text):
        end = text.find(";", match.end())
        literals = LITERAL.findall(text[match.end() : end])
        if literals:
            line = text.count("\n", 0, match.start()) + 1
            yield line, literals[0], literals[-1]
