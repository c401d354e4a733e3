// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What distinguishes families of decoders as transformers writes them: names
// in config.json, names of modules, and rules that no file states. A new family
// is a few lines in Families/ that change Llama's.

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
  llvm::StringRef kvHeads = "num_key_value_heads";
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
  // gpt-oss: rows of gate and up alternate; matrices of floats are transposed,
  // or there are blocks of MXFP4 instead; and biases.
  bool areRowsPaired = false;
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
  llvm::StringRef embeddingNorm;
  llvm::StringRef layers = "layers.";
  llvm::StringRef finalNorm = "norm";
  llvm::StringRef head = "lm_head";
  llvm::StringRef beforeAttention = "input_layernorm", afterAttention;
  llvm::StringRef query = "self_attn.q_proj", key = "self_attn.k_proj";
  llvm::StringRef value = "self_attn.v_proj", output = "self_attn.o_proj";
  llvm::StringRef queryKeyValue; // instead of the three
  llvm::StringRef queryNorm, keyNorm;
  bool areHeadNormsApart = false; // one module for each head
  llvm::StringRef beforeFeedForward = "post_attention_layernorm";
  llvm::StringRef afterFeedForward;
  llvm::StringRef feedForward = "mlp.";
};

enum class NormKind {
  Rms,
  RmsPlusOne, // Gemma: weights are stored less 1
  Layer,
  LayerPlusOne, // Nemotron
  LayerPlain,   // OLMo: there are no weights
};

/// How q, k and v share a matrix.
enum class Fusion {
  Blocks, // all of q, all of k, all of v
  Heads,  // q, k and v of the first key head, of the second, ...
};

/// Which layers see a window, where config.json has no `layer_types`.
enum class WindowRule {
  Never,
  Always,
  ButEvery, // all but every `windowInterval`-th
  After,    // those from `max_window_layers` on
};

/// Which layers rotate.
enum class RopeRule {
  Always,
  ButEvery, // `no_rope_layers`, or all but every `no_rope_layer_interval`-th
  Windows,  // those with a window
};

struct Family {
  llvm::StringRef modelType, architecture; // in config.json
  // The model_type of files that have these numbers, flat, beside those of
  // images.
  llvm::StringRef outerType;
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
  bool isRotary = true;           // else positions are learned, or slopes
  bool isInterleaved = false;     // pairs that rotate are neighbours
  bool hasSlopes = false;         // ALiBi
  bool hasSinks = false;          // of attention
  bool isEmbeddingScaled = false; // by the root of the width
  bool isParallel = false;        // where config.json does not say
  bool areNormsWide = false;      // those of q and k span all heads
  llvm::StringRef normsFlag;      // says whether there are any; empty: yes
  bool areNormsByHead = false;    // each head has weights of its own
  bool areNormsLast = false;      // after the rotation
  bool hasClip = false;           // clip_qkv
  RopeRule rope = RopeRule::Always;
  WindowRule windows = WindowRule::Never;
  bool needsWindowFlag = false; // use_sliding_window
  int64_t windowInterval = 0;
  int64_t headSize = 0; // 0: width / heads
  int64_t kvHeads = 0;  // 0: config.json says, or there are as many as heads
  // Where config.json does not say; 0: it must.
  int64_t feedForwardFactor = 0, maxTokens = 0;
  int64_t firstPosition = 0;   // rows before that of position 0
  llvm::StringRef logitFactor; // in config.json: logits are multiplied
  llvm::StringRef function = "silu";
  // What options of config.json change, and those that are not there.
  void (*adapt)(const ConfigReader &config, Family &family) = nullptr;
};

/// Fails with the names of those that are known.
llvm::Expected<Family> findFamily(llvm::StringRef modelType);
/// The family whose `outerType` it is.
std::optional<Family> findInnerFamily(llvm::StringRef outerType);

/// Groups of them, as they descend from each other.
std::vector<Family> makeLlamas();
std::vector<Family> makeQwens();
std::vector<Family> makeGemmas();
std::vector<Family> makeGpts();
std::vector<Family> makeOlmos();
std::vector<Family> makeCoheres();
std::vector<Family> makeGlms();

/// What they descend from.
Family makeLlama();

/// Experts with Qwen's names, which others took over.
void addQwenExperts(Family &family);

/// Refuses a flag of config.json that must not be set.
void refuseFlag(const ConfigReader &config, llvm::StringRef key,
                bool fallback = false, bool expected = false);

} // namespace qcc

#endif // COMPILER_IMPORT_HUGGINGFACE_FAMILY_H
