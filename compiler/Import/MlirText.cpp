// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts while it reads the text once, word by word. `->`, `<=` and `>=` are no
// brackets; strings and comments hold none.

#include "compiler/Import/MlirText.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using llvm::StringRef;
using llvm::Twine;

namespace {

// Models have about ten levels, and expressions of as many words.
constexpr int64_t kMaxDepth = 256;
constexpr int64_t kMaxWords = 1000;

class NestingScan {
public:
  explicit NestingScan(StringRef text) : rest(text) {}

  llvm::Error run() {
    while (!rest.empty()) {
      readWord();
      if (depth + aliasDepth > kMaxDepth)
        return fail("brackets or aliases of at most " + Twine(kMaxDepth) +
                    " levels");
      if (words > kMaxWords)
        return fail("expressions of at most " + Twine(kMaxWords) + " words");
    }
    return llvm::Error::success();
  }

private:
  llvm::Error fail(const Twine &expected) {
    return llvm::createStringError("expected " + expected +
                                   ", but got more in line " + Twine(line));
  }

  void skipString() {
    size_t end = 1;
    while (end < rest.size() && rest[end] != '"' && rest[end] != '\n')
      end += rest[end] == '\\' ? 2 : 1;
    rest = rest.drop_front(std::min(end + 1, rest.size()));
  }

  /// `#name` or `!name`; where one is defined, those up to the next definition
  /// are what it is made of.
  void readAlias() {
    StringRef name = rest.take_front(1);
    StringRef word = rest.drop_front().take_while(isWordCharacter);
    name = StringRef(name.data(), 1 + word.size());
    rest = rest.drop_front(name.size());
    if (depth == 0 && rest.ltrim().starts_with("=")) {
      defined = name;
      aliasDepth = 0;
      hasValue = startsLine = false;
      return;
    }
    aliasDepth = std::max(aliasDepth, aliases.lookup(name) + 1);
    if (!defined.empty()) {
      int64_t &known = aliases[defined];
      known = std::max(known, aliasDepth);
    }
  }

  static bool isWordCharacter(char c) {
    return llvm::isAlnum(c) || c == '_' || c == '.' || c == '$';
  }

  /// A definition goes on after the end of its line, as far as nothing that
  /// may begin an op stands there.
  void endDefinition() {
    if (depth == 0 && startsLine && hasValue) {
      defined = {};
      aliasDepth = 0;
    }
    hasValue = true;
    startsLine = false;
  }

  void readWord() {
    char c = rest.front();
    if (isWordCharacter(c) || c == '"')
      endDefinition();
    if (isWordCharacter(c)) {
      rest = rest.drop_while(isWordCharacter);
      ++words;
      return;
    }
    if (c == '"')
      return skipString();
    if (c == '#' || c == '!')
      return readAlias();
    if (rest.starts_with("//")) {
      rest = rest.drop_until([](char next) { return next == '\n'; });
      return;
    }
    bool isOperator = rest.starts_with("->") || rest.starts_with(">=") ||
                      rest.starts_with("<=");
    rest = rest.drop_front(isOperator ? 2 : 1);
    if (c == '\n') {
      ++line;
      startsLine = true;
    } else if (!isOperator && StringRef("([{<").contains(c)) {
      ++depth;
      words = 0;
    } else if (!isOperator && StringRef(")]}>").contains(c)) {
      depth = std::max<int64_t>(depth - 1, 0);
      words = 0;
    } else if (isOperator || c == ',' || c == '=' || c == '%') {
      words = 0;
    } else if (!llvm::isSpace(c)) {
      ++words;
    }
  }

  StringRef rest;
  int64_t line = 1, depth = 0, words = 0;
  // Levels of the aliases known so far; of the one that is being defined.
  llvm::StringMap<int64_t> aliases;
  StringRef defined;
  int64_t aliasDepth = 0;
  bool hasValue = false, startsLine = false;
};

} // namespace

llvm::Error qcc::checkNesting(StringRef text) {
  return NestingScan(text).run();
}
