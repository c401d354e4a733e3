// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What distinguishes families of decoders as transformers writes them: names
// in config.json, names of modules, and rules that no file states. A new family
// is a function in Families.cpp that changes Llama's.

#ifndef COMPILER_IMPORT_HUGGINGFACE_FAMILY_H
#define COMPILER_IMPORT_HUGGINGFACE_FAMILY_H

#include "compiler/Import/HuggingFace/RotaryParameters.h"

namespace qcc {

/// Names in config.json that are not the same everywhere.
struct ConfigKeys {
  llvm::StringRef width = "hidden_size";
  llvm::StringRef layers = "num_hidden_layers";
  llvm::StringRef heads = "num_attention_heads";
  llvm::StringRef feedForward = "intermediate_size";
  llvm::StringRef maxTokens = "max_position_embeddings";
  llvm::StringRef epsilon = "rms_norm_eps";
  llvm::StringRef function = "hidden_act";
};

/// Modules of a feed-forward network, after what they stand in.
struct FeedForwardNames {
  llvm::StringRef gate = "gate_proj"; // empty: none
  llvm::StringRef up = "up_proj";
  llvm::StringRef down = "down_proj";
  llvm::StringRef gateUp; // instead of the first two, gate first
};

/// How scores of experts become weights.
enum class ExpertWeights {
  Softmax,       // over all experts
  SoftmaxChosen, // over those that are picked
  Sigmoid,       // of each
};

/// Experts, for families that have them.
struct ExpertNames {
  llvm::StringRef count;   // in config.json; empty: there are none
  llvm::StringRef width;   // in config.json
  llvm::StringRef router;  // a module
  llvm::StringRef bias;    // a vector: scores are picked with it, if there
  llvm::StringRef experts; // modules, by number
  FeedForwardNames names;  // in each of them
  // Or tensors [expert][row][column]: gate above up, and down. Routers beside
  // them may have the name that transformers 5 gives those of all families.
  llvm::StringRef gateUpStack = "mlp.experts.gate_up_proj";
  llvm::StringRef downStack = "mlp.experts.down_proj";
  llvm::StringRef shared; // a module, or empty
  llvm::StringRef sharedGate;
  FeedForwardNames sharedNames;
  llvm::StringRef sharedWidth = "shared_expert_intermediate_size";
  llvm::StringRef sharedCount; // in config.json, times `width`; or empty
  ExpertWeights weights = ExpertWeights::Softmax;
  bool isNormalized = false; // where config.json does not say
};

/// Names of modules. Those of a layer stand after `layers` and its number;
/// an empty one does not exist.
struct ModuleNames {
  // Of all but the head; bare models lack it.
  llvm::StringRef prefix = "model.";
  llvm::StringRef embedding = "embed_tokens";
  llvm::StringRef positions;
  llvm::StringRef layers = "layers.";
  llvm::StringRef finalNorm = "norm";
  llvm::StringRef head = "lm_head";
  llvm::StringRef beforeAttention = "input_layernorm", afterAttention;
  llvm::StringRef query = "self_attn.q_proj", key = "self_attn.k_proj";
  llvm::StringRef value = "self_attn.v_proj", output = "self_attn.o_proj";
  llvm::StringRef queryKeyValue; // instead of the three
  llvm::StringRef queryNorm, keyNorm;
  llvm::StringRef beforeFeedForward = "post_attention_layernorm";
  llvm::StringRef afterFeedForward;
  llvm::StringRef feedForward = "mlp.";
};

enum class NormKind {
  Rms,
  RmsPlusOne, // Gemma: weights are stored less 1
  Layer,
};

/// How q, k and v share a matrix.
enum class Fusion {
  Blocks, // all of q, all of k, all of v
  Heads,  // q, k and v of the first head, of the second, ...
};

/// Which layers see a window, where config.json has no `layer_types`.
enum class WindowRule {
  Never,
  Always,
  ButEvery, // all but every `windowInterval`-th
  After,    // those from `max_window_layers` on
};

struct Family {
  llvm::StringRef modelType, architecture; // in config.json
  ConfigKeys keys;
  ModuleNames names;
  FeedForwardNames feedForward;
  ExpertNames experts;
  RotaryDefaults rotary;
  NormKind norm = NormKind::Rms;
  double epsilon = 1e-6;
  Fusion fusion = Fusion::Blocks;
  bool isTransposed = false;      // matrices of layers are (in, out)
  bool isTied = false;            // the head is the embedding
  bool isRotary = true;           // else positions are learned
  bool isEmbeddingScaled = false; // by the root of the width
  bool isParallel = false;        // where config.json does not say
  bool areNormsWide = false;      // those of q and k span all heads
  bool areNormsOptional = false;  // use_qk_norm says whether there are any
  bool hasLayersWithoutRope = false;
  WindowRule windows = WindowRule::Never;
  bool needsWindowFlag = false; // use_sliding_window
  int64_t windowInterval = 0;
  int64_t headSize = 0; // 0: width / heads
  llvm::StringRef function = "silu";
};

/// Fails with the names of those that are known.
llvm::Expected<Family> findFamily(llvm::StringRef modelType);

} // namespace qcc

#endif // COMPILER_IMPORT_HUGGINGFACE_FAMILY_H
