// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Llama, and those that change a thing or two about it.

#include "compiler/Import/HuggingFace/Family.h"

namespace qcc {

Family makeLlama() {
  Family family;
  family.modelType = "llama";
  family.architecture = "LlamaForCausalLM";
  return family;
}

static Family mistral() {
  Family family = makeLlama();
  family.modelType = "mistral";
  family.architecture = "MistralForCausalLM";
  family.windows = WindowRule::Always;
  return family;
}

static Family ministral() {
  Family family = mistral();
  family.modelType = "ministral";
  family.architecture = "MinistralForCausalLM";
  return family;
}

static Family mixtral() {
  Family family = mistral();
  family.modelType = "mixtral";
  family.architecture = "MixtralForCausalLM";
  family.epsilon = 1e-5;
  family.rotary.theta = 1e6;
  family.experts.count = "num_local_experts";
  family.experts.width = "intermediate_size";
  family.experts.router = "block_sparse_moe.gate";
  family.experts.experts = "block_sparse_moe.experts.";
  family.experts.names = {"w1", "w3", "w2", ""};
  family.experts.isNormalized = true;
  return family;
}

static Family phi3() {
  Family family = makeLlama();
  family.modelType = "phi3";
  family.architecture = "Phi3ForCausalLM";
  family.epsilon = 1e-5;
  family.names.queryKeyValue = "self_attn.qkv_proj";
  family.feedForward.gateUp = "gate_up_proj";
  family.windows = WindowRule::Always;
  return family;
}

static Family smollm3() {
  Family family = makeLlama();
  family.modelType = "smollm3";
  family.architecture = "SmolLM3ForCausalLM";
  family.isTied = true;
  family.rotary.theta = 2e6;
  family.rope = RopeRule::ButEvery;
  family.windows = WindowRule::Always;
  family.needsWindowFlag = true;
  return family;
}

static Family granite() {
  Family family = makeLlama();
  family.modelType = "granite";
  family.architecture = "GraniteForCausalLM";
  return family;
}

static Family graniteMoe() {
  Family family = granite();
  family.modelType = "granitemoe";
  family.architecture = "GraniteMoeForCausalLM";
  family.experts.count = "num_local_experts";
  family.experts.width = "intermediate_size";
  family.experts.router = "block_sparse_moe.router.layer";
  family.experts.gateUpStack = "block_sparse_moe.input_linear.weight";
  family.experts.downStack = "block_sparse_moe.output_linear.weight";
  family.experts.weights = ExpertWeights::SoftmaxChosen;
  return family;
}

static Family graniteMoeShared() {
  Family family = graniteMoe();
  family.modelType = "granitemoeshared";
  family.architecture = "GraniteMoeSharedForCausalLM";
  family.experts.shared = "shared_mlp";
  family.experts.sharedNames = {"", "", "output_linear", "input_linear"};
  family.experts.sharedWidth = "shared_intermediate_size";
  return family;
}

static Family stableLm() {
  Family family = makeLlama();
  family.modelType = "stablelm";
  family.architecture = "StableLmForCausalLM";
  family.keys.epsilon = "layer_norm_eps";
  family.epsilon = 1e-5;
  family.norm = NormKind::Layer;
  family.names.queryNorm = "self_attn.q_layernorm.norms.";
  family.names.keyNorm = "self_attn.k_layernorm.norms.";
  family.names.areHeadNormsApart = true;
  family.normsFlag = "qk_layernorm";
  family.areNormsByHead = true;
  family.rotary.part = 0.25;
  family.adapt = [](const ConfigReader &config, Family &stableLm) {
    if (config.flag("use_parallel_residual", false))
      stableLm.names.beforeFeedForward = "";
  };
  return family;
}

static Family nemotron() {
  Family family = makeLlama();
  family.modelType = "nemotron";
  family.architecture = "NemotronForCausalLM";
  family.keys.epsilon = "norm_eps";
  family.epsilon = 1e-5;
  family.norm = NormKind::LayerPlusOne;
  family.feedForward.gate = "";
  family.function = "relu2";
  family.rotary.part = 0.5;
  return family;
}

static Family arcee() {
  Family family = makeLlama();
  family.modelType = "arcee";
  family.architecture = "ArceeForCausalLM";
  family.epsilon = 1e-5;
  family.feedForward.gate = "";
  family.function = "relu2";
  return family;
}

static Family ernie45() {
  Family family = makeLlama();
  family.modelType = "ernie4_5";
  family.architecture = "Ernie4_5ForCausalLM";
  family.epsilon = 1e-5;
  family.headSize = 128;
  family.rotary.theta = 5e5;
  family.isInterleaved = true;
  family.isTied = true;
  return family;
}

static Family seedOss() {
  Family family = makeLlama();
  family.modelType = "seed_oss";
  family.architecture = "SeedOssForCausalLM";
  family.headSize = 128;
  return family;
}

static Family helium() {
  Family family = makeLlama();
  family.modelType = "helium";
  family.architecture = "HeliumForCausalLM";
  family.epsilon = 1e-8;
  family.headSize = 128;
  family.rotary.theta = 1e5;
  family.isInterleaved = true;
  return family;
}

static Family hunYuan() {
  Family family = makeLlama();
  family.modelType = "hunyuan_v1_dense";
  family.architecture = "HunYuanDenseV1ForCausalLM";
  family.epsilon = 1e-5;
  family.names.queryNorm = "self_attn.query_layernorm";
  family.names.keyNorm = "self_attn.key_layernorm";
  family.areNormsLast = true;
  family.rotary.hasAlpha = true;
  return family;
}

static Family exaone4() {
  Family family = makeLlama();
  family.modelType = "exaone4";
  family.architecture = "Exaone4ForCausalLM";
  family.epsilon = 1e-5;
  family.names.beforeAttention = "";
  family.names.afterAttention = "post_attention_layernorm";
  family.names.beforeFeedForward = "";
  family.names.afterFeedForward = "post_feedforward_layernorm";
  family.names.queryNorm = "self_attn.q_norm";
  family.names.keyNorm = "self_attn.k_norm";
  family.rope = RopeRule::Windows;
  family.windows = WindowRule::ButEvery;
  family.windowInterval = 4;
  family.adapt = [](const ConfigReader &config, Family &exaone) {
    // Then nothing distinguishes layers.
    if (!config.has("sliding_window")) {
      exaone.rope = RopeRule::Always;
      exaone.windows = WindowRule::Never;
    }
  };
  return family;
}

static Family gptOss() {
  Family family = makeLlama();
  family.modelType = "gpt_oss";
  family.architecture = "GptOssForCausalLM";
  family.epsilon = 1e-5;
  family.headSize = 64;
  family.rotary.theta = 150000;
  family.windows = WindowRule::ButEvery;
  family.windowInterval = 2;
  family.hasSinks = true;
  family.experts.count = "num_local_experts";
  family.experts.width = "intermediate_size";
  family.experts.router = "mlp.router";
  family.experts.weights = ExpertWeights::SoftmaxChosen;
  family.experts.areRowsPaired = true;
  family.adapt = [](const ConfigReader &config, Family &) {
    if (config.number("swiglu_limit", 7) != 7)
      config.refuse("swiglu_limit", "7");
    if (config.number("swiglu_alpha", 1.702) != 1.702)
      config.refuse("swiglu_alpha", "1.702");
  };
  return family;
}

std::vector<Family> makeLlamas() {
  return {arcee(),      ernie45(), exaone4(),  gptOss(),           granite(),
          graniteMoe(), helium(),  hunYuan(),  makeLlama(),        ministral(),
          mistral(),    mixtral(), nemotron(), graniteMoeShared(), phi3(),
          seedOss(),    smollm3(), stableLm()};
}

} // namespace qcc
