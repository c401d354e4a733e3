// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The normalizer of a tokenizer.json as steps of the runtime.

#include "compiler/Import/Tokenizer/JsonParts.h"
#include "llvm/Support/Base64.h"

using namespace llvm;
using namespace qcc::text;

namespace qcc {

static Error readBert(const JsonPart &part, TokenizerDescription &out) {
  Expected<bool> cleans = part.getBool("clean_text", true);
  if (!cleans)
    return cleans.takeError();
  Expected<bool> spaces = part.getBool("handle_chinese_chars", true);
  if (!spaces)
    return spaces.takeError();
  Expected<bool> lowers = part.getBool("lowercase", true);
  if (!lowers)
    return lowers.takeError();
  Expected<bool> strips = part.getBool("strip_accents", *lowers);
  if (!strips)
    return strips.takeError();
  if (*cleans)
    out.normalizers.push_back({StepKind::CleanText, kDropBlanks});
  if (*spaces)
    out.normalizers.push_back({StepKind::SpaceChinese});
  if (*strips) {
    out.normalizers.push_back({StepKind::Nfd});
    out.normalizers.push_back({StepKind::StripAccents});
  }
  if (*lowers)
    out.normalizers.push_back({StepKind::Lowercase});
  return Error::success();
}

static Error readReplace(const JsonPart &part, TokenizerDescription &out) {
  bool isRegex;
  Expected<std::string> pattern = part.getPattern(isRegex);
  if (!pattern)
    return pattern.takeError();
  Expected<std::string> content = part.getString("content");
  if (!content)
    return content.takeError();
  if (isRegex)
    out.normalizers.push_back(
        {StepKind::ReplaceRegex, kPerLine, *pattern, *content});
  else if (!pattern->empty())
    out.normalizers.push_back({StepKind::ReplaceText, 0, *pattern, *content});
  return Error::success();
}

static Error readStrip(const JsonPart &part, TokenizerDescription &out) {
  Expected<bool> left = part.getBool("strip_left", true);
  if (!left)
    return left.takeError();
  Expected<bool> right = part.getBool("strip_right", true);
  if (!right)
    return right.takeError();
  out.normalizers.push_back(
      {StepKind::Strip, (*left ? kLeft : 0u) | (*right ? kRight : 0u)});
  return Error::success();
}

static Error readPrecompiled(const JsonPart &part, TokenizerDescription &out) {
  Expected<std::string> text = part.getOptional("precompiled_charsmap");
  if (!text)
    return text.takeError();
  std::vector<char> bytes;
  if (Error error = decodeBase64(*text, bytes))
    return part.fail("precompiled_charsmap to be base64",
                     toString(std::move(error)));
  if (!bytes.empty())
    out.normalizers.push_back(
        {StepKind::Charsmap, 0, std::string(bytes.begin(), bytes.end())});
  return Error::success();
}

/// The controls that the library's Nmt drops, and what it takes for spaces.
static void addNmt(TokenizerDescription &out) {
  out.normalizers.push_back({StepKind::ReplaceRegex, 0,
                             "[\\x01-\\x08\\x0b\\x0e-\\x1f\\x7f\\x{8f}\\x{9f}]",
                             ""});
  out.normalizers.push_back(
      {StepKind::ReplaceRegex, 0,
       "[\\x09\\x0a\\x0c\\x0d\\x{1680}\\x{200b}-\\x{200f}\\x{2028}\\x{2029}"
       "\\x{2581}\\x{feff}\\x{fffd}]",
       " "});
}

Error readJsonNormalizer(const JsonPart &part, TokenizerDescription &out) {
  StringRef type = part.getType();
  const std::pair<StringRef, StepKind> plain[] = {
      {"NFC", StepKind::Nfc},
      {"NFD", StepKind::Nfd},
      {"NFKC", StepKind::Nfkc},
      {"NFKD", StepKind::Nfkd},
      {"Lowercase", StepKind::Lowercase},
      {"ByteLevel", StepKind::ByteMap}};
  for (auto [name, kind] : plain)
    if (type == name) {
      out.normalizers.push_back({kind});
      return Error::success();
    }
  if (type == "Sequence")
    return part.readEach("normalizers", [&](const JsonPart &element) {
      return readJsonNormalizer(element, out);
    });
  if (type == "BertNormalizer")
    return readBert(part, out);
  if (type == "Replace")
    return readReplace(part, out);
  if (type == "Strip")
    return readStrip(part, out);
  if (type == "Precompiled")
    return readPrecompiled(part, out);
  if (type == "Nmt") {
    addNmt(out);
    return Error::success();
  }
  if (type == "StripAccents") {
    out.normalizers.push_back({StepKind::StripAccents, kAllMarks});
    return Error::success();
  }
  if (type == "Prepend") {
    Expected<std::string> text = part.getString("prepend");
    if (!text)
      return text.takeError();
    out.normalizers.push_back({StepKind::Prepend, 0, *text});
    return Error::success();
  }
  return part.fail("a normalizer that qcc knows (BertNormalizer, ByteLevel, "
                   "Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled, "
                   "Prepend, Replace, Sequence, Strip or StripAccents)",
                   "'" + type + "'");
}

} // namespace qcc
