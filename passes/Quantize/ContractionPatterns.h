// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What FoldQuantization does to the contractions of imported models.

#ifndef PASSES_QUANTIZE_CONTRACTIONPATTERNS_H
#define PASSES_QUANTIZE_CONTRACTIONPATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace qcc {

/// Constants per channel after a contraction go into its bias and its scales.
void populateModelWeightPatterns(mlir::RewritePatternSet &patterns);

/// Contractions of integers with f32 results, and of whole numbers.
void populateIntegerProductPatterns(mlir::RewritePatternSet &patterns);

/// Says which contractions between grids stay in f32, and why.
void remarkFloatContractions(mlir::Operation *root);

} // namespace qcc

#endif // PASSES_QUANTIZE_CONTRACTIONPATTERNS_H
