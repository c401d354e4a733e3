// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads a config.json. Keys that only some families write (multipliers, caps)
// are read for all: where they are missing they change nothing.

#include "compiler/Import/HuggingFace/ModelConfig.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <cmath>

using llvm::StringRef;
using llvm::Twine;

namespace qcc {

/// More than any model, and little enough to allocate.
static constexpr int64_t maxLayers = 1 << 12;
/// Products of two sizes stay far below 2^63.
static constexpr int64_t maxSize = 1 << 24;

static int64_t readSize(const ConfigReader &config, StringRef key,
                        std::optional<int64_t> fallback = std::nullopt) {
  int64_t size = config.count(key, fallback);
  if (size > maxSize)
    config.refuse(key, "a size of at most " + Twine(maxSize));
  return std::min(size, maxSize);
}

static void readFunction(const ConfigReader &config, ModelConfig &model) {
  StringRef key = model.family.keys.function;
  std::string name = model.family.function.str();
  if (!key.empty())
    name = config.word(key, name);
  auto function = llvm::StringSwitch<std::optional<GateFunction>>(name)
                      .Cases({"silu", "swish"}, GateFunction::Silu)
                      .Cases({"gelu_new", "gelu_pytorch_tanh", "gelu_fast"},
                             GateFunction::GeluTanh)
                      .Case("gelu", GateFunction::GeluErf)
                      .Case("relu", GateFunction::Relu)
                      .Case("relu2", GateFunction::ReluSquared)
                      .Default(std::nullopt);
  if (!function)
    config.refuse(key, "silu, gelu, gelu_new, gelu_pytorch_tanh, relu or "
                       "relu2");
  model.function = function.value_or(GateFunction::Silu);
}

static void readHeads(const ConfigReader &config, ModelConfig &model) {
  model.heads = readSize(config, model.family.keys.heads);
  StringRef kvKey = model.family.keys.kvHeads;
  model.kvHeads = model.heads;
  if (model.family.kvHeads != 0)
    model.kvHeads = model.family.kvHeads;
  else if (!kvKey.empty())
    model.kvHeads = readSize(config, kvKey, model.heads);
  if (model.heads % model.kvHeads != 0)
    config.refuse(kvKey, "a divisor of " + Twine(model.heads) + " heads");
  int64_t size = model.family.headSize;
  if (size == 0)
    size = std::max<int64_t>(model.width / model.heads, 1);
  model.headSize = readSize(config, "head_dim", size);
  if (!config.has("head_dim") && model.family.headSize == 0 &&
      model.width % model.heads != 0)
    config.refuse(model.family.keys.heads,
                  "a divisor of the width " + Twine(model.width));
  model.hasHeadNorms = model.family.normsFlag.empty() ||
                       config.flag(model.family.normsFlag, false);
  // Two sizes of 2^24 are one too many.
  if (model.heads * model.headSize > maxSize)
    config.refuse(model.family.keys.heads,
                  "heads of at most " + Twine(maxSize) + " elements in all");
}

static void readExperts(const ConfigReader &config, ModelConfig &model) {
  const ExpertNames &names = model.family.experts;
  if (names.count.empty())
    return;
  // transformers 5 writes the name of one family for all.
  StringRef key = config.has(names.count) ? names.count : "num_local_experts";
  model.experts = config.count(key);
  model.usedExperts = config.count("num_experts_per_tok");
  model.expertWidth = readSize(config, names.width);
  if (!names.sharedCount.empty())
    model.sharedWidth =
        model.expertWidth * std::min(config.count(names.sharedCount), maxSize);
  else if (!names.shared.empty())
    model.sharedWidth = readSize(config, names.sharedWidth);
  if (model.sharedWidth > maxSize)
    config.refuse(names.sharedCount, "a size of at most " + Twine(maxSize));
  model.expertScale = config.number("routed_scaling_factor", 1);
  if (config.count("n_group", 1) != 1)
    config.refuse("n_group", "1, as experts are picked among all");
  model.areExpertsNormalized =
      config.flag("norm_topk_prob", names.isNormalized);
  if (model.usedExperts > model.experts)
    config.refuse("num_experts_per_tok",
                  "at most " + Twine(model.experts) + " experts");
}

/// Which layers are kinds of their own: by list, or by the family's rule.
static std::vector<bool> findSlidingLayers(const ConfigReader &config,
                                           const ModelConfig &model) {
  const Family &family = model.family;
  std::vector<bool> isSliding(model.layers.size());
  if (family.windows == WindowRule::Never ||
      (family.needsWindowFlag && !config.flag("use_sliding_window", false)))
    return isSliding;
  std::vector<std::string> types = config.words("layer_types");
  if (!types.empty() && types.size() < isSliding.size())
    config.refuse("layer_types", "one for each layer");
  // The old key, and the one that transformers 5 leaves.
  StringRef intervalKey = config.has("sliding_window_pattern")
                              ? "sliding_window_pattern"
                              : "_sliding_window_pattern";
  int64_t interval = std::max<int64_t>(family.windowInterval, 1);
  // EXAONE 4 has letters there, and a list beside them.
  if (types.empty())
    interval = config.count(intervalKey, interval);
  int64_t first = config.count("max_window_layers", 0);
  for (size_t i = 0; i < isSliding.size(); ++i) {
    if (i < types.size()) {
      isSliding[i] = types[i] == "sliding_attention";
      if (!isSliding[i] && types[i] != "full_attention")
        config.fail("layer_types", "expected full_attention or "
                                   "sliding_attention, but got " +
                                       types[i]);
    } else if (family.windows == WindowRule::ButEvery) {
      isSliding[i] = (i + 1) % interval != 0;
    } else {
      isSliding[i] =
          family.windows == WindowRule::Always || int64_t(i) >= first;
    }
  }
  return isSliding;
}

static void readRotaries(const ConfigReader &config, ModelConfig &model,
                         const std::vector<bool> &isSliding,
                         int64_t contextTokens) {
  const Family &family = model.family;
  if (!family.isRotary)
    return;
  for (bool sliding : {false, true}) {
    if (sliding && !family.rotary.hasSliding)
      continue;
    RotaryDefaults defaults = family.rotary;
    defaults.maxTokens = model.maxTokens;
    RotaryParameters parameters =
        readRotaryParameters(config, defaults, model.headSize, sliding);
    if (family.areNormsLast && parameters.magnitude != 1)
      config.fail("rope_parameters", "expected rotations that keep lengths, "
                                     "but got a factor of " +
                                         std::to_string(parameters.magnitude));
    if (config.hasFailed())
      return;
    model.rotaries.push_back(makeRotary(parameters, contextTokens));
    model.rotaries.back().isInterleaved = family.isInterleaved;
  }
  std::vector<double> withRope;
  int64_t interval = 0;
  if (family.rope == RopeRule::ButEvery) {
    withRope = config.numbers("no_rope_layers"); // 1: it has rope
    interval = config.count("no_rope_layer_interval", 4);
    if (!withRope.empty() && withRope.size() < model.layers.size())
      config.refuse("no_rope_layers", "one for each layer");
  }
  for (size_t i = 0; i < model.layers.size(); ++i) {
    bool hasRope = interval == 0 || (i + 1) % interval != 0;
    if (i < withRope.size())
      hasRope = withRope[i] != 0;
    if (family.rope == RopeRule::Windows)
      hasRope = isSliding[i] && config.has("sliding_window");
    if (hasRope)
      model.layers[i].rotary = isSliding[i] && family.rotary.hasSliding;
  }
}

static void readLayers(const ConfigReader &config, ModelConfig &model,
                       int64_t contextTokens) {
  int64_t count = config.count(model.family.keys.layers);
  if (count > maxLayers) {
    config.refuse(model.family.keys.layers,
                  "at most " + Twine(maxLayers) + " layers");
    return;
  }
  model.layers.resize(count);
  std::vector<bool> isSliding = findSlidingLayers(config, model);
  int64_t window = config.count("sliding_window", 0);
  std::vector<double> dense = config.numbers("mlp_only_layers");
  int64_t step = config.count("decoder_sparse_step", 1);
  int64_t firstSparse = config.count("first_k_dense_replace", 0);
  for (int64_t i = 0; i < count; ++i) {
    if (isSliding[i])
      model.layers[i].window = window;
    model.layers[i].hasExperts = model.experts > 0 && i >= firstSparse &&
                                 (i + 1) % step == 0 &&
                                 !llvm::is_contained(dense, double(i));
  }
  model.draftLayers =
      std::min(config.count("num_nextn_predict_layers", 0), maxLayers);
  readRotaries(config, model, isSliding, contextTokens);
}

/// Factors of scores, branches and logits.
static void readScales(const ConfigReader &config, ModelConfig &model) {
  double perHead = config.number("query_pre_attn_scalar", model.headSize);
  if (perHead <= 0)
    config.refuse("query_pre_attn_scalar", "a number above 0");
  double scale = 1 / std::sqrt(perHead);
  if (!config.flag("scale_attn_weights", true))
    scale = 1;
  model.attentionScale = config.number("attention_multiplier", scale);
  model.isScaledByLayer = config.flag("scale_attn_by_inverse_layer_idx", false);
  model.attentionSoftCap = config.number("attn_logit_softcapping", 0);
  model.logitSoftCap = config.number("final_logit_softcapping", 0);
  model.embeddingScale = config.number("embedding_multiplier", 1);
  model.residualScale = config.number("residual_multiplier", 1);
  double divisor = config.number("logits_scaling", 1);
  if (divisor == 0)
    config.refuse("logits_scaling", "a number that is not 0");
  model.logitScale = 1 / divisor;
  StringRef factor = model.family.logitFactor;
  if (!factor.empty())
    model.logitScale *= config.number(factor, 0.0625); // Cohere's
}

/// MPT has a section of its own for it.
static void readClip(const ConfigReader &config, ModelConfig &model) {
  std::optional<ConfigReader> section = config.section("attn_config");
  const ConfigReader &reader = section ? *section : config;
  model.clip = reader.number("clip_qkv", 0);
  if (model.clip < 0 || (model.clip > 0 && !model.family.hasClip))
    reader.refuse("clip_qkv", model.clip < 0 ? "a number above 0" : "none");
}

static void checkArchitecture(const ConfigReader &config,
                              const Family &family) {
  std::vector<std::string> names = config.words("architectures");
  // MPT's own files write it in other letters.
  auto isIt = [&](const std::string &name) {
    return family.architecture.equals_insensitive(name);
  };
  if (!names.empty() && llvm::none_of(names, isIt))
    config.fail("architectures", "expected " + family.architecture +
                                     " for model_type " + family.modelType +
                                     ", but got " + names.front());
  if (config.flag("use_bidirectional_attention", false))
    config.fail("use_bidirectional_attention", "expected false, but got true");
}

static void readFeedForward(const ConfigReader &config, ModelConfig &model) {
  StringRef key = model.family.keys.feedForward;
  std::optional<int64_t> fallback;
  if (int64_t factor = model.family.feedForwardFactor)
    fallback = std::min(factor * model.width, maxSize);
  model.feedForward = fallback.value_or(1);
  if (!key.empty())
    model.feedForward = readSize(config, key, fallback);
}

llvm::Expected<ModelConfig> readModelConfig(const ConfigReader &config,
                                            int64_t contextTokens) {
  std::string type = config.word("model_type", "");
  if (llvm::Error error = config.takeError())
    return error;
  llvm::Expected<Family> family = findFamily(type);
  if (!family)
    return llvm::createStringError("config.json: " +
                                   llvm::toString(family.takeError()));
  ModelConfig model;
  model.family = *family;
  if (family->adapt)
    family->adapt(config, model.family);
  const ConfigKeys &keys = model.family.keys;
  checkArchitecture(config, model.family);
  model.vocabulary = readSize(config, "vocab_size");
  model.width = readSize(config, keys.width);
  std::optional<int64_t> maxTokens;
  if (model.family.maxTokens != 0)
    maxTokens = model.family.maxTokens;
  model.maxTokens = readSize(config, keys.maxTokens, maxTokens);
  readHeads(config, model);
  readFeedForward(config, model);
  readFunction(config, model);
  readExperts(config, model);
  model.epsilon = model.family.epsilon;
  if (!keys.epsilon.empty())
    model.epsilon = config.number(keys.epsilon, model.epsilon);
  if (model.epsilon < 0)
    config.refuse(keys.epsilon, "a number of at least 0");
  readClip(config, model);
  readScales(config, model);
  readLayers(config, model, contextTokens);
  model.isTiedStated = config.has("tie_word_embeddings");
  model.isTied = config.flag("tie_word_embeddings", model.family.isTied);
  model.isParallel =
      config.flag("use_parallel_residual", model.family.isParallel);
  if (llvm::Error error = config.takeError())
    return error;
  return model;
}

} // namespace qcc
