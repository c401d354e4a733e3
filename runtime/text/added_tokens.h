// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokens that are found in a text by their names, before it is cut into
// pieces: special tokens and those that users defined.

#ifndef RUNTIME_TEXT_ADDEDTOKENS_H
#define RUNTIME_TEXT_ADDEDTOKENS_H

#include "runtime/text/data_view.h"

#include <vector>

namespace qcc::text {

/// A token in a text, with the blanks that it takes away.
struct FoundToken {
  size_t begin, end;
  int32_t id;
};

class AddedTokens {
public:
  void open(const DataView &view);

  /// Finds tokens, ordered by `begin`. Special ones only if `wantsSpecial`.
  void find(std::string_view text, bool wantsSpecial,
            std::vector<FoundToken> &found) const;
  /// Those that are looked for in normalized text.
  void findNormalized(std::string_view text, bool wantsSpecial,
                      std::vector<FoundToken> &found) const;
  bool hasNormalized() const { return normalized.isUsed; }

private:
  struct Finder {
    const Trie *trie = nullptr;
    bool isUsed = false;
    bool isFirst[256] = {}; // bytes that tokens start with
  };
  struct Match {
    size_t begin, end;
    int32_t index;
  };

  static void openFinder(const Trie &trie, Finder &finder);
  void findLeftmost(const Finder &finder, std::string_view text,
                    bool wantsSpecial, std::vector<FoundToken> &found) const;
  void findLongest(const Finder &finder, std::string_view text,
                   bool wantsSpecial, std::vector<FoundToken> &found) const;
  bool isWanted(std::string_view text, const Match &match,
                bool wantsSpecial) const;

  const DataView *view = nullptr;
  Finder raw, normalized;
};

} // namespace qcc::text

#endif // RUNTIME_TEXT_ADDEDTOKENS_H
