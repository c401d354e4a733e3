// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The statistics file: the exact text, every float back, edits by hand, and an
// error with a line for everything that is wrong.

#include "passes/Calibrate/Statistics.h"

#include "gtest/gtest.h"

#include <cfloat>
#include <cmath>
#include <random>

using namespace qcc::calibrate;

static constexpr const char *example = R"(qcc-statistics 1
method mse
samples 100

tensor "relu_1"
  observed 0 6.25
  range 0 5.5
  minmax 0 6.25
  percentile 0 6.1
  entropy 0 5.75
  mse 0 5.5
  means 0.5 0.25
  lows 0 0
  highs 6.25 3

tensor "add"
  observed -1.5 0.1
  range -1.5 0.1
  minmax -1.5 0.1
  percentile -1.5 0.1
  entropy -1.5 0.1
  mse -1.5 0.1
)";

static Statistics parse(const std::string &text) {
  auto statistics = parseStatistics(text, "stats.txt");
  EXPECT_TRUE(bool(statistics)) << llvm::toString(statistics.takeError());
  return statistics ? *statistics : Statistics();
}

static std::string replace(std::string text, const std::string &from,
                           const std::string &to) {
  size_t place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return text.replace(place, from.size(), to);
}

static std::string errorOf(const std::string &text) {
  auto statistics = parseStatistics(text, "stats.txt");
  return statistics ? "no error" : llvm::toString(statistics.takeError());
}

TEST(Statistics, PrintsWhatItParsed) {
  Statistics statistics = parse(example);
  ASSERT_EQ(statistics.tensors.size(), 2u);
  EXPECT_EQ(statistics.samples, 100u);
  EXPECT_EQ(statistics.find("relu_1")->maximum, 6.25f);
  EXPECT_EQ(statistics.find("relu_1")->channelMeans.size(), 2u);
  EXPECT_EQ(statistics.find("nothing"), nullptr);
  EXPECT_EQ(printStatistics(statistics), example);
}

TEST(Statistics, ChangesTheMethodOfUneditedTensors) {
  Statistics statistics = parse(example);
  const TensorStatistics &tensor = *statistics.find("relu_1");
  EXPECT_EQ(Statistics::rangeOf(tensor, CalibrationMethod::Mse).high, 5.5f);
  EXPECT_EQ(Statistics::rangeOf(tensor, CalibrationMethod::Percentile).high,
            6.1f);
}

TEST(Statistics, KeepsAnEditedRangeWithEveryMethod) {
  Statistics statistics =
      parse(replace(example, "range 0 5.5", "range -1 4 # my own"));
  const TensorStatistics &tensor = *statistics.find("relu_1");
  ASSERT_TRUE(tensor.editedRange.has_value());
  for (CalibrationMethod method :
       {CalibrationMethod::MinMax, CalibrationMethod::Mse})
    EXPECT_EQ(Statistics::rangeOf(tensor, method), (Range{-1, 4}));
  // And it survives being saved under another method.
  statistics.method = CalibrationMethod::Entropy;
  Statistics again = parse(printStatistics(statistics));
  EXPECT_EQ(again.find("relu_1")->editedRange, tensor.editedRange);
  EXPECT_FALSE(again.find("add")->editedRange.has_value());
}

TEST(Statistics, AllowsCommentsAndMissingRange) {
  std::string text = replace(example, "  range 0 5.5\n", "# nothing here\n\n");
  EXPECT_EQ(printStatistics(parse(text)), example);
}

TEST(Statistics, RoundTripsEveryFloat) {
  std::mt19937 generator(3);
  Statistics statistics;
  TensorStatistics tensor;
  tensor.name = "x";
  for (float special : {0.0f, -0.0f, FLT_MIN, FLT_MAX, FLT_TRUE_MIN, 0.1f})
    tensor.channelMeans.push_back(special);
  while (tensor.channelMeans.size() < 20000) {
    uint32_t bits = generator();
    float value;
    memcpy(&value, &bits, sizeof(value));
    if (std::isfinite(value))
      tensor.channelMeans.push_back(value);
  }
  statistics.tensors.push_back(tensor);
  Statistics again = parse(printStatistics(statistics));
  const std::vector<float> &means = again.tensors[0].channelMeans;
  ASSERT_EQ(means.size(), tensor.channelMeans.size());
  EXPECT_EQ(memcmp(means.data(), tensor.channelMeans.data(),
                   means.size() * sizeof(float)),
            0);
}

