// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All that a user can ask of the compiler, in one struct. Only tools/ turns
// flags into it; phases receive it const.

#ifndef COMPILER_PIPELINE_COMPILEOPTIONS_H
#define COMPILER_PIPELINE_COMPILEOPTIONS_H

#include "compiler/Pipeline/Phases.h"
#include "dialects/Qcc/Target/Target.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace qcc {

/// BFloat16 and Int4 are for language models.
enum class Precision { Float32, BFloat16, Int8, Int4 };

/// What `--emit=` names: a level as text, the quantized graph as an ONNX model,
/// or a kind of machine code.
enum class Artefact {
  Graph,
  Quantized,
  Onnx,
  Packed,
  Loops,
  Llvm,
  Assembly,
  Object,
  Library
};

struct CompileOptions {
  std::string modelPath;
  /// Empty: beside the working folder, named after the model; `-` is standard
  /// output.
  std::string outputPath;
  /// Each `NAME=1x3x480x640`.
  std::vector<std::string> shapes;
  /// Distinct, best first. Empty means the machine qcc runs on.
  std::vector<const Target *> targets;
  Precision precision = Precision::Float32;

  /// Of language models: `f32`, `f16`, `bf16` or `int8` for keys and values;
  /// empty is f16, but f32 where weights are floats.
  std::string cacheType;
  /// Columns that share a scale where qcc quantizes, and whether there are no
  /// zero points.
  int64_t groupSize = 128;
  bool isSymmetric = true;
  /// How products store activations: a scale for each of the weights' blocks,
  /// one for each token, f32, or bf16 where weights are.
  std::string activations = "block";

  std::string calibrationPath;
  /// `minmax` ... `mse`; empty is the statistics file's own, or mse.
  std::string calibrationMethod;
  std::string preprocess;
  std::string saveStatisticsPath;
  std::string loadStatisticsPath;
  std::string planPath;
  /// `-` is standard output.
  std::string savePlanPath;
  /// The library can say what each layer computed in the last run.
  bool keepsLayers = false;

  Artefact artefact = Artefact::Library;
  std::optional<Phase> stopAfter;
  std::optional<Phase> dumpAfter;
  /// 0: all processors.
  unsigned threads = 0;
};

// The words of the command line. Errors read `expected avx512, ... or native,
// but got 'x'`.

/// `avx512,avx2` or `native`; sorted best first, each once.
llvm::Expected<std::vector<const Target *>> parseTargets(llvm::StringRef text);
llvm::Expected<Precision> parsePrecision(llvm::StringRef text);
llvm::Expected<Artefact> parseArtefact(llvm::StringRef text);
llvm::Expected<Phase> parsePhase(llvm::StringRef text);
llvm::StringRef getName(Precision precision);
llvm::StringRef getName(Artefact artefact);

/// The best target that this machine can run, or an error.
llvm::Expected<const Target *> findNativeTarget();

} // namespace qcc

#endif // COMPILER_PIPELINE_COMPILEOPTIONS_H
