// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The steps that cut a text into the pieces which no token crosses.

#ifndef RUNTIME_TEXT_PRETOKENIZER_H
#define RUNTIME_TEXT_PRETOKENIZER_H

#include "runtime/text/data_view.h"
#include "runtime/text/pattern.h"

#include <string>
#include <vector>

namespace qcc::text {

/// A part of a text; never empty, the first one if nothing is before it.
struct Piece {
  size_t begin, end;
  bool isFirst;
};

/// A text and its pieces, in order.
struct Pieces {
  std::string text;
  std::vector<Piece> pieces;

  std::string_view get(const Piece &piece) const {
    return std::string_view(text).substr(piece.begin, piece.end - piece.begin);
  }
};

class PreTokenizer {
public:
  /// Compiles what steps need; returns false and says why.
  bool open(const DataView &view, std::string &why);

  /// Starts with one piece and applies all steps.
  void apply(Pieces &pieces, bool isFirst) const;

private:
  void applyStep(size_t index, Pieces &pieces) const;

  const DataView *view = nullptr;
  std::vector<Pattern> patterns; // one for each step
};

} // namespace qcc::text

#endif // RUNTIME_TEXT_PRETOKENIZER_H
