// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Puts a decoder together: what a family's row says, with what keys and tensors
// of the file say.

#include "compiler/Import/Gguf/GgufDecoder.h"

#include "compiler/Import/Gguf/GgufRotary.h"
#include "compiler/Import/QuotedName.h"

#include <cmath>

using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

namespace qcc {
namespace {

// More than any model has; an expert takes a kilobyte of memory.
constexpr int64_t kMaxExperts = 1 << 10;

class GgufDecoderReader {
public:
  GgufDecoderReader(GgufSource &source, const GgufFamily &family)
      : source(source), family(family) {}

  Decoder read(int64_t tokens);

private:
  void readEnds();
  DecoderLayer readLayer(int64_t index);
  Norm readNorm(const Twine &name, int64_t size, bool isLayerNorm);
  Norm readLayerNorm(StringRef name);
  void readQueryKeyValue(Attention &attention);
  Attention readAttention(int64_t index);
  float getAttentionScale(const Attention &attention);
  int64_t getWindow(int64_t index);
  int64_t getRotary(int64_t index, const Attention &attention);
  FeedForward readFeedForward(const Twine &suffix, int64_t hidden);
  Linear readExpertMatrix(StringRef name, int64_t expert, int64_t count,
                          std::pair<int64_t, int64_t> shape);
  Experts readExperts(int64_t index);

  /// The name of a tensor of the layer that is being read.
  std::string in(const Twine &name) const { return (layer + name).str(); }

