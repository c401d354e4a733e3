// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Float constants as the passes of this phase read them: one number, or one
// per channel.

#ifndef PASSES_SIMPLIFY_CONSTANTVECTORS_H
#define PASSES_SIMPLIFY_CONSTANTVECTORS_H

#include "mlir/IR/Value.h"

#include <optional>
#include <vector>

namespace qcc {

/// The elements of an f32 constant, or nothing.
std::optional<std::vector<float>> getFloats(mlir::Value value);

/// The number that all elements of an f32 constant have, or nothing.
std::optional<double> getScalar(mlir::Value value);

/// The constant `value`, broadcast to a tensor of `rank` dimensions with
/// `channels` elements in dimension 1, if it varies along that dimension only.
std::optional<std::vector<double>>
getPerChannel(mlir::Value value, int64_t rank, int64_t channels);

/// Equal but for a few units in the last place of an f32.
bool isAbout(double value, double expected);

} // namespace qcc

#endif // PASSES_SIMPLIFY_CONSTANTVECTORS_H
