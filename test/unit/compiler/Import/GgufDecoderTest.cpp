// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What differs between families, each in the smallest model that shows it.
// Elements of tensors count up from 1, so that a slice shows where it begins.

#include "test/unit/compiler/Import/TinyGguf.h"
#include "gtest/gtest.h"

#include <cmath>

using namespace qcc;

static Decoder readTiny(const TinyGguf &tiny, int64_t tokens = 0) {
  return llvm::cantFail(tiny.read(tokens));
}

static float getFirst(const Weight &weight) {
  float value;
  std::memcpy(&value, weight.bytes.data(), sizeof(value));
  return value;
}

TEST(GgufDecoder, ReadsLlama) {
  TinyGguf tiny("llama", 2);
  tiny.numbers["rope.freq_base"] = 100;
  Decoder decoder = readTiny(tiny);
  EXPECT_EQ(decoder.family, "llama");
  EXPECT_EQ(decoder.vocabulary, 5);
  EXPECT_EQ(decoder.width, 8);
  EXPECT_EQ(decoder.maxTokens, 64);
  EXPECT_EQ(decoder.files.size(), 1u);
  ASSERT_EQ(decoder.layers.size(), 2u);
  EXPECT_EQ(decoder.head.weight.bytes.data(), decoder.embedding.bytes.data());
  const DecoderLayer &layer = decoder.layers[1];
  EXPECT_EQ(layer.attention.query.weight.name, "blk.1.attn_q.weight");
  EXPECT_EQ(layer.attention.headSize, 4);
  EXPECT_EQ(layer.attention.kvHeads, 1);
  EXPECT_EQ(layer.attention.scale, 0.5f);
  EXPECT_EQ(layer.attention.window, 0);
  EXPECT_EQ(layer.feedForward.down.weight.columns, 6);
  EXPECT_EQ(layer.beforeFeedForward.epsilon, 1e-6f);
  EXPECT_FALSE(layer.afterAttention.exists());
  ASSERT_EQ(decoder.rotaries.size(), 1u);
  EXPECT_TRUE(decoder.rotaries[0].isInterleaved);
  EXPECT_EQ(decoder.rotaries[0].inverseFrequencies,
            (std::vector<float>{1.0f, 0.1f}));
}

TEST(GgufDecoder, ReadsBiasesAndTheHead) {
  TinyGguf tiny("qwen2");
  tiny.tensors["blk.0.attn_k.bias"] = {4};
  tiny.tensors["output.weight"] = {8, 5};
  Decoder decoder = readTiny(tiny);
  EXPECT_EQ(decoder.layers[0].attention.key.bias,
            (std::vector<float>{1, 2, 3, 4}));
  EXPECT_TRUE(decoder.layers[0].attention.query.bias.empty());
  EXPECT_EQ(decoder.head.weight.name, "output.weight");
  EXPECT_FALSE(decoder.rotaries[0].isInterleaved);
}

TEST(GgufDecoder, SlicesFusedMatrices) {
  TinyGguf tiny("phi3");
  for (const char *name : {"attn_q", "attn_k", "attn_v", "ffn_gate"})
    tiny.tensors.erase("blk.0." + std::string(name) + ".weight");
  tiny.tensors["blk.0.attn_qkv.weight"] = {8, 16};
  tiny.tensors["blk.0.attn_qkv.bias"] = {16};
  tiny.tensors["blk.0.ffn_up.weight"] = {8, 12};
  Decoder decoder = readTiny(tiny); // keeps the file
  const DecoderLayer &layer = decoder.layers[0];
  EXPECT_EQ(layer.attention.key.weight.name, "blk.0.attn_qkv.weight[8:12]");
  EXPECT_EQ(getFirst(layer.attention.key.weight), 65.0f);
  EXPECT_EQ(layer.attention.value.weight.bytes.size(), 4u * 8 * 4);
  EXPECT_EQ(layer.attention.value.bias, (std::vector<float>{13, 14, 15, 16}));
  EXPECT_EQ(getFirst(layer.feedForward.gate.weight), 1.0f);
  EXPECT_EQ(getFirst(layer.feedForward.up.weight), 49.0f);
}

TEST(GgufDecoder, PicksFactorsByTheTokensInUse) {
  TinyGguf tiny("phi3");
  tiny.sizes["rope.scaling.original_context_length"] = 32;
  tiny.numbers["rope.scaling.attn_factor"] = 1.5;
  tiny.tensors["rope_factors_long.weight"] = {2};
  tiny.tensors["rope_factors_short.weight"] = {1};
  Rotary rotary = readTiny(tiny).rotaries[0];
  EXPECT_EQ(rotary.inverseFrequencies, (std::vector<float>{1, 0.005f}));
  EXPECT_EQ(rotary.magnitude, 1.5f);
  auto decoder = tiny.read(32); // one short factor for two pairs
  EXPECT_EQ(llvm::toString(decoder.takeError()),
            "tensor 'rope_factors_short.weight': expected sizes [2], but got "
            "[1]");
}

