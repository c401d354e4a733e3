// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compares two libraries of one model layer by layer, and names the layer
// where things start to go wrong.

#ifndef QCC_COMPILER_EVALUATE_LAYERERRORS_H
#define QCC_COMPILER_EVALUATE_LAYERERRORS_H

#include "compiler/Evaluate/CompiledModel.h"
#include "compiler/Evaluate/Metrics.h"

#include "llvm/ADT/StringMap.h"

namespace qcc::evaluate {

struct LayerError {
  std::string name;
  ErrorSum error;
  /// Of a layer on a grid: elements of the reference beyond the grid's range.
  Share clipped;
};

class LayerErrors {
public:
  /// Below this a layer counts as bad: a tenth of the signal is noise.
  static constexpr double worstSignalToNoise = 10;

  /// Adds one layer of one sample. Layers keep the order of their first
  /// appearance.
  void add(llvm::StringRef name, llvm::ArrayRef<float> reference,
           llvm::ArrayRef<float> tested,
           std::optional<std::pair<float, float>> range = std::nullopt);
  /// Adds every layer that both keep, by name, after each has run the same
  /// sample. Layers of different sizes are an error.
  llvm::Error addObserved(const CompiledModel &reference,
                          const CompiledModel &tested);

  llvm::ArrayRef<LayerError> layers() const { return errors; }
  /// The first layer, in the order of execution, that is worse than
  /// `decibels` or makes NaN or infinity where the reference has none. Null if
  /// all are good.
  const LayerError *findFirstBad(double decibels = worstSignalToNoise) const;

private:
  std::vector<LayerError> errors;
  llvm::StringMap<size_t> places;
};

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_LAYERERRORS_H
