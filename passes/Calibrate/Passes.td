// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges of activations: which tensors are watched while calibration data runs
// through the float model, and what comes of it.

#ifndef QCC_CALIBRATE_PASSES_TD
#define QCC_CALIBRATE_PASSES_TD

include "mlir/Pass/PassBase.td"

def InsertObservers : Pass<"qcc-insert-observers"> {
  let summary = "observe every tensor that quantization wants to know";
  let description = [{
    Adds a `qcc.observe` after each float function argument and each float
    result of an op that computes values. Results that only move elements are
    observed where a contraction reads them, for the means of their channels.
    Observers are named after the location of their op, or the argument's
    `qcc.name`, with `#2`, `#3` ... where a name comes again, so the same model
    gives the same names each time.

    With `layers` the graph may have any precision, and each f32 or 8-bit result
    of an op that computes values is observed, so that layers of a quantized
    library and of a float one can be compared by name.

    Needs: the simplified graph; ranges must be those of what will be computed.
    Leaves: observers with distinct names.
  }];
  let options = [
    Option<"layers", "layers", "bool", /*default=*/"false",
           "observe what layers compute, on grids too">];
  let dependentDialects = ["::qcc::QccDialect"];
}

def FoldCalibration : Pass<"qcc-fold-calibration"> {
  let summary = "write calibrated ranges into the graph";
  let description = [{
    Replaces each `qcc.observe` by what the statistics file says of its tensor:
    the op that computes it (or the argument) gets `qcc.range`, `[low, high]`,
    and, where a contraction reads the tensor, `qcc.channel_means`; where a
    depthwise convolution does, `qcc.channel_lows` and `highs` too. Arguments
    keep every value seen unless their range was edited: pictures use the whole
    of their range, and few levels of it are ever unused.

    Needs: `qcc-insert-observers`.
    Leaves: no `qcc.observe`.
  }];
  let options = [
    Option<"statistics", "statistics", "std::string", /*default=*/"",
           "file written by calibration (Statistics.h)">,
    Option<"method", "method", "std::string", /*default=*/"",
           "minmax, percentile, entropy or mse; the file's own by default">];
  let dependentDialects = ["::qcc::QccDialect"];
}

#endif // QCC_CALIBRATE_PASSES_TD
