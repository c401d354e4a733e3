// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of any weight as floats, and integer codes as the numbers see them: for
// references, tests and whoever packs weights again.

#ifndef COMPILER_IMPORT_DECODER_WEIGHTROWS_H
#define COMPILER_IMPORT_DECODER_WEIGHTROWS_H

#include "compiler/Import/Decoder/Decoder.h"
#include "dialects/Qcc/Numerics/GroupedCodes.h"

namespace qcc {

/// True for the layouts of integer codes with scales beside them.
bool hasGroupedCodes(const Weight &weight);

/// A view of such a weight, which must outlive it.
numerics::GroupedCodes getGroupedCodes(const Weight &weight);

/// Writes `columns` values: the row's own, each rounded to f32 once.
void decodeWeightRow(const Weight &weight, int64_t row, float *values);

} // namespace qcc

#endif // COMPILER_IMPORT_DECODER_WEIGHTROWS_H
