// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Making and changing contexts. The machine is compared with the target here,
// once, so that nothing generated runs where it can not.

#include "runtime/core/context.h"

#include "runtime/core/features.h"
#include "runtime/core/status.h"
#include "runtime/core/tensor.h"

#include <stdlib.h>

// Above this, a thread count is a mistake such as a byte count.
enum { MAX_THREADS = 4096 };

qcc_code_t qcc_rt_check_context(const qcc_context_t *context,
                                qcc_status_t *status) {
  if (!context)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a context, but got a null pointer");
  return QCC_OK;
}

qcc_code_t qcc_rt_acquire(qcc_context_t *context, qcc_status_t *status) {
  if (atomic_exchange_explicit(&context->is_running, 1, memory_order_acquire))
    return qcc_rt_fail(status, QCC_BUSY,
                       "expected an idle context, but got one that is running "
                       "(use one context for each thread)");
  return QCC_OK;
}

void qcc_rt_release(qcc_context_t *context) {
  atomic_store_explicit(&context->is_running, 0, memory_order_release);
}

//===-- Target ------------------------------------------------------------===//

static qcc_code_t fail_for_missing_feature(const qcc_variant_t *variant,
                                           uint64_t present,
                                           qcc_status_t *status) {
  return qcc_rt_fail(
      status, QCC_UNSUPPORTED_MACHINE,
      "expected a machine with %s for target '%s', but got one without "
      "(recompile with --target=native)",
      qcc_rt_missing_feature(variant->features, present), variant->target);
}

// The best one that runs here. If none does, the last and least demanding one
// says what is missing.
static qcc_code_t choose_variant(int32_t target, const qcc_variant_t **chosen,
                                 qcc_status_t *status) {
  uint64_t present = qcc_rt_machine_features();
  if (target < QCC_TARGET_BEST || target >= qcc_model.num_variants)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a target index below %d, but got %d",
                       qcc_model.num_variants, target);
  int32_t first = target == QCC_TARGET_BEST ? 0 : target;
  int32_t last =
      target == QCC_TARGET_BEST ? qcc_model.num_variants - 1 : target;
  for (int32_t i = first; i <= last; ++i) {
    *chosen = &qcc_model.variants[i];
    if (!qcc_rt_missing_feature((*chosen)->features, present))
      return QCC_OK;
  }
  return fail_for_missing_feature(&qcc_model.variants[last], present, status);
}

//===-- Threads -----------------------------------------------------------===//

static qcc_code_t resolve_threads(int32_t wanted, int32_t *threads,
                                  qcc_status_t *status) {
  if (wanted < 0 || wanted > MAX_THREADS)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected 0 to %d threads, but got %d", MAX_THREADS,
                       wanted);
  *threads = wanted ? wanted : qcc_rt_available_cpus();
  return QCC_OK;
}

qcc_code_t qcc_rt_set_threads(qcc_context_t *context, int32_t threads,
                              qcc_status_t *status) {
  int32_t resolved = 1;
  qcc_code_t code = qcc_rt_check_context(context, status);
  if (code == QCC_OK)
    code = resolve_threads(threads, &resolved, status);
  if (code == QCC_OK)
    code = qcc_rt_acquire(context, status);
  if (code != QCC_OK)
    return code;
  if (resolved != context->threads) {
    qcc_rt_pool_destroy(context->run.pool);
    context->run.pool = NULL;
    context->threads = resolved;
  }
  qcc_rt_release(context);
  return qcc_rt_succeed(status);
}

int32_t qcc_rt_context_threads(const qcc_context_t *context) {
  return context ? context->threads : 0;
}

int32_t qcc_rt_context_target(const qcc_context_t *context) {
  return context ? (int32_t)(context->variant - qcc_model.variants) : 0;
}

//===-- Life --------------------------------------------------------------===//

static void fill_strides(qcc_context_t *context) {
  int64_t *stride = context->strides_bytes;
  for (int32_t i = 0; i < qcc_model.num_inputs; ++i)
    *stride++ = qcc_rt_sample_stride_bytes(&qcc_model.inputs[i]);
  for (int32_t i = 0; i < qcc_model.num_outputs; ++i)
    *stride++ = qcc_rt_sample_stride_bytes(&qcc_model.outputs[i]);
}

static qcc_code_t allocate(qcc_context_t **context, qcc_status_t *status) {
  size_t count = (size_t)(qcc_model.num_inputs + qcc_model.num_outputs);
  qcc_context_t *made = calloc(1, sizeof *made);
  if (made) {
    made->pointers = calloc(count + 1, sizeof *made->pointers);
    made->strides_bytes = calloc(count + 1, sizeof *made->strides_bytes);
  }
  if (!made || !made->pointers || !made->strides_bytes) {
    qcc_rt_context_destroy(made);
    return qcc_rt_fail(status, QCC_OUT_OF_MEMORY,
                       "expected memory for a context, but the system has "
                       "none");
  }
  fill_strides(made);
  *context = made;
  return QCC_OK;
}

static qcc_code_t allocate_scratch(qcc_context_t *context,
                                   qcc_status_t *status) {
  int64_t size_bytes = context->variant->scratch_size_bytes;
  if (size_bytes <= 0)
    return QCC_OK;
  context->run.scratch =
      aligned_alloc(4096, ((size_t)size_bytes + 4095) / 4096 * 4096);
  if (!context->run.scratch)
    return qcc_rt_fail(status, QCC_OUT_OF_MEMORY,
                       "expected memory for kernels, but the system has none");
  return QCC_OK;
}

qcc_code_t qcc_rt_context_create(const qcc_context_options_t *options,
                                 qcc_context_t **context,
                                 qcc_status_t *status) {
  static const qcc_context_options_t defaults = {.target = QCC_TARGET_BEST};
  if (!context)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected room for the context, but got a null pointer");
  *context = NULL;
  if (!options)
    options = &defaults;
  const qcc_variant_t *variant = NULL;
  int32_t threads = 1;
  qcc_context_t *made = NULL;
  qcc_code_t code = choose_variant(options->target, &variant, status);
  if (code == QCC_OK)
    code = resolve_threads(options->threads, &threads, status);
  if (code == QCC_OK)
    code = allocate(&made, status);
  if (code != QCC_OK)
    return code;
  made->variant = variant;
  made->threads = threads;
  code = allocate_scratch(made, status);
  if (code == QCC_OK)
    code = qcc_rt_arena_create(&made->arena, variant->arena_size_bytes, options,
                               status);
  if (code != QCC_OK) {
    qcc_rt_context_destroy(made);
    return code;
  }
  *context = made;
  return qcc_rt_succeed(status);
}

void qcc_rt_context_destroy(qcc_context_t *context) {
  if (!context)
    return;
  qcc_rt_pool_destroy(context->run.pool);
  qcc_rt_arena_destroy(&context->arena);
  free(context->run.scratch);
  free(context->op_times);
  free(context->pointers);
  free(context->strides_bytes);
  free(context);
}
