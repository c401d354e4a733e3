// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which layers see windows, rotate, have experts; rotary positions in both
// spellings, against values of transformers 5.23.

#include "compiler/Import/HuggingFace/ModelConfig.h"

#include "gtest/gtest.h"

using namespace qcc;

/// The model of a config.json, the numbers that all need being there.
static llvm::Expected<ModelConfig> read(const std::string &members,
                                        int64_t contextTokens = 0) {
  std::string text = R"({"vocab_size": 4, "hidden_size": 32,
    "intermediate_size": 6, "num_attention_heads": 2,
    "max_position_embeddings": 256, )" +
                     members + "}";
  llvm::json::Value value = llvm::cantFail(llvm::json::parse(text));
  ConfigReader config(*value.getAsObject(), "config.json");
  return readModelConfig(config, contextTokens);
}

static std::vector<int64_t> windowsOf(const std::string &members) {
  std::vector<int64_t> windows;
  for (const LayerConfig &layer : llvm::cantFail(read(members)).layers)
    windows.push_back(layer.window);
  return windows;
}

using Windows = std::vector<int64_t>;

TEST(ModelConfig, FindsWindows) {
  std::string four = R"("num_hidden_layers": 4, "sliding_window": 8)";
  EXPECT_EQ(windowsOf(R"("model_type": "mistral", )" + four),
            Windows({8, 8, 8, 8}));
  EXPECT_EQ(windowsOf(R"("model_type": "llama", )" + four),
            Windows({0, 0, 0, 0}));
  EXPECT_EQ(windowsOf(R"("model_type": "gemma2", )" + four),
            Windows({8, 0, 8, 0}));
  EXPECT_EQ(windowsOf(R"("model_type": "gemma3_text",
                         "sliding_window_pattern": 3, )" +
                      four),
            Windows({8, 8, 0, 8}));
  EXPECT_EQ(windowsOf(R"("model_type": "qwen2", )" + four),
            Windows({0, 0, 0, 0}));
  EXPECT_EQ(windowsOf(R"("model_type": "qwen2", "use_sliding_window": true,
                         "max_window_layers": 3, )" +
                      four),
            Windows({0, 0, 0, 8}));
  EXPECT_EQ(windowsOf(R"("model_type": "gemma2", "layer_types":
                         ["full_attention", "sliding_attention",
                          "sliding_attention", "full_attention"], )" +
                      four),
            Windows({0, 8, 8, 0}));
}

TEST(ModelConfig, FindsLayersWithExpertsAndWithoutRope) {
  ModelConfig experts =
      llvm::cantFail(read(R"("model_type": "qwen3_moe", "num_hidden_layers": 4,
              "num_experts": 4, "num_experts_per_tok": 2,
              "moe_intermediate_size": 8, "decoder_sparse_step": 2,
              "mlp_only_layers": [3])"));
  EXPECT_FALSE(experts.layers[0].hasExperts);
  EXPECT_TRUE(experts.layers[1].hasExperts);
  EXPECT_FALSE(experts.layers[3].hasExperts);
  ModelConfig rope = llvm::cantFail(
      read(R"("model_type": "smollm3", "num_hidden_layers": 4)"));
  EXPECT_EQ(rope.layers[2].rotary, 0);
  EXPECT_EQ(rope.layers[3].rotary, -1);
  EXPECT_EQ(
      llvm::toString(read(R"("model_type": "mixtral", "num_hidden_layers": 1,
        "num_local_experts": 2, "num_experts_per_tok": 3)")
                         .takeError()),
      "config.json: 'num_experts_per_tok': expected at most 2 experts, but "
      "got 3");
}

static Rotary rotaryOf(const std::string &members, int64_t contextTokens = 0) {
  ModelConfig model = llvm::cantFail(
      read(R"("model_type": "llama", "num_hidden_layers": 1, )" + members,
           contextTokens));
  return model.rotaries[0];
}

static void expectFrequencies(const Rotary &rotary,
                              const std::vector<float> &expected) {
  ASSERT_EQ(rotary.inverseFrequencies.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(rotary.inverseFrequencies[i], expected[i], expected[i] * 1e-5)
        << i;
}

TEST(ModelConfig, ReadsRopeInBothSpellings) {
  std::string numbers = R"("factor": 8, "low_freq_factor": 1,
    "high_freq_factor": 4, "original_max_position_embeddings": 64)";
  Rotary old = rotaryOf(R"("rope_theta": 100, "rope_scaling":
    {"rope_type": "llama3", )" +
                        numbers + "}");
  Rotary later = rotaryOf(R"("rope_parameters": {"rope_theta": 100,
    "rope_type": "llama3", )" +
                          numbers + "}");
  EXPECT_EQ(old.inverseFrequencies, later.inverseFrequencies);
  expectFrequencies(old, {1, 0.5623413f, 0.2443846f, 0.06430987f, 0.01304226f,
                          0.007029266f, 0.003952847f, 0.002222849f});
}

