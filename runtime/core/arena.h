// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one block of memory that a context computes in: the caller's, or pages
// of our own.

#ifndef QCC_CORE_ARENA_H
#define QCC_CORE_ARENA_H

#include "qcc/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { QCC_RT_ARENA_ALIGNMENT = 64 };

typedef struct {
  uint8_t *data;
  int64_t mapped_size_bytes; // 0: the caller's memory
} qcc_rt_arena_t;

// Takes the memory that the options bring, after checking it, or maps pages:
// aligned to 64 bytes, from 4 MiB on to 2 MiB so that huge pages can serve it.
qcc_code_t qcc_rt_arena_create(qcc_rt_arena_t *arena, int64_t size_bytes,
                               const qcc_context_options_t *options,
                               qcc_status_t *status);
void qcc_rt_arena_destroy(qcc_rt_arena_t *arena);

#ifdef __cplusplus
}
#endif
#endif // QCC_CORE_ARENA_H
