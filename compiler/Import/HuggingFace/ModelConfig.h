// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The numbers of a decoder, from config.json and its family: all that is known
// before a weight is looked at.

#ifndef COMPILER_IMPORT_HUGGINGFACE_MODELCONFIG_H
#define COMPILER_IMPORT_HUGGINGFACE_MODELCONFIG_H

#include "compiler/Import/HuggingFace/Family.h"

namespace qcc {

struct LayerConfig {
  int64_t window = 0;
  int64_t rotary = -1; // index in ModelConfig::rotaries
  bool hasExperts = false;
};

struct ModelConfig {
  Family family;
  int64_t vocabulary = 0, width = 0, maxTokens = 0;
  int64_t heads = 0, kvHeads = 0, headSize = 0;
  int64_t feedForward = 0; // width of the hidden layer
  int64_t experts = 0, usedExperts = 0;
  int64_t expertWidth = 0, sharedWidth = 0;
  bool areExpertsNormalized = false;
  float expertScale = 1; // of their weights
  bool hasHeadNorms = true;
  GateFunction function = GateFunction::Silu;
  float epsilon = 1e-5f;
  float attentionScale = 1, attentionSoftCap = 0;
  bool isScaledByLayer =
      false; // GPT-2: scores are divided by the layer's number
  float embeddingScale = 1, residualScale = 1;
  float logitScale = 1, logitSoftCap = 0;
  float clip = 0; // of queries, keys and values
  bool isTied = false, isParallel = false;
  bool isTiedStated = false; // config.json says so or its opposite
  std::vector<Rotary> rotaries;
  std::vector<LayerConfig> layers;
  int64_t draftLayers = 0; // after those, for guesses of the next tokens
};

llvm::Expected<ModelConfig> readModelConfig(const ConfigReader &config,
                                            int64_t contextTokens);

} // namespace qcc

#endif // COMPILER_IMPORT_HUGGINGFACE_MODELCONFIG_H
