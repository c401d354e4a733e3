// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A compiled library as evaluation sees it: samples in, arrays out, and the
// tensors in between as the floats that they stand for.

#ifndef QCC_COMPILER_EVALUATE_COMPILEDMODEL_H
#define QCC_COMPILER_EVALUATE_COMPILEDMODEL_H

#include "compiler/Evaluate/LoadedLibrary.h"
#include "compiler/Evaluate/Samples.h"

namespace qcc::evaluate {

/// An intermediate tensor after a run, in the layer's logical order.
struct ObservedTensor {
  std::string name;
  std::vector<int64_t> shape;
  std::vector<float> values; ///< Dequantized where the library quantizes.
  /// The smallest and the largest value of its grid, if it is on one.
  std::optional<std::pair<float, float>> range;
};

class CompiledModel {
public:
  /// Loads the library and makes a context. 0 threads: one for each CPU.
  static llvm::Expected<std::unique_ptr<CompiledModel>>
  load(llvm::StringRef path, int threads = 0);
  /// Around a table that the caller keeps alive, without a file.
  static llvm::Expected<std::unique_ptr<CompiledModel>>
  wrap(const qcc_library_t &table, llvm::StringRef name, int threads = 1);

  llvm::StringRef name() const { return label; }
  /// For a library in a temporary file, whose name would tell nobody anything.
  void rename(llvm::StringRef name) { label = name.str(); }
  /// Of the library file; 0 without one.
  uint64_t countFileBytes() const { return fileBytes; }
  /// The JSON object that the library carries.
  llvm::StringRef information() const;
  llvm::ArrayRef<InputSpec> inputs() const { return inputSpecs; }
  llvm::ArrayRef<InputSpec> outputs() const { return outputSpecs; }

  /// One run. The result has the declared types, and full shapes.
  llvm::Expected<std::vector<Array>> run(llvm::ArrayRef<Array> values);
  /// Wall time of the last run.
  double lastSeconds() const { return seconds; }

  /// Tensors that the library keeps: none unless it was compiled to.
  int countObserved() const { return observedCount; }
  llvm::Expected<ObservedTensor> readObserved(int index) const;

private:
  CompiledModel(LoadedLibrary library, llvm::StringRef name)
      : library(std::move(library)), label(name) {}
  llvm::Error start(int threads);

  LoadedLibrary library;
  std::string label;
  uint64_t fileBytes = 0;
  std::vector<InputSpec> inputSpecs;
  std::vector<InputSpec> outputSpecs;
  int observedCount = 0;
  double seconds = 0;
};

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_COMPILEDMODEL_H
