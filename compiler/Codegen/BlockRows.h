// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of weights as blocks, made one at a time from the bytes of a checkpoint:
// what qcc.unpack_weight and qcc.quantize_blocks stand for.

#ifndef COMPILER_CODEGEN_BLOCKROWS_H
#define COMPILER_CODEGEN_BLOCKROWS_H

#include "mlir/IR/BuiltinAttributes.h"

#include <memory>
#include <vector>

namespace qcc {

class BlockRows {
public:
  virtual ~BlockRows() = default;

  /// The blocks of a row: in the file, or in `made`. Any number of threads may
  /// ask at once.
  virtual const uint8_t *getRow(int64_t row,
                                std::vector<uint8_t> &made) const = 0;

  /// The rows at the end of `steps` from the constants `sources`, as
  /// passes/LowerCpu/WeightBytes.cpp writes both.
  static std::unique_ptr<BlockRows> make(mlir::ArrayAttr sources,
                                         llvm::ArrayRef<mlir::Attribute> steps);
};

} // namespace qcc

#endif // COMPILER_CODEGEN_BLOCKROWS_H
