// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Formulas are those of RotaryScaling.h; what the keys say is checked here.

#include "compiler/Import/HuggingFace/RotaryParameters.h"

#include "llvm/ADT/StringSwitch.h"

#include <algorithm>
#include <cmath>

using llvm::StringRef;
using llvm::Twine;

namespace qcc {

//===----------------------------------------------------------------------===//
// From config.json
//===----------------------------------------------------------------------===//

static RotaryKind readKind(const ConfigReader &scaling,
                           const RotaryDefaults &defaults) {
  // `type` is what the key was called first.
  StringRef key = scaling.has("rope_type") ? "rope_type" : "type";
  std::string name = scaling.word(key, "default");
  if (name == "mrope" && defaults.hasSections)
    return RotaryKind::Default;
  auto kind = llvm::StringSwitch<std::optional<RotaryKind>>(name)
                  .Case("default", RotaryKind::Default)
                  .Case("linear", RotaryKind::Linear)
                  .Case("dynamic", RotaryKind::Dynamic)
                  .Case("llama3", RotaryKind::Llama3)
                  .Case("yarn", RotaryKind::Yarn)
                  .Cases({"longrope", "su"}, RotaryKind::LongRope)
                  .Default(std::nullopt);
  if (!kind)
    scaling.refuse(key, "default, linear, dynamic, llama3, yarn or longrope");
  return kind.value_or(RotaryKind::Default);
}

static double readMagnitude(const ConfigReader &scaling,
                            const RotaryParameters &parameters) {
  if (scaling.has("attention_factor"))
    return scaling.number("attention_factor");
  double factor = parameters.factor;
  if (parameters.kind == RotaryKind::LongRope)
    return getLongropeMagnitude(factor, double(parameters.originalTokens));
  if (parameters.kind != RotaryKind::Yarn)
    return 1;
  double all = scaling.number("mscale_all_dim", 0);
  double some = scaling.number("mscale", 0);
  if (some != 0 && all != 0)
    return getYarnMagnitude(factor, some) / getYarnMagnitude(factor, all);
  return getYarnMagnitude(factor);
}

static std::vector<float> readFactors(const ConfigReader &scaling,
                                      StringRef key, int64_t pairs) {
  std::vector<double> numbers = scaling.numbers(key);
  std::vector<float> factors(numbers.begin(), numbers.end());
  bool isPositive =
      llvm::all_of(factors, [](float f) { return f > 0 && std::isfinite(f); });
  if (factors.size() != size_t(pairs) || !isPositive)
    scaling.refuse(key, Twine(pairs) + " numbers above 0");
  factors.resize(pairs, 1);
  return factors;
}

static void readLlama3(const ConfigReader &scaling,
                       RotaryParameters &parameters) {
  Llama3Scaling &llama3 = parameters.llama3;
  llama3.factor = parameters.factor;
  llama3.originalTokens = double(parameters.originalTokens);
  llama3.lowFactor = scaling.number("low_freq_factor");
  llama3.highFactor = scaling.number("high_freq_factor");
  if (llama3.lowFactor <= 0 || llama3.highFactor <= llama3.lowFactor)
    scaling.refuse("high_freq_factor", "a number above low_freq_factor");
}

static void readYarn(const ConfigReader &scaling,
                     RotaryParameters &parameters) {
  YarnScaling &yarn = parameters.yarn;
  yarn.factor = parameters.factor;
  yarn.originalTokens = double(parameters.originalTokens);
  yarn.betaFast = scaling.number("beta_fast", 32);
  yarn.betaSlow = scaling.number("beta_slow", 1);
  yarn.isTruncated = scaling.flag("truncate", true);
  if (yarn.betaFast <= 0 || yarn.betaSlow <= 0)
    scaling.refuse("beta_fast", "betas above 0");
}

/// What `scaling` adds to parameters whose kind, size and theta are known.
static void readScaling(const ConfigReader &config, const ConfigReader &scaling,
                        RotaryParameters &parameters) {
  StringRef original = "original_max_position_embeddings";
  // Phi-3 writes it beside the others.
  parameters.originalTokens = (config.has(original) ? config : scaling)
                                  .count(original, parameters.maxTokens);
  bool isOptional = parameters.kind == RotaryKind::LongRope ||
                    parameters.kind == RotaryKind::Yarn;
  std::optional<double> fallback;
  if (isOptional)
    fallback = double(parameters.maxTokens) / parameters.originalTokens;
  parameters.factor = scaling.number("factor", fallback);
  if (parameters.factor <= 0)
    scaling.refuse("factor", "a number above 0");
  if (parameters.kind == RotaryKind::Llama3)
    readLlama3(scaling, parameters);
  if (parameters.kind == RotaryKind::Yarn)
    readYarn(scaling, parameters);
  if (parameters.kind == RotaryKind::LongRope) {
    int64_t pairs = parameters.size / 2;
    parameters.shortFactors = readFactors(scaling, "short_factor", pairs);
    parameters.longFactors = readFactors(scaling, "long_factor", pairs);
  }
  parameters.magnitude = readMagnitude(scaling, parameters);
}

/// The object that holds the type and its numbers, if there is one.
static std::optional<ConfigReader> findScaling(const ConfigReader &config,
                                               bool isSliding) {
  std::optional<ConfigReader> scaling = config.section("rope_parameters");
  if (!scaling)
    return isSliding ? std::nullopt : config.section("rope_scaling");
  StringRef layers = isSliding ? "sliding_attention" : "full_attention";
  if (scaling->has(layers))
    return scaling->section(layers);
  return scaling;
}

static double readTheta(const ConfigReader &config,
                        const std::optional<ConfigReader> &scaling,
                        const RotaryDefaults &defaults, bool isSliding) {
  if (scaling && scaling->has("rope_theta"))
    return scaling->number("rope_theta");
  if (isSliding)
    return config.number("rope_local_base_freq", defaults.slidingTheta);
  // GPT-NeoX has its own word.
  StringRef key =
      config.has("rotary_emb_base") ? "rotary_emb_base" : "rope_theta";
  return config.number(key, defaults.theta);
}

/// Rotated elements of a head.
static int64_t readSize(const ConfigReader &config,
                        const std::optional<ConfigReader> &scaling,
                        const RotaryDefaults &defaults, int64_t headSize) {
  if (!defaults.sizeKey.empty()) {
    int64_t size = config.count(defaults.sizeKey, defaults.size);
    if (size % 2 != 0 || size > headSize)
      config.refuse(defaults.sizeKey,
                    "an even number of at most " + Twine(headSize));
    return std::min(size, headSize) / 2 * 2;
  }
  StringRef key = "partial_rotary_factor";
  const ConfigReader *reader = &config;
  if (scaling && scaling->has(key))
    reader = &*scaling;
  else if (config.has("rotary_pct"))
    key = "rotary_pct"; // GPT-NeoX
  double part = reader->number(key, defaults.part);
  int64_t size = part > 0 && part <= 1 ? int64_t(headSize * part) : 0;
  if (size >= 2 && size % 2 == 0)
    return size;
  reader->refuse(key, "an even part of a head of " + Twine(headSize));
  return 2;
}

/// A base that is stretched for all texts.
static void stretchBase(const ConfigReader &scaling,
                        RotaryParameters &parameters) {
  double alpha = scaling.number("alpha");
  if (alpha <= 0 || parameters.size <= 2)
    scaling.refuse("alpha", "a number above 0, and heads of more than 2");
  else
    parameters.theta *=
        std::pow(alpha, double(parameters.size) / (parameters.size - 2));
  parameters.kind = RotaryKind::Default;
}

RotaryParameters readRotaryParameters(const ConfigReader &config,
                                      const RotaryDefaults &defaults,
                                      int64_t headSize, bool isSliding) {
  isSliding = isSliding && defaults.hasSliding;
  std::optional<ConfigReader> scaling = findScaling(config, isSliding);
  RotaryParameters parameters;
  parameters.size = readSize(config, scaling, defaults, headSize);
  parameters.theta = readTheta(config, scaling, defaults, isSliding);
  if (parameters.theta <= 1)
    config.refuse("rope_theta", "a number above 1");
  parameters.maxTokens = defaults.maxTokens;
  parameters.originalTokens = parameters.maxTokens;
  if (scaling) {
    parameters.kind = readKind(*scaling, defaults);
    if (defaults.hasAlpha && parameters.kind == RotaryKind::Dynamic &&
        scaling->has("alpha"))
      stretchBase(*scaling, parameters);
    if (parameters.kind != RotaryKind::Default)
      readScaling(config, *scaling, parameters);
  }
  return parameters;
}

//===----------------------------------------------------------------------===//
// Frequencies
//===----------------------------------------------------------------------===//

/// The base grows with the text, beyond what the model was made for.
static double getDynamicTheta(const RotaryParameters &parameters,
                              int64_t contextTokens) {
  double ratio = double(std::max(contextTokens, parameters.maxTokens)) /
                 parameters.maxTokens;
  double growth = parameters.factor * ratio - (parameters.factor - 1);
  if (parameters.size <= 2)
    return parameters.theta;
  return parameters.theta *
         std::pow(growth, double(parameters.size) / (parameters.size - 2));
}

static Rotary makeScaledRotary(const RotaryParameters &parameters,
                               int64_t contextTokens) {
  RotaryBase base{parameters.theta, parameters.size};
  switch (parameters.kind) {
  case RotaryKind::Default:
    return makeRotary(base);
  case RotaryKind::Dynamic:
    base.base = getDynamicTheta(parameters, contextTokens);
    return makeRotary(base);
  case RotaryKind::Linear:
    return makeLinearRotary(base, parameters.factor);
  case RotaryKind::Llama3:
    return makeLlama3Rotary(base, parameters.llama3);
  case RotaryKind::Yarn:
    return makeYarnRotary(base, parameters.yarn);
  case RotaryKind::LongRope: {
    Rotary rotary = makeRotary(base);
    divideFrequencies(rotary, contextTokens > parameters.originalTokens
                                  ? parameters.longFactors
                                  : parameters.shortFactors);
    return rotary;
  }
  }
  llvm_unreachable("a kind of rotary positions without a formula");
}

Rotary makeRotary(const RotaryParameters &parameters, int64_t contextTokens) {
  Rotary rotary = makeScaledRotary(parameters, contextTokens);
  rotary.magnitude = float(parameters.magnitude);
  return rotary;
}

} // namespace qcc
