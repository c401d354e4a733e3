// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sorted strings that share a prefix are a range, and a node is such a range.

#include "compiler/Import/Tokenizer/TrieBuilder.h"

#include "runtime/text/tokenizer_data.h"

#include <algorithm>

namespace qcc {

TrieArrays
buildTrie(std::vector<std::pair<std::string_view, int32_t>> strings) {
  auto isBefore = [](const auto &a, const auto &b) {
    return a.first < b.first;
  };
  std::stable_sort(strings.begin(), strings.end(), isBefore);
  struct Node {
    size_t begin, end, depth;
  };
  std::vector<Node> nodes = {{0, strings.size(), 0}};
  TrieArrays trie;
  trie.labels = {0};
  for (size_t index = 0; index < nodes.size(); ++index) {
    Node node = nodes[index];
    trie.firsts.push_back(uint32_t(nodes.size()));
    int32_t value = text::kNoToken;
    while (node.begin != node.end &&
           strings[node.begin].first.size() == node.depth)
      value = strings[node.begin++].second;
    trie.values.push_back(node.depth == 0 ? text::kNoToken : value);
    for (size_t begin = node.begin; begin != node.end;) {
      char label = strings[begin].first[node.depth];
      size_t end = begin;
      while (end != node.end && strings[end].first[node.depth] == label)
        ++end;
      nodes.push_back({begin, end, node.depth + 1});
      trie.labels.push_back(uint8_t(label));
      begin = end;
    }
  }
  trie.firsts.push_back(uint32_t(nodes.size()));
  return trie;
}

} // namespace qcc
