# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# One model with an output for each linalg op that has an order of dimensions
# of its own, against the definition: loops over the indexing maps.
#
#   linalg_ops.py write MODEL.mlir    linalg_ops.py check LIB

import itertools
import sys

import numpy as np

WINDOW = (
    "dilations = dense<{d}> : vector<{n}xi64>, "
    "strides = dense<{s}> : vector<{n}xi64>"
)

# Name; loops with their sizes, reduced ones in capitals; indices of the image,
# of the filter and of the result; pixels are stride * p + dilation * T.
CONVOLUTIONS = """
conv_2d_nhwc_hwcf;n1 y3 x4 o5 Y2 X3 C2;n y:Y x:X C;Y X C o;n y x o
conv_2d_nhwc_fhwc;n1 y3 x4 o5 Y2 X3 C2;n y:Y x:X C;o Y X C;n y x o
conv_2d_nchw_fchw;n1 o5 y3 x4 C2 Y2 X3;n C y:Y x:X;o C Y X;n o y x
conv_2d_ngchw_fgchw;n1 g2 o3 y3 x4 C2 Y2 X3;n g C y:Y x:X;o g C Y X;n g o y x
conv_2d_ngchw_gfchw;n1 g2 o3 y3 x4 C2 Y2 X3;n g C y:Y x:X;g o C Y X;n g o y x
conv_2d_nhwgc_gfhwc;n1 y3 x4 g2 o3 Y2 X3 C2;n y:Y x:X g C;g o Y X C;n y x g o
depthwise_conv_2d_nhwc_hwc;n1 y3 x4 c5 Y2 X3;n y:Y x:X c;Y X c;n y x c
depthwise_conv_2d_nchw_chw;n1 y3 x4 c5 Y2 X3;n c y:Y x:X;c Y X;n c y x
depthwise_conv_2d_nhwc_hwcm;n1 y3 x4 c5 m2 Y2 X3;n y:Y x:X c;Y X c m;n y x c m
conv_1d_nwc_wcf;n1 x4 o5 X3 C2;n x:X C;X C o;n x o
conv_1d_ncw_fcw;n1 o5 x4 C2 X3;n C x:X;o C X;n o x
"""
POOLS = """
pooling_nhwc_sum;n1 y3 x4 c5 Y2 X3;n y:Y x:X c;Y X;n y x c
pooling_nchw_sum;n1 c5 y3 x4 Y2 X3;n c y:Y x:X;Y X;n c y x
pooling_nhwc_max;n1 y3 x4 c5 Y2 X3;n y:Y x:X c;Y X;n y x c
pooling_nchw_max;n1 c5 y3 x4 Y2 X3;n c y:Y x:X;Y X;n c y x
pooling_nhwc_min;n1 y3 x4 c5 Y2 X3;n y:Y x:X c;Y X;n y x c
pooling_nwc_max;n1 x4 c5 X3;n x:X c;X;n x c
"""
PRODUCTS = """
matmul;m3 n4 K5;m K;K n;m n
batch_matmul;b2 m3 n4 K5;b m K;b K n;b m n
matvec;m3 K5;m K;K;m
vecmat;n4 K5;K;K n;n
batch_matvec;b2 m3 K5;b m K;b K;b m
generic;m3 n4 K5 L2;K m L;n L K;n m
generic;b2 m3 n4 K5;m b K;n K b;n b m
generic;b2 m3 K5;K;m K b;b m
"""
STRIDES, DILATIONS = {"y": 2, "x": 1}, {"Y": 1, "X": 2}


