// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a compiled library from the command line: outputs, classes, latency,
// the time of each layer, or what the library is.

#include "compiler/Evaluate/LoadedLibrary.h"
#include "compiler/Evaluate/MemoryError.h"
#include "compiler/Evaluate/OutputFile.h"
#include "tools/qcc-run/Inputs.h"
#include "tools/qcc-run/Language.h"
#include "tools/qcc-run/Options.h"
#include "tools/qcc-run/Printing.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace qcc::run;
using qcc::evaluate::LoadedLibrary;

/// 1 is a verdict of qcc-eval, so failures are 2 in all our programs.
static constexpr int exitFailure = 2;

static int reportError(const Twine &place, Error error) {
  std::string message = toString(std::move(error));
  std::replace(message.begin(), message.end(), '\n', ' ');
  outs().flush();
  errs() << "qcc-run: error: " << place << message << '\n';
  return exitFailure;
}

static Error printResults(const LoadedLibrary &library, const Options &options,
                          Inputs &inputs) {
  std::vector<qcc::evaluate::Array> outputs =
      qcc::evaluate::makeOutputs(library.outputs(), inputs.batch);
  if (options.benchmarkSeconds)
    if (Error error =
            printBenchmark(library, inputs, outputs, *options.benchmarkSeconds))
      return error;
  if (options.isProfiling)
    if (Error error = printProfile(library, inputs, outputs))
      return error;
  bool wantsValues = !options.benchmarkSeconds && !options.isProfiling;
  if (!wantsValues && !options.top)
    return Error::success();
  if (Error error = library.run(inputs.arrays, outputs, inputs.batch))
    return error;
  if (options.top || !options.labels.empty())
    return printTop(library.outputs(), outputs, options);
  return printValues(library.outputs(), outputs);
}

static bool isLanguageModel(const LoadedLibrary &library) {
  const qcc_library_t &functions = library.functions();
  return functions.version >= 2 && functions.language();
}

/// Runs a language model, or says why another one cannot do what is asked.
static Error runLanguage(LoadedLibrary library, const Options &options) {
  auto model = qcc::evaluate::LoadedLanguage::open(std::move(library));
  return model ? runLanguage(std::move(*model), options) : model.takeError();
}

/// What the program does, as its exit code.
static int runCommand(ArrayRef<char *> arguments) {
  Expected<Options> options = parseOptions(arguments);
  if (!options)
    return reportError("", options.takeError());
  if (options->showsHelp) {
    outs() << helpText();
    return 0;
  }
  std::string place = options->library + ": ";
  Expected<LoadedLibrary> library = LoadedLibrary::open(options->library);
  if (!library)
    return reportError(place, library.takeError());
  if (options->showsInfo) {
    if (Error error = printInfo(*library, options->infoIsJson))
      return reportError(place, std::move(error));
    return 0;
  }
  if (isLanguageModel(*library) || options->language.hasPrompt()) {
    if (Error error = runLanguage(std::move(*library), *options))
      return reportError(place, std::move(error));
    return 0;
  }
  if (!options->language.given.empty())
    return reportError(
        place, createStringError(options->language.given.front() +
                                 ": expected a language model, but got a "
                                 "library of another model"));
  if (Error error = library->createContext(options->threads))
    return reportError(place, std::move(error));
  Expected<Inputs> inputs = gatherInputs(library->inputs(), *options);
  if (!inputs)
    return reportError("", inputs.takeError());
  if (Error error = printResults(*library, *options, *inputs))
    return reportError(place, std::move(error));
  return 0;
}

int main(int argc, char **argv) {
  qcc::evaluate::reportMemoryErrors("qcc-run");
  int code = runCommand(ArrayRef(argv, size_t(argc)).drop_front(argc > 0));
  Error error = qcc::evaluate::finishStandardOutput();
  return error ? reportError("", std::move(error)) : code;
}
