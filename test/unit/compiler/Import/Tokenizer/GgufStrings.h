// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The metadata of a tokenizer in a GGUF file that a test trusts.

#ifndef TEST_UNIT_COMPILER_IMPORT_TOKENIZER_GGUFSTRINGS_H
#define TEST_UNIT_COMPILER_IMPORT_TOKENIZER_GGUFSTRINGS_H

#include "compiler/Import/Tokenizer/GgufTokenizer.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace qcc {

inline std::string readWhole(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class GgufStrings {
public:
  explicit GgufStrings(const std::string &path) : bytes(readWhole(path)) {
    position = 16; // magic, version, tensors
    for (uint64_t count = take<uint64_t>(); count > 0; --count)
      readEntry();
    vocabulary.tokens = tokens;
    vocabulary.merges = merges;
    vocabulary.scores = scores;
    vocabulary.types = types;
  }

  GgufVocabulary vocabulary;

private:
  template <typename T> T take() {
    T value;
    std::memcpy(&value, bytes.data() + position, sizeof value);
    position += sizeof value;
    return value;
  }
  llvm::StringRef takeString() {
    uint64_t size = take<uint64_t>();
    position += size;
    return {bytes.data() + position - size, size_t(size)};
  }
  template <typename T> void takeArray(std::vector<T> &values) {
    take<uint32_t>(); // the type of elements
    uint64_t count = take<uint64_t>();
    for (uint64_t i = 0; i < count; ++i)
      if constexpr (std::is_same_v<T, llvm::StringRef>)
        values.push_back(takeString());
      else
        values.push_back(take<T>());
  }
  void readEntry() {
    llvm::StringRef key = takeString();
    key.consume_front("tokenizer.ggml.");
    uint32_t type = take<uint32_t>();
    if (type == 9 && key == "scores")
      return takeArray(scores);
    if (type == 9 && key == "token_type")
      return takeArray(types);
    if (type == 9)
      return takeArray(key == "tokens" ? tokens : merges);
    if (type == 8)
      return setString(key, takeString());
    if (type == 7)
      return setFlag(key, take<uint8_t>());
    setId(key, take<uint32_t>());
  }
  void setString(llvm::StringRef key, llvm::StringRef value) {
    if (key == "model")
      vocabulary.model = value;
    else if (key == "pre")
      vocabulary.pre = value;
    else if (key == "general.name")
      vocabulary.modelName = value;
  }
  void setFlag(llvm::StringRef key, bool value) {
    if (key == "add_bos_token")
      vocabulary.addBos = value;
    else if (key == "add_eos_token")
      vocabulary.addEos = value;
  }
  void setId(llvm::StringRef key, uint32_t value) {
    if (key == "bos_token_id")
      vocabulary.bos = value;
    else if (key == "eos_token_id")
      vocabulary.eos = value;
    else if (key == "unknown_token_id")
      vocabulary.unknown = value;
    else if (key == "seperator_token_id")
      vocabulary.separator = value;
  }

  std::string bytes;
  size_t position = 0;
  std::vector<llvm::StringRef> tokens, merges;
  std::vector<float> scores;
  std::vector<int32_t> types;
};

} // namespace qcc

#endif // TEST_UNIT_COMPILER_IMPORT_TOKENIZER_GGUFSTRINGS_H
