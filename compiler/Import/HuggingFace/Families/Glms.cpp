// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GLM: a part of each head rotates, and the feed-forward network is fused.

#include "compiler/Import/HuggingFace/Family.h"

namespace qcc {

static Family glm() {
  Family family = makeLlama();
  family.modelType = "glm";
  family.architecture = "GlmForCausalLM";
  family.epsilon = 1.5625e-7;
  family.isInterleaved = true;
  family.rotary.part = 0.5;
  family.headSize = 128;
  family.feedForward.gateUp = "gate_up_proj";
  return family;
}

static Family glm4() {
  Family family = glm();
  family.modelType = "glm4";
  family.architecture = "Glm4ForCausalLM";
  family.names.afterAttention = "post_self_attn_layernorm";
  family.names.afterFeedForward = "post_mlp_layernorm";
  return family;
}

static Family glm4Moe() {
  Family family = makeLlama();
  family.modelType = "glm4_moe";
  family.architecture = "Glm4MoeForCausalLM";
  family.epsilon = 1e-5;
  family.rotary.part = 0.5;
  family.names.queryNorm = "self_attn.q_norm";
  family.names.keyNorm = "self_attn.k_norm";
  family.normsFlag = "use_qk_norm";
  addQwenExperts(family);
  family.experts.count = "n_routed_experts";
  family.experts.bias = "mlp.gate.e_score_correction_bias";
  family.experts.shared = "mlp.shared_experts";
  family.experts.sharedCount = "n_shared_experts";
  family.experts.weights = ExpertWeights::Sigmoid;
  family.experts.isNormalized = true;
  return family;
}

std::vector<Family> makeGlms() { return {glm(), glm4(), glm4Moe()}; }

} // namespace qcc
