// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What families do with the same few tensors, and what is refused. That the
// descriptions are right is seen where trained models are run.

#include "test/unit/compiler/Import/TinyCheckpoint.h"

#include "compiler/Import/Decoder/WeightRows.h"

#include "gtest/gtest.h"

using namespace qcc;

static std::vector<float> rowOf(const Weight &weight, int64_t row) {
  std::vector<float> values(weight.columns);
  decodeWeightRow(weight, row, values.data());
  return values;
}

TEST(HuggingFaceReader, DescribesLlama) {
  TinyCheckpoint tiny;
  Decoder decoder = llvm::cantFail(tiny.read());
  EXPECT_EQ(decoder.family, "llama");
  EXPECT_EQ(decoder.vocabulary, 4);
  EXPECT_EQ(decoder.maxTokens, 16);
  EXPECT_EQ(decoder.head.weight.bytes.data(), decoder.embedding.bytes.data());
  ASSERT_EQ(decoder.layers.size(), 1u);
  const Attention &attention = decoder.layers[0].attention;
  EXPECT_EQ(attention.headSize, 4);
  EXPECT_EQ(attention.scale, 0.5f);
  EXPECT_EQ(attention.rotary, 0);
  EXPECT_EQ(attention.window, 0);
  EXPECT_EQ(decoder.rotaries[0].inverseFrequencies,
            std::vector<float>({1, 0.01f}));
  EXPECT_EQ(decoder.layers[0].beforeAttention.weight[3], 3);
  EXPECT_EQ(rowOf(attention.key.weight, 1),
            std::vector<float>({8, 9, 10, 11, 12, 13, 14, 15}));
  EXPECT_TRUE(attention.key.bias.empty());
  EXPECT_FALSE(decoder.layers[0].afterAttention.exists());
}

TEST(HuggingFaceReader, TakesModelsWithoutTheirHead) {
  TinyCheckpoint tiny, bare;
  bare.shapes.clear();
  for (const auto &[name, shape] : tiny.shapes)
    bare.shapes[name.substr(6)] = shape; // "model."
  EXPECT_EQ(bare.refuse(), "");
}

TEST(HuggingFaceReader, RefusesTensorsThatDoNotFit) {
  TinyCheckpoint tiny;
  tiny.shapes.erase("model.norm.weight");
  EXPECT_EQ(tiny.refuse(), "tensor 'model.norm.weight': expected F32, F16 or "
                           "BF16 [8], but got no such tensor");
  tiny.shapes["model.norm.weight"] = {4, 2};
  EXPECT_EQ(tiny.refuse(), "tensor 'model.norm.weight': expected F32, F16 or "
                           "BF16 [8], but got F32 [4, 2]");
  tiny.shapes["model.norm.weight"] = {8};
  tiny.shapes["model.layers.0.self_attn.q_norm.weight"] = {4};
  EXPECT_EQ(tiny.refuse(), "tensor 'model.layers.0.self_attn.q_norm.weight': "
                           "expected a tensor of the model's family, but got "
                           "another");
  tiny.shapes.erase("model.layers.0.self_attn.q_norm.weight");
  tiny.set("tie_word_embeddings", "false");
  EXPECT_EQ(tiny.refuse(), "tensor 'lm_head.weight': expected F32, F16 or BF16 "
                           "[4, 8], but got no such tensor");
}

TEST(HuggingFaceReader, RefusesNumbersThatDoNotFit) {
  auto refuse = [](llvm::StringRef key, llvm::StringRef json) {
    TinyCheckpoint tiny;
    tiny.set(key, json);
    return tiny.refuse();
  };
  EXPECT_EQ(refuse("hidden_size", "0"),
            "config.json: 'hidden_size': expected a count from 1 to 2^31 - 1, "
            "but got 0");
  EXPECT_EQ(refuse("hidden_size", "\"8\""),
            "config.json: 'hidden_size': expected a count from 1 to 2^31 - 1, "
            "but got \"8\"");
  EXPECT_EQ(refuse("vocab_size", "null"),
            "config.json: 'vocab_size': expected a count from 1 to 2^31 - 1, "
            "but got nothing");
  EXPECT_EQ(refuse("num_key_value_heads", "3"),
            "config.json: 'num_key_value_heads': expected a divisor of 2 "
            "heads, but got 3");
  EXPECT_EQ(refuse("num_hidden_layers", "5000"),
            "config.json: 'num_hidden_layers': expected at most 4096 layers, "
            "but got 5000");
  EXPECT_EQ(refuse("hidden_act", "\"mish\""),
            "config.json: 'hidden_act': expected silu, gelu, gelu_new, "
            "gelu_pytorch_tanh, relu or relu2, but got \"mish\"");
  EXPECT_EQ(refuse("architectures", "[\"BertModel\"]"),
            "config.json: 'architectures': expected LlamaForCausalLM for "
            "model_type llama, but got BertModel");
  EXPECT_EQ(refuse("model_type", "\"bert\"").substr(0, 54),
            "config.json: expected a 'model_type' of arcee, bloom, ");
}

