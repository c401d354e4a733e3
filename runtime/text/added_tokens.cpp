// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A trie walk from each byte that may start a token: most bytes may not, and
// most walks end after one step.

#include "runtime/text/added_tokens.h"

#include "runtime/text/utf8.h"

#include <algorithm>

namespace qcc::text {

void AddedTokens::openFinder(const Trie &trie, Finder &finder) {
  finder.trie = &trie;
  finder.isUsed = !trie.isEmpty();
  for (uint32_t node = trie.firsts[0]; node < trie.firsts[1]; ++node)
    finder.isFirst[trie.labels[node]] = true;
}

void AddedTokens::open(const DataView &data) {
  view = &data;
  openFinder(data.addedTrie, raw);
  // GGUF's unigrams keep the tokens that users defined there, for their
  // normalizer; they are found before that.
  if (data.header->search == AddedSearch::Leftmost)
    openFinder(data.normalizedTrie, normalized);
}

void AddedTokens::find(std::string_view text, bool wantsSpecial,
                       std::vector<FoundToken> &found) const {
  found.clear();
  if (!raw.isUsed)
    return;
  if (view->header->search == AddedSearch::Leftmost)
    findLeftmost(raw, text, wantsSpecial, found);
  else
    findLongest(raw, text, wantsSpecial, found);
}

void AddedTokens::findNormalized(std::string_view text, bool wantsSpecial,
                                 std::vector<FoundToken> &found) const {
  found.clear();
  if (normalized.isUsed)
    findLeftmost(normalized, text, wantsSpecial, found);
}

/// The character that ends at `end`, which is not 0.
static size_t startOfLast(std::string_view text, size_t end) {
  size_t begin = end - 1;
  while (begin > 0 && (uint8_t(text[begin]) & 0xC0) == 0x80)
    --begin;
  return begin;
}

static bool isWordAt(std::string_view text, size_t position) {
  return isWordCharacter(decodeAt(text.data() + position));
}

bool AddedTokens::isWanted(std::string_view text, const Match &match,
                           bool wantsSpecial) const {
  uint32_t flags = view->added[match.index].flags;
  if ((flags & kSpecial) && !wantsSpecial)
    return false;
  if (!(flags & kSingleWord))
    return true;
  if (match.begin > 0 && isWordAt(text, startOfLast(text, match.begin)))
    return false;
  return match.end == text.size() || !isWordAt(text, match.end);
}

void AddedTokens::findLeftmost(const Finder &finder, std::string_view text,
                               bool wantsSpecial,
                               std::vector<FoundToken> &found) const {
  size_t last = 0; // end of what was found
  for (size_t i = 0; i < text.size();) {
    Match match = {i, i, kNoToken};
    uint32_t node = finder.isFirst[uint8_t(text[i])] ? 0 : Trie::kNowhere;
    for (size_t j = i; node != Trie::kNowhere && j < text.size(); ++j) {
      node = finder.trie->step(node, uint8_t(text[j]));
      if (node != Trie::kNowhere && finder.trie->values[node] >= 0)
        match = {i, j + 1, finder.trie->values[node]};
    }
    if (match.index < 0) {
      ++i;
      continue;
    }
    i = match.end;
    if (!isWanted(text, match, wantsSpecial))
      continue;
    const Added &token = view->added[match.index];
    if (token.flags & kLeftStrip)
      while (match.begin > last) {
        size_t before = startOfLast(text, match.begin);
        if (before < last || !isWhitespace(decodeAt(text.data() + before)))
          break;
        match.begin = before;
      }
    if (token.flags & kRightStrip)
      while (match.end < text.size() &&
             isWhitespace(decodeAt(text.data() + match.end)))
        match.end += lengthAt(text[match.end]);
    found.push_back({match.begin, match.end, token.id});
    last = match.end;
  }
}

static bool isAsciiBlank(char letter) {
  return letter == ' ' || (letter >= 9 && letter <= 13);
}

// The order of `added` is the order of the search, the longest token first.
void AddedTokens::findLongest(const Finder &finder, std::string_view text,
                              bool wantsSpecial,
                              std::vector<FoundToken> &found) const {
  std::vector<Match> matches;
  for (size_t i = 0; i < text.size(); ++i) {
    uint32_t node = finder.isFirst[uint8_t(text[i])] ? 0 : Trie::kNowhere;
    for (size_t j = i; node != Trie::kNowhere && j < text.size(); ++j) {
      node = finder.trie->step(node, uint8_t(text[j]));
      if (node == Trie::kNowhere || finder.trie->values[node] < 0)
        continue;
      Match match = {i, j + 1, finder.trie->values[node]};
      if (isWanted(text, match, wantsSpecial))
        matches.push_back(match);
    }
  }
  if (matches.empty())
    return;
  std::sort(matches.begin(), matches.end(), [](const Match &a, const Match &b) {
    return a.index != b.index ? a.index < b.index : a.begin < b.begin;
  });
  std::vector<bool> isTaken(text.size());
  for (Match &match : matches) {
    if (std::find(isTaken.begin() + ptrdiff_t(match.begin),
                  isTaken.begin() + ptrdiff_t(match.end),
                  true) != isTaken.begin() + ptrdiff_t(match.end))
      continue;
    const Added &token = view->added[match.index];
    if (token.flags & kLeftStrip)
      while (match.begin > 0 && !isTaken[match.begin - 1] &&
             isAsciiBlank(text[match.begin - 1]))
        --match.begin;
    if (token.flags & kRightStrip)
      while (match.end < text.size() && !isTaken[match.end] &&
             isAsciiBlank(text[match.end]))
        ++match.end;
    std::fill(isTaken.begin() + ptrdiff_t(match.begin),
              isTaken.begin() + ptrdiff_t(match.end), true);
    found.push_back({match.begin, match.end, token.id});
  }
  std::sort(found.begin(), found.end(),
            [](const FoundToken &a, const FoundToken &b) {
              return a.begin < b.begin;
            });
}

} // namespace qcc::text
