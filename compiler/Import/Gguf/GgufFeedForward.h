// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the feed-forward network, or the experts, of one layer.

#ifndef COMPILER_IMPORT_GGUF_GGUFFEEDFORWARD_H
#define COMPILER_IMPORT_GGUF_GGUFFEEDFORWARD_H

#include "compiler/Import/Gguf/GgufFamilies.h"
#include "compiler/Import/Gguf/GgufSource.h"

namespace qcc {

class GgufFeedForwardReader {
public:
  /// Of the layer whose tensors begin with `layer`, as "blk.3.".
  GgufFeedForwardReader(GgufSource &source, const GgufFamily &family,
                        llvm::StringRef layer, int64_t width)
      : source(source), family(family), layer(layer.str()), width(width) {}

  FeedForward read(const llvm::Twine &suffix, int64_t hidden);
  Experts readExperts(int64_t index);

private:
  std::string in(const llvm::Twine &name) const { return (layer + name).str(); }
  Linear readExpertMatrix(llvm::StringRef name, int64_t expert, int64_t count,
                          std::pair<int64_t, int64_t> shape);
  void readChoice(Experts &experts, int64_t count);

  GgufSource &source;
  const GgufFamily &family;
  std::string layer;
  int64_t width;
};

} // namespace qcc

#endif // COMPILER_IMPORT_GGUF_GGUFFEEDFORWARD_H
