// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A regular expression in the syntax of PCRE2, for UTF-8 that is known to be
// valid. Patterns come from model files, so matching has limits.

#ifndef RUNTIME_TEXT_PATTERN_H
#define RUNTIME_TEXT_PATTERN_H

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace qcc::text {

class Pattern {
public:
  /// Returns false, and says why, if the text is no pattern. With `isPerLine`,
  /// ^ and $ match at every line.
  bool compile(std::string_view text, bool isPerLine, std::string &why);

  /// Goes through the matches in a text, from left to right; an empty one is
  /// left out right after another match.
  class Matches {
  public:
    Matches(const Pattern &pattern, std::string_view text);
    ~Matches();
    Matches(const Matches &) = delete;
    Matches &operator=(const Matches &) = delete;

    void restart(std::string_view newText);
    /// Finds the next match. Throws PatternError where the limits are reached.
    bool next(size_t &begin, size_t &end);

  private:
    friend class Pattern;
    const Pattern &pattern;
    std::string_view text;
    size_t position = 0, lastEnd = std::string_view::npos;
    void *data;
  };

private:
  void findStarts();

  struct Free {
    void operator()(void *code) const;
  };
  struct FreeContext {
    void operator()(void *context) const;
  };
  std::unique_ptr<void, Free> code;
  std::unique_ptr<void, FreeContext> context;
  bool canBeEmpty = true;
  bool canStart[256]; // bytes that a match may begin with
};

/// A text on which a pattern takes more steps or memory than it may.
struct PatternError {};

} // namespace qcc::text

#endif // RUNTIME_TEXT_PATTERN_H
