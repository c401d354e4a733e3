// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes, taken for a GGUF file and for a decoder in one. What is accepted
// must be what it says: matrices as large as their shapes, inside the file.

#include "compiler/Import/Gguf/GgufDecoder.h"

#include <cstdlib>

using namespace llvm;
using namespace qcc;

/// Decodes the first and the last row, where there is a matrix.
static void checkWeight(const Weight &weight, StringRef file) {
  if (!weight.exists())
    return;
  int64_t rowBytes = getRowBytes(weight.format, weight.columns);
  if (weight.bytes.size() != static_cast<uint64_t>(weight.rows * rowBytes) ||
      weight.bytes.begin() < file.begin() || weight.bytes.end() > file.end())
    abort();
  std::vector<float> row(weight.columns);
  for (int64_t index : {int64_t(0), weight.rows - 1})
    decodeBlocks(weight.format,
                 reinterpret_cast<const uint8_t *>(weight.bytes.data()) +
                     index * rowBytes,
                 weight.columns, row.data());
}

static void checkLinear(const Linear &linear, StringRef file) {
  checkWeight(linear.weight, file);
  if (!linear.bias.empty() &&
      linear.bias.size() != static_cast<size_t>(linear.weight.rows))
    abort();
}

static void checkFeedForward(const FeedForward &feedForward, StringRef file) {
  for (const Linear *linear :
       {&feedForward.gate, &feedForward.up, &feedForward.down})
    checkLinear(*linear, file);
}

static void checkLayer(const DecoderLayer &layer, const Decoder &decoder,
                       StringRef file) {
  const Attention &attention = layer.attention;
  for (const Linear *linear :
       {&attention.query, &attention.key, &attention.value, &attention.output})
    checkLinear(*linear, file);
  if (attention.query.weight.rows != attention.heads * attention.headSize ||
      attention.rotary >= static_cast<int64_t>(decoder.rotaries.size()))
    abort();
  checkFeedForward(layer.feedForward, file);
  checkFeedForward(layer.experts.shared, file);
  for (const FeedForward &expert : layer.experts.experts)
    checkFeedForward(expert, file);
}

static void readDecoder(const GgufFile &file, StringRef bytes, int64_t tokens) {
  Expected<Decoder> decoder = readGgufDecoder(file, tokens);
  if (!decoder)
    return consumeError(decoder.takeError());
  checkWeight(decoder->embedding, bytes);
  checkWeight(decoder->positions, bytes);
  checkLinear(decoder->head, bytes);
  for (const DecoderLayer &layer : decoder->layers)
    checkLayer(layer, *decoder, bytes);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::shared_ptr<MemoryBuffer> buffer = MemoryBuffer::getMemBufferCopy(
      StringRef(reinterpret_cast<const char *>(data), size), "a.gguf");
  Expected<GgufFile> file = GgufFile::read(buffer);
  if (!file) {
    consumeError(file.takeError());
    return 0;
  }
  for (StringRef key : {"tokenizer.ggml.tokens", "tokenizer.ggml.scores",
                        "tokenizer.ggml.token_type"}) {
    consumeError(file->getStrings(key).takeError());
    consumeError(file->getIntegers(key).takeError());
    consumeError(file->getFloats(key).takeError());
  }
  readDecoder(*file, buffer->getBuffer(), 0);
  readDecoder(*file, buffer->getBuffer(), 4);
  return 0;
}
