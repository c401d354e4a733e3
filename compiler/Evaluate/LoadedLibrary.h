// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A compiled library and one context of it, as C++ objects that close
// themselves: qcc-run times it, calibration and evaluation look inside.

#ifndef QCC_COMPILER_EVALUATE_LOADEDLIBRARY_H
#define QCC_COMPILER_EVALUATE_LOADEDLIBRARY_H

#include "compiler/Evaluate/NpyFile.h"

#include "qcc/abi.h"

#include <optional>

namespace qcc::evaluate {

class LoadedLibrary {
public:
  /// Opens the file, without a context. Errors do not repeat the path.
  static llvm::Expected<LoadedLibrary> open(llvm::StringRef path);
  /// Around a table that the caller keeps alive, without a file.
  static LoadedLibrary wrap(const qcc_library_t &table);
  LoadedLibrary(LoadedLibrary &&other);
  LoadedLibrary &operator=(LoadedLibrary &&) = delete;
  ~LoadedLibrary();

  const qcc_library_t &functions() const { return *table; }
  llvm::ArrayRef<qcc_tensor_info_t> inputs() const;
  llvm::ArrayRef<qcc_tensor_info_t> outputs() const;
  std::vector<qcc_target_info_t> targets() const;

  /// Fails where the machine lacks a feature. 0 threads: one for each CPU.
  /// What follows needs a context.
  llvm::Error createContext(int32_t threads);
  int32_t threads() const { return table->context_threads(context); }
  /// The target that the context uses.
  qcc_target_info_t target() const;

  /// Arrays in the model's order; outputs must have their final size.
  llvm::Error run(llvm::ArrayRef<Array> inputArrays,
                  llvm::MutableArrayRef<Array> outputArrays,
                  int64_t batch) const;
  llvm::Error setProfile(bool enabled) const;
  /// One entry for each op, in order of execution.
  llvm::Expected<std::vector<qcc_profile_entry_t>> readProfile() const;
  /// A tensor of the last run; `index` is below `target().num_observed`.
  llvm::Expected<qcc_observed_info_t> readObserved(int32_t index) const;

private:
  LoadedLibrary() = default;

  void *handle = nullptr;
  const qcc_library_t *table = nullptr;
  qcc_context_t *context = nullptr;
};

/// The array type that is an ABI type; there is none for bf16.
std::optional<ArrayType> arrayTypeOf(qcc_dtype_t dtype);
/// The array type that holds a tensor; bf16 is held as its bits, in u16.
ArrayType arrayTypeFor(qcc_dtype_t dtype);
/// `f32`, `bf16`, `u8`, ... as the library's messages call them.
llvm::StringRef nameOf(qcc_dtype_t dtype);
llvm::ArrayRef<int64_t> shapeOf(const qcc_tensor_info_t &info);
bool hasSymbolicBatch(const qcc_tensor_info_t &info);
/// The declared shape with `batch` in place of a symbolic dimension.
std::vector<int64_t> shapeFor(const qcc_tensor_info_t &info, int64_t batch);
/// What the arrays have in place of a symbolic dimension; 1 without any.
int64_t batchOf(llvm::ArrayRef<qcc_tensor_info_t> infos,
                llvm::ArrayRef<Array> arrays);
/// Zeroed arrays for the outputs of a run.
std::vector<Array> makeOutputs(llvm::ArrayRef<qcc_tensor_info_t> infos,
                               int64_t batch);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_LOADEDLIBRARY_H
