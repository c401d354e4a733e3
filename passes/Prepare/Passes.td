// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Float graphs made to suffer less from the rounding that Quantize will do.

#ifndef QCC_PREPARE_PASSES_TD
#define QCC_PREPARE_PASSES_TD

include "mlir/Pass/PassBase.td"

def EqualizeLayers : Pass<"qcc-equalize-layers"> {
  let summary = "let every channel before a depthwise convolution use its grid";
  let description = [{
    All channels of a tensor share one grid, so a channel of small values has
    few levels. Between a convolution and a depthwise one that alone reads it,
    channels can be scaled freely: the first one's weights, bias and result are
    multiplied, the second one's weights divided, and both have a scale per
    channel in integers. Each channel is scaled up until 1.2 times what
    calibration saw of it fills the range of the tensor, which stays; bounds
    stay too, since they lie outside that (mcunet: 18.4 dB without, 19.5 dB
    with, November 2026).

    Needs: `qcc.range`, `qcc.channel_lows` and `highs`.
    Leaves: an equal float graph for values as calibration saw them.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ChooseWeightScales : Pass<"qcc-choose-weight-scales"> {
  let summary = "choose the scale of each output channel's weights";
  let description = [{
    Leaves `qcc.weight_scales`, one s8 scale per output channel, on each float
    `qcc.conv` and `qcc.linear` with constant weights, but for the depthwise
    ones that `qcc-assign-precision` will leave in f32. `search` tries scales
    from 0.7 to 1 times the one that reaches the largest weight and keeps the
    one with the smallest squared error. A channel whose bias would leave the
    i32 grid of its products gets a scale that holds it.

    Needs: ranges of the inputs (`qcc-fold-calibration`), for the biases.
    Leaves: `qcc.weight_scales`.
  }];
  let options = [
    Option<"search", "search", "bool", /*default=*/"true",
           "smallest squared error, instead of largest weight">];
}

def CorrectBias : Pass<"qcc-correct-bias"> {
  let summary = "take the mean error of rounded weights out of the bias";
  let description = [{
    `bias[o] -= sum over k of (rounded[o, k] - weight[o, k]) * mean(x[k])` with
    the channel means that calibration saw. The rounding of a few hundred
    weights shifts the mean of a channel, and depthwise networks multiply the
    shift (mcunet: 15.6 dB without, 18.7 dB with, November 2026).

    Needs: `qcc-choose-weight-scales`, and `qcc.channel_means`.
    Leaves: the float graph with other biases.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

#endif // QCC_PREPARE_PASSES_TD
