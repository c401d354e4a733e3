// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The threads of one context. A launch hands tasks to helpers that wait for
// them spinning, because a model is a chain of many launches of a few
// microseconds each, and a sleeping thread takes tens of them to wake.

#ifndef QCC_CORE_POOL_H
#define QCC_CORE_POOL_H

#include "runtime/core/module.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct qcc_rt_pool_t qcc_rt_pool_t;

// CPUs that the process may run on; at least 1.
int32_t qcc_rt_available_cpus(void);

// A pool of `threads` threads, the launching one included, so threads - 1
// helpers. If the system gives fewer, the pool is smaller: results do not
// depend on it. Each helper has `scratch_bytes` of memory for its kernels. NULL
// if there is no memory.
qcc_rt_pool_t *qcc_rt_pool_create(int32_t threads, int64_t scratch_bytes);
// Stops and joins the helpers. NULL is allowed.
void qcc_rt_pool_destroy(qcc_rt_pool_t *pool);

int32_t qcc_rt_pool_threads(const qcc_rt_pool_t *pool);
// Helpers asleep at this moment, for tests.
int32_t qcc_rt_pool_parked(const qcc_rt_pool_t *pool);

// Wakes sleeping helpers ahead of the first launch of a run.
void qcc_rt_pool_wake(qcc_rt_pool_t *pool);

// Says what `tasks` tasks of a later launch read, in their order: threads that
// wait for others read the first part of it into their caches. The memory stays
// readable until the pool is told of other memory or destroyed.
void qcc_rt_pool_expect(qcc_rt_pool_t *pool, const uint8_t *data,
                        int64_t size_bytes, int64_t tasks);

// Runs tasks 0..tasks-1 and returns when all are done; what they wrote is then
// visible to the caller, who gives tasks of its own thread `scratch`. One
// launch at a time for each pool.
void qcc_rt_pool_launch(qcc_rt_pool_t *pool, qcc_kernel_fn_t kernel,
                        void *const *args, int64_t tasks, void *scratch);

#ifdef __cplusplus
}
#endif
#endif // QCC_CORE_POOL_H
