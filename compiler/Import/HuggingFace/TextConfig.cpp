// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// transformers writes of a `text_config` what differs from the defaults of its
// model_type, which are in no file: they are here.

#include "compiler/Import/HuggingFace/TextConfig.h"

#include "compiler/Import/HuggingFace/Family.h"

using llvm::StringRef;
namespace json = llvm::json;

namespace qcc {

namespace {

/// 0: config.json must say, or a family does.
struct Defaults {
  StringRef modelType;
  int64_t vocabulary, width, feedForward, layers, heads, kvHeads;
  int64_t headSize, maxTokens, window, perHead;
};

} // namespace

static constexpr Defaults allDefaults[] = {
    {"llama", 32000, 4096, 11008, 32, 32, 0, 0, 2048, 0, 0},
    {"mistral", 32000, 4096, 14336, 32, 32, 8, 0, 131072, 4096, 0},
    {"qwen2", 151936, 4096, 22016, 32, 32, 32, 0, 32768, 4096, 0},
    {"qwen3", 151936, 4096, 22016, 32, 32, 32, 128, 32768, 4096, 0},
    {"qwen2_vl_text", 152064, 8192, 29568, 80, 64, 8, 0, 32768, 4096, 0},
    {"qwen2_5_vl_text", 152064, 8192, 29568, 80, 64, 8, 0, 32768, 4096, 0},
    {"qwen3_vl_text", 151936, 4096, 22016, 32, 32, 32, 128, 128000, 0, 0},
    {"gemma", 256000, 3072, 24576, 28, 16, 16, 256, 8192, 0, 0},
    {"gemma2", 256000, 2304, 9216, 26, 8, 4, 256, 8192, 4096, 256},
    {"gemma3_text", 262208, 2304, 9216, 26, 8, 4, 256, 131072, 4096, 256},
    {"cohere2", 256000, 8192, 22528, 40, 64, 0, 0, 8192, 4096, 0},
};

static void addDefaults(const Defaults &defaults, json::Object &object) {
  auto add = [&](StringRef key, int64_t value) {
    if (value != 0 && !object.get(key))
      object[key] = value;
  };
  add("vocab_size", defaults.vocabulary);
  add("hidden_size", defaults.width);
  add("intermediate_size", defaults.feedForward);
  add("num_hidden_layers", defaults.layers);
  add("num_attention_heads", defaults.heads);
  add("num_key_value_heads", defaults.kvHeads);
  add("head_dim", defaults.headSize);
  add("max_position_embeddings", defaults.maxTokens);
  add("sliding_window", defaults.window);
  add("query_pre_attn_scalar", defaults.perHead);
}

std::optional<TextConfig> findTextConfig(const json::Object &config) {
  StringRef type = config.getString("model_type").value_or("");
  const json::Object *inner = config.getObject("text_config");
  if (!inner) {
    std::optional<Family> family = findInnerFamily(type);
    if (!family)
      return std::nullopt;
    TextConfig text = {config, "config.json"};
    text.object["model_type"] = family->modelType;
    text.object.erase("architectures");
    return text;
  }
  llvm::Expected<Family> known = findFamily(type);
  if (known)
    return std::nullopt;
  llvm::consumeError(known.takeError());
  TextConfig text = {*inner, "config.json: text_config"};
  // Of whatever it is inside.
  text.object.erase("architectures");
  for (const Defaults &defaults : allDefaults)
    if (text.object.getString("model_type") == defaults.modelType)
      addDefaults(defaults, text.object);
  if (const json::Value *isTied = config.get("tie_word_embeddings"))
    text.object["tie_word_embeddings"] = *isTied;
  return text;
}

} // namespace qcc
