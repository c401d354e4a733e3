// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tensors that families ask for: all of those below and no others. What
// they do with them is compared with other programs (docs/decoder.md).

#include "test/unit/compiler/Import/TinyCheckpoint.h"

#include "gtest/gtest.h"

using namespace qcc;
using llvm::StringRef;

namespace {

/// How a family's tiny model differs from Llama's.
struct Names {
  const char *type, *config; // members of config.json
  // Tensors, those of the layer without `model.layers.0.` and of the model
  // with `/`: `-name` is not there, `name=8x8` is. `!` empties the list, and
  // names are whole then.
  const char *changes;
};

} // namespace

static const char *const wholeConfig = R"("num_key_value_heads": null,
    "n_embd": 8, "n_layer": 1, "n_head": 2, "n_positions": 16, "n_inner": 6)";

static const Names families[] = {
    {"arcee", "", "-mlp.gate_proj.weight"},
    {"cohere", "", "-post_attention_layernorm.weight"},
    {"cohere2", R"("sliding_window": 4)", "-post_attention_layernorm.weight"},
    {"ernie4_5", R"("head_dim": 4)", "self_attn.q_proj.bias=8"},
    {"exaone4", "",
     "-input_layernorm.weight post_feedforward_layernorm.weight=8 "
     "self_attn.q_norm.weight=4 self_attn.k_norm.weight=4"},
    {"glm", R"("head_dim": 4)",
     "-mlp.gate_proj.weight -mlp.up_proj.weight mlp.gate_up_proj.weight=12x8"},
    {"glm4", R"("head_dim": 4)",
     "-mlp.gate_proj.weight -mlp.up_proj.weight mlp.gate_up_proj.weight=12x8 "
     "post_self_attn_layernorm.weight=8 post_mlp_layernorm.weight=8"},
    {"helium", R"("head_dim": 4)", ""},
    {"hunyuan_v1_dense", "",
     "self_attn.query_layernorm.weight=4 self_attn.key_layernorm.weight=4"},
    {"ministral", "", ""},
    {"nemotron", "",
     "-mlp.gate_proj.weight input_layernorm.bias=8 /norm.bias=8 "
     "post_attention_layernorm.bias=8"},
    {"olmo", "",
     "-input_layernorm.weight -post_attention_layernorm.weight -/norm.weight"},
    {"olmo3", R"("sliding_window": 4)",
     "-input_layernorm.weight post_feedforward_layernorm.weight=8 "
     "self_attn.q_norm.weight=8 self_attn.k_norm.weight=4"},
    {"phi", "",
     "-post_attention_layernorm.weight -self_attn.o_proj.weight "
     "-mlp.gate_proj.weight -mlp.up_proj.weight -mlp.down_proj.weight "
     "-/norm.weight /final_layernorm.weight=8 self_attn.dense.weight=8x8 "
     "mlp.fc1.weight=6x8 mlp.fc2.weight=8x6 mlp.fc1.bias=6"},
    {"seed_oss", R"("head_dim": 4)", "self_attn.k_proj.bias=4"},
    {"stablelm",
     R"("qk_layernorm": true, "use_parallel_residual": true,
        "partial_rotary_factor": 0.5)",
     "-post_attention_layernorm.weight self_attn.q_layernorm.norms.0.weight=4 "
     "self_attn.q_layernorm.norms.1.weight=4 "
     "self_attn.k_layernorm.norms.0.weight=4"},
    {"gpt_bigcode", wholeConfig,
     "! transformer.wte.weight=4x8 transformer.wpe.weight=16x8 "
     "transformer.h.0.ln_1.weight=8 transformer.h.0.attn.c_attn.weight=16x8 "
     "transformer.h.0.attn.c_proj.weight=8x8 transformer.h.0.ln_2.weight=8 "
     "transformer.h.0.mlp.c_fc.weight=6x8 transformer.ln_f.weight=8 "
     "transformer.h.0.mlp.c_proj.weight=8x6"},
    {"gptj", wholeConfig, // its rotary_dim is below
     "! transformer.wte.weight=4x8 transformer.h.0.ln_1.weight=8 "
     "transformer.h.0.attn.q_proj.weight=8x8 "
     "transformer.h.0.attn.k_proj.weight=8x8 "
     "transformer.h.0.attn.v_proj.weight=8x8 "
     "transformer.h.0.attn.out_proj.weight=8x8 "
     "transformer.h.0.mlp.fc_in.weight=6x8 "
     "transformer.h.0.mlp.fc_out.weight=8x6 transformer.ln_f.weight=8"},
    {"bloom", wholeConfig,
     "! word_embeddings.weight=4x8 word_embeddings_layernorm.weight=8 "
     "h.0.input_layernorm.weight=8 h.0.post_attention_layernorm.weight=8 "
     "h.0.self_attention.query_key_value.weight=24x8 ln_f.weight=8 "
     "h.0.self_attention.dense.weight=8x8 h.0.mlp.dense_h_to_4h.weight=32x8 "
     "h.0.mlp.dense_4h_to_h.weight=8x32"},
    {"mpt",
     R"("d_model": 8, "n_layers": 1, "n_heads": 2, "max_seq_len": 16,
        "architectures": ["MPTForCausalLM"])",
     "! transformer.wte.weight=4x8 transformer.blocks.0.norm_1.weight=8 "
     "transformer.blocks.0.attn.Wqkv.weight=24x8 transformer.norm_f.weight=8 "
     "transformer.blocks.0.attn.out_proj.weight=8x8 "
     "transformer.blocks.0.norm_2.weight=8 "
     "transformer.blocks.0.ffn.up_proj.weight=32x8 "
     "transformer.blocks.0.ffn.down_proj.weight=8x32"},
};

