// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which op computes in which precision.

#ifndef QCC_ASSIGN_PASSES_TD
#define QCC_ASSIGN_PASSES_TD

include "mlir/Pass/PassBase.td"

def AssignPrecision : Pass<"qcc-assign-precision"> {
  let summary = "decide for each op whether it computes in integers";
  let description = [{
    Sets `qcc.precision` to `"int8"`, `"int8_dynamic"` or `"f32"` on every op of
    the dialect. With `precision=int8`:

    - contractions with constant weights and a known input range are int8, but
      depthwise ones not where one channel in ten of their input has fewer than
      8 levels of its grid;
    - those whose input range is not known are int8_dynamic, except for
      depthwise convolutions, which compute too little to pay for it;
    - an op that moves elements, pools or computes element by element is int8 if
      its operands are and an int8 op reads it: what follows the last
      contraction stays in f32, so that no result is rounded to 8 bits;
    - a mean from which its input differs, as an instance norm begins, is f32,
      and with it all the norm;
    - an op that only moves elements between an f32 tensor and int8 ops is int8
      too, since it then moves a quarter of the bytes.

    An op with `qcc.planned`, from a plan file, gets that precision if it can.

    Every computing op that stays in f32 before the last contraction gets a
    remark that says why, and the same as `qcc.reason`, unless the plan says so.

    Needs: ranges (`qcc-fold-calibration`).
    Leaves: `qcc.precision` on every op.
  }];
  let options = [
    Option<"precision", "precision", "std::string", /*default=*/"\"int8\"",
           "int8 or f32">];
}

#endif // QCC_ASSIGN_PASSES_TD
