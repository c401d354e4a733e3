// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The graph of a language model from its description.

#ifndef COMPILER_IMPORT_DECODER_DECODERBUILDER_H
#define COMPILER_IMPORT_DECODER_DECODERBUILDER_H

#include "compiler/Import/Decoder/Decoder.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"

namespace qcc {

struct DecoderSizes {
  int64_t rows = 512;            // tokens that a run has room for
  int64_t outputs = 32;          // rows of which a run gives logits
  std::string cacheType = "f16"; // or f32, bf16, int8
};

/// A module whose `main` computes the logits of some rows of a run:
///
///   ids, positions, places [rows], spans [spans, 7], merges [merges, 4],
///   select [outputs], extents [5], parts [slots, numbers],
///   then the cache of each layer -> logits [outputs, vocabulary]
///
/// All in f32 on the weights as they are in the file; weights are resources
/// that point into it. `qcc.language` on the module says what the runtime must
/// know.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
buildDecoder(mlir::MLIRContext &context, const Decoder &decoder,
             const DecoderSizes &sizes = {});

} // namespace qcc

#endif // COMPILER_IMPORT_DECODER_DECODERBUILDER_H
