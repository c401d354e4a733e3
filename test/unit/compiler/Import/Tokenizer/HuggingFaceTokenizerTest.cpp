// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is wrong in a tokenizer.json is one sentence that names the place.

#include "compiler/Import/Tokenizer/HuggingFaceTokenizer.h"

#include "compiler/Import/Tokenizer/TokenizerBuilder.h"
#include "gtest/gtest.h"

using namespace qcc;

namespace {

/// The message, or nothing.
std::string complain(llvm::StringRef json) {
  auto description = describeHuggingFaceTokenizer({json, "", "", "", ""});
  if (!description)
    return llvm::toString(description.takeError());
  auto bytes = buildTokenizer(*description);
  return bytes ? "" : llvm::toString(bytes.takeError());
}

std::string withModel(const std::string &fields) {
  return "{" + fields +
         R"("model": {"type": "WordLevel", "vocab": {"a": 0, "</s>": 1}}})";
}

} // namespace

TEST(HuggingFaceTokenizer, NamesWhatItDoesNotKnow) {
  EXPECT_EQ(complain(withModel("")), "");
  EXPECT_EQ(complain("[]"),
            "tokenizer.json: expected an object, but got another value");
  EXPECT_EQ(complain("{}"),
            "tokenizer.json: expected an object as 'model', but got none");
  EXPECT_EQ(complain(R"({"model": {"type": "X", "vocab": {"a": 0}}})"),
            "tokenizer.json: model: expected type BPE, Unigram, WordPiece or "
            "WordLevel, but got 'X'");
  EXPECT_EQ(complain(withModel(R"("decoder": {"type": "CTC"},)")),
            "tokenizer.json: decoder: expected a decoder that qcc knows "
            "(BPEDecoder, ByteFallback, ByteLevel, Fuse, Metaspace, Replace, "
            "Sequence, Strip or WordPiece), but got 'CTC'");
  std::string deep(1000, '[');
  EXPECT_EQ(complain(deep),
            "tokenizer.json: expected JSON of at most 100 levels, but got "
            "more");
}

TEST(HuggingFaceTokenizer, ChecksVocabulariesAndMerges) {
  EXPECT_EQ(complain(R"({"model": {"type": "BPE", "vocab": {"a": 0, "b": 0},
                                   "merges": []}})")
                .substr(0, 56),
            "tokenizer.json: model: expected one token for each id, b");
  EXPECT_EQ(complain(R"({"model": {"type": "BPE", "vocab": {"a": 5000000},
                                   "merges": []}})"),
            "tokenizer.json: model: expected an id below 65537 for token "
            "'a', but got 5000000");
  EXPECT_EQ(complain(R"({"model": {"type": "BPE", "vocab": {"a": 0},
                                   "merges": ["a a"]}})"),
            "tokenizer.json: model: expected merges of tokens in the "
            "vocabulary, but got 'aa' of 'a' and 'a'");
  EXPECT_EQ(complain(R"({"model": {"type": "Unigram", "vocab": [["a"]]}})"),
            "tokenizer.json: model: expected each token to have a score, but "
            "got none at 0");
}

TEST(HuggingFaceTokenizer, ChecksPatterns) {
  auto split = [](const std::string &regex) {
    return withModel(R"("pre_tokenizer": {"type": "Split", "pattern":
                        {"Regex": ")" +
                     regex + R"("}, "behavior": "Isolated"},)");
  };
  EXPECT_EQ(complain(split("[a-z]+|\\\\p{Han}{1,3}+")), "");
  EXPECT_EQ(complain(split("(a")),
            "tokenizer: expected a pattern, but got an error: missing "
            "closing parenthesis");
  EXPECT_EQ(complain(split("[a&&b]")),
            "tokenizer.json: pre_tokenizer: expected a pattern without "
            "intersected sets of characters (&&), but got one");
}

TEST(HuggingFaceTokenizer, FindsSpecialTokensInAllFiles) {
  std::string json = withModel(R"("added_tokens": [
      {"id": 1, "content": "</s>", "special": true},
      {"id": 2, "content": "<|eot|>", "special": true},
      {"id": 4, "content": "<s>", "special": true}],)");
  auto description = describeHuggingFaceTokenizer(
      {json, R"({"bos_token": {"content": "<s>"}, "eos_token": "</s>",
                 "chat_template": [{"name": "x", "template": "1"},
                                   {"name": "default", "template": "2"}]})",
       "", R"({"eos_token_id": [1, 2, 99]})", ""});
  ASSERT_TRUE(bool(description));
  EXPECT_EQ(description->bos, 4);
  EXPECT_EQ(description->eos, 1);
  EXPECT_EQ(description->eot, 2);
  EXPECT_EQ(description->endIds, (std::vector<int32_t>{1, 2, 1}));
  EXPECT_EQ(description->chatTemplate, "2");
  // Nobody has id 3.
  EXPECT_EQ(description->tokens[3].kind, text::kMissing);
}
