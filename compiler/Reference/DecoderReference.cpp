// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function for each part of Decoder.h, over all tokens at once: each row
// of a weight is decoded once. Nothing is cached between runs.

#include "compiler/Reference/DecoderReference.h"

#include "compiler/Import/Decoder/WeightRows.h"

#include "llvm/ADT/STLExtras.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

using llvm::ArrayRef;

namespace qcc {

namespace {

/// One row of `width` numbers for each token.
struct Rows {
  int64_t tokens = 0, width = 0;
  std::vector<double> values;

  Rows(int64_t tokens, int64_t width)
      : tokens(tokens), width(width), values(tokens * width) {}
  double *row(int64_t token) { return values.data() + token * width; }
  const double *row(int64_t token) const {
    return values.data() + token * width;
  }
};

} // namespace

static Rows applyLinear(const Linear &linear, const Rows &input) {
  const Weight &weight = linear.weight;
  assert(weight.columns == input.width && "a matrix for another width");
  Rows output(input.tokens, weight.rows);
  std::vector<float> row(weight.columns);
  for (int64_t i = 0; i < weight.rows; ++i) {
    decodeWeightRow(weight, i, row.data());
    double bias = linear.bias.empty() ? 0 : linear.bias[i];
    for (int64_t token = 0; token < input.tokens; ++token)
      output.row(token)[i] =
          std::inner_product(row.begin(), row.end(), input.row(token), bias);
  }
  return output;
}

/// In pieces as long as the weights: a token's whole row, or each head of it;
/// or in pieces of `size`, each with its part of the weights.
static Rows applyNorm(const Norm &norm, const Rows &input, int64_t size = 0) {
  if (!norm.exists())
    return input;
  int64_t weights = norm.weight.size();
  size = size == 0 ? weights : size;
  assert(input.width % weights == 0 && "a norm for another width");
  Rows output(input.tokens, input.width);
  for (size_t first = 0; first < input.values.size(); first += size) {
    const double *from = input.values.data() + first;
    double *to = output.values.data() + first;
    double mean = 0, squares = 0;
    if (norm.isLayerNorm)
      mean = std::accumulate(from, from + size, 0.0) / size;
    for (int64_t i = 0; i < size; ++i)
      squares += (from[i] - mean) * (from[i] - mean);
    double factor = 1 / std::sqrt(squares / size + norm.epsilon);
    for (int64_t i = 0; i < size; ++i)
      to[i] = (from[i] - mean) * factor * norm.weight[(first + i) % weights] +
              (norm.bias.empty() ? 0 : norm.bias[i]);
  }
  return output;
}

static void add(Rows &sum, const Rows &branch, double scale = 1) {
  for (size_t i = 0; i < sum.values.size(); ++i)
    sum.values[i] += branch.values[i] * scale;
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

static void rotate(const Rotary &rotary, int64_t headSize, Rows &rows) {
  int64_t pairs = rotary.inverseFrequencies.size();
  for (int64_t token = 0; token < rows.tokens; ++token) {
    for (int64_t pair = 0; pair < pairs; ++pair) {
      double angle = token * double(rotary.inverseFrequencies[pair]);
      double cosine = std::cos(angle) * rotary.magnitude;
      double sine = std::sin(angle) * rotary.magnitude;
      int64_t a = rotary.isInterleaved ? 2 * pair : pair;
      int64_t b = rotary.isInterleaved ? a + 1 : pair + pairs;
      for (int64_t head = 0; head < rows.width; head += headSize) {
        double *values = rows.row(token) + head;
        double x = values[a], y = values[b];
        values[a] = x * cosine - y * sine;
        values[b] = y * cosine + x * sine;
      }
    }
  }
}

/// exp(score) of each position that is seen, divided by the sum of all and of
/// the sink's.
static void applySoftmax(std::vector<double> &scores,
                         std::optional<double> sink = std::nullopt) {
  double most = *std::max_element(scores.begin(), scores.end());
  if (sink)
    most = std::max(most, *sink);
  double sum = sink ? std::exp(*sink - most) : 0;
  for (double &score : scores)
    sum += score = std::exp(score - most);
  for (double &score : scores)
    score /= sum;
}

/// One head of one token: `query` against the keys of the positions it sees.
static void attendHead(const Attention &attention, int64_t head, int64_t token,
                       const Rows &keys, const Rows &values,
                       std::pair<const double *, double *> queryAndOutput) {
  auto [query, output] = queryAndOutput;
  int64_t size = attention.headSize;
  int64_t kvHead = head / (attention.heads / attention.kvHeads);
  int64_t first = 0;
  if (attention.window > 0)
    first = std::max<int64_t>(0, token + 1 - attention.window);
  std::vector<double> scores;
  for (int64_t position = first; position <= token; ++position) {
    const double *key = keys.row(position) + kvHead * size;
    double score =
        std::inner_product(key, key + size, query, 0.0) * attention.scale;
    if (attention.softCap != 0)
      score = attention.softCap * std::tanh(score / attention.softCap);
    if (!attention.slopes.empty())
      score += attention.slopes[head] * double(position - token);
    scores.push_back(score);
  }
  std::optional<double> sink;
  if (!attention.sinks.empty())
    sink = attention.sinks[head];
  applySoftmax(scores, sink);
  for (int64_t position = first; position <= token; ++position) {
    const double *value = values.row(position) + kvHead * size;
    for (int64_t i = 0; i < size; ++i)
      output[i] += scores[position - first] * value[i];
  }
}

static Rows runAttention(const Decoder &decoder, const Attention &attention,
                         const Rows &input) {
  Rows queries = applyLinear(attention.query, input);
  Rows keys = applyLinear(attention.key, input);
  Rows values = applyLinear(attention.value, input);
  for (Rows *rows : {&queries, &keys, &values})
    if (attention.clip != 0)
      for (double &value : rows->values)
        value = std::clamp<double>(value, -attention.clip, attention.clip);
  auto normalize = [&] {
    int64_t size = attention.areNormsByHead ? attention.headSize : 0;
    queries = applyNorm(attention.queryNorm, queries, size);
    keys = applyNorm(attention.keyNorm, keys, size);
  };
  if (!attention.areNormsLast)
    normalize();
  if (attention.rotary >= 0) {
    const Rotary &rotary = decoder.rotaries[attention.rotary];
    rotate(rotary, attention.headSize, queries);
    rotate(rotary, attention.headSize, keys);
  }
  if (attention.areNormsLast)
    normalize();
  Rows output(input.tokens, attention.heads * attention.headSize);
  for (int64_t token = 0; token < input.tokens; ++token)
    for (int64_t head = 0; head < attention.heads; ++head) {
      int64_t first = head * attention.headSize;
      attendHead(attention, head, token, keys, values,
                 {queries.row(token) + first, output.row(token) + first});
    }
  return applyLinear(attention.output, output);
}

//===----------------------------------------------------------------------===//
// Feed-forward networks
//===----------------------------------------------------------------------===//

static double applyFunction(GateFunction function, double x) {
  switch (function) {
  case GateFunction::Silu:
    return x / (1 + std::exp(-x));
  case GateFunction::GeluTanh:
    return 0.5 * x *
           (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  case GateFunction::GeluErf:
    return 0.5 * x * (1 + std::erf(x / std::sqrt(2)));
  case GateFunction::Relu:
    return std::max(x, 0.0);
  case GateFunction::ReluSquared:
    return x > 0 ? x * x : 0;
  case GateFunction::ClampedSwish:
    x = std::min(x, 7.0);
    return x / (1 + std::exp(-1.702 * x));
  }
  llvm_unreachable("a gate without a function");
}

static Rows runFeedForward(const FeedForward &network, const Rows &input) {
  Rows hidden = applyLinear(network.up, input);
  if (network.gate.exists()) {
    Rows gate = applyLinear(network.gate, input);
    if (network.function == GateFunction::ClampedSwish)
      for (double &value : hidden.values)
        value = std::clamp(value, -7.0, 7.0) + 1;
    for (size_t i = 0; i < hidden.values.size(); ++i)
      hidden.values[i] *= applyFunction(network.function, gate.values[i]);
  } else {
    for (double &value : hidden.values)
      value = applyFunction(network.function, value);
  }
  return applyLinear(network.down, hidden);
}

/// The weight of each expert for one token, 0 for those that are not picked.
static std::vector<double> pickExperts(const Experts &experts,
                                       std::vector<double> scores) {
  if (experts.isSigmoid)
    for (double &score : scores)
      score = 1 / (1 + std::exp(-score));
  else if (experts.isSoftmaxFirst)
    applySoftmax(scores);
  // Of equal scores the first wins; NaN never does.
  std::vector<double> keys = scores;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!experts.choiceBias.empty())
      keys[i] += experts.choiceBias[i];
    if (std::isnan(keys[i]))
      keys[i] = -std::numeric_limits<double>::infinity();
  }
  std::vector<int64_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return keys[a] != keys[b] ? keys[a] > keys[b] : a < b;
  });
  order.resize(experts.used);
  std::vector<double> picked;
  for (int64_t expert : order)
    picked.push_back(scores[expert]);
  if (!experts.isSoftmaxFirst && !experts.isSigmoid)
    applySoftmax(picked);
  double sum = std::accumulate(picked.begin(), picked.end(), 0.0);
  std::vector<double> weights(scores.size());
  for (size_t i = 0; i < order.size(); ++i)
    weights[order[i]] =
        picked[i] / (experts.isNormalized ? sum : 1) * experts.scale;
  return weights;
}

