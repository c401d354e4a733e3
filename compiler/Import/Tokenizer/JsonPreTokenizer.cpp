// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pre-tokenizer of a tokenizer.json as steps of the runtime.

#include "compiler/Import/Tokenizer/JsonParts.h"
#include "compiler/Import/Tokenizer/RegexSyntax.h"

using namespace llvm;
using namespace qcc::text;

namespace qcc {

static constexpr StringRef kGpt2Pattern =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+"
    "|\\s+(?!\\S)|\\s+";
// Words, and what is between them and no blank.
static constexpr StringRef kWhitespacePattern =
    "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]+"
    "|[^\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}\\s]+";

static Expected<Behavior> readBehavior(const JsonPart &part,
                                       StringRef fallback) {
  Expected<std::string> name = part.getOptional("behavior");
  if (!name)
    return name.takeError();
  std::string lower = StringRef(name->empty() ? fallback : *name).lower();
  const std::pair<StringRef, Behavior> behaviors[] = {
      {"removed", Behavior::Removed},
      {"isolated", Behavior::Isolated},
      {"mergedwithprevious", Behavior::MergedWithPrevious},
      {"mergedwithnext", Behavior::MergedWithNext},
      {"contiguous", Behavior::Contiguous}};
  for (auto [spelling, behavior] : behaviors)
    if (lower == spelling)
      return behavior;
  return part.failAtField("behavior", "Removed, Isolated, MergedWithPrevious, "
                                      "MergedWithNext or Contiguous");
}

static Error addRegex(StringRef pattern, TokenizerDescription &out) {
  Expected<std::string> translated = translatePattern(pattern);
  if (!translated)
    return translated.takeError();
  out.splitters.push_back({StepKind::SplitRegex, kPerLine, *translated});
  return Error::success();
}

static void addClass(CharacterClass type, Behavior behavior,
                     TokenizerDescription &out) {
  out.splitters.push_back(
      {StepKind::SplitClass, 0, "", "", uint32_t(type), behavior});
}

static Error readByteLevel(const JsonPart &part, TokenizerDescription &out) {
  Expected<bool> prefixes = part.getBool("add_prefix_space", true);
  if (!prefixes)
    return prefixes.takeError();
  Expected<bool> splits = part.getBool("use_regex", true);
  if (!splits)
    return splits.takeError();
  if (*prefixes)
    out.splitters.push_back({StepKind::PrefixSpace});
  if (*splits)
    if (Error error = addRegex(kGpt2Pattern, out))
      return error;
  out.splitters.push_back({StepKind::ByteMap});
  return Error::success();
}

static Error readSplit(const JsonPart &part, TokenizerDescription &out) {
  bool isRegex;
  Expected<std::string> pattern = part.getPattern(isRegex);
  if (!pattern)
    return pattern.takeError();
  Expected<Behavior> behavior = readBehavior(part, "");
  if (!behavior)
    return behavior.takeError();
  Expected<bool> inverts = part.getBool("invert", false);
  if (!inverts)
    return inverts.takeError();
  uint32_t flags = *inverts ? uint32_t(kInvert) : 0;
  if (isRegex)
    out.splitters.push_back(
        {StepKind::SplitRegex, flags | kPerLine, *pattern, "", 0, *behavior});
  else
    out.splitters.push_back(
        {StepKind::SplitText, flags, *pattern, "", 0, *behavior});
  return Error::success();
}

static Error readMetaspace(const JsonPart &part, TokenizerDescription &out) {
  Expected<std::string> letter = part.getString("replacement");
  if (!letter)
    return letter.takeError();
  Expected<bool> prefixes = part.getBool("add_prefix_space", true);
  if (!prefixes)
    return prefixes.takeError();
  Expected<std::string> name = part.getOptional("prepend_scheme");
  if (!name)
    return name.takeError();
  Expected<bool> splits = part.getBool("split", true);
  if (!splits)
    return splits.takeError();
  if (name->empty())
    *name = *prefixes ? "always" : "never";
  PrependScheme scheme;
  if (*name == "always")
    scheme = PrependScheme::Always;
  else if (*name == "first")
    scheme = PrependScheme::First;
  else if (*name == "never")
    scheme = PrependScheme::Never;
  else
    return part.failAtField("prepend_scheme", "always, first or never");
  if (letter->empty())
    return part.failAtField("replacement", "a character");
  out.splitters.push_back({StepKind::Metaspace, *splits ? uint32_t(kSplit) : 0,
                           *letter, "", uint32_t(scheme),
                           Behavior::MergedWithNext});
  return Error::success();
}

static Error readOther(const JsonPart &part, TokenizerDescription &out) {
  StringRef type = part.getType();
  if (type == "Digits") {
    Expected<bool> single = part.getBool("individual_digits", false);
    if (!single)
      return single.takeError();
    addClass(CharacterClass::Numeric,
             *single ? Behavior::Isolated : Behavior::Contiguous, out);
    return Error::success();
  }
  if (type == "Punctuation") {
    Expected<Behavior> behavior = readBehavior(part, "Isolated");
    if (!behavior)
      return behavior.takeError();
    addClass(CharacterClass::Punctuation, *behavior, out);
    return Error::success();
  }
  if (type == "CharDelimiterSplit") {
    Expected<std::string> letter = part.getString("delimiter");
    if (!letter)
      return letter.takeError();
    out.splitters.push_back(
        {StepKind::SplitText, 0, *letter, "", 0, Behavior::Removed});
    return Error::success();
  }
  if (type == "FixedLength") {
    Expected<int64_t> length = part.getInteger("length", 1, INT32_MAX, 5);
    if (!length)
      return length.takeError();
    out.splitters.push_back(
        {StepKind::SplitLength, 0, "", "", uint32_t(*length)});
    return Error::success();
  }
  return part.fail("a pre-tokenizer that qcc knows (BertPreTokenizer, "
                   "ByteLevel, CharDelimiterSplit, Digits, FixedLength, "
                   "Metaspace, Punctuation, Sequence, Split, Whitespace or "
                   "WhitespaceSplit)",
                   "'" + type + "'");
}

Error readJsonPreTokenizer(const JsonPart &part, TokenizerDescription &out) {
  StringRef type = part.getType();
  if (type == "Sequence")
    return part.readEach("pretokenizers", [&](const JsonPart &element) {
      return readJsonPreTokenizer(element, out);
    });
  if (type == "ByteLevel")
    return readByteLevel(part, out);
  if (type == "Split")
    return readSplit(part, out);
  if (type == "Metaspace")
    return readMetaspace(part, out);
  if (type == "WhitespaceSplit" || type == "BertPreTokenizer") {
    addClass(CharacterClass::Whitespace, Behavior::Removed, out);
    if (type == "BertPreTokenizer")
      addClass(CharacterClass::Punctuation, Behavior::Isolated, out);
    return Error::success();
  }
  if (type == "Whitespace") {
    if (Error error = addRegex(kWhitespacePattern, out))
      return error;
    out.splitters.back().flags |= kInvert;
    out.splitters.back().behavior = Behavior::Removed;
    return Error::success();
  }
  return readOther(part, out);
}

} // namespace qcc
