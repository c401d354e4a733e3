// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a library tells about itself, without MLIR or LLVM: collected from the
// module of launches, emitted by LibraryTable.cpp. Mirrors
// runtime/core/module.h field by field.

#ifndef COMPILER_CODEGEN_PROGRAMINFO_H
#define COMPILER_CODEGEN_PROGRAMINFO_H

#include "dialects/Qcc/Target/Target.h"
#include "mlir/IR/BuiltinOps.h"
#include "qcc/abi.h"

#include <optional>
#include <string>
#include <vector>

namespace qcc {

struct OpInfo {
  std::string name;
  std::string kind;
  std::string kernel;
  int64_t macs = 0;
  int64_t bytes = 0;
  bool isInt8 = false;
};

struct TensorInfo {
  std::string name;
  qcc_dtype_t type = QCC_DTYPE_F32;
  std::vector<int64_t> shape;
};

struct ObservedInfo {
  TensorInfo tensor;
  std::vector<int64_t> strides;
  int64_t offset = 0;
  float scale = 0;
  int32_t zeroPoint = 0;
};

struct VariantInfo {
  const Target *target = nullptr;
  std::string weightsSymbol;
  int64_t weightsBytes = 0;
  int64_t arenaBytes = 0;
  int64_t scratchBytes = 0;
  std::vector<OpInfo> ops;
  std::vector<ObservedInfo> observed;
};

/// What the runtime must know of a language model.
struct LanguageInfo {
  std::string family, cacheType;
  int64_t vocabulary = 0, maxTokens = 0, rows = 0, outputs = 0, spanRows = 0;
  int64_t partPositions = 0, partSlots = 0, partNumbers = 0;
  int64_t cacheElementBytes = 0;
  std::vector<int64_t> cacheElements, headElements; // of each layer
  std::string tokenizer; // bytes for qcc_rt_tokenizer_create; empty: none
};

struct ProgramInfo {
  std::string name;
  std::optional<LanguageInfo> language;
  std::vector<TensorInfo> inputs;
  std::vector<TensorInfo> outputs;
  VariantInfo variant;
};

/// The type that `f32`, `u8`, `bool` ... name in qcc.inputs, or nothing.
std::optional<qcc_dtype_t> parseDtype(llvm::StringRef name);
/// The word for it; the inverse of parseDtype.
llvm::StringRef printDtype(qcc_dtype_t type);

/// Reads the attributes of `module` and the launches of its main. A failure
/// has been reported at the module.
mlir::FailureOr<ProgramInfo> collectProgramInfo(mlir::ModuleOp module,
                                                const Target &target);


} // namespace qcc

#endif // COMPILER_CODEGEN_PROGRAMINFO_H
