// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A decoder from its embedding to its head; parts of layers are read beside.

#include "compiler/Import/HuggingFace/HuggingFaceReader.h"

#include "compiler/Import/HuggingFace/DecoderReader.h"
#include "compiler/Import/HuggingFace/TextConfig.h"
#include "compiler/Import/JsonText.h"
#include "dialects/Qcc/Numerics/Halves.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

#include <cmath>

using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

namespace qcc {

DecoderLayer DecoderReader::readLayer(int64_t index) {
  const ModuleNames &names = family.names;
  std::string layer = prefix + names.layers.str() + std::to_string(index) + ".";
  DecoderLayer result;
  result.isParallel = model.isParallel;
  result.residualScale = model.residualScale;
  result.beforeAttention = readNorm(layer, names.beforeAttention, model.width);
  result.attention = readAttention(layer, index);
  result.afterAttention = readNorm(layer, names.afterAttention, model.width);
  result.beforeFeedForward =
      readNorm(layer, names.beforeFeedForward, model.width);
  if (model.layers[index].hasExperts)
    result.experts = readExperts(layer);
  else
    result.feedForward = readFeedForward(layer + names.feedForward.str(),
                                         family.feedForward, model.feedForward);
  result.afterFeedForward =
      readNorm(layer, names.afterFeedForward, model.width);
  return result;
}

void DecoderReader::readEmbedding() {
  const ModuleNames &names = family.names;
  decoder.embedding =
      weights.readTable(prefix + names.embedding.str(),
                        wholeMatrix(model.vocabulary, model.width));
  decoder.embeddingScale = model.embeddingScale;
  if (family.isEmbeddingScaled) {
    // The factor has the type of the weights, as in transformers: at width
    // 640 it is 25.25 in bf16 and 25.298 in f32.
    double scale = std::sqrt(double(model.width));
    uint16_t half = numerics::encodeBF16(scale);
    decoder.embeddingScale = scale;
    if (decoder.embedding.format == BlockFormat::BF16)
      decoder.embeddingScale = numerics::decodeBF16(half);
    else if (decoder.embedding.format == BlockFormat::F16)
      decoder.embeddingScale = numerics::decodeF16(numerics::encodeF16(scale));
  }
  decoder.embeddingNorm = readNorm(prefix, names.embeddingNorm, model.width);
  int64_t first = family.firstPosition, count = model.maxTokens;
  if (!names.positions.empty())
    decoder.positions =
        weights.readTable(prefix + names.positions.str(),
                          {first, count, first + count, model.width});
}

/// Tied heads have the bytes of the embedding, even where the file has both.
void DecoderReader::readHead() {
  std::string tensor = head + ".weight";
  bool isThere = weights.has(tensor) || weights.has(head + ".qweight") ||
                 weights.has(head + ".weight_packed");
  if (model.isTied || (!isThere && !model.isTiedStated)) {
    decoder.head.weight = decoder.embedding;
    ignored.push_back(tensor);
    return;
  }
  decoder.head = weights.readLinear(
      head, wholeMatrix(model.vocabulary, model.width), /*isHead=*/true);
}

void DecoderReader::findPrefix(bool isInner) {
  head = family.names.head.str();
  std::string embedding = family.names.embedding.str() + ".weight";
  if (isInner) {
    prefix = weights.findPrefix(embedding).value_or("");
    std::string name = family.names.head.str();
    for (StringRef end : {".weight", ".qweight", ".weight_packed"})
      if (auto before = weights.findPrefix(name + end.str()))
        head = *before + name;
    return;
  }
  // Checkpoints of the model without its head lack the prefix, or its start.
  StringRef rest = family.names.prefix;
  while (!rest.empty() && !weights.has(rest.str() + embedding))
    rest = rest.split('.').second;
  bool isBare = rest.empty() && weights.has(embedding);
  prefix = isBare ? "" : (rest.empty() ? family.names.prefix : rest).str();
}

void DecoderReader::read(bool isInner) {
  findPrefix(isInner);
  readEmbedding();
  decoder.rotaries = model.rotaries;
  for (size_t i = 0; i < model.layers.size() && !weights.hasFailed(); ++i)
    decoder.layers.push_back(readLayer(i));
  decoder.finalNorm = readNorm(prefix, family.names.finalNorm, model.width);
  readHead();
  for (int64_t i = 0; i < model.draftLayers; ++i)
    weights.ignore(prefix + family.names.layers.str() +
                   std::to_string(model.layers.size() + i) + ".");
  decoder.leaveOutDrafts(model.draftLayers);
  decoder.logitScale = model.logitScale;
  decoder.logitSoftCap = model.logitSoftCap;
  if (!isInner)
    return;
  int64_t others = weights.ignoreOthers({prefix, head + "."});
  decoder.remarks.push_back(
      "compiled the text part alone: " + std::to_string(others) +
      " tensors of other parts are left out");
}

Expected<Decoder>
readHuggingFaceDecoder(StringRef configText,
                       const SafetensorsCheckpoint &checkpoint,
                       int64_t contextTokens) {
  Expected<llvm::json::Object> object =
      parseJsonObject(configText, "config.json");
  if (!object)
    return object.takeError();
  ConfigReader whole(*object, "config.json");
  QuantizationConfig quantization = readQuantizationConfig(whole);
  if (Error error = whole.takeError())
    return error;
  std::optional<TextConfig> text = findTextConfig(*object);
  ConfigReader inner(text ? text->object : *object,
                     text ? text->label : "config.json");
  Expected<ModelConfig> model = readModelConfig(inner, contextTokens);
  if (!model)
    return model.takeError();
  Decoder decoder;
  decoder.family = model->family.modelType.str();
  decoder.vocabulary = model->vocabulary;
  decoder.width = model->width;
  decoder.maxTokens = model->maxTokens;
  decoder.files.assign(checkpoint.files().begin(), checkpoint.files().end());
  WeightReader weights(checkpoint, quantization, model->family.isTransposed);
  DecoderReader reader(*model, weights, decoder);
  reader.read(text.has_value());
  if (Error error = weights.finish(reader.ignored))
    return error;
  return decoder;
}

Expected<Decoder> readHuggingFaceDecoder(StringRef folder,
                                         int64_t contextTokens) {
  llvm::SmallString<256> path(folder);
  llvm::sys::path::append(path, "config.json");
  auto config = mapModelFile(path);
  if (!config)
    return config.takeError();
  Expected<SafetensorsCheckpoint> checkpoint =
      SafetensorsCheckpoint::open(folder);
  if (!checkpoint)
    return checkpoint.takeError();
  Expected<Decoder> decoder = readHuggingFaceDecoder(
      (*config)->getBuffer(), *checkpoint, contextTokens);
  if (!decoder)
    return llvm::createStringError(folder + ": " +
                                   llvm::toString(decoder.takeError()));
  // A path may end in a separator.
  StringRef name = llvm::sys::path::filename(folder.rtrim("/"));
  decoder->name = name.str();
  return decoder;
}

} // namespace qcc
