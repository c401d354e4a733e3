// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Frequencies are computed in f64 and rounded once: a position of 100 000
// turns the fastest pair that often, and the error with it.

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

static RotaryKind readKind(const ConfigReader &scaling) {
  // `type` is what the key was called first.
  StringRef key = scaling.has("rope_type") ? "rope_type" : "type";
  std::string name = scaling.word(key, "default");
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

/// yarn: scores of long texts are sharpened.
static double yarnMagnitude(double factor, double weight) {
  return factor <= 1 ? 1 : 0.1 * weight * std::log(factor) + 1;
}

static double readMagnitude(const ConfigReader &scaling,
                            const RotaryParameters &parameters) {
  if (scaling.has("attention_factor"))
    return scaling.number("attention_factor");
  double factor = parameters.factor;
  if (parameters.kind == RotaryKind::LongRope) {
    if (factor <= 1 || parameters.originalTokens <= 1)
      return 1;
    return std::sqrt(1 + std::log(factor) /
                             std::log(double(parameters.originalTokens)));
  }
  if (parameters.kind != RotaryKind::Yarn)
    return 1;
  double all = scaling.number("mscale_all_dim", 0);
  double some = scaling.number("mscale", 0);
  if (some != 0 && all != 0)
    return yarnMagnitude(factor, some) / yarnMagnitude(factor, all);
  return yarnMagnitude(factor, 1);
}

static std::vector<double> readFactors(const ConfigReader &scaling,
                                       StringRef key, int64_t pairs) {
  std::vector<double> factors = scaling.numbers(key);
  bool isPositive = llvm::all_of(factors, [](double f) { return f > 0; });
  if (factors.size() != size_t(pairs) || !isPositive)
    scaling.refuse(key, Twine(pairs) + " numbers above 0");
  factors.resize(pairs, 1);
  return factors;
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
  if (parameters.kind == RotaryKind::Llama3) {
    parameters.lowFrequencyFactor = scaling.number("low_freq_factor");
    parameters.highFrequencyFactor = scaling.number("high_freq_factor");
    if (parameters.lowFrequencyFactor <= 0 ||
        parameters.highFrequencyFactor <= parameters.lowFrequencyFactor)
      scaling.refuse("high_freq_factor", "a number above low_freq_factor");
  }
  if (parameters.kind == RotaryKind::Yarn) {
    parameters.betaFast = scaling.number("beta_fast", 32);
    parameters.betaSlow = scaling.number("beta_slow", 1);
    parameters.isTruncated = scaling.flag("truncate", true);
    if (parameters.betaFast <= 0 || parameters.betaSlow <= 0)
      scaling.refuse("beta_fast", "betas above 0");
  }
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
                        double fallback, int64_t headSize) {
  StringRef key = "partial_rotary_factor";
  const ConfigReader *reader = &config;
  if (scaling && scaling->has(key))
    reader = &*scaling;
  else if (config.has("rotary_pct"))
    key = "rotary_pct"; // GPT-NeoX
  double part = reader->number(key, fallback);
  int64_t size = part > 0 && part <= 1 ? int64_t(headSize * part) : 0;
  if (size >= 2 && size % 2 == 0)
    return size;
  reader->refuse(key, "an even part of a head of " + Twine(headSize));
  return 2;
}

RotaryParameters readRotaryParameters(const ConfigReader &config,
                                      const RotaryDefaults &defaults,
                                      int64_t headSize, bool isSliding) {
  isSliding = isSliding && defaults.hasSliding;
  std::optional<ConfigReader> scaling = findScaling(config, isSliding);
  RotaryParameters parameters;
  parameters.size = readSize(config, scaling, defaults.part, headSize);
  parameters.theta = readTheta(config, scaling, defaults, isSliding);
  if (parameters.theta <= 1)
    config.refuse("rope_theta", "a number above 1");
  parameters.maxTokens = config.count("max_position_embeddings");
  parameters.originalTokens = parameters.maxTokens;
  if (scaling) {
    parameters.kind = readKind(*scaling);
    if (parameters.kind != RotaryKind::Default)
      readScaling(config, *scaling, parameters);
  }
  return parameters;
}

//===----------------------------------------------------------------------===//
// Frequencies
//===----------------------------------------------------------------------===//

static double plainFrequency(double theta, int64_t pair, int64_t size) {
  return std::pow(theta, -double(2 * pair) / size);
}

/// The base grows with the text, beyond what the model was made for.
static double dynamicTheta(const RotaryParameters &parameters,
                           int64_t contextTokens) {
  double ratio = double(std::max(contextTokens, parameters.maxTokens)) /
                 parameters.maxTokens;
  double growth = parameters.factor * ratio - (parameters.factor - 1);
  if (parameters.size <= 2)
    return parameters.theta;
  return parameters.theta *
         std::pow(growth, double(parameters.size) / (parameters.size - 2));
}

/// Slow pairs are stretched, fast ones are not, those between in parts.
static double llama3Frequency(const RotaryParameters &parameters,
                              double frequency) {
  double turns = parameters.originalTokens * frequency / (2 * M_PI);
  if (turns < parameters.lowFrequencyFactor)
    return frequency / parameters.factor;
  if (turns > parameters.highFrequencyFactor)
    return frequency;
  double part =
      (turns - parameters.lowFrequencyFactor) /
      (parameters.highFrequencyFactor - parameters.lowFrequencyFactor);
  return (1 - part) * frequency / parameters.factor + part * frequency;
}

/// The pair that turns `turns` times in the original text.
static double yarnPair(const RotaryParameters &parameters, double turns) {
  return parameters.size *
         std::log(parameters.originalTokens / (turns * 2 * M_PI)) /
         (2 * std::log(parameters.theta));
}

static double yarnFrequency(const RotaryParameters &parameters, int64_t pair,
                            double frequency) {
  double low = yarnPair(parameters, parameters.betaFast);
  double high = yarnPair(parameters, parameters.betaSlow);
  if (parameters.isTruncated) {
    low = std::floor(low);
    high = std::ceil(high);
  }
  low = std::max(low, 0.0);
  high = std::min(high, double(parameters.size - 1));
  if (low == high)
    high += 0.001; // a step, not a division by 0
  double stretched = std::clamp((pair - low) / (high - low), 0.0, 1.0);
  return frequency * (1 - stretched) +
         frequency / parameters.factor * stretched;
}

static double scaledFrequency(const RotaryParameters &parameters, int64_t pair,
                              int64_t contextTokens) {
  double theta = parameters.theta;
  if (parameters.kind == RotaryKind::Dynamic)
    theta = dynamicTheta(parameters, contextTokens);
  double frequency = plainFrequency(theta, pair, parameters.size);
  switch (parameters.kind) {
  case RotaryKind::Default:
  case RotaryKind::Dynamic:
    return frequency;
  case RotaryKind::Linear:
    return frequency / parameters.factor;
  case RotaryKind::Llama3:
    return llama3Frequency(parameters, frequency);
  case RotaryKind::Yarn:
    return yarnFrequency(parameters, pair, frequency);
  case RotaryKind::LongRope:
    return frequency / (contextTokens > parameters.originalTokens
                            ? parameters.longFactors[pair]
                            : parameters.shortFactors[pair]);
  }
  llvm_unreachable("a kind of rotary positions without a formula");
}

Rotary makeRotary(const RotaryParameters &parameters, int64_t contextTokens) {
  Rotary rotary;
  rotary.magnitude = float(parameters.magnitude);
  for (int64_t pair = 0; pair < parameters.size / 2; ++pair)
    rotary.inverseFrequencies.push_back(
        float(scaledFrequency(parameters, pair, contextTokens)));
  return rotary;
}

} // namespace qcc
