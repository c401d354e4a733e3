// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Qwen and its experts.

#include "compiler/Import/HuggingFace/Family.h"

namespace qcc {

static Family qwen2() {
  Family family = makeLlama();
  family.modelType = "qwen2";
  family.architecture = "Qwen2ForCausalLM";
  family.windows = WindowRule::After;
  family.needsWindowFlag = true;
  return family;
}

static Family qwen3() {
  Family family = qwen2();
  family.modelType = "qwen3";
  family.architecture = "Qwen3ForCausalLM";
  family.headSize = 128;
  family.names.queryNorm = "self_attn.q_norm";
  family.names.keyNorm = "self_attn.k_norm";
  return family;
}

void addQwenExperts(Family &family) {
  family.experts.count = "num_experts";
  family.experts.width = "moe_intermediate_size";
  family.experts.router = "mlp.gate";
  family.experts.experts = "mlp.experts.";
}

static Family qwen2Moe() {
  Family family = qwen2();
  family.modelType = "qwen2_moe";
  family.architecture = "Qwen2MoeForCausalLM";
  addQwenExperts(family);
  family.experts.shared = "mlp.shared_expert";
  family.experts.sharedGate = "mlp.shared_expert_gate";
  return family;
}

static Family qwen3Moe() {
  Family family = qwen3();
  family.modelType = "qwen3_moe";
  family.architecture = "Qwen3MoeForCausalLM";
  family.headSize = 0;
  family.windows = WindowRule::Always;
  addQwenExperts(family);
  return family;
}

/// Texts alone: the three positions of a token are one then.
static Family qwen2Vl() {
  Family family = qwen2();
  family.modelType = "qwen2_vl_text";
  family.outerType = "qwen2_vl";
  family.epsilon = 1e-5;
  family.rotary.theta = 1e6;
  family.rotary.hasSections = true;
  return family;
}

static Family qwen25Vl() {
  Family family = qwen2Vl();
  family.modelType = "qwen2_5_vl_text";
  family.outerType = "qwen2_5_vl";
  return family;
}

static Family qwen3Vl() {
  Family family = qwen3();
  family.modelType = "qwen3_vl_text";
  family.windows = WindowRule::Never;
  family.rotary.theta = 5e5;
  family.rotary.hasSections = true;
  return family;
}

std::vector<Family> makeQwens() {
  return {qwen2(), qwen2Moe(), qwen2Vl(), qwen25Vl(),
          qwen3(), qwen3Moe(), qwen3Vl()};
}

} // namespace qcc
