// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Data sets for calibration and evaluation, one sample in memory at a time:
// .npz, .npy, folders of those, folders of JPEG and PNG, with or without
// labels. What `--calibrate` and `--data` accept.

#ifndef QCC_COMPILER_EVALUATE_SAMPLES_H
#define QCC_COMPILER_EVALUATE_SAMPLES_H

#include "compiler/Evaluate/NpyFile.h"
#include "compiler/Evaluate/Preprocess.h"

#include <optional>

namespace qcc::evaluate {

/// What the model wants. A negative leading dimension (symbolic batch) is fed
/// one item at a time; other negative dimensions take the data's size.
struct InputSpec {
  std::string name;
  ArrayType type = ArrayType::F32;
  std::vector<int64_t> shape;
};

/// One call of the model.
struct Sample {
  /// In the order of the specs, with their types and full shapes.
  std::vector<Array> inputs;
  /// One per item of the leading dimension; empty without labels.
  std::vector<int64_t> labels;
  /// The file, or the archive with an index: for messages.
  std::string name;
};

struct SampleOptions {
  std::optional<Preprocess> preprocess;
  /// A text file of `name,label` lines, or an integer .npy; may be empty.
  std::string labelsPath;
};

/// A data set that can be read any number of times. Not thread-safe.
class SampleSet {
public:
  /// Looks at names, shapes and types, and reads no data yet. A data set
  /// without samples is an error.
  static llvm::Expected<std::unique_ptr<SampleSet>>
  open(llvm::StringRef path, llvm::ArrayRef<InputSpec> inputs,
       const SampleOptions &options = {});
  virtual ~SampleSet() = default;

  /// Calls of the model that the data is good for; at least 1.
  virtual uint64_t countSamples() const = 0;
  virtual bool hasLabels() const = 0;
  /// The next sample, or false at the end. NaN and infinity are errors that
  /// name the sample.
  virtual llvm::Expected<bool> readNext(Sample &sample) = 0;
  /// Starts again at the first sample.
  virtual llvm::Error rewind() = 0;
};

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_SAMPLES_H
