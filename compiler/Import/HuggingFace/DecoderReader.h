// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks a family's description: numbers from config.json, modules from the
// checkpoint by the family's names.

#ifndef COMPILER_IMPORT_HUGGINGFACE_DECODERREADER_H
#define COMPILER_IMPORT_HUGGINGFACE_DECODERREADER_H

#include "compiler/Import/HuggingFace/ModelConfig.h"
#include "compiler/Import/HuggingFace/WeightReader.h"

namespace qcc {

class DecoderReader {
public:
  DecoderReader(const ModelConfig &model, WeightReader &weights,
                Decoder &decoder)
      : model(model), family(model.family), weights(weights), decoder(decoder) {
  }

  /// If it is inside a model of more kinds, modules have any prefix, and the
  /// tensors of the others are left out.
  void read(bool isInner);
  /// Tensors that are there without being needed.
  std::vector<std::string> ignored;

private:
  void findPrefix(bool isInner);
  void readEmbedding();
  void readHead();
  DecoderLayer readLayer(int64_t index);

  // AttentionReader.cpp
  Attention readAttention(const std::string &layer, int64_t index);
  void readQueryKeyValue(const std::string &layer, Attention &attention);
  void readHeadNorms(const std::string &layer, Attention &attention);
  void splitHeads(const std::string &module, Attention &attention);

  // FeedForwardReader.cpp
  FeedForward readFeedForward(const std::string &module,
                              const FeedForwardNames &names, int64_t width);
  FeedForward readStackedExpert(const std::string &layer, int64_t index);
  void readPairedExperts(const std::string &layer, Experts &experts);
  Experts readExperts(const std::string &layer);

  /// Nothing where the family has none of that name. Of several heads, with
  /// `size` weights each.
  Norm readNorm(const std::string &layer, llvm::StringRef name, int64_t size,
                int64_t heads = 1) {
    if (name.empty())
      return {};
    return weights.readNorm(layer + name.str(), heads, size, family.norm,
                            model.epsilon);
  }

  const ModelConfig &model;
  const Family &family;
  WeightReader &weights;
  Decoder &decoder;
  std::string prefix, head; // of modules, and the module
};

} // namespace qcc

#endif // COMPILER_IMPORT_HUGGINGFACE_DECODERREADER_H
