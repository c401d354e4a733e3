// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cohere: one norm with a mean before both branches, and neighbours rotate.

#include "compiler/Import/HuggingFace/Family.h"

namespace qcc {

static Family cohere() {
  Family family = makeLlama();
  family.modelType = "cohere";
  family.architecture = "CohereForCausalLM";
  family.keys.epsilon = "layer_norm_eps";
  family.epsilon = 1e-5;
  family.norm = NormKind::Layer;
  family.names.beforeFeedForward = "";
  family.names.queryNorm = "self_attn.q_norm";
  family.names.keyNorm = "self_attn.k_norm";
  family.normsFlag = "use_qk_norm";
  family.areNormsByHead = true;
  family.isParallel = true;
  family.isTied = true;
  family.isInterleaved = true;
  family.rotary.theta = 5e5;
  family.logitFactor = "logit_scale";
  return family;
}

static Family cohere2() {
  Family family = cohere();
  family.modelType = "cohere2";
  family.architecture = "Cohere2ForCausalLM";
  family.names.queryNorm = family.names.keyNorm = "";
  family.rotary.theta = 1e4;
  family.rope = RopeRule::Windows;
  family.windows = WindowRule::ButEvery;
  family.windowInterval = 4;
  return family;
}

std::vector<Family> makeCoheres() { return {cohere(), cohere2()}; }

} // namespace qcc
