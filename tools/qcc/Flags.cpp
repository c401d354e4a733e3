// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One table of flags: parsing, messages and --help read it. Not LLVM's command
// line library, which would accept the hundreds of flags of libLLVM as well
// and has messages and exit codes of its own.

#include "tools/qcc/Flags.h"

#include "compiler/Evaluate/OutputFile.h"
#include "compiler/Evaluate/Preprocess.h"
#include "compiler/Import/Importer.h"
#include "passes/Calibrate/RangeObserver.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>

using namespace llvm;
using qcc::CompileOptions;

namespace {

struct Flag {
  StringLiteral name;
  StringLiteral value; // empty: a switch
  StringLiteral help;
  Error (*set)(CompileOptions &options, StringRef value);
};

} // namespace

/// Stores what `parsed` holds, or hands its error on.
template <typename Value, typename Place>
static Error store(Expected<Value> parsed, Place &place) {
  if (!parsed)
    return parsed.takeError();
  place = std::move(*parsed);
  return Error::success();
}

template <std::string CompileOptions::*member>
static Error storeText(CompileOptions &options, StringRef value) {
  if (value.empty())
    return createStringError("expected a value, but got none");
  options.*member = value.str();
  return Error::success();
}

template <bool CompileOptions::*member>
static Error setSwitch(CompileOptions &options, StringRef) {
  options.*member = true;
  return Error::success();
}

static Error setTargets(CompileOptions &options, StringRef value) {
  return store(qcc::parseTargets(value), options.targets);
}

static Error setPrecision(CompileOptions &options, StringRef value) {
  return store(qcc::parsePrecision(value), options.precision);
}

static Error setActivations(CompileOptions &options, StringRef value) {
  if (value != "block" && value != "per-token" && value != "f32" &&
      value != "bf16")
    return createStringError("expected block, per-token, f32 or bf16, but got "
                             "'" +
                             value + "'");
  options.activations = value.str();
  return Error::success();
}

static Error setGroupSize(CompileOptions &options, StringRef value) {
  if (value.getAsInteger(10, options.groupSize) ||
      (options.groupSize != 32 && options.groupSize != 64 &&
       options.groupSize != 128 && options.groupSize != 256))
    return createStringError("expected 32, 64, 128 or 256, but got '" + value +
                             "'");
  return Error::success();
}

static Error setCacheType(CompileOptions &options, StringRef value) {
  if (value != "f32" && value != "f16" && value != "bf16" && value != "int8")
    return createStringError("expected f32, f16, bf16 or int8, but got '" +
                             value + "'");
  options.cacheType = value.str();
  return Error::success();
}

static Error setAsymmetric(CompileOptions &options, StringRef) {
  options.isSymmetric = false;
  return Error::success();
}

static Error setArtefact(CompileOptions &options, StringRef value) {
  return store(qcc::parseArtefact(value), options.artefact);
}

static Error setStopAfter(CompileOptions &options, StringRef value) {
  return store(qcc::parsePhase(value), options.stopAfter);
}

static Error setDumpAfter(CompileOptions &options, StringRef value) {
  return store(qcc::parsePhase(value), options.dumpAfter);
}

static Error addShapeText(CompileOptions &options, StringRef value) {
  qcc::ImportOptions check;
  if (Error error = qcc::addShape(check, value))
    return error;
  options.shapes.push_back(value.str());
  return Error::success();
}

static Error setMethod(CompileOptions &options, StringRef value) {
  if (!qcc::calibrate::parseCalibrationMethod(std::string_view(value)))
    return createStringError(
        "expected minmax, percentile, entropy or mse, but got '" + value + "'");
  options.calibrationMethod = value.str();
  return Error::success();
}

static Error setPreprocess(CompileOptions &options, StringRef value) {
  Expected<qcc::evaluate::Preprocess> parsed =
      qcc::evaluate::parsePreprocess(value);
  if (!parsed)
    return parsed.takeError();
  options.preprocess = value.str();
  return Error::success();
}

