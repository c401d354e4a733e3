// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrices of a checkpoint as values of a graph: constants that point into the
// mapped files, and ops that say how their bytes are to be read.

#ifndef COMPILER_IMPORT_DECODER_WEIGHTCONSTANTS_H
#define COMPILER_IMPORT_DECODER_WEIGHTCONSTANTS_H

#include "compiler/Import/Decoder/Decoder.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <map>
#include <tuple>

namespace qcc {

class WeightConstants {
public:
  /// Ops go to the start of `block`; `files` are kept as long as constants are.
  WeightConstants(mlir::Block &block,
                  std::vector<std::shared_ptr<llvm::MemoryBuffer>> files);

  /// Rows of blocks: the weight's own, or what its codes are as groups. One
  /// value for each matrix, however often it is asked for.
  mlir::Value get(const Weight &weight);

  /// All of `parts`, which have a stacked format, below each other.
  mlir::Value getStack(llvm::ArrayRef<const Weight *> parts);

  /// The order in which the columns of that value are (i32, -1 where there is
  /// none), which rows must be brought into; no value where it is their own.
  mlir::Value getOrder(const Weight &weight);

private:
  mlir::Value makeBytes(const Weight &weight, llvm::ArrayRef<char> bytes,
                        mlir::RankedTensorType type);
  mlir::Value makeBlocks(const Weight &weight);
  mlir::Value makeColumns(const Weight &weight);
  mlir::Value makeSplit(const Weight &weight);
  mlir::Value makeCodes(const Weight &weight, llvm::StringRef format);
  mlir::Value make(const Weight &weight, llvm::StringRef format);
  void remarkFloats(llvm::StringRef format, llvm::StringRef what);

  mlir::ImplicitLocOpBuilder b;
  std::vector<std::shared_ptr<llvm::MemoryBuffer>> files;
  std::map<std::tuple<const char *, int64_t, int64_t>, mlir::Value> known;
  std::map<std::vector<int32_t>, mlir::Value> orders;
};

/// The format of docs/blocks.md that holds the codes of `weight`; `f32` where
/// their groups are too small for one.
std::string chooseCodeFormat(const Weight &weight);

/// One format for matrices of one size that are to lie below each other; empty
/// where sizes differ, or formats that no third one holds.
std::string chooseStackFormat(llvm::ArrayRef<const Weight *> parts);

} // namespace qcc

#endif // COMPILER_IMPORT_DECODER_WEIGHTCONSTANTS_H
