// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The families. Most are Llama with a change or two, so each one says what it
// changes.

#include "compiler/Import/HuggingFace/Family.h"

#include "llvm/ADT/STLExtras.h"

using llvm::StringRef;

namespace qcc {

static Family llama() {
  Family family;
  family.modelType = "llama";
  family.architecture = "LlamaForCausalLM";
  return family;
}

static Family mistral() {
  Family family = llama();
  family.modelType = "mistral";
  family.architecture = "MistralForCausalLM";
  family.windows = WindowRule::Always;
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

static Family qwen2() {
  Family family = llama();
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

static void addQwenExperts(Family &family) {
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

static Family olmoE() {
  Family family = llama();
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

static Family glm4Moe() {
  Family family = llama();
  family.modelType = "glm4_moe";
  family.architecture = "Glm4MoeForCausalLM";
  family.epsilon = 1e-5;
  family.rotary.part = 0.5;
  family.names.queryNorm = "self_attn.q_norm";
  family.names.keyNorm = "self_attn.k_norm";
  family.areNormsOptional = true;
  addQwenExperts(family);
  family.experts.count = "n_routed_experts";
  family.experts.bias = "mlp.gate.e_score_correction_bias";
  family.experts.shared = "mlp.shared_experts";
  family.experts.sharedCount = "n_shared_experts";
  family.experts.weights = ExpertWeights::Sigmoid;
  family.experts.isNormalized = true;
  return family;
}

static Family gemma() {
  Family family = llama();
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

static Family phi3() {
  Family family = llama();
  family.modelType = "phi3";
  family.architecture = "Phi3ForCausalLM";
  family.epsilon = 1e-5;
  family.names.queryKeyValue = "self_attn.qkv_proj";
  family.feedForward.gateUp = "gate_up_proj";
  family.windows = WindowRule::Always;
  return family;
}

static Family smollm3() {
  Family family = llama();
  family.modelType = "smollm3";
  family.architecture = "SmolLM3ForCausalLM";
  family.isTied = true;
  family.rotary.theta = 2e6;
  family.hasLayersWithoutRope = true;
  family.windows = WindowRule::Always;
  family.needsWindowFlag = true;
  return family;
}

static Family gpt2() {
  Family family;
  family.modelType = "gpt2";
  family.architecture = "GPT2LMHeadModel";
  family.keys = {"n_embd",
                 "n_layer",
                 "n_head",
                 "n_inner",
                 "n_positions",
                 "layer_norm_epsilon",
                 "activation_function"};
  family.epsilon = 1e-5;
  ModuleNames &names = family.names;
  names.prefix = "transformer.";
  names.embedding = "wte";
  names.positions = "wpe";
  names.layers = "h.";
  names.finalNorm = "ln_f";
  names.beforeAttention = "ln_1";
  names.queryKeyValue = "attn.c_attn";
  names.output = "attn.c_proj";
  names.beforeFeedForward = "ln_2";
  family.feedForward = {"", "c_fc", "c_proj", ""};
  family.function = "gelu_new";
  family.norm = NormKind::Layer;
  family.isTransposed = true;
  family.isTied = true;
  family.isRotary = false;
  return family;
}

static Family gptNeoX() {
  Family family;
  family.modelType = "gpt_neox";
  family.architecture = "GPTNeoXForCausalLM";
  family.keys.epsilon = "layer_norm_eps";
  family.epsilon = 1e-5;
  ModuleNames &names = family.names;
  names.prefix = "gpt_neox.";
  names.embedding = "embed_in";
  names.finalNorm = "final_layer_norm";
  names.head = "embed_out";
  names.queryKeyValue = "attention.query_key_value";
  names.output = "attention.dense";
  family.feedForward = {"", "dense_h_to_4h", "dense_4h_to_h", ""};
  family.function = "gelu";
  family.norm = NormKind::Layer;
  family.fusion = Fusion::Heads;
  family.isParallel = true;
  family.rotary.part = 0.25;
  return family;
}

static Family olmo2() {
  Family family = llama();
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

static Family granite() {
  Family family = llama();
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
  Family family = llama();
  family.modelType = "stablelm";
  family.architecture = "StableLmForCausalLM";
  family.keys.epsilon = "layer_norm_eps";
  family.epsilon = 1e-5;
  family.norm = NormKind::Layer;
  family.rotary.part = 0.25;
  return family;
}

static Family starCoder2() {
  Family family = llama();
  family.modelType = "starcoder2";
  family.architecture = "Starcoder2ForCausalLM";
  family.keys.epsilon = "norm_epsilon";
  family.epsilon = 1e-5;
  family.feedForward = {"", "c_fc", "c_proj", ""};
  family.function = "gelu_pytorch_tanh";
  family.norm = NormKind::Layer;
  family.isTied = true;
  family.windows = WindowRule::Always;
  return family;
}

using DescribeFamily = Family (*)();

static constexpr DescribeFamily families[] = {
    gemma,     gemma2,     gemma3,
    glm4Moe,   gpt2,       gptNeoX,
    granite,   graniteMoe, graniteMoeShared,
    llama,     mistral,    mixtral,
    olmo2,     olmoE,      phi3,
    qwen2,     qwen2Moe,   qwen3,
    qwen3Moe,  smollm3,    stableLm,
    starCoder2};

llvm::Expected<Family> findFamily(StringRef modelType) {
  if (modelType.starts_with("deepseek_v") || modelType == "glm4_moe_lite" ||
      modelType.starts_with("kimi_k"))
    return llvm::createStringError(
        "expected a model that caches keys and values of heads, but got '" +
        modelType + "', whose attention is latent");
  std::string known;
  for (DescribeFamily describe : families) {
    Family family = describe();
    if (family.modelType == modelType)
      return family;
    known += (known.empty() ? "" : ", ") + family.modelType.str();
  }
  return llvm::createStringError("expected a 'model_type' of " + known +
                                 ", but got '" + modelType + "'");
}

} // namespace qcc
