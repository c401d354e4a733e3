// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sessions on a model whose logits tell what a run was given: how prompts are
// cut, which places tokens get, and what sequences hold after all that can
// happen to them.

#include "test/unit/runtime/text/ToySession.h"

#include <gtest/gtest.h>

namespace {

// 20 tokens, of which the last three are wanted: 8 and 8 without logits, then
// as many as outputs allow.
TEST(Session, CutsPrompts) {
  ToySession toy(0, 2);
  std::vector<int32_t> tokens = countTokens(20);
  std::vector<Told> told = toy.append(1, tokens, 3);
  ASSERT_EQ(told.size(), 3u);
  for (size_t i = 0; i < told.size(); ++i) {
    float position = float(17 + i);
    EXPECT_EQ(told[i].id, float(tokens[17 + i]));
    EXPECT_EQ(told[i].position, position);
    EXPECT_EQ(told[i].place, 48 + position);
    told[i].expectHistory(tokens, 18 + i);
  }
  // Tokens 16 to 18 are one run, the last token another.
  EXPECT_EQ(told[0].run, told[1].run);
  EXPECT_EQ(told[0].rows, 3);
  EXPECT_EQ(told[0].outputs, 2);
  EXPECT_EQ(told[2].run, told[0].run + 1);
  EXPECT_EQ(told[2].rows, 1);
  EXPECT_EQ(told[2].capacity, 2 * 48 + 16);
  EXPECT_EQ(toy.length(1), 20);
  EXPECT_EQ(toy.length(0), 0);
}

// 8 rows are spans of 3, 3 and 2, each with the sequence's first place.
TEST(Session, CutsSpans) {
  ToySession toy(0, 2);
  toy.append(1, countTokens(5), 0);
  std::vector<Told> told = toy.append(1, countTokens(8), 2);
  EXPECT_EQ(told[0].spans, 3);
  const float expected[] = {6, 2, 48, 5 + 6};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(told[0].span[i], expected[i]);
    EXPECT_EQ(told[1].span[i], expected[i]);
  }
}

// From 33 tokens on a row has spans for parts of 16 positions, or for fewer
// parts where there are more rows; what they leave is everything, once.
TEST(Session, CutsPositions) {
  ToySession toy(0, 2);
  std::vector<int32_t> tokens = countTokens(40);
  for (size_t length : {31u, 32u, 33u, 39u}) {
    ASSERT_EQ(toy.truncate(0, 0), "");
    toy.append(0, countTokens(length), 0);
    Told told = toy.append(0, {tokens[length]}, 1)[0];
    EXPECT_EQ(told.spans, length < 32 ? 1 : 3) << length;
    told.expectHistory(tokens, length + 1);
  }
  EXPECT_EQ(toy.truncate(0, 38), "");
  std::vector<Told> rows = toy.append(0, {tokens[38], tokens[39]}, 2);
  EXPECT_EQ(rows[0].spans, 2);
  rows[0].expectHistory(tokens, 39);
  rows[1].expectHistory(tokens, 40);
  // Beside a sequence whose positions are few.
  toy.append(1, countTokens(6), 0);
  EXPECT_EQ(toy.truncate(0, 35), "");
  rows = toy.appendEach({1, 0}, {tokens[6], tokens[35]});
  EXPECT_EQ(rows[0].spans, 3);
  rows[0].expectHistory(tokens, 7);
  rows[1].expectHistory(tokens, 36);
  // Three rows leave no room for two parts of each.
  EXPECT_EQ(toy.truncate(0, 36), "");
  rows = toy.append(0, {tokens[36], tokens[37], tokens[38]}, 1);
  EXPECT_EQ(rows[0].spans, 1);
  rows[0].expectHistory(tokens, 39);
}

TEST(Session, GivesAllLogits) {
  ToySession toy;
  std::vector<int32_t> tokens = countTokens(11);
  std::vector<Told> told = toy.append(0, tokens, 11);
  for (size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(told[i].id, float(tokens[i]));
    told[i].expectHistory(tokens, i + 1);
  }
  EXPECT_TRUE(toy.append(0, {}, 0).empty());
  EXPECT_EQ(toy.length(0), 11);
}

