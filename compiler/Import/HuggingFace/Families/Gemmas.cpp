// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gemma: norms stored less 1, scaled embeddings, more norms each time.

#include "compiler/Import/HuggingFace/Family.h"

namespace qcc {

static Family gemma() {
  Family family = makeLlama();
  family.modelType = "gemma";
  family.architecture = "GemmaForCausalLM";
  family.norm = NormKind::RmsPlusOne;
  family.isTied = true;
  family.isEmbeddingScaled = true;
  family.headSize = 256;
  // The first files name gelu in `hidden_act`, and mean this one.
  family.keys.function = "hidden_activation";
  family.function = "gelu_pytorch_tanh";
  return family;
}

static Family gemma2() {
  Family family = gemma();
  family.modelType = "gemma2";
  family.architecture = "Gemma2ForCausalLM";
  family.names.afterAttention = "post_attention_layernorm";
  family.names.beforeFeedForward = "pre_feedforward_layernorm";
  family.names.afterFeedForward = "post_feedforward_layernorm";
  family.windows = WindowRule::ButEvery;
  family.windowInterval = 2;
  return family;
}

static Family gemma3() {
  Family family = gemma2();
  family.modelType = "gemma3_text";
  family.architecture = "Gemma3ForCausalLM";
  family.names.queryNorm = "self_attn.q_norm";
  family.names.keyNorm = "self_attn.k_norm";
  family.windowInterval = 6;
  family.rotary.theta = 1e6;
  family.rotary.hasSliding = true;
  return family;
}

std::vector<Family> makeGemmas() { return {gemma(), gemma2(), gemma3()}; }

} // namespace qcc
