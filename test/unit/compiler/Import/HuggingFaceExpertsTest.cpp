// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layers with experts: apart, in stacks, with a shared one, and what is
// refused.

#include "test/unit/compiler/Import/TinyCheckpoint.h"

#include "compiler/Import/Decoder/WeightRows.h"

#include "gtest/gtest.h"

using namespace qcc;

/// The first number of a weight's first row.
static float firstOf(const Weight &weight) {
  std::vector<float> values(weight.columns);
  decodeWeightRow(weight, 0, values.data());
  return values[0];
}

/// The tiny model with 3 experts of 6 instead of its feed-forward network.
static TinyCheckpoint makeTiny(llvm::StringRef type) {
  TinyCheckpoint tiny;
  tiny.set("model_type", ("\"" + type + "\"").str());
  tiny.set("num_local_experts", "3");
  tiny.set("num_experts_per_tok", "2");
  tiny.set("moe_intermediate_size", "6");
  tiny.set("head_dim", "4");
  for (const char *name : {"gate", "up", "down"})
    tiny.shapes.erase("model.layers.0.mlp." + std::string(name) +
                      "_proj.weight");
  return tiny;
}

TEST(HuggingFaceExperts, ReadsExpertsApart) {
  TinyCheckpoint tiny = makeTiny("mixtral");
  std::string block = "model.layers.0.block_sparse_moe.";
  tiny.shapes[block + "gate.weight"] = {3, 8};
  for (std::string i : {"0", "1", "2"}) {
    tiny.shapes[block + "experts." + i + ".w1.weight"] = {6, 8};
    tiny.shapes[block + "experts." + i + ".w2.weight"] = {8, 6};
    tiny.shapes[block + "experts." + i + ".w3.weight"] = {6, 8};
  }
  Decoder decoder = llvm::cantFail(tiny.read());
  const Experts &experts = decoder.layers[0].experts;
  ASSERT_EQ(experts.experts.size(), 3u);
  EXPECT_EQ(experts.used, 2);
  EXPECT_TRUE(experts.isSoftmaxFirst);
  EXPECT_TRUE(experts.isNormalized);
  EXPECT_EQ(experts.experts[1].up.weight.name, block + "experts.1.w3.weight");
  EXPECT_EQ(experts.experts[1].down.weight.rows, 8);
}

// Gate above up, expert after expert; and the name of the router is another.
TEST(HuggingFaceExperts, ReadsStacks) {
  TinyCheckpoint tiny = makeTiny("mixtral");
  std::string mlp = "model.layers.0.mlp.";
  tiny.shapes[mlp + "gate.weight"] = {3, 8};
  tiny.shapes[mlp + "experts.gate_up_proj"] = {3, 12, 8};
  tiny.shapes[mlp + "experts.down_proj"] = {3, 8, 6};
  Decoder decoder = llvm::cantFail(tiny.read());
  const FeedForward &last = decoder.layers[0].experts.experts[2];
  EXPECT_EQ(last.gate.weight.rows, 6);
  EXPECT_EQ(firstOf(last.gate.weight), 2 * 12 * 8);
  EXPECT_EQ(firstOf(last.up.weight), (2 * 12 + 6) * 8);
  EXPECT_EQ(firstOf(last.down.weight), 2 * 8 * 6);
  tiny.shapes[mlp + "experts.down_proj"] = {2, 8, 6};
  EXPECT_EQ(tiny.refuse(),
            "tensor 'model.layers.0.mlp.experts.down_proj': expected F32, F16 "
            "or BF16 [3, 8, 6], but got F32 [2, 8, 6]");
}

TEST(HuggingFaceExperts, ReadsSharedExperts) {
  TinyCheckpoint tiny = makeTiny("granitemoeshared");
  tiny.set("shared_intermediate_size", "5");
  std::string layer = "model.layers.0.", block = layer + "block_sparse_moe.";
  tiny.shapes[block + "router.layer.weight"] = {3, 8};
  tiny.shapes[block + "input_linear.weight"] = {3, 12, 8};
  tiny.shapes[block + "output_linear.weight"] = {3, 8, 6};
  tiny.shapes[layer + "shared_mlp.input_linear.weight"] = {10, 8};
  tiny.shapes[layer + "shared_mlp.output_linear.weight"] = {8, 5};
  Decoder decoder = llvm::cantFail(tiny.read());
  const Experts &experts = decoder.layers[0].experts;
  EXPECT_FALSE(experts.isSoftmaxFirst);
  EXPECT_FALSE(experts.isSigmoid);
  EXPECT_EQ(firstOf(experts.shared.up.weight), 5 * 8);
  EXPECT_FALSE(experts.sharedGate.exists());
}

TEST(HuggingFaceExperts, PicksByBiasedSigmoids) {
  TinyCheckpoint tiny = makeTiny("glm4_moe");
  tiny.set("n_shared_experts", "2");
  tiny.set("routed_scaling_factor", "1.5");
  tiny.set("num_nextn_predict_layers", "1");
  std::string mlp = "model.layers.0.mlp.";
  tiny.shapes[mlp + "gate.weight"] = {3, 8};
  tiny.shapes[mlp + "gate.e_score_correction_bias"] = {3};
  tiny.shapes[mlp + "experts.gate_up_proj"] = {3, 12, 8};
  tiny.shapes[mlp + "experts.down_proj"] = {3, 8, 6};
  tiny.shapes[mlp + "shared_experts.gate_proj.weight"] = {12, 8};
  tiny.shapes[mlp + "shared_experts.up_proj.weight"] = {12, 8};
  tiny.shapes[mlp + "shared_experts.down_proj.weight"] = {8, 12};
  tiny.shapes["model.layers.1.eh_proj.weight"] = {8, 16}; // of a later token
  Decoder decoder = llvm::cantFail(tiny.read());
  EXPECT_EQ(decoder.remarks.size(), 1u);
  const Experts &experts = decoder.layers[0].experts;
  EXPECT_TRUE(experts.isSigmoid);
  EXPECT_TRUE(experts.isNormalized);
  EXPECT_EQ(experts.choiceBias, std::vector<float>({0, 1, 2}));
  EXPECT_EQ(experts.scale, 1.5f);
  EXPECT_EQ(experts.shared.up.weight.rows, 12);
  tiny.set("n_group", "2");
  EXPECT_EQ(tiny.refuse(), "config.json: 'n_group': expected 1, as experts are "
                           "picked among all, but got 2");
}

TEST(HuggingFaceExperts, RefusesWhatIsNotThere) {
  TinyCheckpoint tiny = makeTiny("olmoe");
  tiny.set("clip_qkv", "8.0");
  EXPECT_EQ(tiny.refuse(), "config.json: 'clip_qkv': expected none, but got 8");
  tiny.set("model_type", "\"deepseek_v3\"");
  EXPECT_EQ(tiny.refuse(), "config.json: expected a model that caches keys and "
                           "values of heads, but got 'deepseek_v3', whose "
                           "attention is latent");
}
