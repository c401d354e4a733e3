// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attention: matrices of q, k and v, apart or fused in three ways, and norms.

#include "compiler/Import/HuggingFace/DecoderReader.h"

#include <cmath>

using llvm::StringRef;

namespace qcc {

/// Rows of a matrix in a new buffer: all of q, then k, then v. Of two heads
/// that share a key head:
///
///   q0 q1 k0 v0 q2 q3 k1 v1 -> q0 q1 q2 q3 | k0 k1 | v0 v1
///
/// The only weights that are copied.
void DecoderReader::splitHeads(const std::string &module,
                               Attention &attention) {
  int64_t shared = attention.heads / attention.kvHeads;
  int64_t size = attention.headSize, group = shared + 2;
  int64_t heads = attention.kvHeads * group;
  Linear all =
      weights.readLinear(module, wholeMatrix(heads * size, model.width));
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
  char *to = buffer->getBufferStart();
  for (int64_t part = 0; part < 3; ++part) {
    Linear &linear = *linears[part];
    char *first = to;
    for (int64_t from = 0; from < heads; ++from) {
      if (std::max<int64_t>(from % group - shared + 1, 0) != part)
        continue;
      to = std::copy_n(all.weight.bytes.data() + from * headBytes, headBytes,
                       to);
      if (!all.bias.empty())
        linear.bias.insert(linear.bias.end(), all.bias.begin() + from * size,
                           all.bias.begin() + (from + 1) * size);
    }
    linear.weight = all.weight;
    linear.weight.rows = (to - first) / headBytes * size;
    linear.weight.bytes = {first, size_t(to - first)};
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

void DecoderReader::readHeadNorms(const std::string &layer,
                                  Attention &attention) {
  const ModuleNames &names = family.names;
  auto read = [&](StringRef name, int64_t heads) {
    int64_t size = model.headSize;
    if (!names.areHeadNormsApart)
      return readNorm(layer, name, family.areNormsWide ? heads * size : size,
                      family.areNormsByHead ? heads : 1);
    Norm all;
    for (int64_t i = 0; i < heads && !weights.hasFailed(); ++i) {
      Norm norm = readNorm(layer, name.str() + std::to_string(i), size);
      norm.weight.insert(norm.weight.begin(), all.weight.begin(),
                         all.weight.end());
      all = std::move(norm);
    }
    return all;
  };
  attention.queryNorm = read(names.queryNorm, model.heads);
  attention.keyNorm = read(names.keyNorm, model.kvHeads);
}

/// ALiBi's: powers of 2^(-8 / heads), for a power of two of heads. Others take
/// those of the next lower one, and then each second of the next higher.
static std::vector<float> makeSlopes(int64_t heads) {
  int64_t whole = llvm::bit_floor(uint64_t(heads));
  std::vector<float> slopes;
  for (int64_t i = 1; i <= heads; ++i) {
    double power = double(i) / double(whole);
    if (i > whole)
      power = (double(i - whole) * 2 - 1) / double(2 * whole);
    slopes.push_back(float(std::exp2(-8 * power)));
  }
  return slopes;
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
  attention.clip = model.clip;
  attention.areNormsByHead = family.areNormsByHead;
  attention.areNormsLast = family.areNormsLast;
  readQueryKeyValue(layer, attention);
  int64_t queries = model.heads * model.headSize;
  attention.output = weights.readLinear(layer + names.output.str(),
                                        wholeMatrix(model.width, queries));
  if (family.hasSinks)
    attention.sinks =
        weights.readVector(layer + "self_attn.sinks", model.heads);
  if (family.hasSlopes)
    attention.slopes = makeSlopes(model.heads);
  if (model.hasHeadNorms)
    readHeadNorms(layer, attention);
  return attention;
}

} // namespace qcc
