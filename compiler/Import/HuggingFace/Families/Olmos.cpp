// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// OLMo: norms without weights, then after the branches.

#include "compiler/Import/HuggingFace/Family.h"

namespace qcc {

static Family olmo() {
  Family family = makeLlama();
  family.modelType = "olmo";
  family.architecture = "OlmoForCausalLM";
  family.norm = NormKind::LayerPlain;
  family.keys.epsilon = ""; // always this
  family.epsilon = 1e-5;
  family.hasClip = true;
  return family;
}

static Family olmo2() {
  Family family = makeLlama();
  family.modelType = "olmo2";
  family.architecture = "Olmo2ForCausalLM";
  family.epsilon = 1e-5;
  family.names.beforeAttention = "";
  family.names.afterAttention = "post_attention_layernorm";
  family.names.beforeFeedForward = "";
  family.names.afterFeedForward = "post_feedforward_layernorm";
  family.names.queryNorm = "self_attn.q_norm";
  family.names.keyNorm = "self_attn.k_norm";
  family.areNormsWide = true;
  return family;
}

static Family olmoE() {
  Family family = makeLlama();
  family.modelType = "olmoe";
  family.architecture = "OlmoeForCausalLM";
  family.epsilon = 1e-5;
  family.names.queryNorm = "self_attn.q_norm";
  family.names.keyNorm = "self_attn.k_norm";
  family.areNormsWide = true;
  addQwenExperts(family);
  family.experts.width = "intermediate_size";
  return family;
}

static Family olmo3() {
  Family family = olmo2();
  family.modelType = "olmo3";
  family.architecture = "Olmo3ForCausalLM";
  family.windows = WindowRule::ButEvery;
  family.windowInterval = 4;
  // Scaling is for the layers without windows.
  family.rotary.theta = family.rotary.slidingTheta = 5e5;
  family.rotary.hasSliding = true;
  return family;
}

std::vector<Family> makeOlmos() { return {olmo(), olmo2(), olmo3(), olmoE()}; }

} // namespace qcc
