// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of architectures, by relationship. What is not said is as in
// GgufFamily. Converters store Gemma's norms with their 1 added, and Llama's
// query and key rows so that neighbours rotate.

#include "compiler/Import/Gguf/GgufFamilies.h"

namespace qcc {

static std::vector<GgufFamily> makeGemmas() {
  GgufFamily gemma = {"gemma"};
  gemma.function = GateFunction::GeluTanh;
  gemma.isEmbeddingScaled = true;

  GgufFamily gemma2 = gemma;
  gemma2.name = "gemma2";
  gemma2.afterAttention = "post_attention_norm";
  gemma2.afterFeedForward = "post_ffw_norm";
  gemma2.attentionSoftCap = 50;
  gemma2.logitSoftCap = 30;
  gemma2.window = 4096;
  gemma2.fullEvery = 2;
  gemma2.jointScaleLayers = 46; // 27B

  GgufFamily gemma3 = gemma;
  gemma3.name = "gemma3";
  gemma3.afterAttention = "post_attention_norm";
  gemma3.afterFeedForward = "post_ffw_norm";
  gemma3.hasHeadNorms = true;
  gemma3.fullEvery = 6;
  gemma3.hasPlainWindows = true;
  gemma3.windowBase = 10000;
  gemma3.jointScaleLayers = 62; // 27B
  return {gemma, gemma2, gemma3};
}

static std::vector<GgufFamily> makeLlamas() {
  GgufFamily llama = {"llama"}; // Mistral, Mixtral and SmolLM2 too
  llama.positions = GgufPositions::Interleaved;

  GgufFamily granite = llama;
  granite.name = "granite";
  granite.hasScaleKeys = true;
  granite.isRotationSwitched = true;

  GgufFamily graniteMoe = granite;
  graniteMoe.name = "granitemoe";

  GgufFamily smollm3 = llama;
  smollm3.name = "smollm3";
  smollm3.plainEvery = 4;
  return {llama, granite, graniteMoe, smollm3};
}

static std::vector<GgufFamily> makeQwens() {
  GgufFamily qwen2 = {"qwen2"}; // biases of query, key and value

  GgufFamily qwen2Moe = qwen2;
  qwen2Moe.name = "qwen2moe";
  qwen2Moe.isNormalized = false;

  GgufFamily qwen3 = qwen2;
  qwen3.name = "qwen3";
  qwen3.hasHeadNorms = true;

  GgufFamily qwen3Moe = qwen3;
  qwen3Moe.name = "qwen3moe";
  return {qwen2, qwen2Moe, qwen3, qwen3Moe};
}

static std::vector<GgufFamily> makeOthers() {
  GgufFamily gpt2 = {"gpt2"};
  gpt2.isLayerNorm = true;
  gpt2.positions = GgufPositions::Learned;
  gpt2.function = GateFunction::GeluTanh;
  gpt2.isGated = false;

  GgufFamily gptOss = {"gpt-oss"};
  gptOss.beforeFeedForward = "post_attention_norm";
  gptOss.hasSinks = true;
  gptOss.fullEvery = 2;
  gptOss.function = GateFunction::ClampedSwish;
  gptOss.isSoftmaxFirst = false;

  GgufFamily olmo2 = {"olmo2"}; // OLMo 3 too: it has windows
  olmo2.beforeAttention = "";
  olmo2.afterAttention = "post_attention_norm";
  olmo2.beforeFeedForward = "";
  olmo2.afterFeedForward = "post_ffw_norm";
  olmo2.hasJointNorms = true;
  olmo2.fullEvery = 4;
  olmo2.hasPlainWindows = true;

  GgufFamily olmoe = {"olmoe"};
  olmoe.hasJointNorms = true;
  olmoe.isNormalized = false;

  GgufFamily phi3 = {"phi3"}; // query, key, value and gate, up are fused

  GgufFamily starcoder2 = {"starcoder2"};
  starcoder2.isLayerNorm = true;
  starcoder2.function = GateFunction::GeluTanh;
  starcoder2.isGated = false;
  return {gpt2, gptOss, olmo2, olmoe, phi3, starcoder2};
}

static std::vector<GgufFamily> makeFamilies() {
  std::vector<GgufFamily> all;
  for (const auto &group :
       {makeGemmas(), makeLlamas(), makeOthers(), makeQwens()})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

static const std::vector<GgufFamily> &getFamilies() {
  static const std::vector<GgufFamily> families = makeFamilies();
  return families;
}

const GgufFamily *findGgufFamily(llvm::StringRef name) {
  for (const GgufFamily &family : getFamilies())
    if (family.name == name)
      return &family;
  return nullptr;
}

std::string listGgufFamilies() {
  std::string list;
  for (const GgufFamily &family : getFamilies())
    list += (list.empty() ? "" : ", ") + family.name.str();
  return list;
}

} // namespace qcc
