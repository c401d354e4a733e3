// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Feed-forward networks, one or many: modules apart, fused, or in stacks.

#include "compiler/Import/HuggingFace/DecoderReader.h"

using llvm::StringRef;

namespace qcc {

FeedForward DecoderReader::readFeedForward(const std::string &module,
                                           const FeedForwardNames &names,
                                           int64_t width) {
  FeedForward result;
  result.function = model.function;
  if (!names.gateUp.empty()) {
    std::string both = module + names.gateUp.str();
    result.gate = weights.readLinear(both, {0, width, 2 * width, model.width});
    result.up =
        weights.readLinear(both, {width, width, 2 * width, model.width});
  } else {
    MatrixPart inward = wholeMatrix(width, model.width);
    if (!names.gate.empty())
      result.gate = weights.readLinear(module + names.gate.str(), inward);
    result.up = weights.readLinear(module + names.up.str(), inward);
  }
  result.down = weights.readLinear(module + names.down.str(),
                                   wholeMatrix(model.width, width));
  return result;
}

/// One expert out of the stacks of all.
FeedForward DecoderReader::readStackedExpert(const std::string &layer,
                                             int64_t index) {
  const ExpertNames &names = family.experts;
  int64_t width = model.expertWidth, all = 2 * width;
  FeedForward expert;
  expert.function = model.function;
  std::string both = layer + names.gateUpStack.str();
  auto read = [&](const std::string &tensor, const MatrixPart &part) {
    return weights.readStacked(tensor, index, model.experts, part);
  };
  expert.gate.weight = read(both, {0, width, all, model.width});
  expert.up.weight = read(both, {width, width, all, model.width});
  expert.down.weight =
      read(layer + names.downStack.str(), wholeMatrix(model.width, width));
  return expert;
}

void DecoderReader::readPairedExperts(const std::string &layer,
                                      Experts &experts) {
  const ExpertNames &names = family.experts;
  int64_t width = model.expertWidth, count = model.experts;
  experts.router = weights.readLinear(layer + names.router.str(),
                                      wholeMatrix(count, model.width));
  std::string both = layer + names.gateUpStack.str();
  std::string down = layer + names.downStack.str();
  std::vector<float> biases =
                         weights.readMatrix(both + "_bias", count, 2 * width),
                     lastBiases =
                         weights.readMatrix(down + "_bias", count, model.width);
  for (int64_t i = 0; i < count && !weights.hasFailed(); ++i) {
    auto read = [&](const std::string &tensor, const MatrixPart &part,
                    int64_t step) {
      return weights.readStackedColumns(tensor, i, count, part, step);
    };
    FeedForward expert;
    expert.function = GateFunction::ClampedSwish;
    MatrixPart part = {0, width, 2 * width, model.width};
    expert.gate.weight = read(both, part, 2);
    part.firstRow = 1;
    expert.up.weight = read(both, part, 2);
    expert.down.weight = read(down, wholeMatrix(model.width, width), 1);
    for (int64_t row = 0; row < width; ++row) {
      const float *pair = biases.data() + 2 * (i * width + row);
      expert.gate.bias.push_back(pair[0]);
      expert.up.bias.push_back(pair[1]);
    }
    expert.down.bias.assign(lastBiases.begin() + i * model.width,
                            lastBiases.begin() + (i + 1) * model.width);
    experts.experts.push_back(std::move(expert));
  }
}

Experts DecoderReader::readExperts(const std::string &layer) {
  const ExpertNames &names = family.experts;
  Experts experts;
  experts.used = model.usedExperts;
  experts.isNormalized = model.areExpertsNormalized;
  experts.isSoftmaxFirst = names.weights == ExpertWeights::Softmax;
  experts.isSigmoid = names.weights == ExpertWeights::Sigmoid;
  experts.scale = model.expertScale;
  if (names.areRowsPaired) {
    readPairedExperts(layer, experts);
    return experts;
  }
  bool isStacked = weights.has(layer + names.gateUpStack.str());
  std::string router = layer + names.router.str();
  if (isStacked && !weights.has(router + ".weight"))
    router = layer + "mlp.gate";
  experts.router =
      weights.readLinear(router, wholeMatrix(model.experts, model.width));
  if (!names.bias.empty())
    experts.choiceBias =
        weights.readVector(layer + names.bias.str(), model.experts);
  for (int64_t i = 0; i < model.experts && !weights.hasFailed(); ++i)
    experts.experts.push_back(
        isStacked ? readStackedExpert(layer, i)
                  : readFeedForward(layer + names.experts.str() +
                                        std::to_string(i) + ".",
                                    names.names, model.expertWidth));
  if (names.shared.empty())
    return experts;
  experts.shared = readFeedForward(layer + names.shared.str() + ".",
                                   names.sharedNames, model.sharedWidth);
  if (!names.sharedGate.empty())
    experts.sharedGate = weights.readLinear(layer + names.sharedGate.str(),
                                            wholeMatrix(1, model.width));
  return experts;
}

} // namespace qcc
