// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kinds of data set behind SampleSet::open, and what they share. Only the
// sources of samples include this.

#ifndef QCC_COMPILER_EVALUATE_SAMPLESOURCES_H
#define QCC_COMPILER_EVALUATE_SAMPLESOURCES_H

#include "compiler/Evaluate/Samples.h"

#include "llvm/ADT/StringMap.h"

namespace qcc::evaluate {

/// `--labels=FILE`: labels by name, by position, or both.
struct LabelFile {
  std::vector<int64_t> ordered;
  llvm::StringMap<int64_t> byName;
};

/// Lines of `name,label` or just `label`; or an integer .npy. An empty path
/// gives an empty result.
llvm::Expected<LabelFile> readLabelFile(llvm::StringRef path);

/// How an array with a leading sample axis is cut into inputs of the model.
struct SampleCut {
  uint64_t samples = 0;
  std::vector<int64_t> shape; ///< Of one call's input; fully known.
};

/// Items in one call: the leading dimension, or 1 where it is symbolic.
int64_t countItems(const InputSpec &spec);

/// Array [N, c, h, w] for the input [b, c, h, w]: N / b calls. Array
/// [N, b, c, h, w]: N calls. `name` is for the error.
llvm::Expected<SampleCut> cutIntoSamples(llvm::ArrayRef<int64_t> arrayShape,
                                         const InputSpec &spec,
                                         llvm::StringRef name);

/// Converts to the input's type and refuses NaN and infinity.
llvm::Expected<Array> finishInput(Array array, const InputSpec &spec,
                                  llvm::StringRef name);

/// Each file is one .npz, or one .npy for models with a single input.
llvm::Expected<std::unique_ptr<SampleSet>>
openArrayFiles(std::vector<std::string> paths, llvm::ArrayRef<InputSpec> inputs,
               LabelFile labels);

/// A folder with one .npy per input, named after it.
llvm::Expected<std::unique_ptr<SampleSet>>
openArrayFolder(llvm::StringRef folder, llvm::ArrayRef<InputSpec> inputs,
                LabelFile labels);

llvm::Expected<std::unique_ptr<SampleSet>>
openImages(std::vector<std::string> paths, llvm::ArrayRef<InputSpec> inputs,
           const SampleOptions &options, LabelFile labels);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_SAMPLESOURCES_H