  GgufSource &source;
  const GgufFamily &family;
  Decoder decoder;
  std::string layer; // "blk.3."
  int64_t layers = 0;
  int64_t tokens = 0;
  float epsilon = 0;
  int64_t rotary = -1, windowRotary = -1; // in decoder.rotaries
  int64_t rotaryHeadSize = 0;
};

} // namespace

Norm GgufDecoderReader::readNorm(const Twine &name, int64_t size,
                                 bool isLayerNorm) {
  Norm norm;
  norm.weight = source.getVector((name + ".weight").str(), size);
  norm.isLayerNorm = isLayerNorm;
  norm.epsilon = epsilon;
  std::string bias = (name + ".bias").str();
  if (isLayerNorm && source.hasTensor(bias))
    norm.bias = source.getVector(bias, size);
  return norm;
}

/// A norm of the residual stream; none if the family has no name for it.
Norm GgufDecoderReader::readLayerNorm(StringRef name) {
  if (name.empty())
    return Norm();
  return readNorm(in(name), decoder.width, family.isLayerNorm);
}

void GgufDecoderReader::readQueryKeyValue(Attention &attention) {
  int64_t width = decoder.width;
  int64_t query = attention.heads * attention.headSize;
  int64_t key = attention.kvHeads * attention.headSize;
  if (!source.hasTensor(in("attn_qkv.weight"))) {
    attention.query = source.getLinear(in("attn_q"), query, width);
    attention.key = source.getLinear(in("attn_k"), key, width);
    attention.value = source.getLinear(in("attn_v"), key, width);
    return;
  }
  Linear fused = source.getLinear(in("attn_qkv"), query + 2 * key, width);
  if (source.hasFailed())
    return;
  attention.query = sliceRows(fused, 0, query);
  attention.key = sliceRows(fused, query, key);
  attention.value = sliceRows(fused, query + key, key);
}

float GgufDecoderReader::getAttentionScale(const Attention &attention) {
  double scale = source.getNumber("attention.scale", 0);
  if (scale != 0)
    return static_cast<float>(scale);
  int64_t size = layers == family.jointScaleLayers
                     ? decoder.width / attention.heads
                     : attention.headSize;
  return static_cast<float>(1 / std::sqrt(static_cast<double>(size)));
}

/// 0 for layers that see all positions.
int64_t GgufDecoderReader::getWindow(int64_t index) {
  // Writers say "none" by 0 too.
  if (source.getNumber("attention.sliding_window", 1) == 0)
    return 0;
  int64_t window = source.hasKey("attention.sliding_window")
                       ? source.getSize("attention.sliding_window")
                       : family.window;
  StringRef pattern = "attention.sliding_window_pattern";
  if (source.isArrayKey(pattern))
    return source.getLayerFlag(pattern, index) ? window : 0;
  int64_t every = source.getSize(pattern, family.fullEvery);
  return every != 0 && (index + 1) % every == 0 ? 0 : window;
}

/// The index of the layer's rotary, which others share.
int64_t GgufDecoderReader::getRotary(int64_t index,
                                     const Attention &attention) {
  bool isPlain = family.plainEvery && (index + 1) % family.plainEvery == 0;
  if (isPlain || family.positions == GgufPositions::Learned)
    return -1;
  if (family.isRotationSwitched &&
      !source.getBool("rope.scaling.finetuned", true))
    return -1;
  bool isWindow = family.hasPlainWindows && attention.window != 0;
  int64_t &known = isWindow ? windowRotary : rotary;
  if (known != -1) {
    if (rotaryHeadSize != attention.headSize)
      source.failKey("attention.head_count",
                     "heads of " + Twine(rotaryHeadSize) +
                         " elements in all layers",
                     Twine(attention.headSize));
    return known;
  }
  rotaryHeadSize = attention.headSize;
  GgufRotaryOptions options = {attention.headSize, decoder.maxTokens, tokens};
  known = static_cast<int64_t>(decoder.rotaries.size());
  decoder.rotaries.push_back(isWindow
                                 ? readGgufWindowRotary(source, family, options)
                                 : readGgufRotary(source, family, options));
  return known;
}

Attention GgufDecoderReader::readAttention(int64_t index) {
  Attention attention;
  attention.heads = source.getLayerSize("attention.head_count", index);
  attention.kvHeads =
      source.getLayerSize("attention.head_count_kv", index, attention.heads);
  int64_t size = decoder.width / attention.heads;
  attention.headSize = source.getSize("attention.key_length", size);
  int64_t valueSize = source.getSize("attention.value_length", size);
  if (valueSize != attention.headSize)
    source.failKey("attention.value_length",
                   "the key length " + Twine(attention.headSize),
                   Twine(valueSize));
  if (attention.heads % attention.kvHeads)
    source.failKey("attention.head_count_kv",
                   "a divisor of " + Twine(attention.heads) + " heads",
                   Twine(attention.kvHeads));
  readQueryKeyValue(attention);
  attention.output = source.getLinear(in("attn_output"), decoder.width,
                                      attention.heads * attention.headSize);
  if (family.hasHeadNorms || family.hasJointNorms) {
    int64_t heads = family.hasJointNorms ? attention.heads : 1;
    int64_t kvHeads = family.hasJointNorms ? attention.kvHeads : 1;
    attention.queryNorm =
        readNorm(in("attn_q_norm"), heads * attention.headSize, false);
    attention.keyNorm =
        readNorm(in("attn_k_norm"), kvHeads * attention.headSize, false);
  }
  attention.scale = getAttentionScale(attention);
  attention.softCap = static_cast<float>(
      source.getNumber("attn_logit_softcapping", family.attentionSoftCap));
  attention.window = getWindow(index);
  attention.rotary = getRotary(index, attention);
  if (family.hasSinks)
    attention.sinks =
        source.getVector(in("attn_sinks.weight"), attention.heads);
  // Files of older converters have a table that nobody reads.
  source.ignoreTensor(in("attn_rot_embd.weight"));
  return attention;
}

/// Tensors are called ffn_up and so on, with `suffix`.
FeedForward GgufDecoderReader::readFeedForward(const Twine &suffix,
                                               int64_t hidden) {
  FeedForward result;
  int64_t width = decoder.width;
  result.function = family.function;
  result.down = source.getLinear(in("ffn_down" + suffix), width, hidden);
  if (!family.isGated) {
    result.up = source.getLinear(in("ffn_up" + suffix), hidden, width);
  } else if (source.hasTensor(in("ffn_gate" + suffix + ".weight"))) {
    result.gate = source.getLinear(in("ffn_gate" + suffix), hidden, width);
    result.up = source.getLinear(in("ffn_up" + suffix), hidden, width);
  } else {
    Linear fused = source.getLinear(in("ffn_up" + suffix), 2 * hidden, width);
    if (source.hasFailed())
      return result;
    result.gate = sliceRows(fused, 0, hidden);
    result.up = sliceRows(fused, hidden, hidden);
  }
  return result;
}

/// Matrix of one expert: a part of `name`_exps, or, in older files, `name`.3.
Linear GgufDecoderReader::readExpertMatrix(StringRef name, int64_t expert,
                                           int64_t count,
                                           std::pair<int64_t, int64_t> shape) {
  Linear linear;
  std::string single = in(name + "." + Twine(expert) + ".weight");
  linear.weight = source.hasTensor(single)
                      ? source.getMatrix(single, shape.first, shape.second)
                      : source.getMatrixOf(in(name + "_exps.weight"), expert,
                                           count, shape.first, shape.second);
  std::string bias = in(name + "_exps.bias");
  if (source.hasTensor(bias))
    linear.bias = source.getVectorOf(bias, expert, count, shape.first);
  return linear;
}

Experts GgufDecoderReader::readExperts(int64_t index) {
  Experts result;
  int64_t width = decoder.width;
  int64_t count = source.getSize("expert_count");
  result.used = source.getLayerSize("expert_used_count", index);
  if (count > kMaxExperts)
    source.failKey("expert_count", "at most " + Twine(kMaxExperts),
                   Twine(count));
  if (result.used > count)
    source.failKey("expert_used_count",
                   "at most the " + Twine(count) + " that there are",
                   Twine(result.used));
  int64_t gating = source.getSize("expert_gating_func", 1);
  if (gating != 1)
    source.failKey("expert_gating_func", "1 for softmax", Twine(gating));
  result.router = source.getLinear(in("ffn_gate_inp"), count, width);
  int64_t dense = source.getLayerSize("feed_forward_length", index, 1);
  int64_t hidden = source.getSize("expert_feed_forward_length", dense);
  std::pair inner(hidden, width), outer(width, hidden);
  for (int64_t i = 0; i < count && !source.hasFailed(); ++i) {
    FeedForward &expert = result.experts.emplace_back();
    expert.function = family.function;
    expert.gate = readExpertMatrix("ffn_gate", i, count, inner);
    expert.up = readExpertMatrix("ffn_up", i, count, inner);
    expert.down = readExpertMatrix("ffn_down", i, count, outer);
  }
  result.isNormalized = family.isNormalized;
  result.isSoftmaxFirst = family.isSoftmaxFirst;
  double scale = source.getNumber("expert_weights_scale", 0);
  if (scale != 0)
    result.scale = static_cast<float>(scale);
  if (source.hasTensor(in("ffn_up_shexp.weight")))
    result.shared = readFeedForward(
        "_shexp", source.getSize("expert_shared_feed_forward_length", dense));
  if (source.hasTensor(in("ffn_gate_inp_shexp.weight")))
    result.sharedGate = source.getLinear(in("ffn_gate_inp_shexp"), 1, width);
  return result;
}

DecoderLayer GgufDecoderReader::readLayer(int64_t index) {
  layer = "blk." + std::to_string(index) + ".";
  DecoderLayer result;
  result.beforeAttention = readLayerNorm(family.beforeAttention);
  result.attention = readAttention(index);
  result.afterAttention = readLayerNorm(family.afterAttention);
  result.beforeFeedForward = readLayerNorm(family.beforeFeedForward);
  if (source.hasTensor(in("ffn_gate_inp.weight")))
    result.experts = readExperts(index);
  else
    result.feedForward =
        readFeedForward("", source.getLayerSize("feed_forward_length", index));
  result.afterFeedForward = readLayerNorm(family.afterFeedForward);
  if (family.hasScaleKeys) {
    double scale = source.getNumber("residual_scale", 0);
    result.residualScale = scale == 0 ? 1 : static_cast<float>(scale);
  }
  return result;
}

/// What is before and after the layers.
void GgufDecoderReader::readEnds() {
  int64_t width = decoder.width;
  decoder.vocabulary = source.getRows("token_embd.weight");
  decoder.embedding =
      source.getMatrix("token_embd.weight", decoder.vocabulary, width);
  if (family.isEmbeddingScaled)
    decoder.embeddingScale = std::sqrt(static_cast<float>(width));
  if (family.positions == GgufPositions::Learned)
    decoder.positions =
        source.getMatrix("position_embd.weight", decoder.maxTokens, width);
  decoder.finalNorm = readNorm("output_norm", width, family.isLayerNorm);
  if (source.hasTensor("output.weight"))
    decoder.head = source.getLinear("output", decoder.vocabulary, width);
  else
    decoder.head.weight = decoder.embedding;
  decoder.logitSoftCap = static_cast<float>(
      source.getNumber("final_logit_softcapping", family.logitSoftCap));
  if (!family.hasScaleKeys)
    return;
  if (double scale = source.getNumber("embedding_scale", 0))
    decoder.embeddingScale = static_cast<float>(scale);
  if (double scale = source.getNumber("logit_scale", 0))
    decoder.logitScale = static_cast<float>(1 / scale);
}

Decoder GgufDecoderReader::read(int64_t usedTokens) {
  decoder.family = family.name.str();
  decoder.width = source.getSize("embedding_length");
  decoder.maxTokens = source.getSize("context_length");
  tokens = usedTokens ? usedTokens : decoder.maxTokens;
  StringRef key = family.isLayerNorm ? "attention.layer_norm_epsilon"
                                     : "attention.layer_norm_rms_epsilon";
  epsilon = static_cast<float>(source.getNumber(key));
  if (epsilon < 0)
    source.failKey(key, "0 or more", std::to_string(epsilon));
  layers = source.getSize("block_count");
  readEnds();
  for (int64_t i = 0; i < layers && !source.hasFailed(); ++i)
    decoder.layers.push_back(readLayer(i));
  if (decoder.rotaries.empty())
    source.ignoreTensor("rope_freqs.weight");
  source.checkAllUsed();
  return std::move(decoder);
}

Expected<Decoder> readGgufDecoder(const GgufFile &file, int64_t tokens) {
  Expected<StringRef> name = file.getString("general.architecture");
  if (!name)
    return name.takeError();
  if (file.has((*name + ".attention.kv_lora_rank").str()))
    return llvm::createStringError(
        "key 'general.architecture': expected a model that caches keys and "
        "values of heads, but got " +
        quoteName(*name) + ", whose attention is latent");
  const GgufFamily *family = findGgufFamily(*name);
  if (!family)
    return llvm::createStringError(
        "key 'general.architecture': expected one of " + listGgufFamilies() +
        ", but got " + quoteName(*name));
  GgufSource source(file, *name);
  Decoder decoder = GgufDecoderReader(source, *family).read(tokens);
  if (llvm::Error error = source.takeError())
    return error;
  decoder.name = name->str();
  if (file.has("general.name")) {
    Expected<StringRef> title = file.getString("general.name");
    if (!title)
      return title.takeError();
    decoder.name = title->str();
  }
  decoder.files = file.getFiles();
  return decoder;
}

} // namespace qcc