class Case:
    def __init__(self, number, name, loops, image, weight, result):
        self.number, self.name = number, name
        self.sizes = {loop[0]: int(loop[1:]) for loop in loops.split()}
        self.image, self.weight = image.split(), weight.split()
        self.result = result.split()
        draw = np.random.default_rng(number)

        def make(indices):
            shape = [self.span(index) for index in indices]
            return draw.integers(-8, 9, shape).astype(np.float32) / 8

        self.x, self.w = make(self.image), make(self.weight)

    def span(self, index):
        if ":" not in index:
            return self.sizes[index]
        pixel, tap = index.split(":")
        last = (self.sizes[pixel] - 1) * STRIDES[pixel]
        return last + (self.sizes[tap] - 1) * DILATIONS[tap] + 1

    def compute(self):
        kind = self.name.rsplit("_", 1)[-1]
        start = {"max": -np.inf, "min": np.inf}.get(kind, 0.0)
        y = np.full([self.sizes[loop] for loop in self.result], start)
        for step in itertools.product(*map(range, self.sizes.values())):
            at = dict(zip(self.sizes, step))

            def place(index):
                pixel, _, tap = index.partition(":")
                if not tap:
                    return at[index]
                return at[pixel] * STRIDES[pixel] + at[tap] * DILATIONS[tap]

            x = self.x[tuple(map(place, self.image))]
            to = tuple(map(place, self.result))
            if kind in ("max", "min"):
                y[to] = max(y[to], x) if kind == "max" else min(y[to], x)
            elif kind == "sum":
                y[to] += x
            else:
                y[to] += x * self.w[tuple(map(place, self.weight))]
        return y

    def attributes(self):
        axes = [i.split(":") for i in self.image if ":" in i]
        if not axes:
            return ""
        steps = ", ".join(str(STRIDES[pixel]) for pixel, _ in axes)
        taps = ", ".join(str(DILATIONS[tap]) for _, tap in axes)
        window = WINDOW.format(n=len(axes), s=f"[{steps}]", d=f"[{taps}]")
        return "{" + window + "}"

    def print(self):
        n, kind = self.number, self.name.rsplit("_", 1)[-1]
        start = {"max": "0xFF800000", "min": "0x7F800000"}.get(kind, "0.0")
        x, w, y = tensor(self.x.shape), tensor(self.w.shape), self.result_type()
        lines = [f"%i{n} = arith.constant dense<{start}> : {y}"]
        if kind in ("sum", "max", "min"):
            lines.append(f"%w{n} = tensor.empty() : {w}")
        else:
            data = self.w.tobytes().hex().upper()
            lines.append(f'%w{n} = arith.constant dense<"0x{data}"> : {w}')
        operands = f"ins(%x{n}, %w{n} : {x}, {w}) outs(%i{n} : {y})"
        if self.name != "generic":
            name = f"linalg.{self.name} {self.attributes()}"
            return lines + [f"%y{n} = {name} {operands} -> {y}"]
        maps = ", ".join(
            f"affine_map<({', '.join(self.sizes)}) -> ({', '.join(indices)})>"
            for indices in (self.image, self.weight, self.result)
        )
        types = ", ".join(
            '"reduction"' if loop.isupper() else '"parallel"'
            for loop in self.sizes
        )
        lines += [
            f"%y{n} = linalg.generic {{indexing_maps = [{maps}], "
            f"iterator_types = [{types}]}} {operands} {{",
            "^bb0(%a: f32, %b: f32, %s: f32):",
            "  %p = arith.mulf %a, %b : f32",
            "  %t = arith.addf %s, %p : f32",
            "  linalg.yield %t : f32",
            f"}} -> {y}",
        ]
        return lines


    def result_type(self):
        return tensor([self.sizes[loop] for loop in self.result])


def tensor(shape):
    return "tensor<" + "".join(f"{size}x" for size in shape) + "f32>"


CASES = [
    Case(number, *line.split(";"))
    for number, line in enumerate(
        (CONVOLUTIONS + POOLS + PRODUCTS).split("\n")
    )
    if line
]


def write(path):
    inputs = ", ".join(f"%x{c.number}: {tensor(c.x.shape)}" for c in CASES)
    types = ", ".join(case.result_type() for case in CASES)
    names = ", ".join(f"%y{c.number}" for c in CASES)
    lines = [f"func.func @main({inputs}) -> ({types}) {{"]
    for case in CASES:
        lines += ["  " + line for line in case.print()]
    lines += [f"  return {names} : {types}", "}", ""]
    with open(path, "w") as file:
        file.write("\n".join(lines))


def check(library):
    import qcc

    results = qcc.Model(library)(*[case.x for case in CASES])
    failed = 0
    for case, result in zip(CASES, results):
        # Eighths of small integers: sums are exact in f32.
        if not np.array_equal(result, case.compute().astype(np.float32)):
            print(f"{case.name} (number {case.number}) differs")
            failed = 1
    print(f"{len(CASES)} ops")
    return failed


if __name__ == "__main__":
    command = write if sys.argv[1] == "write" else check
    sys.exit(command(sys.argv[2]))
