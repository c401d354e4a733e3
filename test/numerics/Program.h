// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Graphs as one compiled library, run on every target of this machine with one,
// two and three threads, and compared with the reference executor.

#ifndef TEST_NUMERICS_PROGRAM_H
#define TEST_NUMERICS_PROGRAM_H

#include "test/numerics/GraphText.h"
#include "test/numerics/GuardedBytes.h"

#include "compiler/Driver/TemporaryFolder.h"
#include "dialects/Qcc/Target/Target.h"
#include "qcc/abi.h"

namespace qcc::numerics_test {

/// Inputs of one graph, and what the executor makes of them.
struct Expectation {
  std::vector<GuardedBytes> inputs;
  std::vector<std::vector<char>> outputs;
};

/// Draws inputs from `seed` and executes `graph`.
llvm::Expected<Expectation> execute(const GraphText &graph, uint64_t seed);

/// Where `got` differs from what it should be, as a sentence; empty if nowhere.
std::string findDifference(const GraphOutput &output,
                           llvm::ArrayRef<char> expected, const char *got);

/// The targets whose instructions this machine has.
std::vector<const Target *> findRunnableTargets(bool hasBrainDot = false);

class Program {
public:
  /// Compiles all graphs as one module; `activations` as the flag.
  static llvm::Expected<std::unique_ptr<Program>>
  compile(const std::vector<GraphText> &graphs,
          const std::vector<const Target *> &targets,
          llvm::StringRef activations = "block");
  ~Program();

  /// Runs on target number `target`. Outputs of all graphs, in order.
  llvm::Expected<std::vector<GuardedBytes>>
  run(int32_t target, int32_t threads,
      const std::vector<Expectation> &expectations) const;

private:
  explicit Program(std::unique_ptr<TemporaryFolder> folder)
      : folder(std::move(folder)) {}
  llvm::Error load();

  std::unique_ptr<TemporaryFolder> folder;
  void *handle = nullptr;
  const qcc_library_t *library = nullptr;
  std::vector<size_t> outputBytes;
};

/// Bytes of all elements.
size_t countBytes(const Tensor &tensor);

} // namespace qcc::numerics_test

#endif // TEST_NUMERICS_PROGRAM_H
