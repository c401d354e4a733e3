# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Compiles damaged files: whatever is in them, qcc ends by itself, soon, with
# a library or with one line that says what was expected, and leaves nothing
# half-written behind.
#
#   mutations.py --qcc=PROGRAM [--count=200] [--seed=1] [--keep=FOLDER]
#                [--mebibytes=8192, 0 for a program with sanitizers] FILE...
#
# FILE is an .onnx, .mlir or .mlirbc model, or statistics after MODEL=. Protobuf
# is taken apart by its wire format alone, so that a number, a name or a whole
# message can change while the lengths around it stay right.

import argparse
import copy
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile

SECONDS = 10  # of processor time, which a busy machine does not stretch
WALL_SECONDS = 600
NUMBERS = [0, 1, 2, 3, 5, 7, 15, 16, 17, 63, 127, 128, 255, 256, 65535, 65536]
NUMBERS += [2**31 - 1, 2**31, 2**32, 2**40, 2**62, 2**63 - 1, 2**63, 2**64 - 1]
WORDS = [b"", b"x", b"Conv", b"Relu", b"MatMul", b"Reshape", b"axis", b"pads"]
WORDS += [b"Add", b"Resize", b"Concat", b"Slice", b"\xff\xfe", b"a" * 5000]


def read_varint(data, at):
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
    raise ValueError


def write_varint(value):
    value &= 2**64 - 1
    out = bytearray()
    while True:
        byte, value = value & 127, value >> 7
        out.append(byte | (128 if value else 0))
        if not value:
            return bytes(out)


def parse(data, depth=0):
    """[tag, value] of each field; the value of a submessage is such a list."""
    fields, at = [], 0
    while at < len(data):
        tag, at = read_varint(data, at)
        kind = tag & 7
        if tag >> 3 == 0 or tag >> 3 > 1000:
            raise ValueError
        if kind == 0:
            value, at = read_varint(data, at)
        elif kind == 2:
            size, at = read_varint(data, at)
            value, at = data[at : at + size], at + size
            if len(value) != size:
                raise ValueError
            if size > 1 and depth < 12 and size < 100000:
                try:
                    value = parse(value, depth + 1)
                except ValueError:
                    pass
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            value, at = data[at : at + size], at + size
            if len(value) != size:
                raise ValueError
        else:
            raise ValueError
        fields.append([tag, value])
    return fields


def serialize(fields):
    out = bytearray()
    for tag, value in fields:
        out += write_varint(tag)
        if isinstance(value, int):
            out += write_varint(value)
            continue
        value = serialize(value) if isinstance(value, list) else value
        if tag & 7 == 2:
            out += write_varint(len(value))
        out += value
    return bytes(out)


def lists(fields):
    yield fields
    for _, value in fields:
        if isinstance(value, list):
            yield from lists(value)


def mutate_structure(data, draw):
    tree = parse(data)
    for _ in range(draw.choice((1, 1, 2, 3))):
        found = [fields for fields in lists(tree) if fields]
        fields = draw.choice(found)
        place = draw.randrange(len(fields))
        tag, value = fields[place]
        change = draw.random()
        if change < 0.15:
            del fields[place]
        elif change < 0.3:
            again = copy.deepcopy([tag, value])
            fields.insert(draw.randrange(len(fields) + 1), again)
        elif change < 0.4:
            fields[place] = copy.deepcopy(draw.choice(draw.choice(found)))
        elif isinstance(value, int):
            near = [value + 1, value - 1, value * 2, -value, value ^ 8]
            fields[place] = [tag, draw.choice(NUMBERS + near)]
        elif isinstance(value, list):
            draw.shuffle(value)
        elif tag & 7 == 2 and len(value) < 200:
            fields[place] = [tag, draw.choice(WORDS + [value + b"1"])]
        elif value:
            fields[place] = [tag, mutate_bytes(value, draw, tag & 7 == 2)]
    return serialize(tree)


