// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kinds of tokenizers: each turns one piece of text into tokens.

#ifndef RUNTIME_TEXT_MODELS_H
#define RUNTIME_TEXT_MODELS_H

#include "runtime/text/data_view.h"

#include <string>
#include <vector>

namespace qcc::text {

/// A piece of text for which the model has no token, not even for unknown.
struct UnknownError {};

/// A symbol of a piece while neighbours are merged: a list in an array.
struct PieceSymbol {
  int32_t symbol; // kNoToken where the text is none
  int32_t previous, next;
  uint32_t begin, size; // in the piece; 0 once it is merged into its left
};

/// A merge that may happen; the one that is first in order is at the top.
struct Candidate {
  uint32_t rank;
  int32_t left;
  int32_t result;
};

/// The best way to the end of a prefix of a piece.
struct PathEnd {
  double score;
  int32_t token;
  int32_t begin; // of its last token; -1 where none was found
};

/// Memory that pieces share.
struct Scratch {
  std::vector<PieceSymbol> symbols;
  std::vector<Candidate> heap;
  std::vector<PathEnd> paths;
  std::string text;
};

using Tokens = std::vector<int32_t>;

void encodeBytePair(const DataView &view, std::string_view piece,
                    Scratch &scratch, Tokens &tokens);
void encodeScoredPair(const DataView &view, std::string_view piece,
                      Scratch &scratch, Tokens &tokens);
void encodeUnigram(const DataView &view, std::string_view piece,
                   Scratch &scratch, Tokens &tokens);
void encodeWordPiece(const DataView &view, std::string_view piece,
                     Scratch &scratch, Tokens &tokens);
void encodeWordLevel(const DataView &view, std::string_view piece,
                     Tokens &tokens);

/// Appends the tokens of the text's bytes. Returns false, without any, if one
/// is missing (or all that there are, with kPartialBytes).
bool appendByteTokens(const DataView &view, std::string_view text,
                      Tokens &tokens);
/// Appends the token for unknown text; throws UnknownError without one.
void appendUnknown(const DataView &view, Tokens &tokens);

} // namespace qcc::text

#endif // RUNTIME_TEXT_MODELS_H