static void addShared(const Experts &experts, const Rows &input, Rows &output) {
  Rows shared = runFeedForward(experts.shared, input);
  if (experts.sharedGate.exists()) {
    Rows gate = applyLinear(experts.sharedGate, input);
    for (int64_t token = 0; token < input.tokens; ++token)
      for (int64_t i = 0; i < shared.width; ++i)
        shared.row(token)[i] /= 1 + std::exp(-gate.row(token)[0]);
  }
  add(output, shared);
}

static Rows runExperts(const Experts &experts, const Rows &input) {
  Rows scores = applyLinear(experts.router, input);
  Rows output(input.tokens, input.width);
  for (int64_t token = 0; token < input.tokens; ++token) {
    std::vector<double> weights = pickExperts(
        experts, std::vector<double>(scores.row(token),
                                     scores.row(token) + scores.width));
    Rows own(1, input.width);
    std::copy_n(input.row(token), input.width, own.row(0));
    for (size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] == 0)
        continue;
      Rows result = runFeedForward(experts.experts[i], own);
      for (int64_t j = 0; j < output.width; ++j)
        output.row(token)[j] += weights[i] * result.row(0)[j];
    }
  }
  if (experts.shared.up.exists())
    addShared(experts, input, output);
  return output;
}

//===----------------------------------------------------------------------===//
// The whole decoder
//===----------------------------------------------------------------------===//