def mutate_bytes(data, draw, may_resize=True):
    data = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 4, 8))):
        # Most of a model are weights, where little can go wrong.
        end = draw.choice((len(data), min(len(data), 500)))
        place = draw.randrange(max(end, 1))
        change = draw.random()
        if change < 0.5 and data:
            data[place] ^= 1 << draw.randrange(8)
        elif change < 0.7 and data:
            data[place] = draw.choice((0, 1, 127, 128, 255))
        elif not may_resize:
            continue
        elif change < 0.85:
            del data[place : place + draw.randrange(1, 9)]
        else:
            data[place:place] = draw.randbytes(draw.randrange(1, 5))
    return bytes(data)


def mutate_text(data, draw):
    """Numbers, words and lines of text change places and sizes."""
    lines = data.split(b"\n")
    for _ in range(draw.choice((1, 1, 2, 3))):
        place = draw.randrange(len(lines))
        line = lines[place]
        digits = [i for i, byte in enumerate(line[:2000]) if 48 <= byte < 58]
        change = draw.random()
        if change < 0.6 and digits:
            at = draw.choice(digits)
            number = str(draw.choice(NUMBERS)).encode()
            lines[place] = line[:at] + number + line[at + 1 :]
        elif change < 0.7:
            del lines[place]
            lines = lines or [b""]
        elif change < 0.8:
            lines.insert(place, draw.choice(lines))
        else:
            lines[place] = mutate_bytes(line or b" ", draw)
    return b"\n".join(lines)


def mutate(data, suffix, draw):
    change = draw.random()
    if change < 0.1:
        return data[: draw.randrange(len(data))]
    if change < 0.35 or suffix == ".mlirbc":
        return mutate_bytes(data, draw)
    return (mutate_structure if suffix == ".onnx" else mutate_text)(data, draw)


def limit(mebibytes):
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    if mebibytes:
        resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def fault(command, folder, mebibytes):
    """What is wrong with a run of `command`, or None; and if it compiled."""
    before = set(os.listdir(folder))
    try:
        done = subprocess.run(
            command,
            preexec_fn=lambda: limit(mebibytes),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=WALL_SECONDS,
            cwd=folder,
        )
    except subprocess.TimeoutExpired:
        return f"still runs after {WALL_SECONDS} s", False
    text = done.stderr.decode(errors="replace").strip()
    left = set(os.listdir(folder)) - before
    for name in left:
        os.unlink(os.path.join(folder, name))
    if done.returncode == 0:
        return None, True
    if done.returncode != 2:
        return f"ended with {done.returncode}: {text[-500:]}", False
    if left:
        return f"left {sorted(left)} behind: {text[-500:]}", False
    if "qcc: error: " not in text.split("\n")[-1]:
        return f"ended without an error: {text[-500:]}", False
    return None, False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--qcc", required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mebibytes", type=int, default=8192)
    parser.add_argument("--keep")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    if arguments.keep:
        os.makedirs(arguments.keep, exist_ok=True)
    folder = tempfile.mkdtemp()
    faults = compiled = 0
    # The first runs have the files as they are, which have to compile.
    for index in range(-len(arguments.files), arguments.count):
        draw = random.Random(arguments.seed * 1000003 + index)
        name = arguments.files[index] if index < 0 else None
        name = name or draw.choice(arguments.files)
        model, _, statistics = name.rpartition("=")
        source = pathlib.Path(statistics)
        data = source.read_bytes()
        if index >= 0:
            data = mutate(data, source.suffix, draw)
        broken = os.path.join(folder, "broken" + source.suffix)
        pathlib.Path(broken).write_bytes(data)
        command = [arguments.qcc, model or broken, "--target=avx2", "-o=m.so"]
        if model:
            command += ["--precision=int8", f"--load-statistics={broken}"]
        problem, worked = fault(command, folder, arguments.mebibytes)
        if index < 0 and not worked:
            problem = problem or "expected a whole file to compile"
        compiled += worked and index >= 0
        if problem:
            faults += 1
            print(f"{name}, mutation {index}: {problem}", flush=True)
            if arguments.keep:
                kept = f"{arguments.seed}-{index}{source.suffix}"
                shutil.copy(broken, os.path.join(arguments.keep, kept))
    shutil.rmtree(folder)
    print(f"{arguments.count} files, {compiled} compiled, {faults} faults")
    return min(faults, 1)


if __name__ == "__main__":
    sys.exit(main())