static Error setCalibration(CompileOptions &options, StringRef value) {
  if (!sys::fs::exists(value))
    return createStringError("expected a file or folder, but got '" + value +
                             "', which does not exist");
  options.calibrationPath = value.str();
  return Error::success();
}

/// Stores the path of a file of which there is one already.
static Error storeFile(std::string &place, StringRef value, StringRef what) {
  if (!sys::fs::is_regular_file(value))
    return createStringError("expected a " + what + " file, but got '" + value +
                             "', which is none");
  place = value.str();
  return Error::success();
}

static Error setLoadStatistics(CompileOptions &options, StringRef value) {
  return storeFile(options.loadStatisticsPath, value, "statistics");
}

static Error setPlan(CompileOptions &options, StringRef value) {
  return storeFile(options.planPath, value, "plan");
}

static Error setThreads(CompileOptions &options, StringRef value) {
  if (value.getAsInteger(10, options.threads) || options.threads > 1024)
    return createStringError(
        "expected a number of threads from 0 to 1024, but got '" + value + "'");
  return Error::success();
}

static constexpr Flag kFlags[] = {
    {"-o", "FILE", "where to write; - is standard output",
     storeText<&CompileOptions::outputPath>},
    {"--target", "LIST",
     "avx512bf16, avx512, avxvnni, avx2 or native (the default:\n"
     "the best, but avx512bf16); several make one library that\n"
     "picks the best when it is loaded",
     setTargets},
    {"--precision", "P",
     "f32 (the default) or int8; of language models also int4\n"
     "and bf16; what is quantized already stays as it is",
     setPrecision},
    {"--group-size", "N",
     "columns that share a scale in int4 and int8 weights of\n"
     "language models: 32, 64, 128 (the default) or 256",
     setGroupSize},
    {"--cache-type", "T",
     "f16, f32, bf16 or int8 (half of f16) for the keys and\n"
     "values of language models; f16 unless the weights are\n"
     "floats",
     setCacheType},
    {"--asymmetric", "", "int4 weights of language models have zero points",
     setAsymmetric},
    {"--activations", "A",
     "of language models: block (the default: a scale for each\n"
     "block of the weights), per-token (faster), f32, or bf16\n"
     "(block, but bf16 for weights of bf16)",
     setActivations},
    {"--shape", "NAME=1x3x480x640",
     "fixes the dimensions of an input; may be repeated", addShapeText},
    {"--calibrate", "PATH",
     "samples for int8: .npz, .npy, a folder of those, or a\n"
     "folder of JPEG and PNG pictures",
     setCalibration},
    {"--calibration-method", "M",
     "minmax, percentile, entropy or mse (the default)", setMethod},
    {"--preprocess", "LIST",
     "what happens to pictures, such as\n"
     "resize=256,crop=224,mean=a:b:c,std=a:b:c,channels=rgb,\n"
     "layout=nchw,filter=bilinear",
     setPreprocess},
    {"--save-statistics", "FILE", "keeps what calibration measured, as text",
     storeText<&CompileOptions::saveStatisticsPath>},
    {"--load-statistics", "FILE", "uses that text instead of samples",
     setLoadStatistics},
    {"--save-plan", "FILE",
     "writes the precision of each layer and why, as JSON;\n"
     "- is standard output",
     storeText<&CompileOptions::savePlanPath>},
    {"--plan", "FILE", "takes the precision of layers from that JSON", setPlan},
    {"--keep-layers", "",
     "keeps what each layer computes, for qcc-eval and debugging; the\n"
     "library takes more memory and some more time",
     setSwitch<&CompileOptions::keepsLayers>},
    {"--emit", "KIND",
     "qcc, quantized, onnx, packed, loops, llvm, asm, obj or lib\n"
     "(the default)",
     setArtefact},
    {"--stop-after", "PHASE", "writes the model as it is after a phase",
     setStopAfter},
    {"--dump-after", "PHASE",
     "prints it to standard error, without large constants", setDumpAfter},
    {"--threads", "N", "threads that compile; 0, the default, is all",
     setThreads},
};

