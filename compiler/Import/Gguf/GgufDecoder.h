// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A decoder out of a GGUF file, by its architecture's row in GgufFamilies.h.

#ifndef COMPILER_IMPORT_GGUF_GGUFDECODER_H
#define COMPILER_IMPORT_GGUF_GGUFDECODER_H

#include "compiler/Import/Decoder/Decoder.h"
#include "compiler/Import/Gguf/GgufReader.h"

namespace qcc {

/// All weights point into the files of `file`, which the result keeps. `tokens`
/// is how many positions will be used (0: as many as the model was made for):
/// some models rotate differently beyond a number of them.
llvm::Expected<Decoder> readGgufDecoder(const GgufFile &file,
                                        int64_t tokens = 0);

} // namespace qcc

#endif // COMPILER_IMPORT_GGUF_GGUFDECODER_H
