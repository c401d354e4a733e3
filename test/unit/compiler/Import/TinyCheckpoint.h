// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checkpoints of a few numbers, for the tests of their readers: a config.json
// that a test changes, and tensors that count up from 0.

#ifndef TEST_UNIT_COMPILER_IMPORT_TINYCHECKPOINT_H
#define TEST_UNIT_COMPILER_IMPORT_TINYCHECKPOINT_H

#include "compiler/Import/HuggingFace/HuggingFaceReader.h"

#include "test/unit/compiler/Import/SafetensorsBytes.h"

#include "llvm/Support/JSON.h"

#include <map>
#include <numeric>

namespace qcc {

class TinyCheckpoint {
public:
  llvm::json::Object config;
  std::map<std::string, std::vector<int64_t>> shapes;
  bool isHalf = false; // bf16 tensors, all 1

  /// Llama: one layer, width 8, two heads that share keys, vocabulary 4.
  TinyCheckpoint() {
    config["model_type"] = "llama";
    config["vocab_size"] = 4;
    config["hidden_size"] = 8;
    config["intermediate_size"] = 6;
    config["num_hidden_layers"] = 1;
    config["num_attention_heads"] = 2;
    config["num_key_value_heads"] = 1;
    config["max_position_embeddings"] = 16;
    config["tie_word_embeddings"] = true;
    shapes["model.embed_tokens.weight"] = {4, 8};
    shapes["model.norm.weight"] = {8};
    std::string layer = "model.layers.0.";
    shapes[layer + "input_layernorm.weight"] = {8};
    shapes[layer + "post_attention_layernorm.weight"] = {8};
    shapes[layer + "self_attn.q_proj.weight"] = {8, 8};
    shapes[layer + "self_attn.k_proj.weight"] = {4, 8};
    shapes[layer + "self_attn.v_proj.weight"] = {4, 8};
    shapes[layer + "self_attn.o_proj.weight"] = {8, 8};
    shapes[layer + "mlp.gate_proj.weight"] = {6, 8};
    shapes[layer + "mlp.up_proj.weight"] = {6, 8};
    shapes[layer + "mlp.down_proj.weight"] = {8, 6};
  }

  void set(llvm::StringRef key, llvm::StringRef json) {
    config[key] = llvm::cantFail(llvm::json::parse(json));
  }

  llvm::Expected<Decoder> read(int64_t contextTokens = 0) const {
    SafetensorsWriter writer;
    for (const auto &[name, shape] : shapes) {
      int64_t count = std::accumulate(shape.begin(), shape.end(), int64_t(1),
                                      std::multiplies<int64_t>());
      std::vector<float> values(count);
      std::iota(values.begin(), values.end(), 0.0f);
      // Codes and scales of blocks.
      bool isBytes = llvm::StringRef(name).ends_with("_blocks") ||
                     llvm::StringRef(name).ends_with("_scales");
      std::vector<uint8_t> bytes(isBytes ? count : 0);
      std::iota(bytes.begin(), bytes.end(), uint8_t(0));
      if (isBytes)
        writer.add(name, "U8", shape, bytes);
      else if (isHalf)
        writer.add(name, "BF16", shape, std::vector<uint16_t>(count, 0x3f80));
      else
        writer.add(name, "F32", shape, values);
    }
    auto checkpoint = SafetensorsCheckpoint::openBuffer(writer.buffer());
    if (!checkpoint)
      return checkpoint.takeError();
    std::string text;
    llvm::raw_string_ostream(text)
        << llvm::json::Value(llvm::json::Object(config));
    return readHuggingFaceDecoder(text, *checkpoint, contextTokens);
  }
  /// The message, or nothing.
  /// Gives all tensors but the head another prefix than `model.`.
  void rename(const std::string &prefix) {
    std::map<std::string, std::vector<int64_t>> renamed;
    for (const auto &[name, shape] : shapes)
      renamed[name.rfind("model.", 0) == 0 ? prefix + name.substr(6) : name] =
          shape;
    shapes = std::move(renamed);
  }
  std::string refuse() const {
    llvm::Expected<Decoder> decoder = read();
    return decoder ? "" : llvm::toString(decoder.takeError());
  }
};

} // namespace qcc

#endif // TEST_UNIT_COMPILER_IMPORT_TINYCHECKPOINT_H