TEST(ModelConfig, ScalesRope) {
  expectFrequencies(rotaryOf(R"("rope_theta": 100, "rope_scaling":
                      {"type": "linear", "factor": 4})"),
                    {0.25f, 0.1405853f, 0.07905694f, 0.04445698f, 0.025f,
                     0.01405853f, 0.007905695f, 0.004445699f});
  Rotary yarn = rotaryOf(R"("rope_theta": 100, "rope_scaling":
    {"type": "yarn", "factor": 4, "original_max_position_embeddings": 64})");
  expectFrequencies(yarn, {1, 0.4779901f, 0.2213594f, 0.09780537f, 0.04f,
                           0.01405853f, 0.007905695f, 0.004445699f});
  EXPECT_FLOAT_EQ(yarn.magnitude, 1.13862944f);
  std::string members = R"("original_max_position_embeddings": 64,
    "rope_theta": 100, "rope_scaling": {"type": "su",
    "short_factor": [1, 2, 3, 4, 5, 6, 7, 8],
    "long_factor": [2, 4, 6, 8, 10, 12, 14, 16]})";
  Rotary shorter = rotaryOf(members, 64), longer = rotaryOf(members, 65);
  expectFrequencies(shorter, {1, 0.2811707f, 0.1054092f, 0.04445698f, 0.02f,
                              0.009372355f, 0.004517539f, 0.002222849f});
  EXPECT_FLOAT_EQ(shorter.magnitude, 1.15470054f);
  EXPECT_FLOAT_EQ(longer.inverseFrequencies[3],
                  shorter.inverseFrequencies[3] / 2);
  // Gemma 3: one set for all texts, one for windows.
  ModelConfig two = llvm::cantFail(
      read(R"("model_type": "gemma3_text", "num_hidden_layers": 1,
              "head_dim": 4, "rope_theta": 10000, "rope_local_base_freq": 100,
              "rope_scaling": {"rope_type": "linear", "factor": 8})"));
  expectFrequencies(two.rotaries[0], {0.125f, 0.00125f});
  expectFrequencies(two.rotaries[1], {1, 0.1f});
  EXPECT_EQ(two.layers[0].rotary, 1);
}

TEST(ModelConfig, RefusesBadRope) {
  auto refuse = [](const std::string &scaling) {
    return llvm::toString(read(R"("model_type": "llama", "num_hidden_layers": 1,
                "rope_scaling": )" +
                               scaling)
                              .takeError());
  };
  EXPECT_EQ(refuse(R"({"type": "mrope"})"),
            "config.json: rope_scaling: 'type': expected default, linear, "
            "dynamic, llama3, yarn or longrope, but got \"mrope\"");
  EXPECT_EQ(refuse(R"({"type": "linear"})"),
            "config.json: rope_scaling: 'factor': expected a number, but got "
            "nothing");
  EXPECT_EQ(refuse(R"({"type": "longrope", "short_factor": [1]})"),
            "config.json: rope_scaling: 'short_factor': expected 8 numbers "
            "above 0, but got a list of 1");
}