static std::string wholeName(StringRef name, bool isWhole) {
  if (isWhole)
    return name.str();
  return name.consume_front("/") ? "model." + name.str()
                                 : "model.layers.0." + name.str();
}

static TinyCheckpoint make(const Names &names) {
  TinyCheckpoint tiny;
  llvm::json::Value members =
      llvm::cantFail(llvm::json::parse("{" + std::string(names.config) + "}"));
  for (auto &[key, value] : *members.getAsObject())
    tiny.config[key] = value;
  tiny.config["model_type"] = names.type;
  tiny.config["rotary_dim"] = 4; // GPT-J
  llvm::SmallVector<StringRef> changes;
  StringRef(names.changes).split(changes, ' ', -1, /*KeepEmpty=*/false);
  bool isWhole = false;
  for (StringRef change : changes) {
    auto [name, sizes] = change.split('=');
    if (change == "!") {
      isWhole = true;
      tiny.shapes.clear();
    } else if (change.consume_front("-")) {
      EXPECT_EQ(tiny.shapes.erase(wholeName(change, isWhole)), 1u)
          << change.str();
    } else {
      auto [rows, columns] = sizes.split('x');
      std::vector<int64_t> &shape = tiny.shapes[wholeName(name, isWhole)];
      shape = {std::stoll(rows.str())};
      if (!columns.empty())
        shape.push_back(std::stoll(columns.str()));
    }
  }
  return tiny;
}

TEST(HuggingFaceNames, AreThoseOfTheFamily) {
  for (const Names &names : families) {
    TinyCheckpoint tiny = make(names);
    EXPECT_EQ(tiny.refuse(), "") << names.type;
    for (const auto &[name, shape] : make(names).shapes) {
      if (!StringRef(name).ends_with(".weight"))
        continue; // not all biases must be there
      TinyCheckpoint less = make(names);
      less.shapes.erase(name);
      EXPECT_NE(less.refuse(), "") << names.type << " without " << name;
    }
    tiny.shapes["model.layers.0.another.weight"] = {1};
    EXPECT_EQ(tiny.refuse(), "tensor 'model.layers.0.another.weight': expected "
                             "a tensor of the model's family, but got another");
  }
}
