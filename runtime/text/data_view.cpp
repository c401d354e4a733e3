// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks and finds. The checks walk each table once, a few milliseconds for a
// vocabulary of 260 thousand tokens.

#include "runtime/text/data_view.h"

#include <algorithm>

namespace qcc::text {

uint32_t Trie::step(uint32_t node, uint8_t byte) const {
  const uint8_t *begin = labels.data + firsts[node];
  const uint8_t *end = labels.data + firsts[node + 1];
  if (end - begin > 8)
    begin = std::lower_bound(begin, end, byte);
  else
    while (begin != end && *begin < byte)
      ++begin;
  if (begin == end || *begin != byte)
    return kNowhere;
  return uint32_t(begin - labels.data);
}

uint32_t Trie::walk(uint32_t node, std::string_view text) const {
  for (char letter : text) {
    node = step(node, uint8_t(letter));
    if (node == kNowhere)
      break;
  }
  return node;
}

int32_t DataView::findSymbol(std::string_view text) const {
  if (text.size() > header->longest)
    return kNoToken;
  constexpr uint32_t kSymbolMask = (1u << kSlotSymbolBits) - 1;
  uint64_t hash = hashText(text.data(), text.size());
  size_t mask = symbolSlots.size - 1;
  uint32_t tag = makeSlot(hash, 0);
  for (size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    uint32_t value = symbolSlots[slot];
    if (value == kFreeSlot)
      return kNoToken;
    if ((value & ~kSymbolMask) == tag && getSymbol(value & kSymbolMask) == text)
      return int32_t(value & kSymbolMask);
  }
}

int32_t DataView::findMerge(uint32_t left, uint32_t right) const {
  size_t mask = mergeSlots.size - 1;
  size_t slot = hashMerge(left, right) & mask;
  for (;; slot = (slot + 1) & mask) {
    int32_t rank = mergeSlots[slot];
    if (rank < 0)
      return kNoToken;
    const Merge &merge = merges[rank];
    if (merge.left == left && merge.right == right)
      return rank;
  }
}

template <typename T>
bool DataView::take(Section section, Span<T> &span) const {
  SectionRange range = header->sections[section];
  if (range.offset % 8 != 0 || range.offset > header->size ||
      range.size > header->size - range.offset || range.size % sizeof(T) != 0)
    return false;
  span.data = reinterpret_cast<const T *>(bytes + range.offset);
  span.size = range.size / sizeof(T);
  return true;
}

/// Children come after their parents, so that walks end.
bool DataView::takeTrie(Section first, Trie &trie, size_t values) const {
  if (!take(first, trie.firsts) || !take(Section(first + 1), trie.labels) ||
      !take(Section(first + 2), trie.values))
    return false;
  size_t nodes = trie.labels.size;
  if (nodes == 0 || trie.firsts.size != nodes + 1 || trie.values.size != nodes)
    return false;
  uint32_t last = 1;
  for (size_t node = 0; node < nodes; ++node) {
    uint32_t begin = trie.firsts[node];
    if (begin != last || begin <= node || trie.firsts[node + 1] < begin ||
        trie.firsts[node + 1] > nodes)
      return false;
    last = trie.firsts[node + 1];
  }
  return areIds(trie.values, values, true);
}

bool DataView::areIds(Span<int32_t> ids, size_t limit, bool mayBeNone) const {
  for (int32_t id : ids)
    if (id < 0 ? id != kNoToken || !mayBeNone : size_t(id) >= limit)
      return false;
  return true;
}

bool DataView::isText(Text text) const {
  return text.offset <= strings.size && text.size <= strings.size - text.offset;
}

bool DataView::areSteps(Span<Step> steps) const {
  for (const Step &step : steps)
    if (step.kind > StepKind::SkipSpace || !isText(step.first) ||
        !isText(step.second))
      return false;
  return true;
}

bool DataView::takeAll() {
  return take(kTokenOffsets, tokenOffsets) && take(kTokenBytes, tokenBytes) &&
         take(kTokenKinds, tokenKinds) && take(kScores, scores) &&
         take(kRanks, ranks) && take(kSymbolSlots, symbolSlots) &&
         take(kMerges, merges) && take(kMergeSlots, mergeSlots) &&
         take(kByteTokens, byteTokens) && take(kAdded, added) &&
         take(kNormalizers, normalizers) && take(kSplitters, splitters) &&
         take(kDecoders, decoders) && take(kPrefixIds, prefixIds) &&
         take(kSuffixIds, suffixIds) && take(kEndIds, endIds) &&
         take(kStrings, strings) &&
         takeTrie(kTrieFirsts, vocabulary, header->vocabulary) &&
         takeTrie(kAddedFirsts, addedTrie, added.size) &&
         takeTrie(kNormalizedFirsts, normalizedTrie, added.size);
}

/// A hash table has a free slot, where searches end.
template <typename T> static bool hasFreeSlot(Span<T> slots, T free) {
  return slots.size != 0 && (slots.size & (slots.size - 1)) == 0 &&
         std::find(slots.begin(), slots.end(), free) != slots.end();
}

static bool areSlots(Span<uint32_t> slots, size_t symbols) {
  constexpr uint32_t kSymbolMask = (1u << kSlotSymbolBits) - 1;
  return std::all_of(slots.begin(), slots.end(), [&](uint32_t slot) {
    return slot == kFreeSlot || (slot & kSymbolMask) < symbols;
  });
}

const char *DataView::checkTables() const {
  size_t symbols = header->symbols, tokens = header->vocabulary;
  if (tokens == 0 || tokens > symbols || symbols > INT32_MAX ||
      tokenOffsets.size != symbols + 1 || tokenKinds.size != symbols ||
      tokenOffsets[0] != 0 || tokenOffsets[symbols] != tokenBytes.size)
    return "as many strings as tokens";
  if (!std::is_sorted(tokenOffsets.begin(), tokenOffsets.end()))
    return "offsets of tokens that ascend";
  if (!hasFreeSlot(symbolSlots, kFreeSlot) || !areSlots(symbolSlots, symbols) ||
      !hasFreeSlot(mergeSlots, kNoToken) ||
      !areIds(mergeSlots, merges.size, true))
    return "hash tables of symbols and merges";
  for (const Merge &merge : merges)
    if (merge.left >= symbols || merge.right >= symbols ||
        merge.result >= symbols)
      return "merges of symbols";
  if (header->model > Model::WordLevel || header->search > AddedSearch::Longest)
    return "a known kind of tokenizer";
  if ((header->model == Model::Unigram && scores.size != tokens) ||
      (header->model == Model::ScoredPair && ranks.size != tokens))
    return "a score for each token";
  if (byteTokens.size != 256 || !areIds(byteTokens, tokens, true))
    return "256 tokens of bytes";
  for (const Added &token : added)
    if (token.id < 0 || size_t(token.id) >= tokens)
      return "added tokens of the vocabulary";
  const int32_t special[] = {header->bos, header->eos, header->eot,
                             header->unknown, header->pad};
  if (!areIds({special, 5}, tokens, true) ||
      !areIds(prefixIds, tokens, false) || !areIds(suffixIds, tokens, false) ||
      !areIds(endIds, tokens, false))
    return "special tokens of the vocabulary";
  if (!areSteps(normalizers) || !areSteps(splitters) || !areSteps(decoders) ||
      !isText(header->wordPrefix) || !isText(header->continuationPrefix) ||
      !isText(header->wordSuffix) || !isText(header->chatTemplate))
    return "steps whose strings lie in the data";
  return nullptr;
}

const char *DataView::open(const uint8_t *data, size_t size) {
  if (!data || reinterpret_cast<uintptr_t>(data) % 8 != 0)
    return "data aligned to 8 bytes";
  bytes = data;
  header = reinterpret_cast<const Header *>(data);
  if (size < sizeof(Header) || header->magic != kMagic ||
      header->version != kLayoutVersion || header->size != size)
    return "data of this version's layout";
  if (!takeAll())
    return "sections inside the data";
  return checkTables();
}

} // namespace qcc::text
