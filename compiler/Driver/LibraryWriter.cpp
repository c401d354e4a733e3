// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Joins code generation and the linker.

#include "compiler/Driver/LibraryWriter.h"

#include "compiler/Codegen/LlvmModule.h"
#include "compiler/Codegen/LowerToLlvm.h"
#include "compiler/Codegen/ObjectFile.h"
#include "compiler/Codegen/ParallelObjects.h"
#include "compiler/Codegen/SharedLibrary.h"
#include "compiler/Evaluate/OutputFile.h"
#include "compiler/Evaluate/Progress.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace qcc {

/// Lowers `loops` in place and translates it; nothing is optimized yet.
static Expected<std::unique_ptr<Module>>
makeLlvmModule(mlir::ModuleOp loops, const Target &target,
               TargetMachine &machine, DiagnosticCollector &diagnostics,
               LLVMContext &context) {
  mlir::PassManager passes(loops->getName());
  buildLowerToLlvmPipeline(passes, StringRef(target.name));
  if (failed(passes.run(loops)))
    return diagnostics.takeError("expected loops that lower to LLVM");
  Expected<std::unique_ptr<Module>> module =
      translateToLlvm(loops, context, target, machine);
  if (module)
    return module;
  // MLIR has said more about it than LLVM.
  std::string message = toString(module.takeError());
  return diagnostics.takeError(message);
}

Error emitMachineCode(mlir::ModuleOp loops, const Target &target,
                      Artefact artefact, DiagnosticCollector &diagnostics,
                      raw_pwrite_stream &out) {
  Expected<std::unique_ptr<TargetMachine>> machine = createMachine(target);
  if (!machine)
    return machine.takeError();
  LLVMContext context;
  Expected<std::unique_ptr<Module>> module =
      makeLlvmModule(loops, target, **machine, diagnostics, context);
  if (!module)
    return module.takeError();
  optimize(**module, **machine);
  if (artefact == Artefact::Llvm) {
    (*module)->print(out, nullptr);
    return Error::success();
  }
  return emitMachineCode(**module, **machine,
                         artefact == Artefact::Assembly ? MachineCode::Assembly
                                                        : MachineCode::Object,
                         out);
}

Expected<LibraryWriter> LibraryWriter::create(DiagnosticCollector &collector) {
  LibraryWriter writer(collector);
  Expected<std::unique_ptr<TemporaryFolder>> folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  writer.folder = std::move(*folder);
  return writer;
}

/// Closes `stream` and says what went wrong while it was written.
static Error finish(raw_fd_ostream &stream, StringRef path) {
  stream.close();
  std::error_code code = stream.error();
  stream.clear_error();
  if (!code)
    return Error::success();
  return createStringError(path +
                           ": expected room for a temporary file, but "
                           "got " +
                           code.message());
}

Error LibraryWriter::addObject(const Twine &name,
                               function_ref<Error(raw_pwrite_stream &)> emit) {
  std::string path = folder->getFile(name);
  std::error_code code;
  raw_fd_ostream stream(path, code);
  if (code)
    return createStringError(path +
                             ": expected a file that can be written, "
                             "but got " +
                             code.message());
  Error error = emit(stream);
  if (Error closing = finish(stream, path))
    error = joinErrors(std::move(error), std::move(closing));
  if (!error)
    objects.push_back(path);
  return error;
}

void LibraryWriter::addWeights(WeightStream weights, VariantInfo &variant) {
  if (weights.size() == 0)
    return;
  for (auto [stream, symbol] : zip(streams, symbols))
    if (stream == weights) {
      variant.weightsSymbol = symbol.first;
      return;
    }
  variant.weightsSymbol =
      ("qcc_weights_" + StringRef(variant.target->name)).str();
  symbols.push_back({variant.weightsSymbol, weights.size()});
  streams.push_back(std::move(weights));
}

Error LibraryWriter::addKernels(mlir::ModuleOp loops, const Target &target) {
  Expected<std::unique_ptr<TargetMachine>> machine = createMachine(target);
  if (!machine)
    return machine.takeError();
  LLVMContext context;
  Expected<std::unique_ptr<Module>> module =
      makeLlvmModule(loops, target, **machine, *diagnostics, context);
  if (!module)
    return module.takeError();
  auto parts = emitObjectsInParallel(**module, target,
                                     loops->getContext()->getThreadPool());
  if (!parts)
    return parts.takeError();
  for (auto [i, part] : enumerate(*parts)) {
    StringRef bytes(part.data(), part.size());
    std::string name = (StringRef(target.name) + Twine(i) + ".o").str();
    if (Error error = addObject(name, [&](raw_pwrite_stream &out) -> Error {
          out << bytes;
          return Error::success();
        }))
      return error;
  }
  return Error::success();
}

Error LibraryWriter::addVariant(mlir::ModuleOp loops, const Target &target) {
  mlir::FailureOr<ProgramInfo> info = collectProgramInfo(loops, target);
  if (failed(info))
    return diagnostics->takeError("expected a program of launches");
  threads = &loops->getContext()->getThreadPool();
  addWeights(WeightStream(loops), info->variant);
  if (Error error = addKernels(loops, target))
    return error;
  library.name = info->name;
  library.inputs = std::move(info->inputs);
  library.outputs = std::move(info->outputs);
  library.language = std::move(info->language);
  library.variants.push_back(std::move(info->variant));
  return Error::success();
}

Error LibraryWriter::link(StringRef output) {
  const Target &target = *library.variants.front().target;
  Expected<std::unique_ptr<TargetMachine>> machine = createMachine(target);
  if (!machine)
    return machine.takeError();
  LLVMContext context;
  std::unique_ptr<Module> table = emitLibraryTable(library, context, **machine);
  if (Error error = addObject("table.o", [&](raw_pwrite_stream &out) {
        return emitMachineCode(*table, **machine, MachineCode::Object, out);
      }))
    return error;
  if (!symbols.empty())
    if (Error error = addObject("weights.o", [&](raw_pwrite_stream &out) {
          return emitWeightSymbols(symbols, **machine, out);
        }))
      return error;
  auto bytes = linkSharedLibrary(
      objects, {folder->getPath(), library.language.has_value()});
  if (!bytes)
    return bytes.takeError();
  if (!symbols.empty())
    if (Error error = placeWeightSection(*bytes))
      return error;
  return writeLibrary(output, *bytes);
}

/// What the linker made, then the weights.
Error LibraryWriter::writeLibrary(StringRef output,
                                  SmallVectorImpl<char> &bytes) {
  constexpr int64_t kMebibyte = 1 << 20;
  return evaluate::writeStream(output, [&](raw_ostream &out) -> Error {
    out.write(bytes.data(), bytes.size());
    evaluate::Progress progress("writing weights",
                                getWeightBytes(symbols) / kMebibyte);
    int64_t done = 0;
    auto advance = [&](int64_t count) {
      progress.advance((done % kMebibyte + count) / kMebibyte);
      done += count;
    };
    for (auto [i, stream] : enumerate(streams)) {
      int64_t begin = getWeightOffset(symbols, i);
      out.write_zeros(i == 0 ? 0
                             : begin - getWeightOffset(symbols, i - 1) -
                                   symbols[i - 1].second);
      stream.write(out, *threads, advance);
    }
    return Error::success();
  });
}

} // namespace qcc
