// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokenizers of GGUF metadata, small ones made here and whole vocabularies
// with the ids that llama.cpp gives, where the data is.

#include "test/unit/compiler/Import/Tokenizer/GgufStrings.h"
#include "test/unit/runtime/text/MadeTokenizer.h"

#include "llvm/ADT/StringExtras.h"

#include <cstdlib>
#include <filesystem>

using namespace qcc;
using llvm::StringRef;

namespace {

constexpr float kScores[] = {0, 0, 0, -1, -2, -3, -4, -5};
constexpr int32_t kTypes[] = {2, 3, 3, 1, 1, 1, 6, 4};

GgufVocabulary makeScored() {
  static const StringRef tokens[] = {"<unk>",   "<s>",    "</s>",   "\u2581ab",
                                     "\u2581a", "\u2581", "<0x62>", "<x>"};
  GgufVocabulary vocabulary;
  vocabulary.model = "llama";
  vocabulary.tokens = tokens;
  vocabulary.scores = kScores;
  vocabulary.types = kTypes;
  return vocabulary;
}

std::string complain(const GgufVocabulary &vocabulary) {
  return MadeTokenizer(describeGgufTokenizer(vocabulary)).message;
}

} // namespace

TEST(GgufTokenizer, MergesByScoresAndFallsBackToBytes) {
  MadeTokenizer made(describeGgufTokenizer(makeScored()));
  ASSERT_EQ(made.message, "");
  // A space is put before the text, and "b" is only a byte.
  EXPECT_EQ(made.encode(" a", QCC_RT_ADD_SPECIAL), (Ids{1, 5, 4}));
  EXPECT_EQ(made.encode("b<x>b", 0), (Ids{5, 6, 7, 5, 6}));
  EXPECT_EQ(made.encode("b</s>", 3), (Ids{1, 5, 6, 2}));
  EXPECT_EQ(made.decode({5, 6, 5, 6}), "b b");
  EXPECT_EQ(made.decode({5, 6}, QCC_RT_CONTINUES), " b");
}

TEST(GgufTokenizer, CutsNoCharacterAtANameOfBytes) {
  // The last byte of U+FFFD, which a stray byte becomes, is a name here.
  const StringRef tokens[] = {"[UNK]", "\xBD", "[CLS]", "\u2581\uFFFD"};
  const int32_t types[] = {2, 4, 3, 1};
  GgufVocabulary vocabulary;
  vocabulary.model = "bert";
  vocabulary.tokens = tokens;
  vocabulary.types = types;
  vocabulary.unknown = 0;
  vocabulary.cls = vocabulary.separator = 2;
  MadeTokenizer made(describeGgufTokenizer(vocabulary));
  ASSERT_EQ(made.message, "");
  // BERT drops the character.
  EXPECT_EQ(made.encode("\xFF\xBD"
                        "a",
                        0),
            (Ids{0}));
}

TEST(GgufTokenizer, ChecksItsMetadata) {
  GgufVocabulary vocabulary = makeScored();
  vocabulary.scores = vocabulary.scores.drop_back();
  EXPECT_EQ(complain(vocabulary), "tokenizer: expected 8 scores, as many as "
                                  "tokens, but got 7");
  vocabulary = makeScored();
  vocabulary.eos = 8;
  EXPECT_EQ(complain(vocabulary),
            "tokenizer: expected eos_token_id to be an id below 8, but got 8");
  vocabulary = makeScored();
  vocabulary.model = "rwkv";
  EXPECT_EQ(complain(vocabulary),
            "tokenizer: expected tokenizer.ggml.model to be llama, gpt2, t5 "
            "or bert, but got 'rwkv'");
  vocabulary.model = "gpt2";
  vocabulary.pre = "new";
  EXPECT_EQ(complain(vocabulary),
            "tokenizer: expected tokenizer.ggml.pre to be a name that qcc "
            "knows (default, gpt-2, llama-bpe, qwen2, ...), but got 'new'");
}

TEST(GgufTokenizer, KnowsPatternsByName) {
  for (StringRef name : {"default", "qwen2", "llama-bpe", "tekken", "gpt-4o",
                         "deepseek-llm", "command-r", "dbrx", "stablelm2"})
    EXPECT_NE(findGgufPattern(name), nullptr) << name.str();
  EXPECT_EQ(findGgufPattern("qwen"), nullptr);
}

TEST(GgufTokenizer, GivesTheIdsThatLlamaCppGives) {
  const char *variable = std::getenv("QCC_TEST_DATA");
  std::string folder =
      std::string(variable ? variable : QCC_DEFAULT_TEST_DATA) + "/gguf/vocab";
  if (!std::filesystem::is_directory(folder))
    GTEST_SKIP() << "expected vocabularies in " << folder
                 << ", but got no such folder";
  for (const auto &entry : std::filesystem::directory_iterator(folder)) {
    std::string path = entry.path().string();
    if (!StringRef(path).ends_with(".gguf"))
      continue;
    GgufStrings file(path);
    MadeTokenizer made(describeGgufTokenizer(file.vocabulary));
    ASSERT_EQ(made.message, "") << path;
    llvm::SmallVector<StringRef> texts, lines;
    std::string inputs = readWhole(path + ".inp");
    std::string outputs = readWhole(path + ".out");
    StringRef(inputs).split(texts, "\n__ggml_vocab_test__\n");
    StringRef(outputs).split(lines, '\n');
    ASSERT_LE(texts.size(), lines.size()) << path;
    for (auto [text, line] : llvm::zip(texts, lines)) {
      std::string ids;
      for (int32_t id : made.encode(text, 0))
        ids += " " + std::to_string(id);
      EXPECT_EQ(ids, line.rtrim()) << path << ": " << text.str();
    }
  }
}
