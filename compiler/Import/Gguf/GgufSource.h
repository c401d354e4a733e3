// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a decoder is put together from: keys of one architecture, and tensors
// checked to have the sizes that keys promise. The first thing that is wrong is
// kept and what is asked for after it is empty, so that descriptions of models
// need no check on each line.

#ifndef COMPILER_IMPORT_GGUF_GGUFSOURCE_H
#define COMPILER_IMPORT_GGUF_GGUFSOURCE_H

#include "compiler/Import/Decoder/Decoder.h"
#include "compiler/Import/Gguf/GgufReader.h"
#include "llvm/ADT/StringSet.h"

namespace qcc {

class GgufSource {
public:
  /// Keys are looked up after `architecture` and a dot.
  GgufSource(const GgufFile &file, llvm::StringRef architecture)
      : file(file), prefix(architecture.str() + ".") {}

  bool hasKey(llvm::StringRef key) const {
    return file.has(prefix + key.str());
  }
  bool isArrayKey(llvm::StringRef key) const {
    return file.isArray(prefix + key.str());
  }

  /// A size of 1 to 2^30: sums of products of two never overflow.
  int64_t getSize(llvm::StringRef key,
                  std::optional<int64_t> fallback = std::nullopt);
  /// The size for a layer: the key's, or its element if it has one a layer.
  int64_t getLayerSize(llvm::StringRef key, int64_t layer,
                       std::optional<int64_t> fallback = std::nullopt);
  /// The layer's element of an array of booleans.
  bool getLayerFlag(llvm::StringRef key, int64_t layer) {
    return getElement(key, layer) != 0;
  }
  /// A finite number.
  double getNumber(llvm::StringRef key,
                   std::optional<double> fallback = std::nullopt);
  bool getBool(llvm::StringRef key, bool fallback);
  llvm::StringRef getString(llvm::StringRef key, llvm::StringRef fallback);

  bool hasTensor(llvm::StringRef name) const { return file.findTensor(name); }
  /// Rows of a tensor with two dimensions.
  int64_t getRows(llvm::StringRef name);
  /// `rows` of `columns` elements.
  Weight getMatrix(llvm::StringRef name, int64_t rows, int64_t columns);
  /// Number `index` of `count` matrices that are stored as one tensor.
  Weight getMatrixOf(llvm::StringRef name, int64_t index, int64_t count,
                     int64_t rows, int64_t columns);
  std::vector<float> getVector(llvm::StringRef name, int64_t size);
  /// Row `index` of the `count` of a tensor.
  std::vector<float> getVectorOf(llvm::StringRef name, int64_t index,
                                 int64_t count, int64_t size);
  /// `name`.weight and, if there is one, `name`.bias.
  Linear getLinear(llvm::StringRef name, int64_t rows, int64_t columns);

  /// A tensor that may be left over.
  void ignoreTensor(llvm::StringRef name) { used.insert(name); }
  /// All whose names begin so.
  void ignoreTensors(llvm::StringRef prefix);
  /// Fails if there is a tensor that nobody asked for.
  void checkAllUsed();

  bool hasFailed() const { return !message.empty(); }
  void fail(const llvm::Twine &text) {
    if (!hasFailed())
      message = text.str();
  }
  void failKey(llvm::StringRef key, const llvm::Twine &expected,
               const llvm::Twine &got);
  llvm::Error takeError() const {
    return hasFailed() ? llvm::createStringError(message)
                       : llvm::Error::success();
  }

private:
  /// The value, or an empty one after a failure.
  template <typename T> T keep(llvm::Expected<T> value) {
    if (value)
      return std::move(*value);
    fail(llvm::toString(value.takeError()));
    return T();
  }
  int64_t checkSize(llvm::StringRef key, int64_t value);
  int64_t getElement(llvm::StringRef key, int64_t layer);
  const GgufTensor *find(llvm::StringRef name, llvm::ArrayRef<int64_t> sizes);

  const GgufFile &file;
  std::string prefix, message;
  llvm::StringSet<> used;
  llvm::StringMap<std::vector<int64_t>> arrays;
};

/// Rows `first` and on of a matrix that a file stores with others in one.
Weight sliceRows(const Weight &matrix, int64_t first, int64_t count);
Linear sliceRows(const Linear &linear, int64_t first, int64_t count);

} // namespace qcc

#endif // COMPILER_IMPORT_GGUF_GGUFSOURCE_H
