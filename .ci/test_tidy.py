#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Tests of tidy.py and layers.py: for each rule one text that breaks it and one
# that does not.

import pathlib
import unittest

import layers
import tidy
import tidy_sources
import tidy_tables

SPDX = "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n"
HEADER = SPDX + "//\n// Says what the file is for.\n\n"


def faults(name, text):
    """The checks of one file, as `check` names."""
    found = []
    report = tidy.Report()
    report.add = lambda path, line, check, message: found.append(check)
    tidy.check_file(pathlib.Path(name), text, {}, report)
    return sorted(set(found))


def layer_faults(name, include):
    line = f'#include "{include}"\n'
    return list(layers.check_text(pathlib.Path(name), line))


class Layers(unittest.TestCase):
    def test_lower_layers_may_be_included(self):
        self.assertFalse(layer_faults("tools/qcc/qcc.cpp", "passes/Pack/A.h"))
        self.assertFalse(layer_faults("dialects/Qcc/IR/A.cpp", "qcc/abi.h"))
        self.assertFalse(layer_faults("passes/Pack/A.cpp", "passes/Pack/B.h"))
        self.assertFalse(
            layer_faults("compiler/Driver/A.cpp", "compiler/Codegen/B.h")
        )
        self.assertFalse(layer_faults("test/unit/ATest.cpp", "tools/qcc/A.h"))

    def test_higher_layers_may_not(self):
        self.assertTrue(layer_faults("dialects/Qcc/IR/A.cpp", "passes/P/A.h"))
        self.assertTrue(layer_faults("compiler/Driver/A.cpp", "tools/qcc/A.h"))
        self.assertTrue(layer_faults("tools/qcc/A.cpp", "test/unit/A.h"))

    def test_groups_do_not_meet(self):
        self.assertTrue(layer_faults("passes/Pack/A.cpp", "passes/Lower/B.h"))
        self.assertTrue(
            layer_faults("compiler/Import/A.cpp", "compiler/Codegen/B.h")
        )

    def test_runtime_and_numbers_stand_alone(self):
        self.assertTrue(layer_faults("runtime/core/a.c", "mlir/IR/Types.h"))
        self.assertTrue(layer_faults("runtime/include/qcc/a.h", "core/a.h"))
        numerics = "dialects/Qcc/Numerics/A.cpp"
        self.assertTrue(layer_faults(numerics, "llvm/ADT/ArrayRef.h"))
        self.assertFalse(layer_faults(numerics, "dialects/Qcc/Numerics/B.h"))
        path = pathlib.Path(numerics)
        self.assertFalse(list(layers.check_text(path, "#include <cmath>\n")))

    def test_of_the_runtime_only_the_contract(self):
        target = "dialects/Qcc/Target/Target.cpp"
        self.assertFalse(layer_faults(target, "runtime/core/module.h"))
        self.assertTrue(layer_faults(target, "runtime/core/pool.h"))
        self.assertTrue(layer_faults(target, "core/module.h"))

    def test_flags_stay_in_tools(self):
        include = "llvm/Support/CommandLine.h"
        self.assertTrue(layer_faults("passes/Pack/A.cpp", include))
        self.assertFalse(layer_faults("tools/qcc/A.cpp", include))


class Text(unittest.TestCase):
    def test_a_clean_file_passes(self):
        self.assertEqual(faults("passes/P/A.cpp", HEADER + "int a;\n"), [])

    def test_blanks_tabs_width_newline(self):
        for line, check in (
            ("int a; \n", "blank"),
            ("\tint a;\n", "tab"),
            ("//" + "x" * 79 + "\n", "width"),
            ("int a;", "newline"),
        ):
            self.assertEqual(faults("passes/P/A.cpp", HEADER + line), [check])

    def test_header(self):
        self.assertEqual(faults("passes/P/A.cpp", "int a;\n"), ["spdx"])
        text = SPDX + "\nint a;\n"
        self.assertEqual(faults("passes/P/A.cpp", text), ["purpose"])

    def test_size(self):
        body = "int a;\n" * 450
        self.assertEqual(faults("passes/P/A.cpp", HEADER + body), ["size"])
        reason = HEADER.replace("Says", "One file: says")
        self.assertEqual(faults("passes/P/A.cpp", reason + body), [])
        self.assertEqual(faults("passes/P/A.cpp", reason + 2 * body), ["size"])

    def test_notes_have_owners(self):
        note = "// TO" + "DO: later\n"
        self.assertEqual(faults("passes/P/A.cpp", HEADER + note), ["todo"])
        owned = "// TO" + "DO(pack): merge\n"
        self.assertEqual(faults("passes/P/A.cpp", HEADER + owned), [])

    def test_paths_in_documents(self):
        self.assertEqual(faults("docs/a.md", "See `docs/none.md`.\n"), ["path"])
        self.assertEqual(faults("docs/a.md", "See `.ci/*.py`.\n"), [])
        self.assertEqual(faults("docs/a.md", "In `passes/<Phase>/A`.\n"), [])

    def test_names(self):
        found = []
        report = tidy.Report()
        report.add = lambda *fault: found.append(fault)
        tidy.check_names(pathlib.Path("passes/Utils/A.cpp"), report)
        tidy.check_names(pathlib.Path("passes/Pack/PackWeights.cpp"), report)
        self.assertEqual(len(found), 1)


