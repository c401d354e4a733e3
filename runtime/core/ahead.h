// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory that a thread reads ahead while it waits for others. Between two
// launches that stream weights are short ones that one thread does alone, and
// at their ends some threads are done before others; memory would idle.

#ifndef QCC_CORE_AHEAD_H
#define QCC_CORE_AHEAD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The lines that are left: number of the first (address / 64), and how many.
// Addresses of processes have 47 bits, 56 where they ask for that.
//
//     63            16 15          0
//    [ first line     | lines      ]
//
// Zeros: none.
typedef struct {
  uint64_t lines; // read and written as a whole, by any thread
} qcc_rt_ahead_t;

// Replaces what is left by `size_bytes` at `data`, cut to what half of a second
// level cache holds. The memory has to stay readable until it is replaced.
void qcc_rt_ahead_set(qcc_rt_ahead_t *ahead, const uint8_t *data,
                      int64_t size_bytes);

// Reads the first few lines of what is left; 0: nothing is. Any thread may.
int qcc_rt_ahead_fetch(qcc_rt_ahead_t *ahead);

#ifdef __cplusplus
}
#endif
#endif // QCC_CORE_AHEAD_H
