// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs LLVM's code generator and turns what it complains about into errors.

#include "compiler/Codegen/ObjectFile.h"

#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LegacyPassManager.h"

using namespace llvm;

namespace {

/// Keeps the first error; without it LLVM prints to standard error.
struct FirstError : DiagnosticHandler {
  explicit FirstError(std::string &message) : message(message) {}

  bool handleDiagnostics(const DiagnosticInfo &info) override {
    if (info.getSeverity() != DS_Error || !message.empty())
      return true;
    raw_string_ostream stream(message);
    DiagnosticPrinterRawOStream printer(stream);
    info.print(printer);
    return true;
  }

  std::string &message;
};

} // namespace

namespace qcc {

Error emitMachineCode(Module &module, TargetMachine &machine, MachineCode kind,
                      raw_pwrite_stream &out) {
  LLVMContext &context = module.getContext();
  std::string message;
  auto previous = context.getDiagnosticHandler();
  context.setDiagnosticHandler(std::make_unique<FirstError>(message));

  legacy::PassManager passes;
  bool unsupported = machine.addPassesToEmitFile(
      passes, out, nullptr,
      kind == MachineCode::Object ? CodeGenFileType::ObjectFile
                                  : CodeGenFileType::AssemblyFile);
  if (!unsupported)
    passes.run(module);
  context.setDiagnosticHandler(std::move(previous));

  if (unsupported)
    return createStringError("expected a code generator that writes files");
  if (!message.empty())
    return createStringError(message);
  return Error::success();
}

} // namespace qcc
