// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// PCRE2 without its machine code generator: a model library makes no code at
// run time.

#include "runtime/text/pattern.h"

#include "runtime/text/utf8.h"

#include <algorithm>
#include <iterator>
#include <new>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace qcc::text {

// Far above what real patterns need for a text of megabytes.
constexpr uint32_t kMatchLimit = 20000000;
constexpr uint32_t kHeapLimitKibibytes = 256 << 10;

static pcre2_code *asCode(void *pointer) {
  return static_cast<pcre2_code *>(pointer);
}
static pcre2_match_data *asData(void *pointer) {
  return static_cast<pcre2_match_data *>(pointer);
}

void Pattern::Free::operator()(void *pointer) const {
  pcre2_code_free(asCode(pointer));
}

void Pattern::FreeContext::operator()(void *pointer) const {
  pcre2_match_context_free(static_cast<pcre2_match_context *>(pointer));
}

bool Pattern::compile(std::string_view text, bool isPerLine, std::string &why) {
  uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
  options |= isPerLine ? PCRE2_MULTILINE : PCRE2_DOLLAR_ENDONLY;
  int error = 0;
  PCRE2_SIZE offset = 0;
  pcre2_compile_context *compileContext = pcre2_compile_context_create(nullptr);
  pcre2_match_context *matchContext = pcre2_match_context_create(nullptr);
  context.reset(matchContext);
  if (!compileContext || !matchContext) {
    pcre2_compile_context_free(compileContext);
    throw std::bad_alloc();
  }
  pcre2_set_newline(compileContext, PCRE2_NEWLINE_LF);
  code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()),
                           text.size(), options, &error, &offset,
                           compileContext));
  pcre2_compile_context_free(compileContext);
  if (!code) {
    if (error == PCRE2_ERROR_HEAP_FAILED)
      throw std::bad_alloc();
    PCRE2_UCHAR message[200] = {};
    pcre2_get_error_message(error, message, sizeof message);
    why = reinterpret_cast<const char *>(message);
    return false;
  }
  pcre2_set_match_limit(matchContext, kMatchLimit);
  pcre2_set_heap_limit(matchContext, kHeapLimitKibibytes);
  findStarts();
  return true;
}

/// Tries every letter of ASCII. What is no match and cannot become one with
/// more text starts none, so that it need not be tried in texts.
void Pattern::findStarts() {
  std::fill(std::begin(canStart), std::end(canStart), true);
  uint32_t lookBehind = 1, matchesEmpty = 1;
  pcre2_pattern_info(asCode(code.get()), PCRE2_INFO_MAXLOOKBEHIND, &lookBehind);
  pcre2_pattern_info(asCode(code.get()), PCRE2_INFO_MATCHEMPTY, &matchesEmpty);
  canBeEmpty = matchesEmpty != 0;
  if (lookBehind != 0 || canBeEmpty)
    return;
  Matches matches(*this, "");
  for (unsigned letter = 0; letter < 0x80; ++letter) {
    PCRE2_UCHAR text[1] = {PCRE2_UCHAR(letter)};
    int count =
        pcre2_match(asCode(code.get()), text, 1, 0,
                    PCRE2_ANCHORED | PCRE2_PARTIAL_HARD, asData(matches.data),
                    static_cast<pcre2_match_context *>(context.get()));
    canStart[letter] = count != PCRE2_ERROR_NOMATCH;
  }
}

Pattern::Matches::Matches(const Pattern &pattern, std::string_view text)
    : pattern(pattern), text(text), data(pcre2_match_data_create(1, nullptr)) {
  if (!data)
    throw std::bad_alloc();
}

Pattern::Matches::~Matches() { pcre2_match_data_free(asData(data)); }

void Pattern::Matches::restart(std::string_view newText) {
  text = newText;
  position = 0;
  lastEnd = std::string_view::npos;
}

bool Pattern::Matches::next(size_t &begin, size_t &end) {
  while (position <= text.size()) {
    while (position < text.size() && !pattern.canStart[uint8_t(text[position])])
      ++position;
    if (position == text.size() && !pattern.canBeEmpty)
      return false;
    int count = pcre2_match(
        asCode(pattern.code.get()), reinterpret_cast<PCRE2_SPTR>(text.data()),
        text.size(), position, PCRE2_NO_UTF_CHECK, asData(data),
        static_cast<pcre2_match_context *>(pattern.context.get()));
    if (count == PCRE2_ERROR_NOMATCH)
      return false;
    if (count < 0)
      throw PatternError();
    const PCRE2_SIZE *range = pcre2_get_ovector_pointer(asData(data));
    begin = range[0];
    end = range[1];
    // \K can put the start after the end.
    if (begin > end || begin < position)
      throw PatternError();
    if (begin != end || lastEnd != end) {
      position = lastEnd = end;
      return true;
    }
    position += position < text.size() ? lengthAt(text[position]) : 1;
  }
  return false;
}

} // namespace qcc::text
