// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rotary positions as config.json describes them, in the old spelling
// (rope_theta, rope_scaling) and in the new one (rope_parameters, also by kind
// of layer), and the frequencies that follow from them.

#ifndef COMPILER_IMPORT_HUGGINGFACE_ROTARYPARAMETERS_H
#define COMPILER_IMPORT_HUGGINGFACE_ROTARYPARAMETERS_H

#include "compiler/Import/Decoder/RotaryScaling.h"
#include "compiler/Import/HuggingFace/ConfigReader.h"

namespace qcc {

enum class RotaryKind { Default, Linear, Dynamic, Llama3, Yarn, LongRope };

struct RotaryParameters {
  RotaryKind kind = RotaryKind::Default;
  int64_t size = 0; // elements of a head that are rotated
  double theta = 10000;
  double factor = 1; // how much longer texts are than trained ones
  int64_t maxTokens = 0, originalTokens = 0;
  Llama3Scaling llama3;
  YarnScaling yarn;
  std::vector<float> shortFactors, longFactors; // longrope
  double magnitude = 1;
};

/// What a family says beside config.json.
struct RotaryDefaults {
  double theta = 10000;
  double part = 1;             // of a head that is rotated
  double slidingTheta = 10000; // of layers with a window
  bool hasSliding = false;     // they have their own
  // Elements that are rotated, and its key, instead of a part; empty: none.
  llvm::StringRef sizeKey;
  int64_t size = 0;
  bool hasSections = false; // mrope: one position is as three that are equal
  bool hasAlpha = false;    // HunYuan: of `dynamic`, which stretches the base
  int64_t maxTokens = 0;    // that the model was made for
};

/// `isSliding`: of the layers that see a window.
RotaryParameters readRotaryParameters(const ConfigReader &config,
                                      const RotaryDefaults &defaults,
                                      int64_t headSize, bool isSliding);

/// For texts of up to `contextTokens`, which longrope and dynamic scaling ask
/// for; 0: as long as those of the training.
Rotary makeRotary(const RotaryParameters &parameters, int64_t contextTokens);

} // namespace qcc

#endif // COMPILER_IMPORT_HUGGINGFACE_ROTARYPARAMETERS_H
