// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What differs between architectures of decoders in GGUF files, one row each.
// Sizes, scales and windows come from a file's keys; biases, fused matrices and
// experts are seen from its tensors.

#ifndef COMPILER_IMPORT_GGUF_GGUFFAMILIES_H
#define COMPILER_IMPORT_GGUF_GGUFFAMILIES_H

#include "compiler/Import/Decoder/Decoder.h"
#include "llvm/ADT/StringRef.h"

namespace qcc {

enum class GgufPositions {
  Interleaved, // rotates elements 2i and 2i + 1
  Halves,      // rotates elements i and i + half
  Learned,     // position_embd.weight
};

struct GgufFamily {
  llvm::StringLiteral name; // general.architecture

  // Norms, by the names of their tensors in blk.<layer>; "": none.
  bool isLayerNorm = false; // else by root mean square
  llvm::StringLiteral beforeAttention = "attn_norm";
  llvm::StringLiteral afterAttention = "";
  llvm::StringLiteral beforeFeedForward = "ffn_norm";
  llvm::StringLiteral afterFeedForward = "";
  bool hasHeadNorms = false;  // attn_q_norm and attn_k_norm, of each head
  bool hasJointNorms = false; // the same of all heads together
  bool areHeadNormsOptional = false; // layers without their tensors have none
  bool hasSinks = false;             // attn_sinks
  // The feed-forward network reads what attention reads; or does in layers
  // that have no norm of its own.
  bool isParallel = false, isParallelWithoutNorm = false;

  GgufPositions positions = GgufPositions::Halves;
  int64_t plainEvery = 0; // every n-th layer does not rotate; 0: all do
  // Rope is left out where the key rope.scaling.finetuned is false.
  bool isRotationSwitched = false;

  // Windows: where there is one, every n-th layer sees all positions; 0: none.
  int64_t fullEvery = 0;
  int64_t window = 0;              // without a key; 0: none
  bool hasPlainWindows = false;    // no rotary scaling in layers with a window
  bool isRotatedInWindows = false; // and nowhere else
  double windowBase = 0; // rope.freq_base of those layers; 0: that of all

  float attentionSoftCap = 0, logitSoftCap = 0; // without a key
  // A model of so many layers scales by the width of all heads, not by the
  // head size that files say.
  int64_t jointScaleLayers = 0;
  bool isEmbeddingScaled = false;  // by the root of its width
  bool hasScaleKeys = false;       // of embeddings, branches and logits
  bool isLogitScaleFactor = false; // the last of them, which else divides

  GateFunction function = GateFunction::Silu;
  bool isGated = true;        // gate and up, which a file may store as one
  bool isNormalized = true;   // weights of experts sum to 1
  bool isSoftmaxFirst = true; // over all experts; else over those picked
  bool isSigmoid = false;     // instead of either
};

/// The row called `name`, or null.
const GgufFamily *findGgufFamily(llvm::StringRef name);

/// "gemma, gemma2, ..."
std::string listGgufFamilies();

} // namespace qcc

#endif // COMPILER_IMPORT_GGUF_GGUFFAMILIES_H
