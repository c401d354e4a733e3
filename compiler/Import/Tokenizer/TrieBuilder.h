// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The arrays of a text::Trie: nodes level by level, so that the children of a
// node lie side by side.

#ifndef COMPILER_IMPORT_TOKENIZER_TRIEBUILDER_H
#define COMPILER_IMPORT_TOKENIZER_TRIEBUILDER_H

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace qcc {

struct TrieArrays {
  std::vector<uint32_t> firsts;
  std::vector<uint8_t> labels;
  std::vector<int32_t> values;
};

/// Of two equal strings the last one counts; empty strings are left out.
TrieArrays buildTrie(std::vector<std::pair<std::string_view, int32_t>> strings);

} // namespace qcc

#endif // COMPILER_IMPORT_TOKENIZER_TRIEBUILDER_H