TEST(Session, AppendsToEach) {
  ToySession toy(20, 4);
  toy.append(2, countTokens(7), 0);
  toy.append(0, countTokens(3), 0);
  std::vector<Told> told = toy.appendEach({2, 3, 0}, {9, 10, 11});
  ASSERT_EQ(told.size(), 3u);
  const float positions[] = {7, 0, 3}, sequences[] = {2, 3, 0};
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(told[i].id, float(9 + i));
    EXPECT_EQ(told[i].position, positions[i]);
    // 20 tokens have the room of 32.
    EXPECT_EQ(told[i].place, 32 * sequences[i] + positions[i]);
    EXPECT_EQ(told[i].span[1], 1);
    EXPECT_EQ(told[i].span[2], 32 * sequences[i]);
  }
  // As many at once as there are outputs.
  EXPECT_EQ(told[0].run, told[1].run);
  EXPECT_EQ(told[0].spans, 2);
  EXPECT_EQ(told[2].run, told[1].run + 1);
  EXPECT_EQ(toy.length(3), 1);
}

TEST(Session, Truncates) {
  ToySession toy;
  std::vector<int32_t> tokens = countTokens(10);
  toy.append(0, tokens, 0);
  EXPECT_EQ(toy.truncate(0, 4), "");
  tokens.resize(4);
  tokens.push_back(13);
  Told told = toy.append(0, {13}, 1)[0];
  EXPECT_EQ(told.position, 4);
  told.expectHistory(tokens, 5);
  EXPECT_EQ(toy.truncate(0, 6), "expected a length from 0 to 5, but got 6");
  EXPECT_EQ(toy.truncate(0, -1), "expected a length from 0 to 5, but got -1");
  EXPECT_EQ(toy.truncate(0, 0), "");
  EXPECT_EQ(toy.length(0), 0);
}

TEST(Session, Forks) {
  ToySession toy(0, 3);
  std::vector<int32_t> tokens = countTokens(18);
  toy.append(0, tokens, 0);
  toy.append(2, countTokens(30), 0);
  EXPECT_EQ(toy.fork(0, 2), "");
  EXPECT_EQ(toy.fork(0, 0), "");
  EXPECT_EQ(toy.length(2), 18);
  tokens.push_back(1);
  Told copy = toy.append(2, {1}, 1)[0];
  copy.expectHistory(tokens, 19);
  // The other sequence does not see it.
  tokens.back() = 2;
  toy.append(0, {2}, 1)[0].expectHistory(tokens, 19);
  EXPECT_EQ(toy.fork(0, 3), "expected a sequence below 3, but got 3");
}

// Into a session of another size, whose places are elsewhere.
TEST(Session, Restores) {
  ToySession first(0, 2);
  ToySession second(25, 4);
  std::vector<int32_t> tokens = countTokens(21);
  first.append(1, tokens, 0);
  std::vector<char> bytes = first.save(1);
  EXPECT_EQ(bytes.size(), 56u + 32 * 56);
  EXPECT_EQ(second.restore(3, bytes), "");
  EXPECT_EQ(second.length(3), 21);
  tokens.push_back(5);
  second.append(3, {5}, 1)[0].expectHistory(tokens, 22);
  EXPECT_EQ(second.restore(0, first.save(0)), "");
  EXPECT_EQ(second.length(0), 0);
}

TEST(Session, RefusesForeignBytes) {
  ToySession toy(20);
  ToySession large;
  large.append(0, countTokens(21), 0);
  toy.append(0, countTokens(5), 0);
  std::vector<char> bytes = large.save(0);
  EXPECT_NE(toy.restore(0, bytes).find("expected at most 20 saved tokens"),
            std::string::npos);
  EXPECT_NE(large.restore(0, {}).find("expected a saved sequence"),
            std::string::npos);
  // Each byte of the header but the length's counts.
  for (size_t i = 0; i < 56; ++i) {
    if (i >= 40 && i < 48)
      continue;
    std::vector<char> other = bytes;
    other[i] ^= 1;
    EXPECT_NE(large.restore(0, other), "") << i;
  }
  for (int64_t length : {int64_t(-1), int64_t(41), int64_t(1) << 32,
                         (int64_t(1) << 32) + 21, INT64_MAX}) {
    std::vector<char> other = bytes;
    std::memcpy(other.data() + 40, &length, sizeof length);
    EXPECT_NE(large.restore(0, other), "") << length;
  }
  bytes.pop_back();
  EXPECT_NE(large.restore(0, bytes), "");
  EXPECT_EQ(toy.length(0), 5);
  EXPECT_EQ(large.length(0), 21);
}

