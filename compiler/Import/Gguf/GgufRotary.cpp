// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which scaling the keys ask for. A missing type means linear, with a factor
// that is 1 in most files; tensors of factors come on top of any type.

#include "compiler/Import/Gguf/GgufRotary.h"

#include "compiler/Import/Decoder/RotaryScaling.h"
#include "compiler/Import/QuotedName.h"
#include "llvm/ADT/STLExtras.h"

#include <cmath>

using llvm::StringRef;
using llvm::Twine;

namespace qcc {

// Wider heads than any model's; what is allocated for a rotary is half of it.
static constexpr int64_t kMaxRotated = 1 << 16;

/// The number of `key`, which must be above `least`.
static double getAbove(GgufSource &source, StringRef key, double fallback,
                       double least) {
  double value = source.getNumber(key, fallback);
  if (value > least)
    return value;
  source.failKey(key, "a number above " + Twine(static_cast<int64_t>(least)),
                 std::to_string(value));
  return least + 1;
}

static RotaryBase readBase(GgufSource &source, StringRef key, double fallback,
                           const GgufRotaryOptions &options) {
  RotaryBase base;
  base.base = getAbove(source, key, fallback, 1);
  base.size = source.getSize("rope.dimension_count", options.headSize);
  if (base.size % 2 || base.size > options.headSize ||
      base.size > kMaxRotated) {
    source.failKey("rope.dimension_count",
                   "an even number up to the head size " +
                       Twine(options.headSize),
                   Twine(base.size));
    base.size = 0;
  }
  return base;
}

static double readOriginalTokens(GgufSource &source,
                                 const GgufRotaryOptions &options) {
  return static_cast<double>(source.getSize(
      "rope.scaling.original_context_length", options.maxTokens));
}

static Rotary readYarn(GgufSource &source, RotaryBase base, double factor,
                       const GgufRotaryOptions &options) {
  YarnScaling scaling;
  scaling.factor = factor;
  scaling.originalTokens = readOriginalTokens(source, options);
  scaling.betaFast = getAbove(source, "rope.scaling.yarn_beta_fast", 32, 0);
  scaling.betaSlow = getAbove(source, "rope.scaling.yarn_beta_slow", 1, 0);
  double blend = source.getNumber("rope.scaling.yarn_ext_factor", 1);
  if (blend >= 0 && blend != 1) // negative: the default
    source.failKey("rope.scaling.yarn_ext_factor", "1", std::to_string(blend));
  return makeYarnRotary(base, scaling);
}

/// Divides by the factors of `name`, if the file has them.
static void applyFactors(GgufSource &source, Rotary &rotary, StringRef name) {
  if (!source.hasTensor(name))
    return;
  auto pairs = static_cast<int64_t>(rotary.inverseFrequencies.size());
  std::vector<float> factors = source.getVector(name, pairs);
  if (source.hasFailed())
    return;
  if (!llvm::all_of(factors, [](float factor) {
        return std::isfinite(factor) && factor > 0;
      }))
    return source.fail("tensor " + quoteName(name) +
                       ": expected finite numbers above 0, but got others");
  divideFrequencies(rotary, factors);
}

Rotary readGgufRotary(GgufSource &source, const GgufFamily &family,
                      const GgufRotaryOptions &options) {
  RotaryBase base = readBase(source, "rope.freq_base", 10000, options);
  double factor = source.getNumber("rope.scale_linear", 0);
  factor = source.getNumber("rope.scaling.factor", factor);
  if (factor == 0)
    factor = 1; // as good as no key
  StringRef type = source.getString("rope.scaling.type", "linear");
  Rotary rotary;
  if (factor < 0)
    source.failKey("rope.scaling.factor", "a number above 0",
                   std::to_string(factor));
  else if (type == "none")
    rotary = makeRotary(base);
  else if (type == "linear" || type == "longrope")
    rotary = makeLinearRotary(base, factor);
  else if (type == "yarn")
    rotary = readYarn(source, base, factor, options);
  else
    source.failKey("rope.scaling.type", "none, linear, yarn or longrope",
                   quoteName(type));
  rotary.magnitude *=
      static_cast<float>(getAbove(source, "rope.scaling.attn_factor", 1, 0));
  rotary.isInterleaved = family.positions == GgufPositions::Interleaved;

  StringRef longFactors = "rope_factors_long.weight";
  StringRef shortFactors = "rope_factors_short.weight";
  bool isLong =
      static_cast<double>(options.tokens) > readOriginalTokens(source, options);
  source.ignoreTensor(isLong ? shortFactors : longFactors);
  applyFactors(source, rotary, isLong ? longFactors : shortFactors);
  applyFactors(source, rotary, "rope_freqs.weight");
  return rotary;
}

Rotary readGgufWindowRotary(GgufSource &source, const GgufFamily &family,
                            const GgufRotaryOptions &options) {
  double fallback = family.windowBase
                        ? family.windowBase
                        : source.getNumber("rope.freq_base", 10000);
  Rotary rotary =
      makeRotary(readBase(source, "rope.freq_base_swa", fallback, options));
  rotary.isInterleaved = family.positions == GgufPositions::Interleaved;
  return rotary;
}

} // namespace qcc
