// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks a family's description: numbers from config.json, modules from the
// checkpoint by the family's names.

#include "compiler/Import/HuggingFace/HuggingFaceReader.h"

#include "compiler/Import/HuggingFace/ModelConfig.h"
#include "compiler/Import/HuggingFace/WeightReader.h"
#include "compiler/Import/JsonText.h"
#include "dialects/Qcc/Numerics/Halves.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

#include <cmath>

using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

namespace qcc {

namespace {

class DecoderReader {
public:
  DecoderReader(const ModelConfig &model, WeightReader &weights,
                Decoder &decoder)
      : model(model), family(model.family), weights(weights), decoder(decoder) {
  }

  void read();
  /// Tensors that are there without being needed.
  std::vector<std::string> ignored;

private:
  void readEmbedding();
  void readHead();
  DecoderLayer readLayer(int64_t index);
  Attention readAttention(const std::string &layer, int64_t index);
  void readQueryKeyValue(const std::string &layer, Attention &attention);
  void splitHeads(const std::string &module, Attention &attention);
  FeedForward readFeedForward(const std::string &module,
                              const FeedForwardNames &names, int64_t width);
  FeedForward readStackedExpert(const std::string &layer, int64_t index);
  Experts readExperts(const std::string &layer);
  /// Nothing where the family has none of that name.
  Norm readNorm(const std::string &layer, StringRef name, int64_t size);

  const ModelConfig &model;
  const Family &family;
  WeightReader &weights;
  Decoder &decoder;
  std::string prefix;
};

} // namespace

Norm DecoderReader::readNorm(const std::string &layer, StringRef name,
                             int64_t size) {
  if (name.empty())
    return {};
  return weights.readNorm(layer + name.str(), size, family.norm, model.epsilon);
}

/// Rows of a matrix in a new buffer: q of each head, then k, then v.
///
///   q0 k0 v0 q1 k1 v1 -> q0 q1 | k0 k1 | v0 v1
///
/// The only weights that are copied.
void DecoderReader::splitHeads(const std::string &module,
                               Attention &attention) {
  int64_t heads = attention.heads, size = attention.headSize;
  if (attention.kvHeads != heads) {
    weights.fail(module, "expected as many heads of keys as of queries, but "
                         "got fewer");
    return;
  }
  Linear all =
      weights.readLinear(module, wholeMatrix(3 * heads * size, model.width));
  if (!all.weight.exists())
    return;
  if (all.weight.layout != WeightLayout::Blocks) {
    weights.fail(all.weight.name, "expected floats, but got codes");
    return;
  }
  int64_t headBytes = size * getRowBytes(all.weight.format, model.width);
  std::shared_ptr<llvm::WritableMemoryBuffer> buffer =
      llvm::WritableMemoryBuffer::getNewUninitMemBuffer(all.weight.bytes.size(),
                                                        all.weight.name);
  if (!buffer) {
    weights.fail(all.weight.name, "expected memory for it, but got none");
    return;
  }
  Linear *linears[3] = {&attention.query, &attention.key, &attention.value};
  for (int64_t part = 0; part < 3; ++part) {
    char *first = buffer->getBufferStart() + part * heads * headBytes;
    Linear &linear = *linears[part];
    for (int64_t head = 0; head < heads; ++head) {
      int64_t from = head * 3 + part;
      std::copy_n(all.weight.bytes.data() + from * headBytes, headBytes,
                  first + head * headBytes);
      if (!all.bias.empty())
        linear.bias.insert(linear.bias.end(), all.bias.begin() + from * size,
                           all.bias.begin() + (from + 1) * size);
    }
    linear.weight = all.weight;
    linear.weight.rows = heads * size;
    linear.weight.bytes = {first, size_t(heads * headBytes)};
  }
  decoder.files.push_back(buffer);
}

void DecoderReader::readQueryKeyValue(const std::string &layer,
                                      Attention &attention) {
  const ModuleNames &names = family.names;
  int64_t width = model.width;
  int64_t queries = model.heads * model.headSize;
  int64_t keys = model.kvHeads * model.headSize;
  if (names.queryKeyValue.empty()) {
    attention.query = weights.readLinear(layer + names.query.str(),
                                         wholeMatrix(queries, width));
    attention.key =
        weights.readLinear(layer + names.key.str(), wholeMatrix(keys, width));
    attention.value =
        weights.readLinear(layer + names.value.str(), wholeMatrix(keys, width));
    return;
  }
  std::string module = layer + names.queryKeyValue.str();
  if (family.fusion == Fusion::Heads)
    return splitHeads(module, attention);
  int64_t all = queries + 2 * keys;
  attention.query = weights.readLinear(module, {0, queries, all, width});
  attention.key = weights.readLinear(module, {queries, keys, all, width});
  attention.value =
      weights.readLinear(module, {queries + keys, keys, all, width});
}

Attention DecoderReader::readAttention(const std::string &layer,
                                       int64_t index) {
  const ModuleNames &names = family.names;
  const LayerConfig &config = model.layers[index];
  Attention attention;
  attention.heads = model.heads;
  attention.kvHeads = model.kvHeads;
  attention.headSize = model.headSize;
  attention.scale = model.attentionScale;
  if (model.isScaledByLayer)
    attention.scale /= index + 1;
  attention.softCap = model.attentionSoftCap;
  attention.window = config.window;
  attention.rotary = config.rotary;
  readQueryKeyValue(layer, attention);
  int64_t queries = model.heads * model.headSize;
  int64_t keys = model.kvHeads * model.headSize;
  attention.output = weights.readLinear(layer + names.output.str(),
                                        wholeMatrix(model.width, queries));
  if (!model.hasHeadNorms)
    return attention;
  attention.queryNorm = readNorm(
      layer, names.queryNorm, family.areNormsWide ? queries : model.headSize);
  attention.keyNorm = readNorm(layer, names.keyNorm,
                               family.areNormsWide ? keys : model.headSize);
  return attention;
}

FeedForward DecoderReader::readFeedForward(const std::string &module,
                                           const FeedForwardNames &names,
                                           int64_t width) {
  FeedForward result;
  result.function = model.function;
  if (!names.gateUp.empty()) {
    std::string both = module + names.gateUp.str();
    result.gate = weights.readLinear(both, {0, width, 2 * width, model.width});
    result.up =
        weights.readLinear(both, {width, width, 2 * width, model.width});
  } else {
    MatrixPart inward = wholeMatrix(width, model.width);
    if (!names.gate.empty())
      result.gate = weights.readLinear(module + names.gate.str(), inward);
    result.up = weights.readLinear(module + names.up.str(), inward);
  }
  result.down = weights.readLinear(module + names.down.str(),
                                   wholeMatrix(model.width, width));
  return result;
}

/// One expert out of the stacks of all.
FeedForward DecoderReader::readStackedExpert(const std::string &layer,
                                             int64_t index) {
  const ExpertNames &names = family.experts;
  int64_t width = model.expertWidth, all = 2 * width;
  FeedForward expert;
  expert.function = model.function;
  std::string both = layer + names.gateUpStack.str();
  auto read = [&](const std::string &tensor, const MatrixPart &part) {
    return weights.readStacked(tensor, index, model.experts, part);
  };
  expert.gate.weight = read(both, {0, width, all, model.width});
  expert.up.weight = read(both, {width, width, all, model.width});
  expert.down.weight =
      read(layer + names.downStack.str(), wholeMatrix(model.width, width));
  return expert;
}

Experts DecoderReader::readExperts(const std::string &layer) {
  const ExpertNames &names = family.experts;
  Experts experts;
  experts.used = model.usedExperts;
  experts.isNormalized = model.areExpertsNormalized;
  experts.isSoftmaxFirst = names.weights == ExpertWeights::Softmax;
  experts.isSigmoid = names.weights == ExpertWeights::Sigmoid;
  experts.scale = model.expertScale;
  bool isStacked = weights.has(layer + names.gateUpStack.str());
  std::string router = layer + names.router.str();
  if (isStacked && !weights.has(router + ".weight"))
    router = layer + "mlp.gate";
  experts.router =
      weights.readLinear(router, wholeMatrix(model.experts, model.width));
  if (!names.bias.empty())
    experts.choiceBias =
        weights.readVector(layer + names.bias.str(), model.experts);
  for (int64_t i = 0; i < model.experts && !weights.hasFailed(); ++i)
    experts.experts.push_back(
        isStacked ? readStackedExpert(layer, i)
                  : readFeedForward(layer + names.experts.str() +
                                        std::to_string(i) + ".",
                                    names.names, model.expertWidth));
  if (names.shared.empty())
    return experts;
  experts.shared = readFeedForward(layer + names.shared.str() + ".",
                                   names.sharedNames, model.sharedWidth);
  if (!names.sharedGate.empty())
    experts.sharedGate = weights.readLinear(layer + names.sharedGate.str(),
                                            wholeMatrix(1, model.width));
  return experts;
}

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
  decoder.embedding = weights.readTable(prefix + names.embedding.str(),
                                        model.vocabulary, model.width);
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
  if (!names.positions.empty())
    decoder.positions = weights.readTable(prefix + names.positions.str(),
                                          model.maxTokens, model.width);
}