static Rows embed(const Decoder &decoder, ArrayRef<int32_t> ids) {
  Rows rows(ids.size(), decoder.width);
  std::vector<float> values(decoder.width);
  for (int64_t token = 0; token < rows.tokens; ++token) {
    decodeWeightRow(decoder.embedding, ids[token], values.data());
    for (int64_t i = 0; i < rows.width; ++i)
      rows.row(token)[i] = double(values[i]) * decoder.embeddingScale;
    if (!decoder.positions.exists())
      continue;
    decodeWeightRow(decoder.positions, token, values.data());
    for (int64_t i = 0; i < rows.width; ++i)
      rows.row(token)[i] += values[i];
  }
  return rows;
}

static void runLayer(const Decoder &decoder, const DecoderLayer &layer,
                     Rows &rows) {
  Rows input = rows;
  Rows attended = runAttention(decoder, layer.attention,
                               applyNorm(layer.beforeAttention, input));
  add(rows, applyNorm(layer.afterAttention, attended), layer.residualScale);
  if (!layer.isParallel)
    input = rows;
  Rows normed = applyNorm(layer.beforeFeedForward, input);
  Rows result = layer.experts.exists()
                    ? runExperts(layer.experts, normed)
                    : runFeedForward(layer.feedForward, normed);
  add(rows, applyNorm(layer.afterFeedForward, result), layer.residualScale);
}

std::vector<float> runDecoder(const Decoder &decoder, ArrayRef<int32_t> ids) {
  if (ids.empty())
    return {};
  Rows rows = applyNorm(decoder.embeddingNorm, embed(decoder, ids));
  for (const DecoderLayer &layer : decoder.layers)
    runLayer(decoder, layer, rows);
  Rows logits = applyLinear(decoder.head, applyNorm(decoder.finalNorm, rows));
  double cap = decoder.logitSoftCap;
  for (double &logit : logits.values) {
    logit *= decoder.logitScale;
    if (cap != 0)
      logit = cap * std::tanh(logit / cap);
  }
  return std::vector<float>(logits.values.begin(), logits.values.end());
}

} // namespace qcc