// What fails changes nothing.
TEST(Session, RefusesTokens) {
  ToySession toy(10, 2);
  toy.append(0, countTokens(8), 0);
  EXPECT_EQ(toy.tryAppend(0, {1, 2, 3}, 1),
            "expected at most 2 more tokens, which the cache of 10 has room "
            "for, but got 3");
  EXPECT_EQ(toy.tryAppend(0, {1, 16}, 0),
            "expected tokens from 0 to 15, but got 16");
  EXPECT_EQ(toy.tryAppend(0, {-1}, 0),
            "expected tokens from 0 to 15, but got -1");
  EXPECT_EQ(toy.tryAppend(2, {1}, 0), "expected a sequence below 2, but got 2");
  EXPECT_EQ(toy.tryAppend(-1, {1}, 0),
            "expected a sequence below 2, but got -1");
  EXPECT_NE(toy.tryAppend(0, {1}, 2), "");
  EXPECT_NE(toy.tryAppend(0, {1}, -1), "");
  EXPECT_EQ(toy.tryAppendEach({0, 0}, {1, 2}),
            "expected different sequences, but got 0 twice");
  EXPECT_NE(toy.tryAppendEach({0, 2}, {1, 2}), "");
  EXPECT_NE(toy.tryAppendEach({}, {}), "");
  EXPECT_EQ(toy.length(0), 8);
  EXPECT_EQ(toy.length(1), 0);
  EXPECT_EQ(toy.length(2), 0);
  EXPECT_EQ(toy.tryAppend(0, {1, 2}, 0), "");
  EXPECT_NE(toy.tryAppendEach({1, 0}, {1, 2}), "");
  EXPECT_EQ(toy.length(1), 0);
}

TEST(Session, ChecksOptions) {
  // Threads, target, tokens and sequences.
  const qcc_session_options_t wrong[] = {{0, -1, 41, 0},    {0, -1, -1, 0},
                                         {0, -1, 0, 65537}, {0, -1, 0, -1},
                                         {0, 1, 0, 0},      {-1, -1, 0, 0}};
  for (const qcc_session_options_t &options : wrong) {
    qcc_session_t *session = nullptr;
    qcc_status_t status;
    EXPECT_NE(openLanguage()->create(&options, &session, &status), QCC_OK);
    EXPECT_EQ(session, nullptr);
  }
  qcc_session_t *session = nullptr;
  ASSERT_EQ(openLanguage()->create(nullptr, &session, nullptr), QCC_OK);
  EXPECT_EQ(openLanguage()->cache_tokens(session), 40);
  EXPECT_EQ(openLanguage()->sequences(session), 1);
  openLanguage()->destroy(session);
  openLanguage()->destroy(nullptr);
  EXPECT_NE(openLanguage()->create(nullptr, nullptr, nullptr), QCC_OK);
}

TEST(Session, HasATableOfItsOwnVersion) {
  EXPECT_EQ(openToyLanguage(0), nullptr);
  EXPECT_EQ(openToyLanguage(1)->version, 1u);
  EXPECT_EQ(openToyLanguage(2)->version, 2u);
  EXPECT_EQ(openToyLanguage(99)->version, uint32_t(QCC_ABI_VERSION));
  EXPECT_EQ(openLanguage()->version, uint32_t(QCC_ABI_VERSION));
  const qcc_language_info_t *info = openLanguage()->info();
  EXPECT_STREQ(info->family, "toy");
  EXPECT_EQ(info->vocabulary, 16);
  EXPECT_EQ(info->token_size_bytes, 56);
}

} // namespace
