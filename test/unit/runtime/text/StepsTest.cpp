// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Steps of normalizers and pre-tokenizers. Pieces are told apart by a model
// of whole words: each piece of the list is a token, the others are 0.

#include "test/unit/runtime/text/MadeTokenizer.h"

using namespace qcc;

namespace {

/// Tokens 1, 2, ... are `words`; `parts` are fields of the file.
MadeTokenizer makeWords(std::initializer_list<const char *> words,
                        const std::string &parts) {
  std::string vocabulary = "\"<unk>\": 0";
  int id = 0;
  for (const char *word : words)
    vocabulary += ", \"" + std::string(word) + "\": " + std::to_string(++id);
  return MadeTokenizer("{" + parts +
                       ", \"model\": {\"type\": \"WordLevel\", "
                       "\"unk_token\": \"<unk>\", \"vocab\": {" +
                       vocabulary + "}}}");
}

std::string split(const char *behavior, bool inverts = false) {
  return std::string("\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": "
                     "{\"String\": \"-\"}, \"behavior\": \"") +
         behavior + "\", \"invert\": " + (inverts ? "true" : "false") + "}";
}

std::string normalizer(const std::string &fields) {
  return "\"normalizer\": {\"type\": " + fields + "}";
}

} // namespace

TEST(Split, KeepsAndJoinsWhatItMatches) {
  EXPECT_EQ(makeWords({"a", "b", "-"}, split("Isolated")).encode("a--b"),
            (Ids{1, 3, 3, 2}));
  EXPECT_EQ(makeWords({"a", "b", "-"}, split("Removed")).encode("a--b-"),
            (Ids{1, 2}));
  EXPECT_EQ(
      makeWords({"a-", "-", "b"}, split("MergedWithPrevious")).encode("a--b"),
      (Ids{1, 2, 3}));
  EXPECT_EQ(makeWords({"a", "-", "-b"}, split("MergedWithNext")).encode("a--b"),
            (Ids{1, 2, 3}));
  EXPECT_EQ(makeWords({"a", "--", "b"}, split("Contiguous")).encode("a--b"),
            (Ids{1, 2, 3}));
  EXPECT_EQ(makeWords({"-", "a"}, split("Removed", true)).encode("a-b-"),
            (Ids{1, 1}));
}

TEST(Split, CutsByClassesOfCharacters) {
  auto digits = [](const char *single) {
    return std::string("\"pre_tokenizer\": {\"type\": \"Digits\", "
                       "\"individual_digits\": ") +
           single + "}";
  };
  EXPECT_EQ(makeWords({"a", "12", "1", "2"}, digits("false")).encode("a12"),
            (Ids{1, 2}));
  EXPECT_EQ(makeWords({"a", "12", "1", "2"}, digits("true")).encode("a12"),
            (Ids{1, 3, 4}));
  std::string bert = "\"pre_tokenizer\": {\"type\": \"BertPreTokenizer\"}";
  EXPECT_EQ(makeWords({"a", "!", "b"}, bert).encode(" a!  b "), (Ids{1, 2, 3}));
  std::string words = "\"pre_tokenizer\": {\"type\": \"Whitespace\"}";
  EXPECT_EQ(makeWords({"a_1", "!?", "b"}, words).encode("a_1!? b"),
            (Ids{1, 2, 3}));
}

TEST(Split, MatchesPatternsInEachPiece) {
  // $ is the end of every line, and \s every blank of Unicode.
  std::string lines = R"("pre_tokenizer": {"type": "Split", "pattern":
      {"Regex": "\\s|b$"}, "behavior": "Isolated"})";
  EXPECT_EQ(makeWords({"a", "b"}, lines).encode("ab\nab"),
            (Ids{1, 2, 0, 1, 2}));
  EXPECT_EQ(makeWords({"a", "b"}, lines)
                .encode("a\xE2\x80\x83"
                        "a"),
            (Ids{1, 0, 1}));
}

TEST(Normalizer, ChangesText) {
  EXPECT_EQ(makeWords({"\xC3\xA9"}, normalizer("\"NFC\"")).encode("e\xCC\x81"),
            (Ids{1}));
  EXPECT_EQ(makeWords({"fi"}, normalizer("\"NFKC\"")).encode("\xEF\xAC\x81"),
            (Ids{1}));
  EXPECT_EQ(makeWords({"i\xCC\x87x"}, normalizer("\"Lowercase\""))
                .encode("\xC4\xB0X"),
            (Ids{1}));
  EXPECT_EQ(makeWords({"a"}, normalizer(R"("Strip")")).encode(" a \n"),
            (Ids{1}));
  EXPECT_EQ(
      makeWords({"_a"}, normalizer(R"("Prepend", "prepend": "_")")).encode("a"),
      (Ids{1}));
  EXPECT_EQ(makeWords({"x-y"}, normalizer(R"("Replace", "pattern":
                {"Regex": "[ab]+"}, "content": "-")"))
                .encode("xabay"),
            (Ids{1}));
}

TEST(Normalizer, ReadsBytesThatAreNoCharactersAsReplacements) {
  MadeTokenizer made =
      makeWords({"a\xEF\xBF\xBD\xEF\xBF\xBD"}, normalizer("\"NFC\""));
  EXPECT_EQ(made.encode("a\xC3\xFF"), (Ids{1}));
  EXPECT_EQ(made.encode(llvm::StringRef("\xED\xA0\x80", 3)), (Ids{0}));
}

TEST(AddedTokens, TakeBlanksAndWholeWords) {
  const char *parts = R"("added_tokens": [
      {"id": 5, "content": "<m>", "lstrip": true, "special": true,
       "normalized": false},
      {"id": 6, "content": "cat", "single_word": true, "normalized": false},
      {"id": 7, "content": "CAB", "normalized": true}],
      "normalizer": {"type": "Lowercase"})";
  MadeTokenizer made = makeWords({"a", "cats"}, parts);
  EXPECT_EQ(made.encode("a  <m>a"), (Ids{1, 5, 1}));
  EXPECT_EQ(made.encode("cat"), (Ids{6}));
  EXPECT_EQ(made.encode("cats"), (Ids{2}));
  EXPECT_EQ(made.encode("aCaBa"), (Ids{1, 7, 1}));
}