TEST(GgufDecoder, ReadsExperts) {
  TinyGguf tiny("qwen2moe");
  tiny.sizes["expert_count"] = 3;
  tiny.sizes["expert_used_count"] = 2;
  tiny.sizes["expert_feed_forward_length"] = 4;
  tiny.sizes["expert_shared_feed_forward_length"] = 6;
  for (const char *name : {"ffn_gate", "ffn_up", "ffn_down"}) {
    std::string start = "blk.0." + std::string(name);
    tiny.rename(start + ".weight", start + "_shexp.weight");
    tiny.tensors[start + "_exps.weight"] = {8, 4, 3};
  }
  tiny.tensors["blk.0.ffn_down_exps.weight"] = {4, 8, 3};
  tiny.tensors["blk.0.ffn_gate_inp.weight"] = {8, 3};
  tiny.tensors["blk.0.ffn_gate_inp_shexp.weight"] = {8};
  Decoder decoder = readTiny(tiny);
  const Experts &experts = decoder.layers[0].experts;
  ASSERT_EQ(experts.experts.size(), 3u);
  EXPECT_EQ(experts.used, 2);
  EXPECT_FALSE(experts.isNormalized);
  EXPECT_EQ(getFirst(experts.experts[2].up.weight), 65.0f);
  EXPECT_EQ(experts.experts[2].down.weight.name,
            "blk.0.ffn_down_exps.weight[2]");
  EXPECT_EQ(experts.shared.up.weight.rows, 6);
  EXPECT_EQ(experts.sharedGate.weight.rows, 1);
}

// Older files of Mixtral have a tensor for each expert.
TEST(GgufDecoder, ReadsSeparateExperts) {
  TinyGguf tiny("llama");
  tiny.sizes["expert_count"] = tiny.sizes["expert_used_count"] = 1;
  for (const char *name : {"ffn_gate", "ffn_up", "ffn_down"}) {
    std::string start = "blk.0." + std::string(name);
    tiny.rename(start + ".weight", start + ".0.weight");
  }
  tiny.tensors["blk.0.ffn_gate_inp.weight"] = {8, 1};
  Decoder decoder = readTiny(tiny);
  const Experts &experts = decoder.layers[0].experts;
  ASSERT_EQ(experts.experts.size(), 1u);
  EXPECT_EQ(experts.experts[0].gate.weight.name, "blk.0.ffn_gate.0.weight");
  EXPECT_TRUE(experts.isNormalized);
}

TEST(GgufDecoder, ReadsBiasesOfExperts) {
  TinyGguf tiny("gpt-oss");
  tiny.sizes["expert_count"] = 3;
  tiny.sizes["expert_used_count"] = 2;
  tiny.sizes["expert_feed_forward_length"] = 4;
  tiny.rename("blk.0.ffn_norm.weight", "blk.0.post_attention_norm.weight");
  for (const char *name : {"ffn_gate", "ffn_up", "ffn_down"}) {
    std::string start = "blk.0." + std::string(name);
    bool isDown = start.back() == 'n';
    tiny.tensors.erase(start + ".weight");
    tiny.tensors[start + "_exps.weight"] = {isDown ? 4u : 8u, isDown ? 8u : 4u,
                                            3};
    tiny.tensors[start + "_exps.bias"] = {isDown ? 8u : 4u, 3};
  }
  tiny.tensors["blk.0.ffn_gate_inp.weight"] = {8, 3};
  tiny.tensors["blk.0.attn_sinks.weight"] = {2};
  Decoder decoder = readTiny(tiny);
  const Experts &experts = decoder.layers[0].experts;
  EXPECT_FALSE(experts.isSoftmaxFirst);
  ASSERT_EQ(experts.experts.size(), 3u);
  EXPECT_EQ(experts.experts[1].up.bias.size(), 4u);
  // Numbers count up.
  EXPECT_EQ(experts.experts[2].down.bias[0] - experts.experts[0].down.bias[0],
            16);
  EXPECT_EQ(decoder.layers[0].attention.sinks.size(), 2u);
}

TEST(GgufDecoder, AlternatesWindows) {
  TinyGguf tiny("gemma3", 6);
  tiny.sizes["attention.sliding_window"] = 3;
  tiny.numbers["rope.freq_base"] = 1e6;
  for (int i = 0; i < 6; ++i)
    for (const char *name :
         {"post_attention_norm", "post_ffw_norm", "attn_q_norm", "attn_k_norm"})
      tiny.tensors["blk." + std::to_string(i) + "." + name + ".weight"] = {
          name[0] == 'p' ? 8u : 4u};
  Decoder decoder = readTiny(tiny);
  EXPECT_EQ(decoder.embeddingScale, std::sqrt(8.0f));
  const Attention &local = decoder.layers[4].attention;
  const Attention &global = decoder.layers[5].attention;
  EXPECT_EQ(local.window, 3);
  EXPECT_EQ(global.window, 0);
  EXPECT_EQ(decoder.rotaries[local.rotary].inverseFrequencies[1], 0.01f);
  EXPECT_EQ(decoder.rotaries[global.rotary].inverseFrequencies[1], 0.001f);
  EXPECT_EQ(local.keyNorm.weight.size(), 4u);
  EXPECT_EQ(decoder.layers[0].feedForward.function, GateFunction::GeluTanh);
}

TEST(GgufDecoder, LeavesEveryFourthLayerUnrotated) {
  Decoder decoder = readTiny(TinyGguf("smollm3", 4));
  EXPECT_EQ(decoder.layers[2].attention.rotary, 0);
  EXPECT_EQ(decoder.layers[3].attention.rotary, -1);
}

TEST(GgufDecoder, ReadsScales) {
  TinyGguf tiny("granite");
  tiny.numbers["embedding_scale"] = 12;
  tiny.numbers["residual_scale"] = 0.25;
  tiny.numbers["attention.scale"] = 0.125;
  tiny.numbers["logit_scale"] = 8;
  Decoder decoder = readTiny(tiny);
  EXPECT_EQ(decoder.embeddingScale, 12);
  EXPECT_EQ(decoder.layers[0].residualScale, 0.25);
  EXPECT_EQ(decoder.layers[0].attention.scale, 0.125);
  EXPECT_EQ(decoder.logitScale, 0.125); // divides
}
