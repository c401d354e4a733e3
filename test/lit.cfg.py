# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# How lit finds and runs the .mlir tests. Programs are found through PATH: ours
# first, then LLVM's FileCheck, not and split-file.

import os
import subprocess

import lit.formats

config.name = "qcc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "unit", "numerics", "benchmark", "fuzz"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.qcc_binary_root, "test", "lit")

config.environment["PATH"] = os.pathsep.join(
    [
        os.path.join(config.qcc_binary_root, "bin"),
        config.qcc_llvm_tools,
        config.environment.get("PATH", os.environ.get("PATH", "")),
    ]
)
config.environment["PYTHONPATH"] = os.path.join(
    config.qcc_source_root, "tools", "python"
)

data = os.environ.get("QCC_TEST_DATA") or os.path.join(
    config.qcc_source_root, "..", "shared", "data"
)
data = os.path.abspath(data)
demo = os.path.join(config.qcc_source_root, "tools", "demo")
config.substitutions.append(("%python", config.qcc_python))
config.substitutions.append(("%data", data))
config.substitutions.append(("%models", os.path.join(data, "models", "dev")))
config.substitutions.append(("%demo", demo))
toy = os.path.join(config.qcc_binary_root, "test", "toy", "toy.so")
config.substitutions.append(("%toy", toy))
config.substitutions.append(("%source_root", config.qcc_source_root))
config.substitutions.append(("%binary_root", config.qcc_binary_root))

if os.path.isdir(os.path.join(data, "models")):
    config.available_features.add("qcc-data")


def has_modules(*names):
    command = [config.qcc_python, "-c", "import " + ",".join(names)]
    return subprocess.run(command, capture_output=True).returncode == 0


if has_modules("numpy"):
    config.available_features.add("numpy")
if has_modules("numpy", "onnx"):
    config.available_features.add("onnx")


def cpu_flags():
    try:
        with open("/proc/cpuinfo") as lines:
            for line in lines:
                if line.startswith("flags"):
                    return set(line.split(":", 1)[1].split())
    except OSError:
        pass
    return set()


# The features that a compiled library may need, by the target's name.
flags = cpu_flags()
for feature, flag in (
    ("avx2", "avx2"),
    ("avxvnni", "avx_vnni"),
    ("avx512vnni", "avx512_vnni"),
):
    if flag in flags:
        config.available_features.add(feature)
