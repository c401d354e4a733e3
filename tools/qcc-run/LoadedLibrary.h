// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A compiled library and one context of it, opened and closed as C++ objects.

#ifndef QCC_TOOLS_QCC_RUN_LOADEDLIBRARY_H
#define QCC_TOOLS_QCC_RUN_LOADEDLIBRARY_H

#include "compiler/Evaluate/NpyFile.h"
#include "qcc/abi.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <vector>

namespace qcc::run {

class LoadedLibrary {
public:
  /// Opens the file and makes a context. Errors do not repeat the path.
  static llvm::Expected<LoadedLibrary> open(llvm::StringRef path);
  LoadedLibrary(LoadedLibrary &&other);
  LoadedLibrary &operator=(LoadedLibrary &&) = delete;
  ~LoadedLibrary();

  /// Fails where the machine lacks a feature. 0 threads: one for each CPU.
  llvm::Error createContext(int32_t threads);

  llvm::ArrayRef<qcc_tensor_info_t> inputs() const;
  llvm::ArrayRef<qcc_tensor_info_t> outputs() const;
  std::vector<qcc_target_info_t> targets() const;
  /// The target that the context uses.
  qcc_target_info_t target() const;
  int32_t threads() const { return table->context_threads(context); }
  const qcc_library_t &functions() const { return *table; }

  /// Arrays in the model's order; outputs must have their final size.
  llvm::Error run(llvm::MutableArrayRef<evaluate::Array> inputArrays,
                  llvm::MutableArrayRef<evaluate::Array> outputArrays,
                  int64_t batch) const;
  llvm::Error setProfile(bool enabled) const;
  /// One entry for each op, in order of execution.
  llvm::Expected<std::vector<qcc_profile_entry_t>> readProfile() const;

private:
  LoadedLibrary() = default;
  llvm::Error check(qcc_code_t code, const qcc_status_t &status) const;

  void *handle = nullptr;
  const qcc_library_t *table = nullptr;
  qcc_context_t *context = nullptr;
};

/// The array type that holds a tensor; bf16 is held as its bits, in u16.
evaluate::ArrayType arrayTypeFor(qcc_dtype_t dtype);
/// `f32`, `bf16`, `u8`, ... as the library's messages call them.
llvm::StringRef nameOf(qcc_dtype_t dtype);
llvm::ArrayRef<int64_t> shapeOf(const qcc_tensor_info_t &info);
bool hasSymbolicBatch(const qcc_tensor_info_t &info);
/// The declared shape with `batch` in place of a symbolic dimension.
std::vector<int64_t> shapeFor(const qcc_tensor_info_t &info, int64_t batch);

/// "expected X, but got Y" as an error.
llvm::Error makeError(const llvm::Twine &message);

} // namespace qcc::run

#endif // QCC_TOOLS_QCC_RUN_LOADEDLIBRARY_H