class Code(unittest.TestCase):
    def code_faults(self, body):
        return faults("passes/P/A.cpp", HEADER + body)

    def test_function_length(self):
        for lines, expected in ((57, []), (75, ["function"])):
            body = "void f() {\n" + "  g();\n" * lines + "}\n"
            self.assertEqual(self.code_faults(body), expected)
        inside = "namespace a {\n" + "void f() {\n  g();\n}\n" * 30 + "}\n"
        self.assertEqual(self.code_faults(inside), [])

    def test_functions_are_found(self):
        text = (
            "struct A : B<C(int)> {\n  int f(int a) const {\n    return 1;\n"
            "  }\n};\nstatic const int table[] = {1, 2};\n"
            'const char *text = "}{";\nint g(int a,\n      int b) {\n'
            "  if (a) {\n    auto h = [&] { return b; };\n  }\n}\n"
        )
        found = tidy_sources.functions(text)
        self.assertEqual([f.length for f in found], [3, 6])
        self.assertEqual(found[1].depth, 1)

    def test_parameters(self):
        count = tidy_sources.count_parameters
        self.assertEqual(count("int f(A<int, B<c, d>> a, int b)"), 2)
        self.assertEqual(count("A::A(int a) : b(a, a)"), 1)
        self.assertEqual(count("int f(void)"), 0)
        body = "void f(int a, int b, int c, int d, int e, int g, int h) {}\n"
        self.assertEqual(self.code_faults(body), ["parameters"])

    def test_messages(self):
        good = 'x() { return op.emitOpError("expected rank 2, but got 3"); }\n'
        self.assertEqual(self.code_faults(good), [])
        for text in ("Expected rank 2", "expected rank 2."):
            bad = f'x() {{ return op.emitOpError("{text}"); }}\n'
            self.assertEqual(self.code_faults(bad), ["message"])

    def test_silent_failures(self):
        body = "R matchAndRewrite(A op) {\n  return failure();\n}\n"
        self.assertEqual(self.code_faults(body), ["failure"])
        dropped = "void f() {\n  (void)applyPatternsGreedily(op);\n}\n"
        self.assertEqual(self.code_faults(dropped), ["dropped"])

    def test_flags(self):
        flag = "static llvm::cl::opt<int> level;\n"
        self.assertEqual(self.code_faults(flag), ["flag"])
        self.assertEqual(faults("tools/qcc/A.cpp", HEADER + flag), [])


OP = """def Qcc_AddOp : Qcc_Op<"add", [Pure]> {
  let summary = "add two tensors";
  let description = [{
    - (C1) same shapes.
    Example: 1 + 1 = 2
  }];
  let hasVerifier = 1;
}
"""

PASS = """def PackWeights : Pass<"qcc-pack-weights"> {
  let summary = "pack weights";
  let description = [{ Needs: a. Leaves: b. }];
}
"""


class Tables(unittest.TestCase):
    def test_ops(self):
        self.assertEqual(list(tidy_tables.check_ops(OP)), [])
        for part, other in (
            ("add two", "Add two"),
            ("tensors", "tensors."),
            ("Example", "Sample"),
            ("(C1)", "(C2)"),
            ("(C1)", ""),
        ):
            broken = OP.replace(part, other)
            self.assertEqual(len(list(tidy_tables.check_ops(broken))), 1, other)

    def test_passes(self):
        path = pathlib.Path("passes/Pack/Passes.td")
        files = {
            "passes/Pack/PackWeights.cpp": "",
            "test/passes/Pack/pack-weights.mlir": "--qcc-pack-weights",
        }

        def check(text, present):
            return list(tidy_tables.check_passes(path, text, present.get))

        self.assertEqual(check(PASS, files), [])
        self.assertEqual(len(check(PASS, {})), 2)
        self.assertEqual(len(check(PASS.replace("Needs:", ""), files)), 1)
        renamed = PASS.replace("def PackWeights", "def Weights")
        self.assertTrue(check(renamed, files))

    def test_labels(self):
        def count(verifier, test):
            report = tidy.Report()
            texts = {
                pathlib.Path("dialects/Qcc/IR/A.td"): OP,
                pathlib.Path("dialects/Qcc/IR/A.cpp"): verifier,
                pathlib.Path("test/dialects/Qcc/invalid/add.mlir"): test,
            }
            tidy.check_labels(texts, report)
            return len(report.lines)

        self.assertEqual(count("// add_c1\n", "func.func @add_c1()"), 0)
        self.assertEqual(count("// add_c1\n", "func.func @add_c1_rank()"), 0)
        self.assertEqual(count("// add_c1\n", ""), 1)
        self.assertEqual(count("", "func.func @add_c1()"), 1)
        self.assertEqual(count("// add_c2\n", "func.func @add_c2()"), 1)


if __name__ == "__main__":
    unittest.main()
