// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes modules out of a checkpoint by name. The first thing that is missing
// or has another shape is noted, and reading goes on with nothing, so that the
// description of a layer reads like one.

#ifndef COMPILER_IMPORT_HUGGINGFACE_WEIGHTREADER_H
#define COMPILER_IMPORT_HUGGINGFACE_WEIGHTREADER_H

#include "compiler/Import/HuggingFace/Family.h"
#include "compiler/Import/HuggingFace/QuantizedWeights.h"

#include "llvm/ADT/StringSet.h"

namespace qcc {

class WeightReader {
public:
  WeightReader(const SafetensorsCheckpoint &checkpoint,
               const QuantizationConfig &quantization, bool isTransposed)
      : checkpoint(checkpoint), quantization(quantization),
        isTransposed(isTransposed) {}

  bool has(const std::string &tensor) const {
    return checkpoint.find(tensor) != nullptr;
  }
  /// What stands before `end` in the one name that ends so; nothing if there
  /// is none, or more than one.
  std::optional<std::string> findPrefix(llvm::StringRef end) const;

  /// Floats, [rows][columns], whatever layers are.
  Weight readTable(const std::string &module, const MatrixPart &part);
  /// Matrix `index` of `count` in one tensor of floats.
  Weight readStacked(const std::string &tensor, int64_t index, int64_t count,
                     const MatrixPart &part);
  /// Rows `part.firstRow + step * i` of such a matrix: of floats that lie in
  /// columns, or of MXFP4 in `<tensor>_blocks` and `<tensor>_scales`.
  Weight readStackedColumns(const std::string &tensor, int64_t index,
                            int64_t count, const MatrixPart &part,
                            int64_t step);
  /// Floats as f32; empty where there are none.
  std::vector<float> readVector(const std::string &name, int64_t size);
  std::vector<float> readMatrix(const std::string &name, int64_t rows,
                                int64_t columns);
  /// Floats or codes, and the bias if there is one. Heads are never transposed.
  Linear readLinear(const std::string &module, const MatrixPart &part,
                    bool isHead = false);
  /// A bias is there for norms with a mean only.
  /// Weights of more than one head are a matrix.
  Norm readNorm(const std::string &module, int64_t heads, int64_t size,
                NormKind kind, float epsilon);

  /// Counts tensors whose names begin so as asked for.
  void ignore(llvm::StringRef prefix);
  /// The same for those that begin with none of `prefixes`; returns how many.
  int64_t ignoreOthers(llvm::ArrayRef<std::string> prefixes);

  /// Notes an error of `tensor`.
  void fail(const llvm::Twine &tensor, const llvm::Twine &message);
  bool hasFailed() const { return !failure.empty(); }
  /// The first error; or that of a tensor that nobody asked for, since a model
  /// that has more than its description is another model.
  llvm::Error finish(llvm::ArrayRef<std::string> ignored);

private:
  const SafetensorsTensor *find(const std::string &name);
  /// Notes an error where type or shape are others.
  const SafetensorsTensor *findFloats(const std::string &name,
                                      llvm::ArrayRef<int64_t> shape);
  std::vector<float> decodeFloats(const std::string &name,
                                  llvm::ArrayRef<int64_t> shape);
  llvm::ArrayRef<char> findBytes(const std::string &name,
                                 llvm::ArrayRef<int64_t> shape);
  Weight readSplitBlocks(const std::string &tensor, int64_t index,
                         int64_t count, const MatrixPart &part);
  Weight readFloats(const std::string &name, const MatrixPart &part,
                    bool isColumns);

  const SafetensorsCheckpoint &checkpoint;
  const QuantizationConfig &quantization;
  bool isTransposed;
  llvm::StringSet<> used;
  std::string failure;
};

} // namespace qcc

#endif // COMPILER_IMPORT_HUGGINGFACE_WEIGHTREADER_H
