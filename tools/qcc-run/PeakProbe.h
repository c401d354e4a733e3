// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What this machine can do at most, measured here and now: the roofs that
// profiles and benchmarks are compared with. Clocks and neighbours change from
// minute to minute, so a number from a data sheet would mislead.

#ifndef QCC_TOOLS_QCC_RUN_PEAKPROBE_H
#define QCC_TOOLS_QCC_RUN_PEAKPROBE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Operations per second of all threads together; a multiply-accumulate counts
// as two. Zero where the machine lacks even AVX2.
typedef struct {
  double int8_ops;
  double f32_ops;
} qcc_peak_t;

// Runs independent dot-product instructions, then fused multiply-adds, on
// `threads` threads at once, each kind for `seconds`, with the widest
// instructions that the machine has. Each thread counts its best millisecond.
qcc_peak_t qcc_measure_peak(int32_t threads, double seconds);

#ifdef __cplusplus
}
#endif
#endif // QCC_TOOLS_QCC_RUN_PEAKPROBE_H
