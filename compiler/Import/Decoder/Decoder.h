// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A decoder-only language model as data: what the readers of GGUF and of
// Hugging Face checkpoints fill in and what the builder of the graph reads.
// A family of models is a page that fills this in; nothing after it asks for a
// family's name.

#ifndef COMPILER_IMPORT_DECODER_DECODER_H
#define COMPILER_IMPORT_DECODER_DECODER_H

#include "dialects/Qcc/Numerics/Blocks.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qcc {

/// How the bytes of a matrix are arranged.
enum class WeightLayout {
  Blocks,            // rows of blocks of `format`
  Columns,           // of floats, transposed: `columns` rows of `rows` elements
  Gptq,              // parts: qweight, qzeros, scales, g_idx (may be empty)
  Awq,               // parts: qweight, qzeros, scales
  CompressedTensors, // parts: packed, scale, zero point (may be empty), g_idx
  SplitBlocks,       // parts: codes of blocks of `format`, scales (MXFP4)
};

/// A matrix in a mapped file: `rows` outputs of `columns` inputs. Nothing is
/// copied. A fused matrix in a file (q, k and v) becomes several of these.
struct Weight {
  std::string name; // in the file, for messages and for the plan
  WeightLayout layout = WeightLayout::Blocks;
  BlockFormat format = BlockFormat::F32; // of Blocks and Columns, and of scales
  int64_t rows = 0, columns = 0;
  llvm::ArrayRef<char> bytes; // of Blocks and Columns
  // All but Blocks may be cut out of a wider matrix: the first of the rows in
  // it, and how many it has (`rows` where it is whole).
  int64_t firstRow = 0, allRows = 0;
  int64_t rowStep = 1; // of Columns and SplitBlocks: to the next row in it
  // Integer codes of Gptq, Awq and CompressedTensors.
  int64_t bits = 0;
  int64_t group = 0;       // columns that share a scale
  bool isSigned = false;   // codes are two's complement (int-quantized)
  int64_t zeroOffset = 0;  // added to stored zero points (1 for GPTQ v1)
  bool isDense = false;    // CompressedTensors: codes continue in the next word
  bool isSymmetric = true; // zero points all are 2^(bits-1), stored or not
  std::vector<llvm::ArrayRef<char>> parts;
  bool exists() const { return rows != 0; }
};

/// y = W x + b; `bias` is empty where there is none.
struct Linear {
  Weight weight;
  std::vector<float> bias;
  bool exists() const { return weight.exists(); }
};

/// x / rms(x) * weight, or (x - mean) / deviation * weight + bias. What a
/// family adds to its weights (Gemma's 1 +) is in them already.
struct Norm {
  std::vector<float> weight; // empty: there is no such norm
  std::vector<float> bias;   // empty: none
  float epsilon = 1e-5f;
  bool isLayerNorm = false; // subtracts the mean
  bool exists() const { return !weight.empty(); }
};

/// Rotates pairs of elements of a head by position * inverseFrequencies[i].
struct Rotary {
  // Half as many as there are rotated elements, scaling (linear, llama3, yarn,
  // longrope) applied. Elements after those are left alone.
  std::vector<float> inverseFrequencies;
  // Cosines and sines are multiplied by it (yarn's attention factor).
  float magnitude = 1;
  // Pairs are (2i, 2i + 1), as in GGUF's Llama; else (i, i + half).
  bool isInterleaved = false;
};

struct Attention {
  Linear query, key, value, output;
  // Of each head; or, with as many weights as all heads have elements, of all
  // of them at once (OLMo 2). They have no biases.
  Norm queryNorm, keyNorm;
  bool areNormsByHead = false; // of each head, with weights of its own
  bool areNormsLast = false;   // after the rotation, which has magnitude 1
  float clip = 0;              // largest magnitude of q, k and v; 0: none
  int64_t heads = 0, kvHeads = 0, headSize = 0;
  float scale = 1;           // of q k^T
  float softCap = 0;         // cap * tanh(score / cap); 0: none
  int64_t window = 0;        // positions that are seen, own included; 0: all
  int64_t rotary = -1;       // index in Decoder::rotaries; -1: none
  std::vector<float> sinks;  // one score a head that only takes part in the sum
  std::vector<float> slopes; // of a head: times distance, added to scores
};

enum class GateFunction {
  Silu,
  GeluTanh,
  GeluErf,
  Relu,
  ReluSquared,
  ClampedSwish, // docs/decoder.md *experts*; changes what it is a factor of too
};

/// down(f(gate(x)) * up(x)), or down(f(up(x))) without a gate.
struct FeedForward {
  Linear gate, up, down;
  GateFunction function = GateFunction::Silu;
};

/// Several of them, of which a router picks some for each token.
struct Experts {
  Linear router;
  std::vector<FeedForward> experts; // empty: the layer has none
  FeedForward shared;               // for every token, beside them
  Linear sharedGate;                // its weight's sigmoid scales `shared`
  int64_t used = 0;                 // experts of a token
  bool isSoftmaxFirst = true;       // softmax over all, then pick; else after
  bool isSigmoid = false;           // instead of either
  std::vector<float> choiceBias; // of scores, to pick by; weights are without
  bool isNormalized = true;      // the weights of those picked sum to 1
  float scale = 1;
  bool exists() const { return !experts.empty(); }
};

struct DecoderLayer {
  Norm beforeAttention, afterAttention; // after: on the branch, before adding
  Attention attention;
  Norm beforeFeedForward, afterFeedForward;
  FeedForward feedForward;
  Experts experts;         // instead of feedForward where it exists
  bool isParallel = false; // both branches read the layer's input
  float residualScale = 1; // of both branches
};

struct Decoder {
  std::string name;   // of the model
  std::string family; // "llama", "gemma3", for --info
  int64_t vocabulary = 0, width = 0;
  int64_t maxTokens = 0; // positions that the model was made for
  Weight embedding;
  float embeddingScale = 1;
  Weight positions; // learned, added to the embedding; or none
  Norm embeddingNorm;
  std::vector<Rotary> rotaries;
  std::vector<DecoderLayer> layers;
  Norm finalNorm;
  Linear head; // may have the bytes of `embedding`
  float logitScale = 1;
  float logitSoftCap = 0;           // 0: none
  std::vector<std::string> remarks; // what whoever compiles it should know
  // Files that all weights above point into.
  std::vector<std::shared_ptr<llvm::MemoryBuffer>> files;

  /// Remarks that `count` layers which only guess tokens ahead are not read.
  void leaveOutDrafts(int64_t count) {
    if (count)
      remarks.push_back("left out " + std::to_string(count) +
                        " layers at the end that only guess tokens ahead");
  }
};

} // namespace qcc

#endif // COMPILER_IMPORT_DECODER_DECODER_H
