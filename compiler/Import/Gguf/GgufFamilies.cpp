// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of architectures, by relationship. What is not said is as in
// GgufFamily. Converters store Gemma's norms with their 1 added, and Llama's
// query and key rows so that neighbours rotate.

#include "compiler/Import/Gguf/GgufFamilies.h"

#include "llvm/ADT/STLExtras.h"

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

  // The feed-forward network has no gate.
  GgufFamily arcee = llama;
  arcee.name = "arcee";
  arcee.function = GateFunction::ReluSquared;
  arcee.isGated = false;

  GgufFamily ernie = llama, intern = llama, xverse = llama;
  ernie.name = "ernie4_5";
  intern.name = "internlm2";
  xverse.name = "xverse";
  return {llama, granite, graniteMoe, smollm3, arcee, ernie, intern, xverse};
}

/// Cohere's: one norm for both branches.
static std::vector<GgufFamily> makeCommands() {
  GgufFamily command = {"command-r"};
  command.isLayerNorm = true;
  command.beforeFeedForward = "";
  command.isParallel = true;
  command.positions = GgufPositions::Interleaved;
  command.isLogitScaleFactor = true;

  GgufFamily command2 = command;
  command2.name = "cohere2";
  command2.fullEvery = 4;
  command2.isRotatedInWindows = true;
  return {command, command2};
}

static std::vector<GgufFamily> makeGlms() {
  GgufFamily glm4 = {"glm4"};
  glm4.positions = GgufPositions::Interleaved;
  glm4.afterAttention = "post_attention_norm";
  glm4.afterFeedForward = "post_ffw_norm";

  GgufFamily glm4Moe = {"glm4moe"};
  glm4Moe.beforeFeedForward = "post_attention_norm";
  glm4Moe.areHeadNormsOptional = true;
  glm4Moe.isSigmoid = true;
  return {glm4, glm4Moe};
}

static std::vector<GgufFamily> makeMixtures() {
  GgufFamily deepseek = {"deepseek"}; // the first, whose keys are not latent
  deepseek.positions = GgufPositions::Interleaved;
  deepseek.isNormalized = false;

  GgufFamily dots1 = {"dots1"};
  dots1.hasHeadNorms = true;
  dots1.isSigmoid = true;
  dots1.isNormalized = false;

  GgufFamily bailing = {"bailingmoe"};
  bailing.positions = GgufPositions::Interleaved;
  bailing.isNormalized = false;
  return {deepseek, dots1, bailing};
}

/// Those with norms of mean and deviation.
static std::vector<GgufFamily> makeLayerNorms() {
  GgufFamily neoX = {"gptneox"};
  neoX.isLayerNorm = true;
  neoX.function = GateFunction::GeluTanh;
  neoX.isGated = false;

  GgufFamily phi2 = neoX;
  phi2.name = "phi2";
  phi2.beforeFeedForward = "";
  phi2.isParallel = true;

  GgufFamily nemotron = neoX;
  nemotron.name = "nemotron";
  nemotron.function = GateFunction::ReluSquared;

  GgufFamily stableLm = {"stablelm"};
  stableLm.isLayerNorm = true;
  stableLm.isParallelWithoutNorm = true;

  GgufFamily orion = {"orion"};
  orion.isLayerNorm = true;
  return {neoX, phi2, nemotron, stableLm, orion};
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

  // Text has the same position in all sections of a rotation.
  GgufFamily qwen2Vl = qwen2, qwen3Vl = qwen3, qwen3VlMoe = qwen3Moe;
  qwen2Vl.name = "qwen2vl";
  qwen3Vl.name = "qwen3vl";
  qwen3VlMoe.name = "qwen3vlmoe";

  GgufFamily seed = qwen2;
  seed.name = "seed_oss";
  seed.beforeFeedForward = "post_attention_norm";

  GgufFamily exaone = {"exaone"};
  return {qwen2,   qwen2Moe,   qwen3, qwen3Moe, qwen2Vl,
          qwen3Vl, qwen3VlMoe, seed,  exaone};
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

  GgufFamily starcoder = gpt2;
  starcoder.name = "starcoder";
  return {gpt2, gptOss, olmo2, olmoe, phi3, starcoder, starcoder2};
}

static std::vector<GgufFamily> makeFamilies() {
  std::vector<GgufFamily> all;
  for (const auto &group :
       {makeCommands(), makeGemmas(), makeGlms(), makeLayerNorms(),
        makeLlamas(), makeMixtures(), makeOthers(), makeQwens()})
    all.insert(all.end(), group.begin(), group.end());
  llvm::sort(all, [](const GgufFamily &a, const GgufFamily &b) {
    return llvm::StringRef(a.name) < b.name;
  });
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
