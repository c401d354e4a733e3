// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layer by layer, in the order in which the tested library runs them.

#include "compiler/Evaluate/LayerErrors.h"

using namespace llvm;

namespace qcc::evaluate {

void LayerErrors::add(StringRef name, ArrayRef<float> reference,
                      ArrayRef<float> tested,
                      std::optional<std::pair<float, float>> range) {
  auto [place, isNew] = places.try_emplace(name, errors.size());
  if (isNew)
    errors.push_back({name.str(), {}, {}});
  LayerError &layer = errors[place->second];
  layer.error.add(reference, tested);
  if (!range)
    return;
  // What rounds to the last step is still inside.
  float half = (range->second - range->first) / 255 / 2;
  for (float value : reference)
    layer.clipped.add(value < range->first - half ||
                      value > range->second + half);
}

Error LayerErrors::addObserved(const CompiledModel &reference,
                               const CompiledModel &tested) {
  StringMap<ObservedTensor> expected;
  for (int i = 0; i < reference.countObserved(); ++i) {
    Expected<ObservedTensor> tensor = reference.readObserved(i);
    if (!tensor)
      return tensor.takeError();
    std::string name = tensor->name;
    expected[name] = std::move(*tensor);
  }
  for (int i = 0; i < tested.countObserved(); ++i) {
    Expected<ObservedTensor> tensor = tested.readObserved(i);
    if (!tensor)
      return tensor.takeError();
    auto found = expected.find(tensor->name);
    // Fusion leaves fewer tensors in one library than in the other.
    if (found == expected.end())
      continue;
    const ObservedTensor &other = found->second;
    if (other.values.size() != tensor->values.size())
      return createStringError(
          Twine(tested.name()) + ": layer '" + tensor->name +
          "': expected shape " + printShape(other.shape) + " as in " +
          reference.name() + ", but got " + printShape(tensor->shape));
    add(tensor->name, other.values, tensor->values, tensor->range);
  }
  return Error::success();
}

const LayerError *LayerErrors::findFirstBad(double decibels) const {
  for (const LayerError &layer : errors) {
    const ErrorSum &error = layer.error;
    if (error.countNotFiniteInTested() > error.countNotFiniteInReference() ||
        error.signalToNoise() < decibels)
      return &layer;
  }
  return nullptr;
}

} // namespace qcc::evaluate
