// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hugging Face checkpoints, config.json beside safetensors files, as decoders.

#ifndef COMPILER_IMPORT_HUGGINGFACE_HUGGINGFACEREADER_H
#define COMPILER_IMPORT_HUGGINGFACE_HUGGINGFACEREADER_H

#include "compiler/Import/Decoder/Decoder.h"
#include "compiler/Import/Safetensors/SafetensorsReader.h"

namespace qcc {

/// Describes the model in `folder`. Texts of up to `contextTokens` decide the
/// frequencies of models that have two sets of them (longrope); 0: as long as
/// those of the training.
llvm::Expected<Decoder> readHuggingFaceDecoder(llvm::StringRef folder,
                                               int64_t contextTokens = 0);

/// The same from memory; the weights point into the checkpoint's files, which
/// the decoder keeps.
llvm::Expected<Decoder>
readHuggingFaceDecoder(llvm::StringRef configText,
                       const SafetensorsCheckpoint &checkpoint,
                       int64_t contextTokens);

} // namespace qcc

#endif // COMPILER_IMPORT_HUGGINGFACE_HUGGINGFACEREADER_H
