// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Unicode's normalization forms by utf8proc, which works on characters.

#include "runtime/text/normalizer.h"
#include "runtime/text/utf8.h"

#include <new>
#include <utf8proc.h>

namespace qcc::text {

static utf8proc_option_t optionsFor(StepKind step) {
  int options = UTF8PROC_STABLE;
  if (step == StepKind::Nfc || step == StepKind::Nfkc)
    options |= UTF8PROC_COMPOSE;
  else
    options |= UTF8PROC_DECOMPOSE;
  if (step == StepKind::Nfkc || step == StepKind::Nfkd)
    options |= UTF8PROC_COMPAT;
  return utf8proc_option_t(options);
}

void keepFirstLetters(std::string &text) {
  std::string result;
  for (size_t i = 0; i < text.size(); i += lengthAt(text[i])) {
    int32_t character = decodeAt(text.data() + i);
    utf8proc_int32_t parts[16];
    utf8proc_ssize_t count = utf8proc_decompose_char(
        character, parts, 16, UTF8PROC_DECOMPOSE, nullptr);
    appendCharacter(count > 0 && count <= 16 ? parts[0] : character, result);
  }
  text.swap(result);
}

void normalizeForm(StepKind step, std::string &text) {
  utf8proc_option_t options = optionsFor(step);
  const auto *bytes = reinterpret_cast<const utf8proc_uint8_t *>(text.data());
  std::vector<utf8proc_int32_t> characters(text.size() + 1);
  utf8proc_ssize_t count = utf8proc_decompose(
      bytes, utf8proc_ssize_t(text.size()), characters.data(),
      utf8proc_ssize_t(characters.size()), options);
  if (count > utf8proc_ssize_t(characters.size())) {
    characters.resize(size_t(count));
    count = utf8proc_decompose(bytes, utf8proc_ssize_t(text.size()),
                               characters.data(), count, options);
  }
  if (count < 0)
    throw std::bad_alloc(); // the text is valid, so it was too long
  count = utf8proc_normalize_utf32(characters.data(), count, options);
  text.clear();
  for (utf8proc_ssize_t i = 0; i < count; ++i)
    appendCharacter(characters[size_t(i)], text);
}

} // namespace qcc::text
