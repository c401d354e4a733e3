// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texts of models that read images too: where their numbers and their tensors
// are, and what is left out.

#include "compiler/Import/HuggingFace/TextConfig.h"
#include "test/unit/compiler/Import/TinyCheckpoint.h"

#include "gtest/gtest.h"

using namespace qcc;

/// The tiny model inside another, whose other tensor is left out.
static TinyCheckpoint makeInner(const std::string &prefix,
                                llvm::StringRef type = "llava") {
  TinyCheckpoint tiny;
  llvm::json::Object inner = std::move(tiny.config);
  tiny.config = llvm::json::Object();
  tiny.config["model_type"] = type;
  tiny.config["architectures"] =
      llvm::json::Array({"LlavaForConditionalGeneration"});
  inner["architectures"] = llvm::json::Array({"AnotherForCausalLM"});
  inner.erase("tie_word_embeddings");
  tiny.config["text_config"] = std::move(inner);
  tiny.rename(prefix);
  tiny.shapes["vision_tower.embeddings.weight"] = {2, 3};
  return tiny;
}

TEST(HuggingFaceText, ReadsTheTextPart) {
  for (std::string prefix :
       {"model.language_model.", "language_model.model.", "model.text."}) {
    Decoder decoder = llvm::cantFail(makeInner(prefix).read());
    EXPECT_EQ(decoder.family, "llama");
    EXPECT_EQ(decoder.embedding.name, prefix + "embed_tokens.weight");
    EXPECT_EQ(decoder.head.weight.bytes.data(), decoder.embedding.bytes.data());
    ASSERT_EQ(decoder.remarks.size(), 1u);
    EXPECT_EQ(decoder.remarks[0], "compiled the text part alone: 1 tensors of "
                                  "other parts are left out");
  }
}

TEST(HuggingFaceText, FindsTheHead) {
  for (std::string head : {"lm_head", "language_model.lm_head"}) {
    TinyCheckpoint tiny = makeInner("language_model.model.");
    tiny.shapes[head + ".weight"] = {4, 8};
    Decoder decoder = llvm::cantFail(tiny.read());
    EXPECT_EQ(decoder.head.weight.name, head + ".weight");
    tiny.set("tie_word_embeddings", "true"); // of the whole
    Decoder tied = llvm::cantFail(tiny.read());
    EXPECT_EQ(tied.head.weight.name, tied.embedding.name);
  }
}

TEST(HuggingFaceText, RefusesWhatItCannotTell) {
  TinyCheckpoint tiny = makeInner("model.language_model.");
  tiny.shapes["model.other.embed_tokens.weight"] = {4, 8};
  EXPECT_EQ(tiny.refuse(), "tensor 'embed_tokens.weight': expected F32, F16 or "
                           "BF16 [4, 8], but got no such tensor");
  tiny = makeInner("model.");
  (*tiny.config.getObject("text_config"))["model_type"] = "bert";
  EXPECT_EQ(tiny.refuse().substr(0, 54),
            "config.json: expected a 'model_type' of arcee, bloom, ");
  // A text model may have such a section; it is not asked for.
  tiny = makeInner("model.", "llama");
  EXPECT_EQ(tiny.refuse(),
            "config.json: 'architectures': expected LlamaForCausalLM for "
            "model_type llama, but got LlavaForConditionalGeneration");
}

TEST(HuggingFaceText, KnowsWhatIsNotWritten) {
  llvm::json::Value config = llvm::cantFail(llvm::json::parse(
      R"({"model_type": "gemma3", "text_config": {"model_type": "gemma3_text",
          "hidden_size": 2560, "sliding_window": 1024}})"));
  std::optional<TextConfig> text = findTextConfig(*config.getAsObject());
  ASSERT_TRUE(text);
  EXPECT_EQ(text->object.getInteger("hidden_size"), 2560);
  EXPECT_EQ(text->object.getInteger("sliding_window"), 1024);
  EXPECT_EQ(text->object.getInteger("num_attention_heads"), 8);
  EXPECT_EQ(text->object.getInteger("num_key_value_heads"), 4);
  EXPECT_EQ(text->object.getInteger("head_dim"), 256);
  EXPECT_EQ(text->object.getInteger("vocab_size"), 262208);
  EXPECT_FALSE(text->object.get("tie_word_embeddings"));
}

// Qwen2-VL's first files have the numbers of texts beside those of images.
TEST(HuggingFaceText, ReadsFlatConfigs) {
  TinyCheckpoint tiny;
  tiny.set("model_type", "\"qwen2_vl\"");
  tiny.set("rope_scaling", R"({"type": "mrope", "mrope_section": [1, 1]})");
  tiny.set("architectures", "[\"Qwen2VLForConditionalGeneration\"]");
  tiny.shapes["visual.blocks.0.norm.weight"] = {2};
  Decoder decoder = llvm::cantFail(tiny.read());
  EXPECT_EQ(decoder.family, "qwen2_vl_text");
  EXPECT_EQ(decoder.rotaries[0].inverseFrequencies,
            std::vector<float>({1, 0.001f}));
  EXPECT_EQ(decoder.remarks.size(), 1u);
}
