// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GPTQ, AWQ and compressed-tensors. A layout that is not one of those written
// below is refused by name: read as another it would give noise.

#include "compiler/Import/HuggingFace/QuantizationConfig.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

using llvm::StringRef;
using llvm::Twine;

namespace qcc {

bool QuantizationConfig::isIgnored(StringRef module) const {
  return llvm::is_contained(ignoredNames, module.str()) ||
         llvm::any_of(ignoredParts, [&](const std::string &part) {
           return module.contains(part);
         });
}

/// Group sizes are -1 where a row is one group.
static int64_t readGroup(const ConfigReader &config, StringRef key) {
  if (!config.has(key) || config.number(key, 0) == -1)
    return 0;
  return config.count(key);
}

static QuantizationConfig readGptq(const ConfigReader &config) {
  QuantizationConfig result;
  result.method = QuantizationMethod::Gptq;
  result.bits = config.count("bits");
  if (!llvm::is_contained({2, 3, 4, 8}, result.bits))
    config.refuse("bits", "2, 3, 4 or 8");
  result.group = readGroup(config, "group_size");
  result.isSymmetric = config.flag("sym", true);
  StringRef key =
      config.has("checkpoint_format") ? "checkpoint_format" : "format";
  std::string format = config.word(key, "gptq");
  if (format != "gptq" && format != "gptq_v2")
    config.refuse(key, "gptq or gptq_v2");
  if (config.flag("is_marlin_format", false))
    config.refuse("is_marlin_format", "false");
  result.zeroOffset = format == "gptq";
  if (std::optional<ConfigReader> dynamic = config.section("dynamic"))
    result.mayVary = true;
  return result;
}

static QuantizationConfig readAwq(const ConfigReader &config) {
  QuantizationConfig result;
  result.method = QuantizationMethod::Awq;
  StringRef bits = config.has("bits") ? "bits" : "w_bit";
  result.bits = config.count(bits);
  if (result.bits != 4)
    config.refuse(bits, "4");
  result.group = readGroup(config, config.has("group_size") ? "group_size"
                                                            : "q_group_size");
  result.isSymmetric = !config.flag("zero_point", true);
  std::string version = StringRef(config.word("version", "gemm")).lower();
  if (version != "gemm")
    config.refuse("version", "gemm");
  result.ignoredParts = config.words("modules_to_not_convert");
  return result;
}

/// One scheme for all weights, as the tools write it.
static void readScheme(const ConfigReader &weights,
                       QuantizationConfig &result) {
  result.bits = weights.count("num_bits");
  if (result.bits < 2 || result.bits > 8)
    weights.refuse("num_bits", "2 to 8 bits");
  if (weights.word("type", "int") != "int")
    weights.refuse("type", "int");
  result.isSymmetric = weights.flag("symmetric", true);
  std::string strategy = weights.word("strategy", "channel");
  if (strategy == "group")
    result.group = weights.count("group_size");
  else if (strategy != "channel" && strategy != "tensor")
    weights.refuse("strategy", "group, channel or tensor");
}

static QuantizationConfig readCompressedTensors(const ConfigReader &config) {
  QuantizationConfig result;
  std::string format = config.word("format", "");
  if (format == "pack-quantized")
    result.method = QuantizationMethod::PackedCodes;
  else if (format == "int-quantized")
    result.method = QuantizationMethod::IntegerCodes;
  else
    config.refuse("format", "pack-quantized or int-quantized");
  std::optional<ConfigReader> groups = config.section("config_groups");
  std::optional<ConfigReader> group;
  if (groups)
    group = groups->section("group_0");
  std::optional<ConfigReader> weights;
  if (group)
    weights = group->section("weights");
  if (!weights) {
    config.fail("config_groups", "expected weights in group_0, but got none");
    return result;
  }
  if (groups->has("group_1"))
    groups->fail("group_1", "expected one group, but got more");
  readScheme(*weights, result);
  // `re:` begins a pattern: those modules are known by what the file holds.
  for (const std::string &name : config.words("ignore"))
    if (!StringRef(name).starts_with("re:"))
      result.ignoredNames.push_back(name);
  return result;
}

QuantizationConfig readQuantizationConfig(const ConfigReader &config) {
  std::optional<ConfigReader> section = config.section("quantization_config");
  if (!section)
    return {};
  std::string method = section->word("quant_method", "");
  if (method == "gptq")
    return readGptq(*section);
  if (method == "awq")
    return readAwq(*section);
  if (method == "compressed-tensors")
    return readCompressedTensors(*section);
  if (method == "mxfp4")
    return {}; // what is in blocks has other names
  section->refuse("quant_method", "gptq, awq, compressed-tensors or mxfp4");
  return {};
}

} // namespace qcc
