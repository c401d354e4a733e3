// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The steps that change a text before it is cut into pieces.

#ifndef RUNTIME_TEXT_NORMALIZER_H
#define RUNTIME_TEXT_NORMALIZER_H

#include "runtime/text/data_view.h"
#include "runtime/text/pattern.h"

#include <string>
#include <vector>

namespace qcc::text {

/// Where a part of the text stands.
struct PartPlace {
  bool isFirst = true;      // nothing of the text is before it
  bool isAfterToken = true; // a token, or nothing, is right before it
};

class Normalizer {
public:
  /// Compiles what steps need; returns false and says why.
  bool open(const DataView &view, std::string &why);

  /// Applies all steps to valid UTF-8 (where bytes are not raw).
  void apply(PartPlace place, std::string &text) const;

private:
  void applyStep(size_t index, PartPlace place, std::string &text) const;
  void replaceMatches(size_t index, std::string &text) const;

  const DataView *view = nullptr;
  std::vector<Pattern> patterns; // one for each step
};

// Steps that have a file of their own.

/// Decomposes and composes; `step` is one of Nfc, Nfd, Nfkc, Nfkd.
void normalizeForm(StepKind step, std::string &text);
/// Each character becomes the first one of its canonical decomposition.
void keepFirstLetters(std::string &text);
/// SentencePiece's table, by graphemes as Hugging Face's library reads it.
void applyCharsmap(std::string_view table, std::string &text);
/// The same by longest prefix, and blanks, as SentencePiece does it.
void applySentencePiece(const DataView &view, const Step &step,
                        std::string &text);
/// Replaces every `from`.
void replaceAll(std::string_view from, std::string_view to, std::string &text);
/// Bytes to GPT-2's letters.
void mapBytes(std::string_view text, std::string &result);

} // namespace qcc::text

#endif // RUNTIME_TEXT_NORMALIZER_H
