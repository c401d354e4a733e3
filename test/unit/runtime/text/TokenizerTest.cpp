// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C interface of tokenizers on hand-made vocabularies of each kind.

#include "test/unit/runtime/text/MadeTokenizer.h"

#include <cstring>

using namespace qcc;

namespace {

// "hug" merges in two steps; bytes are GPT-2's letters, so é is two of them.
constexpr const char *kBytePairs = R"({
  "added_tokens": [
    {"id": 8, "content": "<end>", "special": true, "normalized": false},
    {"id": 9, "content": "bug", "special": false, "normalized": false}],
  "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
  "decoder": {"type": "ByteLevel"},
  "post_processor": {"type": "TemplateProcessing",
    "single": [{"Sequence": {"id": "A", "type_id": 0}},
               {"SpecialToken": {"id": "<end>", "type_id": 0}}],
    "special_tokens": {"<end>": {"ids": [8]}}},
  "model": {"type": "BPE",
    "vocab": {"h": 0, "u": 1, "g": 2, "ug": 3, "hug": 4, "Ġ": 5, "Ã": 6,
              "©": 7},
    "merges": ["u g", "h ug"]}})";

} // namespace

TEST(Tokenizer, MergesPairsInTheOrderOfTheList) {
  MadeTokenizer made(kBytePairs);
  EXPECT_EQ(made.encode("hug hu"), (Ids{4, 5, 0, 1}));
  EXPECT_EQ(made.decode({4, 5, 0, 1}), "hug hu");
  EXPECT_EQ(made.encode(""), Ids());
}

TEST(Tokenizer, FindsAddedTokensAndAddsSpecialOnes) {
  MadeTokenizer made(kBytePairs);
  EXPECT_EQ(made.encode("hug<end>bugu"), (Ids{4, 8, 9, 1}));
  EXPECT_EQ(made.encode("hug", QCC_RT_ADD_SPECIAL), (Ids{4, 8}));
  // Special names are text without the flag; what users added is not.
  EXPECT_EQ(made.encode("bug", 0), (Ids{9}));
  EXPECT_EQ(made.decode({4, 8}), "hug");
  EXPECT_EQ(made.decode({4, 8}, QCC_RT_SHOW_SPECIAL), "hug<end>");
}

TEST(Tokenizer, StreamsWholeCharacters) {
  MadeTokenizer made(kBytePairs);
  EXPECT_EQ(made.encode("\xC3\xA9"), (Ids{6, 7}));
  EXPECT_EQ(made.stream({6, 7, 0}),
            (std::vector<std::string>{"", "\xC3\xA9", "h"}));
  // A byte that never becomes a character is replaced once that is known.
  EXPECT_EQ(made.stream({6, 0}),
            (std::vector<std::string>{"", "\xEF\xBF\xBDh"}));
  EXPECT_EQ(made.decode({6, 0}), "\xC3h");
}

TEST(Tokenizer, SaysHowMuchRoomItNeeds) {
  MadeTokenizer made(kBytePairs);
  int32_t ids[2] = {-7, -7};
  qcc_rt_ids_t room = {ids, 1, 0};
  EXPECT_EQ(qcc_rt_tokenize(made.tokenizer, {"hug h", 5}, 0, &room, nullptr),
            QCC_OK);
  EXPECT_EQ(room.count, 3);
  EXPECT_EQ(ids[0], 4);
  EXPECT_EQ(ids[1], -7);
  qcc_rt_stream_t state = {}, before = state;
  qcc_rt_buffer_t none = {nullptr, 0, 0};
  EXPECT_EQ(qcc_rt_stream(made.tokenizer, &state, ids, 1, &none, nullptr),
            QCC_OK);
  EXPECT_EQ(none.size, 3);
  EXPECT_EQ(std::memcmp(&state, &before, sizeof state), 0);
}

