// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokens by merging neighbours. Both models keep the possible merges in a
// heap, so a piece of n characters takes n log n steps:
//
// - BytePair: a list of merges of two symbols, the first in the list first.
// - ScoredPair: any two neighbours whose texts together are a token, the best
//   ranked token first.

#include "runtime/text/models.h"
#include "runtime/text/utf8.h"

#include <algorithm>

namespace qcc::text {

/// Whether `a` comes later: the order of std::push_heap.
static bool isLater(const Candidate &a, const Candidate &b) {
  return a.rank != b.rank ? a.rank > b.rank : a.left > b.left;
}

namespace {

/// Merges symbols of one piece. `Finder` says what two neighbours become.
template <typename Finder> class Merger {
public:
  Merger(Scratch &scratch, Finder finder)
      : symbols(scratch.symbols), heap(scratch.heap), finder(finder) {}

  void run() {
    heap.clear();
    for (size_t i = 0; i + 1 < symbols.size(); ++i)
      consider(int32_t(i));
    while (!heap.empty()) {
      std::pop_heap(heap.begin(), heap.end(), isLater);
      Candidate candidate = heap.back();
      heap.pop_back();
      apply(candidate);
    }
  }

private:
  /// Remembers the merge of a symbol with its right neighbour, if it is one.
  void consider(int32_t left) {
    if (left < 0 || symbols[left].next < 0)
      return;
    Candidate candidate = {0, left, kNoToken};
    if (!finder(symbols[left], symbols[symbols[left].next], candidate))
      return;
    heap.push_back(candidate);
    std::push_heap(heap.begin(), heap.end(), isLater);
  }

  void apply(const Candidate &candidate) {
    PieceSymbol &left = symbols[candidate.left];
    if (left.size == 0 || left.next < 0)
      return;
    PieceSymbol &right = symbols[left.next];
    // What is there now may have changed, but may give the same symbol.
    Candidate now = {0, candidate.left, kNoToken};
    if (!finder(left, right, now) || now.result != candidate.result)
      return;
    left.symbol = candidate.result;
    left.size += right.size;
    left.next = right.next;
    right.size = 0;
    if (left.next >= 0)
      symbols[left.next].previous = candidate.left;
    consider(left.previous);
    consider(candidate.left);
  }

  std::vector<PieceSymbol> &symbols;
  std::vector<Candidate> &heap;
  Finder finder;
};

} // namespace

static void addSymbol(std::vector<PieceSymbol> &symbols, int32_t symbol,
                      size_t begin, size_t size) {
  int32_t index = int32_t(symbols.size());
  if (index > 0)
    symbols.back().next = index;
  symbols.push_back({symbol, index - 1, -1, uint32_t(begin), uint32_t(size)});
}

bool appendByteTokens(const DataView &view, std::string_view text,
                      Tokens &tokens) {
  size_t count = tokens.size();
  bool isPartial = view.header->flags & kPartialBytes;
  for (char byte : text) {
    int32_t token = view.byteTokens[uint8_t(byte)];
    if (token >= 0) {
      tokens.push_back(token);
    } else if (!isPartial) {
      tokens.resize(count);
      return false;
    }
  }
  return true;
}

void appendUnknown(const DataView &view, Tokens &tokens) {
  if (view.header->unknown < 0)
    throw UnknownError();
  tokens.push_back(view.header->unknown);
}

/// The symbol of a character, with what words begin and end with.
static int32_t findCharacter(const DataView &view, std::string_view character,
                             bool isFirst, bool isLast, std::string &text) {
  std::string_view prefix = view.getText(view.header->continuationPrefix);
  std::string_view suffix = view.getText(view.header->wordSuffix);
  if (prefix.empty() && suffix.empty())
    return view.findSymbol(character);
  text.clear();
  if (!isFirst)
    text += prefix;
  text += character;
  if (isLast)
    text += suffix;
  return view.findSymbol(text);
}

/// Fills in the characters of a piece as symbols.
static void splitCharacters(const DataView &view, std::string_view piece,
                            Scratch &scratch) {
  uint32_t flags = view.header->flags;
  size_t unknownBegin = 0, unknownSize = 0; // not added yet
  auto flush = [&] {
    if (unknownSize != 0)
      addSymbol(scratch.symbols, view.header->unknown, unknownBegin,
                unknownSize);
    unknownSize = 0;
  };
  Tokens bytes;
  for (size_t i = 0; i < piece.size();) {
    size_t size = std::min(lengthAt(piece[i]), piece.size() - i);
    std::string_view character = piece.substr(i, size);
    bool isLast = i + size == piece.size();
    int32_t symbol =
        findCharacter(view, character, i == 0, isLast, scratch.text);
    size_t begin = i;
    i += size;
    if (symbol >= 0 || (flags & kPartialBytes)) {
      flush();
      addSymbol(scratch.symbols, symbol, begin, size);
      continue;
    }
    bytes.clear();
    bool isAffixed = view.header->continuationPrefix.size != 0 ||
                     view.header->wordSuffix.size != 0;
    if ((flags & kByteFallback) &&
        appendByteTokens(view, isAffixed ? scratch.text : character, bytes)) {
      for (int32_t token : bytes)
        addSymbol(scratch.symbols, token, begin, 1);
      continue;
    }
    if (view.header->unknown < 0)
      continue;
    if (!(flags & kFuseUnknown))
      flush();
    unknownBegin = begin;
    unknownSize += size;
  }
  flush();
}

void encodeBytePair(const DataView &view, std::string_view piece,
                    Scratch &scratch, Tokens &tokens) {
  if (view.header->flags & kIgnoreMerges) {
    int32_t token = view.findSymbol(piece);
    if (token >= 0 && uint32_t(token) < view.header->vocabulary) {
      tokens.push_back(token);
      return;
    }
  }
  scratch.symbols.clear();
  splitCharacters(view, piece, scratch);
  auto finder = [&view](const PieceSymbol &left, const PieceSymbol &right,
                        Candidate &candidate) {
    if (left.symbol < 0 || right.symbol < 0)
      return false;
    int32_t rank =
        view.findMerge(uint32_t(left.symbol), uint32_t(right.symbol));
    if (rank < 0)
      return false;
    candidate.rank = uint32_t(rank);
    candidate.result = int32_t(view.merges[rank].result);
    return true;
  };
  Merger<decltype(finder)>(scratch, finder).run();
  for (const PieceSymbol &symbol : scratch.symbols) {
    if (symbol.size == 0)
      continue;
    if (symbol.symbol >= 0 && uint32_t(symbol.symbol) < view.header->vocabulary)
      tokens.push_back(symbol.symbol);
    else
      appendByteTokens(view, piece.substr(symbol.begin, symbol.size), tokens);
  }
}

/// Bytes of a character by its first byte, of any text: as SentencePiece's
/// readers count, a stray byte is a character.
static size_t lengthAtAny(char first) {
  uint8_t byte = uint8_t(first);
  return byte < 0xC0 ? 1 : lengthAt(first);
}

void encodeScoredPair(const DataView &view, std::string_view piece,
                      Scratch &scratch, Tokens &tokens) {
  scratch.symbols.clear();
  for (size_t i = 0; i < piece.size();) {
    size_t size = std::min(lengthAtAny(piece[i]), piece.size() - i);
    addSymbol(scratch.symbols, kNoToken, i, size);
    i += size;
  }
  auto finder = [&view, piece](const PieceSymbol &left,
                               const PieceSymbol &right, Candidate &candidate) {
    candidate.result =
        view.findSymbol(piece.substr(left.begin, left.size + right.size));
    if (candidate.result < 0)
      return false;
    candidate.rank = view.ranks[uint32_t(candidate.result)];
    return true;
  };
  Merger<decltype(finder)>(scratch, finder).run();
  for (const PieceSymbol &symbol : scratch.symbols) {
    if (symbol.size == 0)
      continue;
    std::string_view text = piece.substr(symbol.begin, symbol.size);
    int32_t token = symbol.symbol >= 0 ? symbol.symbol : view.findSymbol(text);
    if (token >= 0)
      tokens.push_back(token);
    else if (!appendByteTokens(view, text, tokens))
      appendUnknown(view, tokens);
  }
}

} // namespace qcc::text
