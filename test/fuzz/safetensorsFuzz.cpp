// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Safetensors files from any bytes; where text and a zero stand before them,
// the text is their config.json, and what can be described is decoded and run:
// a description may not lead outside the file.

#include "compiler/Import/Decoder/WeightRows.h"
#include "compiler/Import/HuggingFace/HuggingFaceReader.h"
#include "compiler/Reference/DecoderReference.h"

using namespace llvm;
using namespace qcc;

/// Rows of all groups are in the order that kernels read them in.
static void readCodesInOrder(const Weight &weight) {
  numerics::GroupedCodes matrix = getGroupedCodes(weight);
  std::vector<int32_t> order = numerics::sortColumns(matrix);
  std::vector<uint8_t> codes(weight.columns);
  numerics::readCodes(matrix, weight.rows - 1, order, codes);
}

static void runText(const Decoder &decoder) {
  std::vector<int32_t> ids = {0, int32_t(decoder.vocabulary - 1)};
  if (decoder.maxTokens < 2)
    ids.pop_back();
  runDecoder(decoder, ids);
  for (const DecoderLayer &layer : decoder.layers)
    if (hasGroupedCodes(layer.attention.query.weight))
      readCodesInOrder(layer.attention.query.weight);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  StringRef bytes(reinterpret_cast<const char *>(data), size);
  StringRef config;
  if (bytes.starts_with("{"))
    std::tie(config, bytes) = bytes.split('\0');
  // Readers point into the file, so its end must be the end of a block.
  auto checkpoint = SafetensorsCheckpoint::openBuffer(
      MemoryBuffer::getMemBufferCopy(bytes, "a.safetensors"));
  if (!checkpoint) {
    consumeError(checkpoint.takeError());
    return 0;
  }
  if (config.empty())
    return 0;
  Expected<Decoder> decoder = readHuggingFaceDecoder(config, *checkpoint, 0);
  if (decoder)
    runText(*decoder);
  else
    consumeError(decoder.takeError());
  return 0;
}