TEST(Tokenizer, RefusesIdsOutOfRange) {
  MadeTokenizer made(kBytePairs);
  qcc_rt_buffer_t room = {nullptr, 0, 0};
  qcc_status_t status;
  int32_t ids[] = {0, 10};
  EXPECT_EQ(qcc_rt_detokenize(made.tokenizer, ids, 2, 0, &room, &status),
            QCC_INVALID_ARGUMENT);
  EXPECT_STREQ(status.message, "expected ids below 10, but got 10 at 1");
  int64_t size;
  EXPECT_EQ(qcc_rt_token_text(made.tokenizer, -1, &size), nullptr);
  EXPECT_EQ(std::string(qcc_rt_token_text(made.tokenizer, 4, &size), 3), "hug");
  EXPECT_EQ(qcc_rt_token_is_special(made.tokenizer, 8), 1);
  EXPECT_EQ(qcc_rt_token_is_special(made.tokenizer, 9), 0);
}

TEST(Tokenizer, FailsWhereNoTokenIsLeft) {
  MadeTokenizer made(R"({"model": {"type": "WordLevel", "vocab": {"a": 0}}})");
  qcc_rt_ids_t room = {nullptr, 0, 0};
  qcc_status_t status;
  EXPECT_EQ(qcc_rt_tokenize(made.tokenizer, {"b", 1}, 0, &room, &status),
            QCC_INVALID_ARGUMENT);
}

TEST(Tokenizer, TakesTheMostProbableTokens) {
  MadeTokenizer made(R"({
    "pre_tokenizer": {"type": "Metaspace", "replacement": "▁"},
    "decoder": {"type": "Metaspace", "replacement": "▁"},
    "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": true,
      "vocab": [["<unk>", 0], ["▁a", -1], ["▁", -3], ["ab", -1.5], ["b", -4],
                ["a", -3], ["<0xC3>", -9], ["<0xA9>", -9]]}})");
  EXPECT_EQ(made.encode("ab a"), (Ids{2, 3, 1}));
  EXPECT_EQ(made.encode("a\xC3\xA9"), (Ids{1, 6, 7}));
  // One byte of the next character has no token, so it is unknown.
  EXPECT_EQ(made.encode("a\xC3\xBF"), (Ids{1, 0}));
  EXPECT_EQ(made.decode({2, 3, 1}), "ab a");
}

TEST(Tokenizer, TakesTheLongestPieces) {
  MadeTokenizer made(R"({
    "normalizer": {"type": "BertNormalizer"},
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
    "post_processor": {"type": "BertProcessing", "cls": ["[C]", 5],
                       "sep": ["[S]", 6]},
    "model": {"type": "WordPiece", "unk_token": "[U]",
      "vocab": {"[U]": 0, "play": 1, "##ing": 2, "##in": 3, ".": 4, "[C]": 5,
                "[S]": 6}}})");
  EXPECT_EQ(made.encode("Pl\xC3\xA0ying.", QCC_RT_ADD_SPECIAL),
            (Ids{5, 1, 2, 4, 6}));
  EXPECT_EQ(made.encode("playg x"), (Ids{0, 0}));
  EXPECT_EQ(made.decode({1, 2, 4}), "playing.");
}

TEST(Tokenizer, RefusesDataThatDoesNotHoldTogether) {
  MadeTokenizer made(kBytePairs);
  // Every eight bytes cleared or set, one after another: it is refused, or it
  // tokenizes without reading outside.
  for (size_t i = 0; i + 8 <= made.bytes.size(); i += 8)
    for (int fill : {0, 0xFF, 0x3F}) {
      std::vector<char> bytes = made.bytes;
      std::memset(bytes.data() + i, fill, 8);
      qcc_rt_tokenizer_t *tokenizer;
      qcc_rt_ids_t room = {nullptr, 0, 0};
      if (qcc_rt_tokenizer_create(
              reinterpret_cast<const uint8_t *>(bytes.data()),
              int64_t(bytes.size()), &tokenizer, nullptr) == QCC_OK)
        (void)qcc_rt_tokenize(tokenizer, {"hug<end>bug hu", 14}, 3, &room,
                              nullptr);
      qcc_rt_tokenizer_destroy(tokenizer);
    }
  qcc_rt_tokenizer_t *tokenizer;
  for (size_t size : {size_t(0), size_t(64), made.bytes.size() - 8})
    EXPECT_EQ(qcc_rt_tokenizer_create(
                  reinterpret_cast<const uint8_t *>(made.bytes.data()),
                  int64_t(size), &tokenizer, nullptr),
              QCC_INVALID_ARGUMENT);
}
