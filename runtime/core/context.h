// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a context is made of, and the functions of the table that take one.
// They are described in qcc/abi.h.

#ifndef QCC_CORE_CONTEXT_H
#define QCC_CORE_CONTEXT_H

#include "runtime/core/arena.h"
#include "runtime/core/module.h"
#include "runtime/core/pool.h"

#include <stdatomic.h>

// Sums of one op since profiling was switched on.
typedef struct {
  int64_t nanoseconds;
  int64_t calls;
} qcc_rt_op_time_t;

// What generated code gets a pointer to.
struct qcc_rt_run_t {
  qcc_rt_pool_t *pool;       // NULL: one thread
  qcc_rt_op_time_t *profile; // NULL: not profiling
  void *scratch;             // of the thread that runs; NULL: no kernel asks
};

struct qcc_context_t {
  struct qcc_rt_run_t run;
  const qcc_variant_t *variant;
  qcc_rt_arena_t arena;
  int32_t threads;
  atomic_int is_running;
  qcc_rt_op_time_t *op_times; // NULL: profiling was never on
  // Of the current sample: inputs, then outputs, and the step to the next.
  void **pointers;
  int64_t *strides_bytes;
};

qcc_code_t qcc_rt_context_create(const qcc_context_options_t *options,
                                 qcc_context_t **context, qcc_status_t *status);
void qcc_rt_context_destroy(qcc_context_t *context);
int32_t qcc_rt_context_target(const qcc_context_t *context);
int32_t qcc_rt_context_threads(const qcc_context_t *context);
qcc_code_t qcc_rt_set_threads(qcc_context_t *context, int32_t threads,
                              qcc_status_t *status);

qcc_code_t qcc_rt_run(qcc_context_t *context, const qcc_tensor_t *inputs,
                      const qcc_tensor_t *outputs, int64_t batch,
                      qcc_status_t *status);
qcc_code_t qcc_rt_run_unchecked(qcc_context_t *context, void *const *inputs,
                                void *const *outputs, int64_t batch,
                                qcc_status_t *status);

qcc_code_t qcc_rt_set_profile(qcc_context_t *context, int32_t enabled,
                              qcc_status_t *status);
qcc_code_t qcc_rt_profile_entry(const qcc_context_t *context, int32_t index,
                                qcc_profile_entry_t *entry,
                                qcc_status_t *status);
qcc_code_t qcc_rt_observed(const qcc_context_t *context, int32_t index,
                           qcc_observed_info_t *info, qcc_status_t *status);

// Fails where the handle is NULL.
qcc_code_t qcc_rt_check_context(const qcc_context_t *context,
                                qcc_status_t *status);
// Fails if the context is in use; else it is ours until released.
qcc_code_t qcc_rt_acquire(qcc_context_t *context, qcc_status_t *status);
void qcc_rt_release(qcc_context_t *context);

#endif // QCC_CORE_CONTEXT_H
