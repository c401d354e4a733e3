// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules that only some families have, each in the smallest model that shows it.

#include "test/unit/compiler/Import/TinyGguf.h"
#include "gtest/gtest.h"

using namespace qcc;

static TinyGguf makeLayerNorms(const char *name, uint32_t layers = 1) {
  TinyGguf tiny(name, layers);
  tiny.numbers = {{"attention.layer_norm_epsilon", 1e-5f}};
  return tiny;
}

/// Experts of the second of two layers and of a third that guesses ahead.
static TinyGguf makeGlm() {
  TinyGguf tiny("glm4moe", 3);
  tiny.sizes["nextn_predict_layers"] = 1;
  tiny.sizes["expert_count"] = 3;
  tiny.sizes["expert_used_count"] = 2;
  tiny.sizes["expert_feed_forward_length"] = 4;
  tiny.sizes["expert_shared_count"] = 2;
  for (const char *layer : {"blk.0.", "blk.1.", "blk.2."})
    tiny.rename(layer + std::string("ffn_norm.weight"),
                layer + std::string("post_attention_norm.weight"));
  tiny.tensors["blk.2.nextn.eh_proj.weight"] = {16, 8};
  for (const char *name : {"ffn_gate", "ffn_up", "ffn_down"}) {
    std::string start = "blk.1." + std::string(name);
    tiny.tensors.erase(start + ".weight");
    tiny.tensors[start + "_exps.weight"] = {8, 4, 3};
    tiny.tensors[start + "_shexp.weight"] = {8, 8};
  }
  tiny.tensors["blk.1.ffn_down_exps.weight"] = {4, 8, 3};
  tiny.tensors["blk.1.ffn_gate_inp.weight"] = {8, 3};
  tiny.tensors["blk.1.exp_probs_b.bias"] = {3};
  tiny.tensors["blk.1.attn_q_norm.weight"] = {4};
  tiny.tensors["blk.1.attn_k_norm.weight"] = {4};
  return tiny;
}

TEST(GgufFamilies, ReadSigmoidsOfExperts) {
  Decoder decoder = llvm::cantFail(makeGlm().read());
  ASSERT_EQ(decoder.layers.size(), 2u); // the third is not run
  EXPECT_FALSE(decoder.layers[0].experts.exists());
  EXPECT_FALSE(decoder.layers[0].attention.queryNorm.exists());
  EXPECT_TRUE(decoder.layers[1].attention.queryNorm.exists());
  const Experts &experts = decoder.layers[1].experts;
  EXPECT_TRUE(experts.isSigmoid);
  EXPECT_TRUE(experts.isNormalized);
  EXPECT_EQ(experts.choiceBias, (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(experts.shared.up.weight.rows, 8); // two of 4
}

TEST(GgufFamilies, LetTheKeyChooseTheFunction) {
  TinyGguf tiny = makeGlm();
  tiny.sizes["expert_gating_func"] = 1;
  Decoder decoder = llvm::cantFail(tiny.read());
  ASSERT_EQ(decoder.remarks.size(), 1u);
  EXPECT_EQ(decoder.remarks[0],
            "left out 1 layers at the end that only guess tokens ahead");
  EXPECT_FALSE(decoder.layers[1].experts.isSigmoid);
  EXPECT_TRUE(decoder.layers[1].experts.isSoftmaxFirst);
  tiny.sizes["expert_gating_func"] = 4;
  EXPECT_EQ(tiny.getError(),
            "key 'glm4moe.expert_gating_func': expected 1 for softmax, 2 for "
            "sigmoid or 3 for softmax of those picked, but got 4");
}

TEST(GgufFamilies, RefuseWhatTheyCannotCompute) {
  TinyGguf tiny = makeGlm();
  tiny.sizes["expert_group_count"] = 2;
  EXPECT_EQ(tiny.getError(),
            "key 'glm4moe.expert_group_count': expected experts that are "
            "picked one by one, but got groups of them");
  tiny = makeGlm();
  tiny.sizes["nextn_predict_layers"] = 3;
  EXPECT_EQ(tiny.getError(), "key 'glm4moe.nextn_predict_layers': expected "
                             "less than the 3 layers that there are, but got "
                             "3");
}

TEST(GgufFamilies, ShareTheNormOfParallelBranches) {
  TinyGguf tiny = makeLayerNorms("phi2");
  for (const char *name : {"ffn_norm", "ffn_gate"})
    tiny.tensors.erase("blk.0." + std::string(name) + ".weight");
  const DecoderLayer layer = llvm::cantFail(tiny.read()).layers[0];
  EXPECT_TRUE(layer.isParallel);
  EXPECT_EQ(layer.beforeFeedForward.weight, layer.beforeAttention.weight);
  EXPECT_FALSE(layer.feedForward.gate.exists());
}

TEST(GgufFamilies, ArePerhapsParallelWhereANormIsMissing) {
  TinyGguf tiny = makeLayerNorms("stablelm");
  EXPECT_FALSE(llvm::cantFail(tiny.read()).layers[0].isParallel);
  tiny.tensors.erase("blk.0.ffn_norm.weight");
  EXPECT_TRUE(llvm::cantFail(tiny.read()).layers[0].isParallel);
}

TEST(GgufFamilies, RotateInWindowsOnly) {
  TinyGguf tiny = makeLayerNorms("cohere2", 4);
  for (int64_t i = 0; i < 4; ++i)
    tiny.tensors.erase("blk." + std::to_string(i) + ".ffn_norm.weight");
  tiny.sizes["attention.sliding_window"] = 16;
  tiny.numbers["logit_scale"] = 0.25;
  Decoder decoder = llvm::cantFail(tiny.read());
  EXPECT_EQ(decoder.layers[2].attention.window, 16);
  EXPECT_EQ(decoder.layers[2].attention.rotary, 0);
  EXPECT_EQ(decoder.layers[3].attention.window, 0);
  EXPECT_EQ(decoder.layers[3].attention.rotary, -1);
  EXPECT_EQ(decoder.logitScale, 0.25); // multiplies
}
