// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parts of a decoder that no trained model at hand has, on numbers that can be
// followed by hand: sinks, pairs side by side, the order of softmax and choice.

#include "compiler/Reference/DecoderReference.h"

#include "gtest/gtest.h"

#include <cmath>
#include <list>

using namespace qcc;

namespace {

/// One layer of width 2 whose matrices are the identity. Attention gives each
/// token the mean of what it sees, where scores are equal; the feed-forward
/// network gives nothing.
class DecoderReference : public testing::Test {
protected:
  Decoder decoder;
  DecoderLayer &layer() { return decoder.layers[0]; }

  Weight matrix(int64_t rows, int64_t columns, std::vector<float> values) {
    kept.push_back(std::move(values));
    Weight weight;
    weight.rows = rows;
    weight.columns = columns;
    weight.bytes = {reinterpret_cast<const char *>(kept.back().data()),
                    kept.back().size() * sizeof(float)};
    return weight;
  }
  Weight identity(float scale = 1) {
    return matrix(2, 2, {scale, 0, 0, scale});
  }
  FeedForward scaleBy(float scale) {
    FeedForward network;
    network.up.weight = identity();
    network.down.weight = identity(scale);
    network.function = GateFunction::Relu;
    return network;
  }
  void SetUp() override {
    decoder.vocabulary = decoder.width = 2;
    decoder.embedding = identity(2);
    decoder.head.weight = identity();
    decoder.layers.resize(1);
    Attention &attention = layer().attention;
    attention.query.weight = identity();
    attention.key.weight = identity();
    attention.value.weight = identity();
    attention.output.weight = identity();
    attention.heads = attention.kvHeads = 1;
    attention.headSize = 2;
    attention.scale = 0; // all scores are 0
    layer().feedForward = scaleBy(0);
  }
  void expectLogits(const std::vector<int32_t> &ids,
                    const std::vector<float> &expected) {
    std::vector<float> logits = runDecoder(decoder, ids);
    ASSERT_EQ(logits.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(logits[i], expected[i], 1e-6) << i;
  }

private:
  std::list<std::vector<float>> kept;
};

} // namespace

TEST_F(DecoderReference, AveragesWhatItSees) {
  expectLogits({}, {});
  expectLogits({0, 1}, {4, 0, 1, 3});
  layer().attention.window = 1;
  expectLogits({0, 1}, {4, 0, 0, 4});
}

TEST_F(DecoderReference, SinksTakePartOfTheSum) {
  layer().attention.sinks = {0};
  expectLogits({0, 1}, {3, 0, 2 / 3.0f, 2 + 2 / 3.0f});
}

TEST_F(DecoderReference, ScoresAreCapped) {
  layer().attention.scale = 100; // 400 for the own position, 0 for others
  layer().attention.softCap = 1;
  float own = std::exp(std::tanh(400.0f));
  float part = own / (own + 1);
  expectLogits({0, 1}, {4, 0, 2 * (1 - part), 2 + 2 * part});
}

TEST_F(DecoderReference, RotatesPairsSideBySide) {
  // Two pairs would differ; one is the same in both orders.
  layer().attention.scale = 1;
  layer().attention.rotary = 0;
  decoder.rotaries.resize(1);
  decoder.rotaries[0].inverseFrequencies = {float(M_PI / 2)};
  // The second token turns by a quarter: its query [0, 2] becomes [-2, 0].
  float first = std::exp(-4.0f), own = std::exp(4.0f);
  float part = own / (first + own);
  for (bool isInterleaved : {false, true}) {
    decoder.rotaries[0].isInterleaved = isInterleaved;
    expectLogits({0, 1}, {4, 0, 2 * (1 - part), 2 + 2 * part});
  }
}

TEST_F(DecoderReference, ScalesBranchesAndLogits) {
  layer().residualScale = 0.5;
  decoder.logitScale = 2;
  expectLogits({0}, {6, 0});
  decoder.logitSoftCap = 3;
  expectLogits({0}, {3 * std::tanh(2.0f), 0});
}

TEST_F(DecoderReference, BranchesMayBeParallel) {
  layer().feedForward = scaleBy(1);
  expectLogits({0}, {8, 0});
  layer().isParallel = true;
  expectLogits({0}, {6, 0});
}

TEST_F(DecoderReference, NormsMaySubtractTheMean) {
  decoder.finalNorm.weight = {1, 2};
  decoder.finalNorm.epsilon = 0;
  expectLogits({0}, {std::sqrt(2.0f), 0});
  decoder.finalNorm.isLayerNorm = true;
  decoder.finalNorm.bias = {0, 5};
  expectLogits({0}, {1, 3});
}

TEST_F(DecoderReference, PicksExperts) {
  Experts &experts = layer().experts;
  experts.experts = {scaleBy(1), scaleBy(2), scaleBy(4)};
  // Scores of [4, 0] are 0, log 2 and log 3.
  experts.router.weight =
      matrix(3, 2, {0, 0, std::log(2.0f) / 4, 0, std::log(3.0f) / 4, 0});
  experts.used = 2;
  experts.isNormalized = false;
  // 4 + 4 * (2 * 2/6 + 4 * 3/6)
  expectLogits({0}, {4 + 4 * (4 / 6.0f + 2), 0});
  for (bool isSoftmaxFirst : {false, true}) {
    experts.isSoftmaxFirst = isSoftmaxFirst;
    experts.isNormalized = isSoftmaxFirst;
    expectLogits({0}, {4 + 4 * (2 * 0.4f + 4 * 0.6f), 0});
  }
  experts.shared = scaleBy(8);
  experts.sharedGate.weight = matrix(1, 2, {0, 0}); // sigmoid(0)
  expectLogits({0}, {4 + 4 * (0.8f + 2.4f) + 4 * 8 * 0.5f, 0});
}
