// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Float constants read as one number or one per channel.

#include "passes/Simplify/ConstantVectors.h"

#include "dialects/Qcc/IR/Constants.h"

#include <cmath>

using namespace mlir;

namespace qcc {

std::optional<std::vector<float>> getFloats(Value value) {
  std::optional<ConstantBytes> constant = getConstantBytes(value);
  if (!constant || !constant->type.getElementType().isF32())
    return std::nullopt;
  ArrayRef<float> elements = constant->as<float>();
  return std::vector<float>(elements.begin(), elements.end());
}

std::optional<double> getScalar(Value value) {
  std::optional<std::vector<float>> elements = getFloats(value);
  if (!elements || elements->empty())
    return std::nullopt;
  for (float element : *elements)
    if (element != elements->front())
      return std::nullopt;
  return elements->front();
}

std::optional<std::vector<double>> getPerChannel(Value value, int64_t rank,
                                                 int64_t channels) {
  std::optional<std::vector<float>> elements = getFloats(value);
  if (!elements)
    return std::nullopt;
  ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
  int64_t missing = rank - int64_t(shape.size());
  if (missing < 0)
    return std::nullopt;
  for (int64_t i = 0; i < int64_t(shape.size()); ++i)
    if (shape[i] != 1 && (i + missing != 1 || shape[i] != channels))
      return std::nullopt;
  if (elements->size() == 1)
    return std::vector<double>(channels, elements->front());
  return std::vector<double>(elements->begin(), elements->end());
}

bool isAbout(double value, double expected) {
  return std::abs(value - expected) <= 1e-5 * std::abs(expected);
}

} // namespace qcc
