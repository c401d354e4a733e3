// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Says what quantization cost a model, and whether that is acceptable: the
// figures on standard output, the verdict as exit code.

#include "tools/qcc-eval/LanguageEvaluation.h"
#include "tools/qcc-eval/Options.h"

#include "compiler/Evaluate/Evaluation.h"
#include "compiler/Evaluate/MemoryError.h"
#include "compiler/Evaluate/OutputFile.h"
#include "compiler/Evaluate/ReferenceLibrary.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace qcc::evaluate;

enum ExitCode { Accepted = 0, Rejected = 1, Failed = 2 };

/// The qcc program of the same installation.
static std::string findCompiler(const char *programName) {
  std::string self = sys::fs::getMainExecutable(
      programName, reinterpret_cast<void *>(&findCompiler));
  SmallString<128> path = sys::path::parent_path(self);
  sys::path::append(path, "qcc");
  return path.str().str();
}

static Expected<Evaluation> evaluateLibrary(const qcc::eval::Options &options,
                                            StringRef compiler) {
  auto tested = CompiledModel::load(options.library, options.threads);
  if (!tested)
    return tested.takeError();
  // The data first: a wrong path should not cost a compilation.
  auto samples =
      SampleSet::open(options.data, (*tested)->inputs(), options.samples);
  if (!samples)
    return samples.takeError();
  auto reference =
      loadReference(options.reference, **tested, compiler, options.threads);
  if (!reference)
    return reference.takeError();
  return evaluateModel(**tested, **reference, **samples, options.largestLoss);
}

static int fail(Error error) {
  errs() << "qcc-eval: error: " << toString(std::move(error)) << "\n";
  return Failed;
}

int main(int argc, char **argv) {
  reportMemoryErrors("qcc-eval");
  auto options = qcc::eval::parseOptions(
      ArrayRef<const char *>(argv, argc).drop_front(argc > 0));
  if (!options)
    return fail(options.takeError());
  if (options->showsHelp) {
    outs() << qcc::eval::helpText();
    Error error = finishStandardOutput();
    return error ? fail(std::move(error)) : Accepted;
  }
  if (!options->perplexity.empty()) {
    Error error = qcc::eval::evaluateLanguage(*options);
    if (!error)
      error = finishStandardOutput();
    return error ? fail(std::move(error)) : Accepted;
  }
  Expected<Evaluation> evaluation =
      evaluateLibrary(*options, findCompiler(argv[0]));
  if (!evaluation)
    return fail(evaluation.takeError());
  if (!options->json.empty())
    if (Error error =
            writeFile(options->json, printEvaluationJson(*evaluation)))
      return fail(std::move(error));
  // JSON on standard output is for a program: nothing else goes there.
  if (options->json != "-")
    outs() << printEvaluation(*evaluation);
  if (Error error = finishStandardOutput())
    return fail(std::move(error));
  return evaluation->isAccepted ? Accepted : Rejected;
}
