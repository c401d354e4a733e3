// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Frequencies of rotary positions and the ways to stretch them over more
// positions than a model was trained on. Computed in f64 and rounded once.
// Arguments are checked by readers: positive and finite.

#ifndef COMPILER_IMPORT_DECODER_ROTARYSCALING_H
#define COMPILER_IMPORT_DECODER_ROTARYSCALING_H

#include "compiler/Import/Decoder/Decoder.h"

namespace qcc {

/// The frequency of pair i is base^(-2 i / size).
struct RotaryBase {
  double base = 10000;
  int64_t size = 0; // rotated elements of a head, an even number
};

/// Without scaling.
Rotary makeRotary(RotaryBase base);

/// All positions divided by `factor`.
Rotary makeLinearRotary(RotaryBase base, double factor);

/// Llama 3.1's: waves longer than `originalTokens` / `lowFactor` positions are
/// stretched by `factor`, those shorter than `originalTokens` / `highFactor`
/// are left alone, and those between are blended.
struct Llama3Scaling {
  double factor = 8, lowFactor = 1, highFactor = 4;
  double originalTokens = 8192;
};
Rotary makeLlama3Rotary(RotaryBase base, const Llama3Scaling &scaling);

/// YaRN: pairs that turn more than `betaFast` times in `originalTokens`
/// positions are left alone, those that turn fewer than `betaSlow` times are
/// stretched, and between them is a ramp over i.
struct YarnScaling {
  double factor = 1, originalTokens = 0;
  double betaFast = 32, betaSlow = 1;
  bool isTruncated = true; // the ends of the ramp are whole numbers
};
Rotary makeYarnRotary(RotaryBase base, const YarnScaling &scaling);

/// Divides the frequency of pair i by `factors[i]`: LongRoPE's long or short
/// factors, and those that GGUF files of Llama 3 store.
void divideFrequencies(Rotary &rotary, llvm::ArrayRef<float> factors);

/// YaRN's default magnitude: 0.1 * scale * ln(factor) + 1, or 1 if the factor
/// does not stretch.
double getYarnMagnitude(double factor, double scale = 1);

/// LongRoPE's default magnitude for a model stretched by `factor`:
/// sqrt(1 + ln(factor) / ln(originalTokens)), or 1 if nothing is stretched.
double getLongropeMagnitude(double factor, double originalTokens);

} // namespace qcc

#endif // COMPILER_IMPORT_DECODER_ROTARYSCALING_H
