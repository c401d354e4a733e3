// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What `quantization_config` of a config.json says about the integer codes of
// a checkpoint: the method, its numbers, and the modules that are left alone.

#ifndef COMPILER_IMPORT_HUGGINGFACE_QUANTIZATIONCONFIG_H
#define COMPILER_IMPORT_HUGGINGFACE_QUANTIZATIONCONFIG_H

#include "compiler/Import/HuggingFace/ConfigReader.h"

namespace qcc {

enum class QuantizationMethod { None, Gptq, Awq, PackedCodes, IntegerCodes };

struct QuantizationConfig {
  QuantizationMethod method = QuantizationMethod::None;
  int64_t bits = 0;
  int64_t group = 0;       // 0: a whole row
  bool isSymmetric = true; // as stated
  int64_t zeroOffset = 0;  // GPTQ: 1 in version 1
  bool mayVary = false;    // modules have bits and groups of their own
  // Modules that stay floats: by name, or by what a name contains.
  std::vector<std::string> ignoredNames, ignoredParts;

  bool isIgnored(llvm::StringRef module) const;
};

/// Of a whole config.json; `None` where it says nothing.
QuantizationConfig readQuantizationConfig(const ConfigReader &config);

} // namespace qcc

#endif // COMPILER_IMPORT_HUGGINGFACE_QUANTIZATIONCONFIG_H
