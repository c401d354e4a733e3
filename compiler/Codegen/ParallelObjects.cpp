// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A context of LLVM belongs to one thread, so parts travel as bitcode.

#include "compiler/Codegen/ParallelObjects.h"

#include "compiler/Codegen/LlvmModule.h"
#include "compiler/Codegen/ObjectFile.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Transforms/Utils/SplitModule.h"

using namespace llvm;

// Enough that one large kernel does not keep the last thread busy alone, and
// the same on every machine, since the parts decide the order of the code.
static constexpr unsigned kMostParts = 16;

static constexpr StringLiteral kTaskSuffix = "_task";

/// Makes the tasks callable from other parts; returns how many there are.
static unsigned exportTasks(Module &module, StringRef target) {
  unsigned count = 0;
  for (Function &function : module) {
    if (!function.hasLocalLinkage() ||
        !function.getName().ends_with(kTaskSuffix))
      continue;
    function.setName(function.getName() + "_" + target);
    function.setLinkage(GlobalValue::ExternalLinkage);
    function.setVisibility(GlobalValue::HiddenVisibility);
    ++count;
  }
  return count;
}

static Error emitPart(StringRef bitcode, const qcc::Target &target,
                      SmallVectorImpl<char> &object) {
  LLVMContext context;
  Expected<std::unique_ptr<Module>> module =
      parseBitcodeFile(MemoryBufferRef(bitcode, "part"), context);
  if (!module)
    return module.takeError();
  Expected<std::unique_ptr<TargetMachine>> machine = qcc::createMachine(target);
  if (!machine)
    return machine.takeError();
  qcc::optimize(**module, **machine);
  raw_svector_ostream stream(object);
  return qcc::emitMachineCode(**module, **machine, qcc::MachineCode::Object,
                              stream);
}

namespace qcc {

Expected<std::vector<SmallVector<char, 0>>>
emitObjectsInParallel(Module &module, const Target &target,
                      ThreadPoolInterface &pool) {
  unsigned tasks = exportTasks(module, target.name);
  std::vector<SmallString<0>> parts;
  // A kernel is local to its task and stays with it.
  SplitModule(
      module, std::clamp(tasks, 1u, kMostParts),
      [&](std::unique_ptr<Module> part) {
        raw_svector_ostream stream(parts.emplace_back());
        WriteBitcodeToFile(*part, stream);
      },
      /*PreserveLocals=*/true);

  std::vector<SmallVector<char, 0>> objects(parts.size());
  std::vector<std::string> errors(parts.size());
  ThreadPoolTaskGroup group(pool);
  for (size_t i = 0; i < parts.size(); ++i)
    group.async([&, i] {
      if (Error error = emitPart(parts[i], target, objects[i]))
        errors[i] = toString(std::move(error));
    });
  group.wait();
  for (const std::string &error : errors)
    if (!error.empty())
      return createStringError(error);
  return objects;
}

} // namespace qcc
