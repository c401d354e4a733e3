// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A compiled library in this process, for calibration: one context, outputs
// that nobody looks at, observed tensors.

#ifndef COMPILER_DRIVER_LOADEDMODEL_H
#define COMPILER_DRIVER_LOADEDMODEL_H

#include "compiler/Evaluate/NpyFile.h"
#include "qcc/abi.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <optional>
#include <vector>

namespace qcc {

/// The element type of arrays that an ABI type is, or nothing.
std::optional<evaluate::ArrayType> getArrayType(qcc_dtype_t type);

class LoadedModel {
public:
  /// `threads` 0 is all processors.
  static llvm::Expected<std::unique_ptr<LoadedModel>> open(llvm::StringRef path,
                                                           unsigned threads);
  ~LoadedModel();
  LoadedModel(const LoadedModel &) = delete;
  LoadedModel &operator=(const LoadedModel &) = delete;

  llvm::ArrayRef<qcc_tensor_info_t> getInputs() const;
  llvm::ArrayRef<qcc_tensor_info_t> getOutputs() const;
  size_t countObserved() const;
  /// Data of the last run.
  qcc_observed_info_t getObserved(size_t index) const;

  /// Runs one call; arrays in the order of the inputs.
  llvm::Error run(llvm::ArrayRef<evaluate::Array> inputs);

private:
  LoadedModel() = default;
  llvm::Error createContext(unsigned threads);

  void *handle = nullptr;
  const qcc_library_t *library = nullptr;
  qcc_context_t *context = nullptr;
  std::vector<std::vector<uint8_t>> outputs;
};

} // namespace qcc

#endif // COMPILER_DRIVER_LOADEDMODEL_H
