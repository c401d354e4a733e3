// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles through the driver, as qcc does, and loads what it wrote.

#include "test/numerics/Program.h"

#include "compiler/Driver/Compilation.h"
#include "compiler/Evaluate/OutputFile.h"
#include "runtime/core/features.h"

#include <dlfcn.h>

using namespace llvm;

namespace qcc::numerics_test {

std::vector<const Target *> findRunnableTargets(bool hasBrainDot) {
  uint64_t features = qcc_rt_machine_features();
  std::vector<const Target *> targets;
  for (const Target &target : allTargets())
    if ((target.runtimeFeatures & ~features) == 0 &&
        (hasBrainDot || !target.hasBrainDot))
      targets.push_back(&target);
  return targets;
}

Expected<std::unique_ptr<Program>>
Program::compile(const std::vector<GraphText> &graphs,
                 const std::vector<const Target *> &targets,
                 StringRef activations) {
  Expected<std::unique_ptr<TemporaryFolder>> folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  std::unique_ptr<Program> program(new Program(std::move(*folder)));
  CompileOptions options;
  options.modelPath = program->folder->getFile("graph.mlir");
  options.outputPath = program->folder->getFile("graph.so");
  options.targets = targets;
  options.activations = activations.str();
  if (Error error = evaluate::writeFile(options.modelPath, printModule(graphs)))
    return error;
  if (Error error = compileModel(options, [](StringRef) {}))
    return error;
  for (const GraphText &graph : graphs)
    for (const GraphOutput &output : graph.getOutputs())
      program->outputBytes.push_back(countBytes(output.tensor));
  if (Error error = program->load())
    return error;
  return program;
}

Error Program::load() {
  handle = dlopen(folder->getFile("graph.so").c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return createStringError(dlerror());
  auto query = reinterpret_cast<qcc_query_fn_t>(dlsym(handle, "qcc_query"));
  library = query ? query(QCC_ABI_VERSION) : nullptr;
  if (!library)
    return createStringError("expected a library of qcc");
  return Error::success();
}

Program::~Program() {
  if (handle)
    dlclose(handle);
}

Expected<std::vector<GuardedBytes>>
Program::run(int32_t target, int32_t threads,
             const std::vector<Expectation> &expectations) const {
  qcc_context_options_t options = {};
  options.threads = threads;
  options.target = target;
  qcc_context_t *context = nullptr;
  qcc_status_t status;
  if (library->context_create(&options, &context, &status) != QCC_OK)
    return createStringError(status.message);
  std::vector<void *> inputs, outputs;
  for (const Expectation &expectation : expectations)
    for (const GuardedBytes &input : expectation.inputs)
      inputs.push_back(input.data());
  std::vector<GuardedBytes> results;
  for (size_t size : outputBytes) {
    results.emplace_back(size);
    // Elements that no task writes shall not be right by chance.
    std::fill_n(results.back().data(), size, char(0xa5));
    outputs.push_back(results.back().data());
  }
  qcc_code_t code = library->run_unchecked(context, inputs.data(),
                                           outputs.data(), 1, &status);
  library->context_destroy(context);
  if (code != QCC_OK)
    return createStringError(status.message);
  return results;
}

} // namespace qcc::numerics_test