static void printHelp() {
  raw_ostream &out = outs();
  out << "qcc compiles a trained model to a shared library.\n\n"
         "    qcc MODEL [-o OUT.so] [flags]\n\n"
         "MODEL is an .onnx file, or an .mlir file of any stage of qcc.\n\n";
  for (const Flag &flag : kFlags) {
    out << "  " << flag.name;
    if (!flag.value.empty())
      out << (flag.name == "-o" ? " " : "=") << flag.value;
    out << "\n";
    SmallVector<StringRef> lines;
    flag.help.split(lines, '\n');
    for (StringRef line : lines)
      out << "        " << line << "\n";
  }
  out << "  --help, --version\n\nPhases, in order:\n\n";
  for (const qcc::PhaseInfo &phase : qcc::allPhases()) {
    out << "  " << phase.name;
    out.indent(12 - phase.name.size()) << phase.sentence << "\n";
  }
  out << "\nExample:\n\n    qcc model.onnx --target=avx512 --precision=int8 "
         "--calibrate=samples.npz \\\n        -o model.so\n";
}

static const Flag *findFlag(StringRef name) {
  for (const Flag &flag : kFlags)
    if (flag.name == name)
      return &flag;
  return nullptr;
}

static Error makeUnknownFlagError(StringRef name) {
  const Flag *nearest = nullptr;
  unsigned best = 4;
  for (const Flag &flag : kFlags) {
    unsigned distance = name.edit_distance(flag.name, true, best);
    if (distance < best) {
      best = distance;
      nearest = &flag;
    }
  }
  return createStringError(name + ": expected " +
                           (nearest ? "perhaps " + nearest->name.str()
                                    : "a flag that qcc --help lists") +
                           ", but got an unknown flag");
}

/// `arguments` begins with a flag; takes it and its value off the front.
static Error takeFlag(ArrayRef<StringRef> &arguments, CompileOptions &options) {
  auto [name, value] = arguments.front().split('=');
  bool hasValue = arguments.front().contains('=');
  arguments = arguments.drop_front();
  const Flag *flag = findFlag(name);
  if (!flag)
    return makeUnknownFlagError(name);
  bool isSwitch = flag->value.empty();
  if (isSwitch && hasValue)
    return createStringError(name + ": expected no value, but got '" + value +
                             "'");
  if (!hasValue && !isSwitch) {
    if (arguments.empty())
      return createStringError(name + ": expected a value, but got none");
    value = arguments.front();
    arguments = arguments.drop_front();
  }
  if (Error error = flag->set(options, value)) {
    // Messages that name the flag themselves need no prefix.
    std::string text = toString(std::move(error));
    return createStringError(text.find(flag->name) != std::string::npos
                                 ? text
                                 : (name + ": " + text).str());
  }
  return Error::success();
}

/// After a text that was asked for.
[[noreturn]] static void endProgram() {
  Error error = qcc::evaluate::finishStandardOutput();
  if (!error)
    std::exit(0);
  errs() << "qcc: error: " << toString(std::move(error)) << "\n";
  std::exit(2);
}

Expected<CompileOptions> qcc::parseFlags(int argc, char **argv) {
  SmallVector<StringRef> all(argv + 1, argv + argc);
  ArrayRef<StringRef> arguments = all;
  CompileOptions options;
  while (!arguments.empty()) {
    StringRef argument = arguments.front();
    if (argument == "--help" || argument == "-h") {
      printHelp();
      endProgram();
    }
    if (argument == "--version") {
      outs() << "qcc " << QCC_VERSION << "\n";
      endProgram();
    }
    if (argument.size() > 1 && argument.starts_with("-")) {
      if (Error error = takeFlag(arguments, options))
        return error;
      continue;
    }
    if (!options.modelPath.empty())
      return createStringError("expected one model, but got '" +
                               options.modelPath + "' and '" + argument + "'");
    options.modelPath = argument.str();
    arguments = arguments.drop_front();
  }
  if (options.modelPath.empty())
    return createStringError("expected a model file, but got none (see qcc "
                             "--help)");
  return options;
}
