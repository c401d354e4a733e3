// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GPT-2 and what grew beside it: norms with a mean, no gates, and positions of
// many kinds.

#include "compiler/Import/HuggingFace/Family.h"

namespace qcc {

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
                 "activation_function",
                 ""};
  family.epsilon = 1e-5;
  family.feedForwardFactor = 4;
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

static Family starCoder2() {
  Family family = makeLlama();
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

/// Its matrices lie like those of others, and heads may share one key.
static Family gptBigCode() {
  Family family = gpt2();
  family.modelType = "gpt_bigcode";
  family.architecture = "GPTBigCodeForCausalLM";
  family.isTransposed = false;
  family.function = "gelu_pytorch_tanh";
  family.adapt = [](const ConfigReader &config, Family &bigCode) {
    if (config.flag("multi_query", true))
      bigCode.kvHeads = 1;
    else
      bigCode.fusion = Fusion::Heads;
  };
  return family;
}

static Family gptJ() {
  Family family = gpt2();
  family.modelType = "gptj";
  family.architecture = "GPTJForCausalLM";
  ModuleNames &names = family.names;
  names.positions = names.queryKeyValue = names.beforeFeedForward = "";
  names.query = "attn.q_proj";
  names.key = "attn.k_proj";
  names.value = "attn.v_proj";
  names.output = "attn.out_proj";
  family.feedForward = {"", "fc_in", "fc_out", ""};
  family.isTransposed = family.isTied = false;
  family.isRotary = family.isInterleaved = family.isParallel = true;
  family.rotary.sizeKey = "rotary_dim";
  family.rotary.size = 64;
  return family;
}

static Family phi() {
  Family family = makeLlama();
  family.modelType = "phi";
  family.architecture = "PhiForCausalLM";
  family.keys.epsilon = "layer_norm_eps";
  family.epsilon = 1e-5;
  family.names.finalNorm = "final_layernorm";
  family.names.output = "self_attn.dense";
  family.names.beforeFeedForward = "";
  family.feedForward = {"", "fc1", "fc2", ""};
  family.function = "gelu_new";
  family.norm = NormKind::Layer;
  family.isParallel = true;
  family.rotary.part = 0.5;
  family.adapt = [](const ConfigReader &config, Family &) {
    refuseFlag(config, "qk_layernorm");
  };
  return family;
}

static Family opt() {
  Family family;
  family.modelType = "opt";
  family.architecture = "OPTForCausalLM";
  family.keys.feedForward = "ffn_dim";
  family.keys.epsilon = ""; // always this
  family.keys.function = "activation_function";
  family.epsilon = 1e-5;
  ModuleNames &names = family.names;
  names.prefix = "model.decoder.";
  names.positions = "embed_positions";
  names.finalNorm = "final_layer_norm";
  names.beforeAttention = "self_attn_layer_norm";
  names.output = "self_attn.out_proj";
  names.beforeFeedForward = "final_layer_norm";
  names.feedForward = "";
  family.feedForward = {"", "fc1", "fc2", ""};
  family.function = "relu";
  family.norm = NormKind::Layer;
  family.isTied = true;
  family.isRotary = false;
  family.firstPosition = 2;
  family.adapt = [](const ConfigReader &config, Family &) {
    refuseFlag(config, "do_layer_norm_before", true, true);
    refuseFlag(config, "_remove_final_layer_norm");
    refuseFlag(config, "layer_norm_elementwise_affine", true, true);
    int64_t width = config.count("hidden_size");
    if (config.count("word_embed_proj_dim", width) != width)
      config.refuse("word_embed_proj_dim", "the width " + llvm::Twine(width));
  };
  return family;
}

/// Of before Falcon: heads are fused one by one.
static Family bloom() {
  Family family;
  family.modelType = "bloom";
  family.architecture = "BloomForCausalLM";
  family.keys.layers = "n_layer";
  family.keys.heads = "n_head";
  family.keys.kvHeads = family.keys.feedForward = family.keys.function = "";
  family.keys.maxTokens = "seq_length";
  family.keys.epsilon = "layer_norm_epsilon";
  family.epsilon = 1e-5;
  family.maxTokens = 2048;
  family.feedForwardFactor = 4;
  ModuleNames &names = family.names;
  names.prefix = "transformer.";
  names.embedding = "word_embeddings";
  names.embeddingNorm = "word_embeddings_layernorm";
  names.layers = "h.";
  names.finalNorm = "ln_f";
  names.queryKeyValue = "self_attention.query_key_value";
  names.output = "self_attention.dense";
  family.feedForward = {"", "dense_h_to_4h", "dense_4h_to_h", ""};
  family.function = "gelu_pytorch_tanh";
  family.norm = NormKind::Layer;
  family.fusion = Fusion::Heads;
  family.isTied = true;
  family.isRotary = false;
  family.hasSlopes = true;
  family.adapt = [](const ConfigReader &config, Family &adapted) {
    refuseFlag(config, "apply_residual_connection_post_layernorm");
    if (config.has("n_embed"))
      adapted.keys.width = "n_embed";
    // What transformers writes has other names than the first files.
    if (!config.has("n_layer"))
      adapted.keys.layers = "num_hidden_layers";
    if (!config.has("n_head"))
      adapted.keys.heads = "num_attention_heads";
  };
  return family;
}

static void adaptFalcon(const ConfigReader &config, Family &family) {
  refuseFlag(config, "alibi");
  bool isNew = config.flag("new_decoder_architecture", false);
  family.isParallel = isNew || config.flag("parallel_attn", true);
  ModuleNames &names = family.names;
  if (isNew) {
    family.fusion = Fusion::Heads;
    if (config.count("num_ln_in_parallel_attn", 2) == 2) {
      names.beforeAttention = "ln_attn";
      names.beforeFeedForward = "ln_mlp";
    } else {
      names.beforeFeedForward = "";
    }
    return;
  }
  if (config.flag("multi_query", true))
    family.kvHeads = 1;
  else
    family.fusion = Fusion::Heads;
  if (family.isParallel)
    names.beforeFeedForward = "";
}

static Family falcon() {
  Family family = bloom();
  family.modelType = "falcon";
  family.architecture = "FalconForCausalLM";
  family.keys.kvHeads = "num_kv_heads";
  family.keys.layers = "num_hidden_layers";
  family.keys.heads = "num_attention_heads";
  family.keys.feedForward = "ffn_hidden_size";
  family.keys.maxTokens = "max_position_embeddings";
  family.keys.function = "activation";
  family.names.embeddingNorm = "";
  family.function = "gelu";
  family.fusion = Fusion::Blocks;
  family.isRotary = true;
  family.hasSlopes = false;
  family.adapt = adaptFalcon;
  return family;
}

static Family mpt() {
  Family family = bloom();
  family.modelType = "mpt";
  family.architecture = "MptForCausalLM";
  family.keys.width = "d_model";
  family.keys.layers = "n_layers";
  family.keys.heads = "n_heads";
  family.keys.maxTokens = "max_seq_len";
  ModuleNames &names = family.names;
  names.embedding = "wte";
  names.embeddingNorm = "";
  names.layers = "blocks.";
  names.finalNorm = "norm_f";
  names.beforeAttention = "norm_1";
  names.queryKeyValue = "attn.Wqkv";
  names.output = "attn.out_proj";
  names.beforeFeedForward = "norm_2";
  names.feedForward = "ffn.";
  family.feedForward = {"", "up_proj", "down_proj", ""};
  family.function = "gelu";
  family.fusion = Fusion::Blocks;
  family.hasClip = true;
  family.adapt = [](const ConfigReader &config, Family &) {
    if (config.number("expansion_ratio", 4) != 4)
      config.refuse("expansion_ratio", "4");
    if (config.has("logit_scale"))
      config.refuse("logit_scale", "none");
    std::optional<ConfigReader> attention = config.section("attn_config");
    if (!attention)
      return;
    refuseFlag(*attention, "alibi", true, true);
    refuseFlag(*attention, "qk_ln");
    refuseFlag(*attention, "prefix_lm");
    if (attention->has("softmax_scale"))
      attention->refuse("softmax_scale", "none");
    if (attention->number("alibi_bias_max", 8) != 8)
      attention->refuse("alibi_bias_max", "8");
  };
  return family;
}

std::vector<Family> makeGpts() {
  return {bloom(),   falcon(), gpt2(), gptBigCode(), gptJ(),
          gptNeoX(), mpt(),    opt(),  phi(),        starCoder2()};
}

} // namespace qcc