/// Tied heads have the bytes of the embedding, even where the file has both.
void DecoderReader::readHead() {
  std::string head = family.names.head.str();
  std::string tensor = head + ".weight";
  bool isThere = weights.has(tensor) || weights.has(head + ".qweight") ||
                 weights.has(head + ".weight_packed");
  if (model.isTied || (!isThere && !model.isTiedStated)) {
    decoder.head.weight = decoder.embedding;
    ignored.push_back(tensor);
    return;
  }
  decoder.head =
      weights.readLinear(head, wholeMatrix(model.vocabulary, model.width));
}

void DecoderReader::read() {
  // Checkpoints of the model without its head lack the prefix.
  std::string embedding = family.names.embedding.str() + ".weight";
  if (!weights.has(embedding))
    prefix = family.names.prefix.str();
  readEmbedding();
  decoder.rotaries = model.rotaries;
  for (size_t i = 0; i < model.layers.size() && !weights.hasFailed(); ++i)
    decoder.layers.push_back(readLayer(i));
  decoder.finalNorm = readNorm(prefix, family.names.finalNorm, model.width);
  readHead();
  for (int64_t i = 0; i < model.draftLayers; ++i)
    weights.ignore(prefix + family.names.layers.str() +
                   std::to_string(model.layers.size() + i) + ".");
  decoder.logitScale = model.logitScale;
  decoder.logitSoftCap = model.logitSoftCap;
}

Expected<Decoder>
readHuggingFaceDecoder(StringRef configText,
                       const SafetensorsCheckpoint &checkpoint,
                       int64_t contextTokens) {
  Expected<llvm::json::Object> object =
      parseJsonObject(configText, "config.json");
  if (!object)
    return object.takeError();
  ConfigReader config(*object, "config.json");
  QuantizationConfig quantization = readQuantizationConfig(config);
  Expected<ModelConfig> model = readModelConfig(config, contextTokens);
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
  reader.read();
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
