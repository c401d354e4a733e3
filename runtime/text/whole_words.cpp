// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Models that look at a whole piece: the most probable tokens (Viterbi), the
// longest tokens first, the piece itself.

#include "runtime/text/models.h"
#include "runtime/text/utf8.h"

#include <algorithm>

namespace qcc::text {

/// Fills in scratch.paths: the best way to each end.
static void findPaths(const DataView &view, std::string_view piece,
                      Scratch &scratch) {
  std::vector<PathEnd> &paths = scratch.paths;
  paths.assign(piece.size() + 1, {0, kNoToken, -1});
  const Trie &trie = view.vocabulary;
  bool isZero = view.header->flags & kUnknownIsZero;
  auto offer = [&](size_t begin, size_t end, int32_t token, double score) {
    score += paths[begin].score;
    if (paths[end].begin < 0 || score > paths[end].score)
      paths[end] = {score, token, int32_t(begin)};
  };
  for (size_t i = 0; i < piece.size();) {
    size_t size = std::min(lengthAt(piece[i]), piece.size() - i);
    bool hasCharacter = false;
    uint32_t node = 0;
    for (size_t j = i; j < piece.size(); ++j) {
      node = trie.step(node, uint8_t(piece[j]));
      if (node == Trie::kNowhere)
        break;
      int32_t token = trie.values[node];
      if (token < 0)
        continue;
      bool isDefined = isZero && view.tokenKinds[token] == kUserDefined;
      offer(i, j + 1, token, isDefined ? 0 : view.scores[token]);
      hasCharacter |= j + 1 - i == size;
    }
    if (!hasCharacter)
      offer(i, i + size, view.header->unknown, view.header->unknownScore);
    i += size;
  }
}

/// Tokens of text that the best way has no token for.
static void appendUnknownText(const DataView &view, std::string_view text,
                              Tokens &tokens) {
  if (view.header->flags & kFuseUnknown) {
    int32_t token = view.findSymbol(text);
    if (token >= 0 && uint32_t(token) < view.header->vocabulary) {
      tokens.push_back(token);
      return;
    }
  }
  if (!(view.header->flags & kByteFallback) ||
      !appendByteTokens(view, text, tokens))
    appendUnknown(view, tokens);
}

void encodeUnigram(const DataView &view, std::string_view piece,
                   Scratch &scratch, Tokens &tokens) {
  findPaths(view, piece, scratch);
  // The ends of the tokens, from the last one back; then forward.
  std::vector<PieceSymbol> &parts = scratch.symbols;
  parts.clear();
  for (size_t end = piece.size(); end > 0;) {
    const PathEnd &path = scratch.paths[end];
    size_t begin = size_t(path.begin);
    parts.push_back({path.token, 0, 0, uint32_t(begin), uint32_t(end - begin)});
    end = begin;
  }
  for (size_t i = parts.size(); i > 0;) {
    const PieceSymbol &part = parts[--i];
    if (part.symbol != view.header->unknown) {
      tokens.push_back(part.symbol);
      continue;
    }
    size_t end = part.begin + part.size;
    while (i > 0 && parts[i - 1].symbol == view.header->unknown)
      end += parts[--i].size;
    appendUnknownText(view, piece.substr(part.begin, end - part.begin), tokens);
  }
}

/// The longest token that `text` starts with, after `node`.
static size_t matchLongest(const DataView &view, uint32_t node,
                           std::string_view text, int32_t &token) {
  size_t length = 0;
  for (size_t i = 0; i < text.size() && node != Trie::kNowhere; ++i) {
    node = view.vocabulary.step(node, uint8_t(text[i]));
    if (node == Trie::kNowhere || view.vocabulary.values[node] < 0)
      continue;
    length = i + 1;
    token = view.vocabulary.values[node];
  }
  return length;
}

static size_t countCharacters(std::string_view text) {
  return size_t(std::count_if(text.begin(), text.end(), [](char letter) {
    return (uint8_t(letter) & 0xC0) != 0x80;
  }));
}

void encodeWordPiece(const DataView &view, std::string_view piece,
                     Scratch &scratch, Tokens &tokens) {
  std::string_view prefix = view.getText(view.header->wordPrefix);
  std::string_view continuation = view.getText(view.header->continuationPrefix);
  uint32_t next = view.vocabulary.walk(0, continuation);
  size_t count = tokens.size();
  uint32_t limit = view.header->maxCharacters;
  if (limit != 0 && countCharacters(piece) > limit)
    return appendUnknown(view, tokens);
  scratch.text.assign(prefix).append(piece);
  std::string_view rest = scratch.text;
  uint32_t node = 0;
  while (!rest.empty()) {
    int32_t token = kNoToken;
    size_t length = matchLongest(view, node, rest, token);
    if (length == 0) {
      tokens.resize(count);
      return appendUnknown(view, tokens);
    }
    tokens.push_back(token);
    rest.remove_prefix(length);
    node = next;
  }
}

void encodeWordLevel(const DataView &view, std::string_view piece,
                     Tokens &tokens) {
  int32_t token = view.findSymbol(piece);
  if (token >= 0)
    tokens.push_back(token);
  else
    appendUnknown(view, tokens);
}

} // namespace qcc::text
