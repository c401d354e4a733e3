// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole GGUF files of models that are wrong: keys and tensors that are missing,
// of another size or not understood.

#include "compiler/Import/Gguf/GgufFamilies.h"
#include "test/unit/compiler/Import/TinyGguf.h"
#include "gtest/gtest.h"

#include <cmath>

using namespace qcc;

TEST(GgufDecoderErrors, Architectures) {
  std::string known = listGgufFamilies();
  EXPECT_EQ(TinyGguf("mamba").getError(),
            "key 'general.architecture': expected one of " + known +
                ", but got 'mamba'");
  EXPECT_TRUE(llvm::StringRef(known).starts_with("arcee, bailingmoe, "));
  GgufFile file = llvm::cantFail(readGguf(GgufBytes().build()));
  EXPECT_EQ(llvm::toString(readGgufDecoder(file).takeError()),
            "key 'general.architecture': expected a string, but got none");
}

TEST(GgufDecoderErrors, Tensors) {
  TinyGguf tiny("llama");
  tiny.tensors.erase("blk.0.attn_k.weight");
  EXPECT_EQ(tiny.getError(), "tensor 'blk.0.attn_k.weight': expected sizes "
                             "[8, 4], but got no such tensor");
  tiny.tensors["blk.0.attn_k.weight"] = {4, 8};
  EXPECT_EQ(tiny.getError(), "tensor 'blk.0.attn_k.weight': expected sizes "
                             "[8, 4], but got [4, 8]");
  tiny.tensors["blk.0.attn_k.weight"] = {8, 4, 1};
  EXPECT_EQ(tiny.getError(), "");
  tiny.tensors["blk.0.attn_sinks.weight"] = {2};
  EXPECT_EQ(tiny.getError(),
            "tensor 'blk.0.attn_sinks.weight': expected only tensors that "
            "architecture 'llama' has, but got this one");
  tiny = TinyGguf("llama");
  tiny.tensors["token_embd.weight"] = {8};
  EXPECT_EQ(tiny.getError(),
            "tensor 'token_embd.weight': expected two sizes, but got [8]");
}

TEST(GgufDecoderErrors, TypesOfTensors) {
  TinyGguf tiny("llama");
  tiny.tensors.erase("output_norm.weight");
  GgufBytes bytes = tiny.toBytes();
  bytes.addTensor("output_norm.weight", {8}, 26, std::string(32, 0));
  GgufFile file = llvm::cantFail(readGguf(bytes.build()));
  EXPECT_EQ(llvm::toString(readGgufDecoder(file).takeError()),
            "tensor 'output_norm.weight': expected one of F32, F16, Q4_0, "
            "Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, "
            "IQ4_XS, BF16, MXFP4, but got I32");
}

TEST(GgufDecoderErrors, Sizes) {
  auto getError = [](const std::string &key, uint32_t value) {
    TinyGguf tiny("llama");
    tiny.sizes[key] = value;
    std::string message = tiny.getError();
    llvm::StringRef text = message;
    EXPECT_TRUE(text.consume_front("key 'llama." + key + "': ")) << message;
    return text.str();
  };
  EXPECT_EQ(getError("block_count", 0), "expected 1 to 1073741824, but got 0");
  EXPECT_EQ(getError("attention.head_count", 0),
            "expected 1 to 1073741824, but got 0");
  EXPECT_EQ(getError("embedding_length", 0xffffffff),
            "expected 1 to 1073741824, but got 4294967295");
  EXPECT_EQ(getError("attention.head_count_kv", 3),
            "expected a divisor of 2 heads, but got 3");
  EXPECT_EQ(getError("attention.value_length", 5),
            "expected the key length 4, but got 5");
  EXPECT_EQ(getError("rope.dimension_count", 3),
            "expected an even number up to the head size 4, but got 3");
  EXPECT_EQ(getError("rope.dimension_count", 6),
            "expected an even number up to the head size 4, but got 6");
}