TEST(Statistics, RoundTripsEveryName) {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  Statistics statistics;
  for (const std::string &name :
       {bytes, std::string(), std::string("a # b"), std::string("tensor \"")}) {
    TensorStatistics tensor;
    tensor.name = name;
    statistics.tensors.push_back(tensor);
  }
  Statistics again = parse(printStatistics(statistics));
  for (const TensorStatistics &tensor : statistics.tensors)
    EXPECT_NE(again.find(tensor.name), nullptr);
}

TEST(Statistics, NamesTheLineOfEachError) {
  EXPECT_EQ(errorOf(""), "stats.txt:0: expected 'qcc-statistics 1', but got "
                         "the end of the file");
  EXPECT_EQ(errorOf("qcc-statistics 2\n"),
            "stats.txt:1: expected 'qcc-statistics 1', but got "
            "'qcc-statistics 2'");
  EXPECT_EQ(errorOf(replace(example, "method mse", "method kl")),
            "stats.txt:2: expected minmax, percentile, entropy or mse, but "
            "got 'kl'");
  EXPECT_EQ(errorOf(replace(example, "range 0 5.5", "range 1 5.5")),
            "stats.txt:7: expected two finite numbers, low <= 0 <= high, but "
            "got 'range 1 5.5'");
  EXPECT_EQ(errorOf(replace(example, "observed 0 6.25", "observed 0 inf")),
            "stats.txt:6: expected two finite numbers, smallest first, but "
            "got 'observed 0 inf'");
  EXPECT_EQ(errorOf(replace(example, "0.5 0.25", "0.5 x")),
            "stats.txt:12: expected finite numbers, but got 'x'");
  EXPECT_EQ(errorOf(replace(example, "  entropy 0 5.75\n", "")),
            "stats.txt:15: expected a line 'entropy' for \"relu_1\", but got "
            "none");
  EXPECT_EQ(errorOf(replace(example, "tensor \"add\"", "tensor \"relu_1\"")),
            "stats.txt:16: expected each tensor once, but got a second "
            "\"relu_1\"");
  EXPECT_EQ(errorOf(replace(example, "tensor \"add\"", "tensor add")),
            "stats.txt:16: expected a name in quotes, but got 'add'");
  EXPECT_EQ(errorOf(replace(example, "entropy 0", "mse 0")),
            "stats.txt:11: expected one line 'mse' for each tensor, but got "
            "another");
  EXPECT_EQ(errorOf(replace(example, "samples 100", "samples -1")),
            "stats.txt:3: expected 'samples' and a number, but got '-1'");
}

TEST(Statistics, SurvivesEveryTruncation) {
  std::string text = example;
  for (size_t size = 0; size < text.size(); ++size) {
    auto statistics = parseStatistics(text.substr(0, size), "stats.txt");
    if (!statistics)
      llvm::consumeError(statistics.takeError());
  }
}

TEST(Statistics, SummarizesAnObserver) {
  RangeObserver observer("x", 2);
  std::vector<float> values = {-1, 2, -3, 4};
  ASSERT_FALSE(observer.observe(values.data(), values.size()));
  TensorStatistics tensor = summarize(observer);
  EXPECT_EQ(tensor.name, "x");
  EXPECT_EQ(tensor.minimum, -3.0f);
  EXPECT_EQ(tensor.maximum, 4.0f);
  EXPECT_EQ(tensor.proposals[0], (Range{-3, 4}));
  EXPECT_EQ(tensor.channelMeans, std::vector<float>({-2, 3}));
  EXPECT_FALSE(tensor.editedRange.has_value());
}

TEST(Statistics, SaysThatAFileIsMissing) {
  auto statistics = loadStatistics("/nonexistent/stats.txt");
  ASSERT_FALSE(bool(statistics));
  EXPECT_EQ(llvm::toString(statistics.takeError()),
            "/nonexistent/stats.txt: expected a readable statistics file, "
            "but got No such file or directory");
  EXPECT_TRUE(errorToBool(saveStatistics("/nonexistent/s.txt", Statistics())));
}
