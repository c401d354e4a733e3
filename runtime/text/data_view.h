// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables of a tokenizer as typed spans, every offset and index checked
// once, so that nothing after it has to.

#ifndef RUNTIME_TEXT_DATAVIEW_H
#define RUNTIME_TEXT_DATAVIEW_H

#include "runtime/text/tokenizer_data.h"

#include <string_view>

namespace qcc::text {

template <typename T> struct Span {
  const T *data = nullptr;
  size_t size = 0;

  const T &operator[](size_t index) const { return data[index]; }
  const T *begin() const { return data; }
  const T *end() const { return data + size; }
};

/// A set of strings with numbers; see tokenizer_data.h for its arrays.
struct Trie {
  static constexpr uint32_t kNowhere = ~0u;

  Span<uint32_t> firsts;
  Span<uint8_t> labels;
  Span<int32_t> values;

  bool isEmpty() const { return labels.size <= 1; }
  /// The node after `byte`, or kNowhere.
  uint32_t step(uint32_t node, uint8_t byte) const;
  /// The node after all of `text`, or kNowhere.
  uint32_t walk(uint32_t node, std::string_view text) const;
};

class DataView {
public:
  /// Takes the data, or returns what it expected and did not find.
  const char *open(const uint8_t *bytes, size_t size);

  std::string_view getText(Text text) const {
    return {strings.data + text.offset, text.size};
  }
  /// Of a token or of a symbol.
  std::string_view getSymbol(uint32_t symbol) const {
    uint32_t begin = tokenOffsets[symbol];
    return {tokenBytes.data + begin, tokenOffsets[symbol + 1] - begin};
  }
  /// The symbol that is spelled so, or kNoToken.
  int32_t findSymbol(std::string_view text) const;
  /// The rank of a merge, or kNoToken.
  int32_t findMerge(uint32_t left, uint32_t right) const;

  const Header *header = nullptr;
  Span<uint32_t> tokenOffsets;
  Span<char> tokenBytes;
  Span<uint8_t> tokenKinds;
  Span<double> scores;
  Span<uint32_t> ranks;
  Span<uint32_t> symbolSlots;
  Span<Merge> merges;
  Span<int32_t> mergeSlots;
  Span<int32_t> byteTokens;
  Span<Added> added;
  Trie vocabulary, addedTrie, normalizedTrie;
  Span<Step> normalizers, splitters, decoders;
  Span<int32_t> prefixIds, suffixIds, endIds;
  Span<char> strings;

private:
  template <typename T> bool take(Section section, Span<T> &span) const;
  bool takeTrie(Section first, Trie &trie, size_t values) const;
  bool takeAll();
  const char *checkTables() const;
  bool areIds(Span<int32_t> ids, size_t limit, bool mayBeNone) const;
  bool areSteps(Span<Step> steps) const;
  bool isText(Text text) const;

  const uint8_t *bytes = nullptr;
};

} // namespace qcc::text

#endif // RUNTIME_TEXT_DATAVIEW_H