// Sizes whose product is beyond 64 bits.
TEST(GgufDecoderErrors, LargeSizes) {
  TinyGguf tiny("llama");
  tiny.sizes["attention.head_count"] = 1 << 30;
  tiny.sizes["attention.key_length"] = 1 << 30;
  tiny.sizes["attention.value_length"] = 1 << 30;
  EXPECT_EQ(tiny.getError(), "tensor 'blk.0.attn_q.weight': expected sizes "
                             "[8, 1152921504606846976], but got [8, 8]");
}

TEST(GgufDecoderErrors, MissingKeys) {
  TinyGguf tiny("llama");
  tiny.sizes.erase("block_count");
  EXPECT_EQ(tiny.getError(), "key 'llama.block_count': expected an integer "
                             "below 2^63, but got none");
  tiny = TinyGguf("gpt2");
  EXPECT_EQ(tiny.getError(), "key 'gpt2.attention.layer_norm_epsilon': "
                             "expected a number, but got none");
}

TEST(GgufDecoderErrors, ArraysOfLayers) {
  TinyGguf tiny("llama", 2);
  tiny.sizes.erase("feed_forward_length");
  GgufBytes bytes = tiny.toBytes();
  bytes.addArray("llama.feed_forward_length", 4, 1, toBytes(uint32_t(6)));
  GgufFile file = llvm::cantFail(readGguf(bytes.build()));
  EXPECT_EQ(llvm::toString(readGgufDecoder(file).takeError()),
            "key 'llama.feed_forward_length': expected an element for layer "
            "1, but got an array of 1");
}

TEST(GgufDecoderErrors, Rotaries) {
  TinyGguf tiny("llama");
  tiny.words["rope.scaling.type"] = "dynamic";
  EXPECT_EQ(tiny.getError(), "key 'llama.rope.scaling.type': expected none, "
                             "linear, yarn or longrope, but got 'dynamic'");
  tiny = TinyGguf("llama");
  tiny.numbers["rope.freq_base"] = 1;
  EXPECT_EQ(tiny.getError(), "key 'llama.rope.freq_base': expected a number "
                             "above 1, but got 1.000000");
  tiny.numbers["rope.freq_base"] = NAN;
  EXPECT_EQ(tiny.getError(), "key 'llama.rope.freq_base': expected a finite "
                             "number, but got nan");
  tiny = TinyGguf("llama");
  tiny.numbers["rope.scaling.factor"] = -2;
  EXPECT_EQ(tiny.getError(), "key 'llama.rope.scaling.factor': expected a "
                             "number above 0, but got -2.000000");
}

TEST(GgufDecoderErrors, Experts) {
  TinyGguf tiny("llama");
  tiny.tensors["blk.0.ffn_gate_inp.weight"] = {8, 2};
  tiny.sizes["expert_count"] = 2;
  tiny.sizes["expert_used_count"] = 3;
  EXPECT_EQ(tiny.getError(), "key 'llama.expert_used_count': expected at most "
                             "the 2 that there are, but got 3");
  tiny.sizes["expert_count"] = 5000;
  EXPECT_EQ(tiny.getError(), "key 'llama.expert_count': expected at most 1024, "
                             "but got 5000");
  tiny.sizes["expert_count"] = tiny.sizes["expert_used_count"] = 2;
  EXPECT_EQ(tiny.getError(), "tensor 'blk.0.ffn_gate_exps.weight': expected "
                             "sizes [8, 6, 2], but got no such tensor");
}

TEST(GgufDecoderErrors, LatentAttention) {
  TinyGguf tiny("deepseek2");
  tiny.sizes["attention.kv_lora_rank"] = 4;
  EXPECT_EQ(tiny.getError(),
            "key 'general.architecture': expected a model that caches keys and "
            "values of heads, but got 'deepseek2', whose attention is latent");
}
