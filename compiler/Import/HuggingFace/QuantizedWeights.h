// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Modules whose weights are integer codes: their tensors are checked against
// each other and put into a Weight as they are.

#ifndef COMPILER_IMPORT_HUGGINGFACE_QUANTIZEDWEIGHTS_H
#define COMPILER_IMPORT_HUGGINGFACE_QUANTIZEDWEIGHTS_H

#include "compiler/Import/Decoder/Decoder.h"
#include "compiler/Import/HuggingFace/QuantizationConfig.h"
#include "compiler/Import/Safetensors/SafetensorsReader.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace qcc {

/// Rows of a matrix that a module holds, and its size.
struct MatrixPart {
  int64_t firstRow = 0, rows = 0;
  int64_t allRows = 0, columns = 0;
};

/// A whole matrix.
inline MatrixPart wholeMatrix(int64_t rows, int64_t columns) {
  return {0, rows, rows, columns};
}

/// Finds a tensor of a module by the end of its name, `qweight`; or null.
using TensorFinder =
    llvm::function_ref<const SafetensorsTensor *(llvm::StringRef)>;

/// The end of the name of the tensor that holds a module's codes.
llvm::StringRef getCodesName(QuantizationMethod method);

/// Errors begin with the tensor's name after the module's.
llvm::Expected<Weight> readQuantizedWeight(TensorFinder find,
                                           const QuantizationConfig &config,
                                           const MatrixPart &part);

/// `F32`, `F16` or `BF16` as the format of a weight; nothing for others.
std::optional<BlockFormat> findFloatFormat(TensorType type);

} // namespace qcc

#endif // COMPILER_IMPORT_HUGGINGFACE_QUANTIZEDWEIGHTS_H