TEST(HuggingFaceReader, ScalesGemmaInTheTypeOfItsWeights) {
  TinyCheckpoint tiny;
  tiny.set("model_type", "\"gemma\"");
  tiny.set("head_dim", "4");
  Decoder decoder = llvm::cantFail(tiny.read());
  EXPECT_EQ(decoder.embeddingScale, 2.828427125f);
  EXPECT_EQ(decoder.layers[0].beforeAttention.weight[3], 4); // 1 + 3
  EXPECT_EQ(decoder.layers[0].feedForward.function, GateFunction::GeluTanh);
  tiny.isHalf = true;
  EXPECT_EQ(llvm::cantFail(tiny.read()).embeddingScale, 2.828125f);
}

TEST(HuggingFaceReader, CutsFusedMatrices) {
  TinyCheckpoint tiny;
  tiny.set("model_type", "\"phi3\"");
  std::string layer = "model.layers.0.";
  for (std::string name : {"self_attn.q_proj", "self_attn.k_proj",
                           "self_attn.v_proj", "mlp.gate_proj", "mlp.up_proj"})
    tiny.shapes.erase(layer + name + ".weight");
  tiny.shapes[layer + "self_attn.qkv_proj.weight"] = {16, 8};
  tiny.shapes[layer + "mlp.gate_up_proj.weight"] = {12, 8};
  Decoder decoder = llvm::cantFail(tiny.read());
  EXPECT_EQ(rowOf(decoder.layers[0].attention.value.weight, 0)[0], 12 * 8);
  EXPECT_EQ(decoder.layers[0].feedForward.up.weight.rows, 6);
  EXPECT_EQ(rowOf(decoder.layers[0].feedForward.up.weight, 0)[0], 6 * 8);
}

TEST(HuggingFaceReader, ReadsTransposedMatrices) {
  TinyCheckpoint tiny;
  tiny.config = llvm::json::Object();
  tiny.set("model_type", "\"gpt2\"");
  for (const char *key : {"n_layer", "n_head"})
    tiny.set(key, "1");
  tiny.set("vocab_size", "4");
  tiny.set("n_embd", "2");
  tiny.set("n_positions", "3");
  tiny.shapes = {{"wte.weight", {4, 2}},
                 {"wpe.weight", {3, 2}},
                 {"ln_f.weight", {2}},
                 {"ln_f.bias", {2}},
                 {"h.0.ln_1.weight", {2}},
                 {"h.0.ln_1.bias", {2}},
                 {"h.0.ln_2.weight", {2}},
                 {"h.0.ln_2.bias", {2}},
                 {"h.0.attn.c_attn.weight", {2, 6}},
                 {"h.0.attn.c_attn.bias", {6}},
                 {"h.0.attn.c_proj.weight", {2, 2}},
                 {"h.0.attn.c_proj.bias", {2}},
                 {"h.0.mlp.c_fc.weight", {2, 8}},
                 {"h.0.mlp.c_fc.bias", {8}},
                 {"h.0.mlp.c_proj.weight", {8, 2}},
                 {"h.0.mlp.c_proj.bias", {2}},
                 {"h.0.attn.bias", {1, 1, 3, 3}}}; // an old mask
  Decoder decoder = llvm::cantFail(tiny.read());
  const Linear &key = decoder.layers[0].attention.key;
  EXPECT_EQ(key.weight.layout, WeightLayout::Columns);
  EXPECT_EQ(rowOf(key.weight, 1), std::vector<float>({3, 9}));
  EXPECT_EQ(key.bias, std::vector<float>({2, 3}));
  EXPECT_EQ(decoder.positions.rows, 3);
  EXPECT_EQ(decoder.layers[0].attention.rotary, -1);
}
