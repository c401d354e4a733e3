// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a decoder as it is described, with plain loops: the oracle of compiled
// language models and of the readers that fill descriptions in.

#ifndef COMPILER_REFERENCE_DECODERREFERENCE_H
#define COMPILER_REFERENCE_DECODERREFERENCE_H

#include "compiler/Import/Decoder/Decoder.h"

namespace qcc {

/// The logits of every token, `decoder.vocabulary` each, that follow from the
/// tokens up to it. Weights are f32 as decodeWeightRow gives them, everything
/// else is f64. `ids` are below `vocabulary`, and no more than a decoder with
/// learned positions has of them.
std::vector<float> runDecoder(const Decoder &decoder,
                              llvm::ArrayRef<int32_t> ids);

} // namespace qcc

#endif // COMPILER_REFERENCE_DECODERREFERENCE_H
