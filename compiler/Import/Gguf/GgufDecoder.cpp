// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Puts a decoder together: what a family's row says, with what keys and tensors
// of the file say.

#include "compiler/Import/Gguf/GgufDecoder.h"

#include "compiler/Import/Gguf/GgufFeedForward.h"
#include "compiler/Import/Gguf/GgufRotary.h"
#include "compiler/Import/QuotedName.h"

#include <cmath>

using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

namespace qcc {
namespace {

class GgufDecoderReader {
public:
  GgufDecoderReader(GgufSource &source, const GgufFamily &family)
      : source(source), family(family) {}

  Decoder read(int64_t tokens);

private:
  void readEnds();
  int64_t leaveOutDrafts();
  DecoderLayer readLayer(int64_t index);
  void readBeforeFeedForward(DecoderLayer &result);
  Norm readNorm(const Twine &name, int64_t size, bool isLayerNorm);
  Norm readLayerNorm(StringRef name);
  void readQueryKeyValue(Attention &attention);
  Attention readAttention(int64_t index);
  float getAttentionScale(const Attention &attention);
  int64_t getWindow(int64_t index);
  int64_t getRotary(int64_t index, const Attention &attention);
  bool hasHeadNorms() const;

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

bool GgufDecoderReader::hasHeadNorms() const {
  if (family.areHeadNormsOptional)
    return source.hasTensor(in("attn_q_norm.weight"));
  return family.hasHeadNorms || family.hasJointNorms;
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
  isPlain |= family.isRotatedInWindows && attention.window == 0;
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
  if (hasHeadNorms()) {
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

/// Whether the layer's branches stand beside each other, and what the second
/// one's norm is: the first one's if it has none of its own.
void GgufDecoderReader::readBeforeFeedForward(DecoderLayer &result) {
  result.isParallel =
      family.isParallel || source.getBool("use_parallel_residual", false);
  StringRef name = family.beforeFeedForward;
  if (!name.empty() && source.hasTensor(in(name + ".weight"))) {
    result.beforeFeedForward = readLayerNorm(name);
  } else if (result.isParallel || family.isParallelWithoutNorm) {
    result.isParallel = true;
    result.beforeFeedForward = result.beforeAttention;
  } else {
    result.beforeFeedForward = readLayerNorm(name);
  }
}

DecoderLayer GgufDecoderReader::readLayer(int64_t index) {
  layer = "blk." + std::to_string(index) + ".";
  DecoderLayer result;
  result.beforeAttention = readLayerNorm(family.beforeAttention);
  result.attention = readAttention(index);
  result.afterAttention = readLayerNorm(family.afterAttention);
  readBeforeFeedForward(result);
  GgufFeedForwardReader feedForward(source, family, layer, decoder.width);
  if (source.hasTensor(in("ffn_gate_inp.weight")))
    result.experts = feedForward.readExperts(index);
  else
    result.feedForward =
        feedForward.read("", source.getLayerSize("feed_forward_length", index));
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
  if (family.isLogitScaleFactor)
    decoder.logitScale = static_cast<float>(source.getNumber("logit_scale", 1));
  if (!family.hasScaleKeys)
    return;
  if (double scale = source.getNumber("embedding_scale", 0))
    decoder.embeddingScale = static_cast<float>(scale);
  if (double scale = source.getNumber("logit_scale", 0))
    decoder.logitScale = static_cast<float>(1 / scale);
}

/// Layers at the end that only guess tokens ahead; their tensors are left over.
int64_t GgufDecoderReader::leaveOutDrafts() {
  int64_t drafts = 0, all = source.getSize("block_count");
  if (source.getNumber("nextn_predict_layers", 0) != 0)
    drafts = source.getSize("nextn_predict_layers");
  if (drafts >= all)
    source.failKey("nextn_predict_layers",
                   "less than the " + Twine(all) + " layers that there are",
                   Twine(drafts));
  for (int64_t i = all - std::min(drafts, all); i < all; ++i)
    source.ignoreTensors("blk." + std::to_string(i) + ".");
  decoder.leaveOutDrafts(drafts);
  return drafts;
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
  layers = source.getSize("block_count") - leaveOutDrafts();
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
