// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Steps on one text after another. A step that has nothing to do leaves the
// text where it is, since most texts are plain ASCII.

#include "runtime/text/normalizer.h"

#include "runtime/text/utf8.h"

#include <algorithm>
#include <utf8proc.h>

namespace qcc::text {

static bool isAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char letter) { return uint8_t(letter) < 0x80; });
}

void replaceAll(std::string_view from, std::string_view to, std::string &text) {
  size_t position = from.empty() ? std::string::npos : text.find(from);
  if (position == std::string::npos)
    return;
  std::string result;
  size_t begin = 0;
  for (; position != std::string::npos; position = text.find(from, begin)) {
    result.append(text, begin, position - begin).append(to);
    begin = position + from.size();
  }
  result.append(text, begin);
  text.swap(result);
}

void mapBytes(std::string_view text, std::string &result) {
  for (char letter : text)
    appendCharacter(letterOfByte(uint8_t(letter)), result);
}

/// Appends to `result` what `change` makes of each character.
template <typename Change>
static void changeCharacters(std::string &text, Change change) {
  std::string result;
  result.reserve(text.size());
  for (size_t i = 0; i < text.size(); i += lengthAt(text[i]))
    change(decodeAt(text.data() + i), result);
  text.swap(result);
}

static void lowercase(std::string &text) {
  changeCharacters(text, [](int32_t character, std::string &result) {
    if (character < 0x80) {
      bool isUpper = character >= 'A' && character <= 'Z';
      result += char(isUpper ? character + 0x20 : character);
    } else if (character == 0x130) {
      result += "i\xCC\x87"; // the only character that becomes two
    } else {
      appendCharacter(utf8proc_tolower(character), result);
    }
  });
}

static void stripAccents(bool isAllMarks, std::string &text) {
  if (isAscii(text))
    return;
  changeCharacters(text, [&](int32_t character, std::string &result) {
    if (isAllMarks ? !isMark(character) : !isNonspacingMark(character))
      appendCharacter(character, result);
  });
}

/// A few blanks are controls as well: they are dropped if `dropsBlanks`.
static void cleanText(bool dropsBlanks, std::string &text) {
  changeCharacters(text, [&](int32_t character, std::string &result) {
    bool isLine =
        character >= 9 && character <= 13 && character != 11 && character != 12;
    bool isBlank = isWhitespace(character);
    if (isBlank && (isLine || !dropsBlanks || !isOther(character)))
      result += ' ';
    else if (character != 0 && character != 0xFFFD && !isOther(character))
      appendCharacter(character, result);
  });
}

static void spaceChinese(std::string &text) {
  if (isAscii(text))
    return;
  changeCharacters(text, [](int32_t character, std::string &result) {
    bool chinese = isChinese(character);
    if (chinese)
      result += ' ';
    appendCharacter(character, result);
    if (chinese)
      result += ' ';
  });
}

static void strip(uint32_t flags, std::string &text) {
  size_t begin = 0, end = 0;
  bool isLeading = flags & kLeft;
  for (size_t i = 0; i < text.size();) {
    size_t after = i + lengthAt(text[i]);
    bool isBlank = isWhitespace(decodeAt(text.data() + i));
    if (isLeading && isBlank)
      begin = after;
    else
      isLeading = false;
    if (!isBlank)
      end = after;
    i = after;
  }
  if (!(flags & kRight))
    end = text.size();
  text = text.substr(begin, std::max(begin, end) - begin);
}

bool Normalizer::open(const DataView &data, std::string &why) {
  view = &data;
  patterns.resize(data.normalizers.size);
  for (size_t i = 0; i < data.normalizers.size; ++i) {
    const Step &step = data.normalizers[i];
    if (step.kind == StepKind::ReplaceRegex &&
        !patterns[i].compile(data.getText(step.first), step.flags & kPerLine,
                             why))
      return false;
  }
  return true;
}

void Normalizer::apply(PartPlace place, std::string &text) const {
  for (size_t i = 0; i < view->normalizers.size; ++i)
    applyStep(i, place, text);
}

void Normalizer::replaceMatches(size_t index, std::string &text) const {
  std::string_view replacement = view->getText(view->normalizers[index].second);
  Pattern::Matches matches(patterns[index], text);
  std::string result;
  size_t last = 0, begin, end;
  while (matches.next(begin, end)) {
    result.append(text, last, begin - last).append(replacement);
    last = end;
  }
  result.append(text, last);
  text.swap(result);
}

void Normalizer::applyStep(size_t index, PartPlace place,
                           std::string &text) const {
  const Step &step = view->normalizers[index];
  std::string_view first = view->getText(step.first);
  switch (step.kind) {
  case StepKind::Nfc:
  case StepKind::Nfd:
  case StepKind::Nfkc:
  case StepKind::Nfkd:
    if (isAscii(text))
      return;
    if (step.flags & kFirstLetters)
      return keepFirstLetters(text);
    return normalizeForm(step.kind, text);
  case StepKind::Lowercase:
    return lowercase(text);
  case StepKind::StripAccents:
    return stripAccents(step.flags & kAllMarks, text);
  case StepKind::CleanText:
    return cleanText(step.flags & kDropBlanks, text);
  case StepKind::SpaceChinese:
    return spaceChinese(text);
  case StepKind::Strip:
    return strip(step.flags, text);
  case StepKind::Prepend:
    if (!text.empty())
      text.insert(0, first);
    return;
  case StepKind::PrependAfter:
    if (place.isAfterToken)
      text.insert(0, first);
    return;
  case StepKind::ReplaceText:
    return replaceAll(first, view->getText(step.second), text);
  case StepKind::ReplaceRegex:
    return replaceMatches(index, text);
  case StepKind::Charsmap:
    return applyCharsmap(first, text);
  case StepKind::SentencePiece:
    return applySentencePiece(*view, step, text);
  case StepKind::ByteMap: {
    std::string result;
    mapBytes(text, result);
    text.swap(result);
    return;
  }
  default:
    return; // of other parts; the compiler writes none here
  }
}

} // namespace qcc::text
