// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rotary positions of a GGUF file: keys of rope.*, and tensors of factors.

#ifndef COMPILER_IMPORT_GGUF_GGUFROTARY_H
#define COMPILER_IMPORT_GGUF_GGUFROTARY_H

#include "compiler/Import/Gguf/GgufFamilies.h"
#include "compiler/Import/Gguf/GgufSource.h"

namespace qcc {

struct GgufRotaryOptions {
  int64_t headSize = 0;
  int64_t maxTokens = 0; // that the model was made for
  int64_t tokens = 0;    // that will be used
};

/// Of layers that see all positions.
Rotary readGgufRotary(GgufSource &source, const GgufFamily &family,
                      const GgufRotaryOptions &options);

/// Of layers with a window, in families that have another one there.
Rotary readGgufWindowRotary(GgufSource &source, const GgufFamily &family,
                            const GgufRotaryOptions &options);

} // namespace qcc

#endif // COMPILER_IMPORT_GGUF_GGUFROTARY_H
