// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What few families do: fused heads of other orders, positions with an offset,
// norms of heads, slopes, experts in pairs of rows.

#include "test/unit/compiler/Import/TinyCheckpoint.h"

#include "compiler/Import/Decoder/WeightRows.h"

#include "gtest/gtest.h"

using namespace qcc;

static std::vector<float> rowOf(const Weight &weight, int64_t row) {
  std::vector<float> values(weight.columns);
  decodeWeightRow(weight, row, values.data());
  return values;
}

static std::string layer = "model.layers.0.";

/// Falcon of the second kind: 4 heads share 2 of keys, of 2 elements.
static TinyCheckpoint makeFalcon() {
  TinyCheckpoint tiny;
  tiny.config = llvm::json::Object();
  tiny.set("model_type", "\"falcon\"");
  tiny.set("vocab_size", "4");
  tiny.set("hidden_size", "8");
  tiny.set("num_hidden_layers", "1");
  tiny.set("num_attention_heads", "4");
  tiny.set("num_kv_heads", "2");
  tiny.set("new_decoder_architecture", "true");
  tiny.shapes = {
      {"transformer.word_embeddings.weight", {4, 8}},
      {"transformer.ln_f.weight", {8}},
      {"transformer.ln_f.bias", {8}},
      {"transformer.h.0.ln_attn.weight", {8}},
      {"transformer.h.0.ln_attn.bias", {8}},
      {"transformer.h.0.ln_mlp.weight", {8}},
      {"transformer.h.0.ln_mlp.bias", {8}},
      {"transformer.h.0.self_attention.query_key_value.weight", {16, 8}},
      {"transformer.h.0.self_attention.dense.weight", {8, 8}},
      {"transformer.h.0.mlp.dense_h_to_4h.weight", {32, 8}},
      {"transformer.h.0.mlp.dense_4h_to_h.weight", {8, 32}}};
  return tiny;
}

TEST(HuggingFaceFamilies, SplitsHeadsThatShareKeys) {
  Decoder decoder = llvm::cantFail(makeFalcon().read());
  // q0 q1 k0 v0 q2 q3 k1 v1, of two rows of 8 each.
  const Attention &attention = decoder.layers[0].attention;
  EXPECT_EQ(attention.query.weight.rows, 8);
  EXPECT_EQ(attention.key.weight.rows, 4);
  EXPECT_EQ(rowOf(attention.query.weight, 3)[0], 3 * 8);
  EXPECT_EQ(rowOf(attention.query.weight, 4)[0], 8 * 8); // q2
  EXPECT_EQ(rowOf(attention.key.weight, 0)[0], 4 * 8);
  EXPECT_EQ(rowOf(attention.key.weight, 3)[0], 13 * 8); // k1
  EXPECT_EQ(rowOf(attention.value.weight, 2)[0], 14 * 8);
  EXPECT_TRUE(decoder.layers[0].isParallel);
  EXPECT_EQ(decoder.maxTokens, 2048);
}

TEST(HuggingFaceFamilies, RefusesFalconsSlopes) {
  TinyCheckpoint tiny = makeFalcon();
  tiny.set("alibi", "true");
  EXPECT_EQ(tiny.refuse(),
            "config.json: 'alibi': expected false, but got true");
}

static TinyCheckpoint makeOpt() {
  TinyCheckpoint tiny;
  tiny.set("model_type", "\"opt\"");
  tiny.set("ffn_dim", "6");
  tiny.set("num_key_value_heads", "2");
  tiny.shapes.clear();
  std::string prefix = "model.decoder.", first = prefix + "layers.0.";
  tiny.shapes[prefix + "embed_tokens.weight"] = {4, 8};
  tiny.shapes[prefix + "embed_positions.weight"] = {18, 8};
  for (std::string norm :
       {prefix + "final_layer_norm", first + "final_layer_norm",
        first + "self_attn_layer_norm"})
    tiny.shapes[norm + ".weight"] = tiny.shapes[norm + ".bias"] = {8};
  for (const char *name : {"q", "k", "v", "out"})
    tiny.shapes[first + "self_attn." + name + "_proj.weight"] = {8, 8};
  tiny.shapes[first + "fc1.weight"] = {6, 8};
  tiny.shapes[first + "fc2.weight"] = {8, 6};
  return tiny;
}

TEST(HuggingFaceFamilies, SkipsRowsBeforePositions) {
  Decoder decoder = llvm::cantFail(makeOpt().read());
  EXPECT_EQ(decoder.positions.rows, 16);
  EXPECT_EQ(rowOf(decoder.positions, 0)[0], 2 * 8);
  TinyCheckpoint bare = makeOpt();
  bare.rename(""); // leaves `decoder.`
  EXPECT_EQ(bare.refuse(), "");
  TinyCheckpoint after = makeOpt();
  after.set("do_layer_norm_before", "false");
  EXPECT_EQ(after.refuse(), "config.json: 'do_layer_norm_before': expected "
                            "true, but got false");
}

TEST(HuggingFaceFamilies, ReadsNormsOfEachHead) {
  TinyCheckpoint tiny;
  tiny.set("model_type", "\"cohere\"");
  tiny.set("use_qk_norm", "true");
  tiny.set("logit_scale", "0.5");
  tiny.shapes.erase(layer + "post_attention_layernorm.weight");
  tiny.shapes[layer + "self_attn.q_norm.weight"] = {2, 4};
  tiny.shapes[layer + "self_attn.k_norm.weight"] = {4}; // of one head
  Decoder decoder = llvm::cantFail(tiny.read());
  const Attention &attention = decoder.layers[0].attention;
  EXPECT_EQ(attention.queryNorm.weight.size(), 8u);
  EXPECT_TRUE(attention.queryNorm.isLayerNorm);
  EXPECT_TRUE(attention.areNormsByHead);
  EXPECT_TRUE(decoder.rotaries[0].isInterleaved);
  EXPECT_EQ(decoder.logitScale, 0.5f);
  EXPECT_FALSE(decoder.layers[0].beforeFeedForward.exists());
}

