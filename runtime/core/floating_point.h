// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The floating point modes that generated code runs in: round to nearest even,
// no traps, denormals flushed (FTZ and DAZ), since the tails of a softmax
// would cost a hundred cycles each.

#ifndef QCC_CORE_FLOATING_POINT_H
#define QCC_CORE_FLOATING_POINT_H

#include <stdint.h>
#include <xmmintrin.h>

// MXCSR: exceptions masked (0x1F80), FTZ (0x8000), DAZ (0x0040).
enum { QCC_RT_KERNEL_MXCSR = 0x1F80 | 0x8000 | 0x0040 };

// Enters the modes of generated code and returns what was set before.
static inline uint32_t qcc_rt_enter_kernel_modes(void) {
  uint32_t before = _mm_getcsr();
  _mm_setcsr(QCC_RT_KERNEL_MXCSR);
  return before;
}

static inline void qcc_rt_restore_modes(uint32_t before) { _mm_setcsr(before); }

#endif // QCC_CORE_FLOATING_POINT_H
