// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The smallest decoder that a GGUF file can hold: 8 wide, two heads of 4, one
// of keys, 6 hidden, 5 words. Tests change keys and tensors by name.

#ifndef TEST_UNIT_COMPILER_IMPORT_TINYGGUF_H
#define TEST_UNIT_COMPILER_IMPORT_TINYGGUF_H

#include "compiler/Import/Gguf/GgufDecoder.h"
#include "test/unit/compiler/Import/GgufBytes.h"

#include <map>

namespace qcc {

struct TinyGguf {
  explicit TinyGguf(std::string architecture, uint32_t layers = 1)
      : architecture(std::move(architecture)) {
    sizes = {{"block_count", layers},     {"embedding_length", 8},
             {"context_length", 64},      {"feed_forward_length", 6},
             {"attention.head_count", 2}, {"attention.head_count_kv", 1}};
    numbers = {{"attention.layer_norm_rms_epsilon", 1e-6f}};
    tensors["token_embd.weight"] = {8, 5};
    tensors["output_norm.weight"] = {8};
    for (uint32_t i = 0; i < layers; ++i)
      addLayer("blk." + std::to_string(i) + ".");
  }

  void addLayer(const std::string &layer) {
    tensors[layer + "attn_norm.weight"] = {8};
    tensors[layer + "ffn_norm.weight"] = {8};
    tensors[layer + "attn_q.weight"] = {8, 8};
    tensors[layer + "attn_k.weight"] = {8, 4};
    tensors[layer + "attn_v.weight"] = {8, 4};
    tensors[layer + "attn_output.weight"] = {8, 8};
    tensors[layer + "ffn_gate.weight"] = {8, 6};
    tensors[layer + "ffn_up.weight"] = {8, 6};
    tensors[layer + "ffn_down.weight"] = {6, 8};
  }
  void rename(const std::string &from, const std::string &to) {
    tensors[to] = tensors.at(from);
    tensors.erase(from);
  }

  GgufBytes toBytes() const {
    GgufBytes bytes;
    bytes.add("general.architecture", architecture);
    for (const auto &[key, value] : sizes)
      bytes.add(architecture + "." + key, value);
    for (const auto &[key, value] : numbers)
      bytes.add(architecture + "." + key, value);
    for (const auto &[key, value] : words)
      bytes.add(architecture + "." + key, llvm::StringRef(value));
    for (const auto &[name, shape] : tensors)
      bytes.addFloats(name, shape, 1);
    return bytes;
  }
  llvm::Expected<Decoder> read(int64_t tokens = 0) const {
    GgufFile file = llvm::cantFail(readGguf(toBytes().build()));
    return readGgufDecoder(file, tokens);
  }
  std::string getError() const {
    auto decoder = read();
    return decoder ? "" : llvm::toString(decoder.takeError());
  }

  std::string architecture;
  std::map<std::string, uint32_t> sizes;
  std::map<std::string, float> numbers;
  std::map<std::string, std::string> words;
  std::map<std::string, std::vector<uint64_t>> tensors;
};

} // namespace qcc

#endif // TEST_UNIT_COMPILER_IMPORT_TINYGGUF_H