TEST(HuggingFaceFamilies, TakesNormsWithoutWeights) {
  TinyCheckpoint tiny;
  tiny.set("model_type", "\"olmo\"");
  tiny.set("clip_qkv", "2.5");
  for (const char *norm : {"norm", "layers.0.input_layernorm",
                           "layers.0.post_attention_layernorm"})
    tiny.shapes.erase("model." + std::string(norm) + ".weight");
  Decoder decoder = llvm::cantFail(tiny.read());
  EXPECT_EQ(decoder.finalNorm.weight, std::vector<float>(8, 1));
  EXPECT_TRUE(decoder.finalNorm.isLayerNorm);
  EXPECT_EQ(decoder.layers[0].attention.clip, 2.5f);
}

/// gpt-oss: 3 experts of 32, width 32.
static TinyCheckpoint makeGptOss() {
  TinyCheckpoint tiny;
  tiny.set("model_type", "\"gpt_oss\"");
  tiny.set("hidden_size", "32");
  tiny.set("intermediate_size", "32");
  tiny.set("head_dim", "4");
  tiny.set("num_local_experts", "3");
  tiny.set("num_experts_per_tok", "2");
  for (auto &[name, shape] : tiny.shapes)
    for (int64_t &size : shape)
      size = size == 8 && llvm::StringRef(name).contains("norm") ? 32 : size;
  tiny.shapes["model.embed_tokens.weight"] = {4, 32};
  tiny.shapes[layer + "self_attn.q_proj.weight"] = {8, 32};
  tiny.shapes[layer + "self_attn.k_proj.weight"] = {4, 32};
  tiny.shapes[layer + "self_attn.v_proj.weight"] = {4, 32};
  tiny.shapes[layer + "self_attn.o_proj.weight"] = {32, 8};
  tiny.shapes[layer + "self_attn.sinks"] = {2};
  for (const char *name : {"gate", "up", "down"})
    tiny.shapes.erase(layer + "mlp." + name + "_proj.weight");
  std::string experts = layer + "mlp.experts.";
  tiny.shapes[layer + "mlp.router.weight"] = {3, 32};
  tiny.shapes[layer + "mlp.router.bias"] = {3};
  tiny.shapes[experts + "gate_up_proj_bias"] = {3, 64};
  tiny.shapes[experts + "down_proj_bias"] = {3, 32};
  return tiny;
}

TEST(HuggingFaceFamilies, ReadsPairedRowsInColumns) {
  TinyCheckpoint tiny = makeGptOss();
  std::string experts = layer + "mlp.experts.";
  tiny.shapes[experts + "gate_up_proj"] = {3, 32, 64};
  tiny.shapes[experts + "down_proj"] = {3, 32, 32};
  Decoder decoder = llvm::cantFail(tiny.read());
  const FeedForward &last = decoder.layers[0].experts.experts[2];
  EXPECT_EQ(last.function, GateFunction::ClampedSwish);
  int64_t first = 2 * 32 * 64;
  EXPECT_EQ(rowOf(last.gate.weight, 3)[5], first + 5 * 64 + 6);
  EXPECT_EQ(rowOf(last.up.weight, 3)[5], first + 5 * 64 + 7);
  EXPECT_EQ(rowOf(last.down.weight, 3)[5], 2 * 32 * 32 + 5 * 32 + 3);
  EXPECT_EQ(last.up.bias[3], 2 * 64 + 7);
  EXPECT_EQ(last.down.bias[3], 2 * 32 + 3);
  EXPECT_EQ(decoder.layers[0].attention.sinks, std::vector<float>({0, 1}));
}

TEST(HuggingFaceFamilies, ReadsPairedRowsOfBlocks) {
  TinyCheckpoint tiny = makeGptOss();
  std::string experts = layer + "mlp.experts.";
  tiny.shapes[experts + "gate_up_proj_blocks"] = {3, 64, 1, 16};
  tiny.shapes[experts + "gate_up_proj_scales"] = {3, 64, 1};
  tiny.shapes[experts + "down_proj_blocks"] = {3, 32, 1, 16};
  tiny.shapes[experts + "down_proj_scales"] = {3, 32, 1};
  Decoder decoder = llvm::cantFail(tiny.read());
  const FeedForward &second = decoder.layers[0].experts.experts[1];
  // Row 59 of 64 has the scale 2^(64 + 59 - 127); its bytes are 16 * 123 + j,
  // modulo 256: 0xb0 + j. Values of E2M1 are 0, 1/2, 1, 3/2, ...
  std::vector<float> row = rowOf(second.up.weight, 29);
  EXPECT_EQ(row[0], 0);
  EXPECT_EQ(row[1], -1.5f / 16); // 0xb
  EXPECT_EQ(row[6], 1.5f / 16);  // 3
  EXPECT_EQ(row[30], -6.0f / 16);
  EXPECT_EQ(rowOf(second.gate.weight, 29)[2], 0.5f / 32);
  tiny.shapes[experts + "down_proj_scales"] = {3, 32, 2};
  EXPECT_EQ(tiny.refuse(), "tensor 'model.layers.0.mlp.experts.down_proj_"
                           "scales': expected U8 [3, 32, 1], but got U8 [3, "
                           "32, 2]");
}
