// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Running a model: checks, the loop over a symbolic batch, the launches that
// generated code asks for, and what can be looked at afterwards.

#include "runtime/core/context.h"
#include "runtime/core/floating_point.h"
#include "runtime/core/status.h"
#include "runtime/core/tensor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t now_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

//===-- Called by generated code ------------------------------------------===//

static void launch(const qcc_rt_run_t *run, qcc_kernel_fn_t kernel,
                   void *const *args, int64_t tasks) {
  if (tasks > 1 && run->pool) {
    qcc_rt_pool_launch(run->pool, kernel, args, tasks, run->scratch);
    return;
  }
  for (int64_t task = 0; task < tasks; ++task)
    kernel(args, task, run->scratch);
}

void qcc_rt_launch(qcc_rt_run_t *run, int32_t op, qcc_kernel_fn_t kernel,
                   void *const *args, int64_t tasks) {
  if (!run->profile) {
    launch(run, kernel, args, tasks);
    return;
  }
  int64_t start = now_nanoseconds();
  launch(run, kernel, args, tasks);
  run->profile[op].nanoseconds += now_nanoseconds() - start;
  run->profile[op].calls += 1;
}

void qcc_rt_expect(qcc_rt_run_t *run, const uint8_t *weights,
                   int64_t size_bytes, int64_t tasks) {
  if (run->pool)
    qcc_rt_pool_expect(run->pool, weights, size_bytes, tasks);
}

//===-- Running -----------------------------------------------------------===//

// Threads start here and not with the context, which may only be asked
// questions. Without memory for a pool one thread computes the same.
static void prepare_pool(qcc_context_t *context) {
  if (context->threads == 1)
    return;
  if (!context->run.pool)
    context->run.pool = qcc_rt_pool_create(
        context->threads, context->variant->scratch_size_bytes);
  else
    qcc_rt_pool_wake(context->run.pool);
}

// context->pointers hold the first sample.
static void run_samples(qcc_context_t *context, int64_t batch) {
  const qcc_variant_t *variant = context->variant;
  void **pointers = context->pointers;
  int32_t count = qcc_model.num_inputs + qcc_model.num_outputs;
  prepare_pool(context);
  uint32_t modes = qcc_rt_enter_kernel_modes();
  for (int64_t sample = 0; sample < batch; ++sample) {
    variant->entry(&context->run, context->arena.data, variant->weights,
                   pointers, pointers + qcc_model.num_inputs);
    for (int32_t i = 0; i < count; ++i)
      pointers[i] = (uint8_t *)pointers[i] + context->strides_bytes[i];
  }
  qcc_rt_restore_modes(modes);
}

static int model_has_symbolic_batch(void) {
  for (int32_t i = 0; i < qcc_model.num_inputs; ++i)
    if (qcc_rt_has_symbolic_batch(&qcc_model.inputs[i]))
      return 1;
  for (int32_t i = 0; i < qcc_model.num_outputs; ++i)
    if (qcc_rt_has_symbolic_batch(&qcc_model.outputs[i]))
      return 1;
  return 0;
}

static qcc_code_t check_batch(int64_t batch, qcc_status_t *status) {
  if (batch == 1)
    return QCC_OK;
  if (batch < 1)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a batch of at least 1, but got %" PRId64,
                       batch);
  if (!model_has_symbolic_batch())
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected batch 1 for a model of fixed shapes, but got "
                       "%" PRId64,
                       batch);
  return QCC_OK;
}

// Also a null pointer to the array itself, where there are tensors.
static qcc_code_t check_array(const void *array, int32_t count,
                              const char *role, qcc_status_t *status) {
  if (!array && count > 0)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected %d %ss, but got a null pointer", count, role);
  return QCC_OK;
}

static qcc_code_t check_tensors(const qcc_tensor_t *tensors,
                                const qcc_tensor_info_t *infos, int32_t count,
                                int64_t batch, const char *role,
                                qcc_status_t *status) {
  qcc_code_t code = check_array(tensors, count, role, status);
  for (int32_t i = 0; i < count && code == QCC_OK; ++i)
    code = qcc_rt_check_tensor(&infos[i], &tensors[i], batch, role, status);
  return code;
}

static void take_pointers(void **pointers, const qcc_tensor_t *tensors,
                          int32_t count) {
  for (int32_t i = 0; i < count; ++i)
    pointers[i] = (uint8_t *)tensors[i].data + tensors[i].byte_offset;
}

qcc_code_t qcc_rt_run(qcc_context_t *context, const qcc_tensor_t *inputs,
                      const qcc_tensor_t *outputs, int64_t batch,
                      qcc_status_t *status) {
  qcc_code_t code = qcc_rt_check_context(context, status);
  if (code == QCC_OK)
    code = check_batch(batch, status);
  if (code == QCC_OK)
    code = check_tensors(inputs, qcc_model.inputs, qcc_model.num_inputs, batch,
                         "input", status);
  if (code == QCC_OK)
    code = check_tensors(outputs, qcc_model.outputs, qcc_model.num_outputs,
                         batch, "output", status);
  if (code == QCC_OK)
    code = qcc_rt_acquire(context, status);
  if (code != QCC_OK)
    return code;
  take_pointers(context->pointers, inputs, qcc_model.num_inputs);
  take_pointers(context->pointers + qcc_model.num_inputs, outputs,
                qcc_model.num_outputs);
  run_samples(context, batch);
  qcc_rt_release(context);
  return qcc_rt_succeed(status);
}

qcc_code_t qcc_rt_run_unchecked(qcc_context_t *context, void *const *inputs,
                                void *const *outputs, int64_t batch,
                                qcc_status_t *status) {
  qcc_code_t code = qcc_rt_check_context(context, status);
  if (code == QCC_OK)
    code = check_batch(batch, status);
  if (code == QCC_OK)
    code = check_array(inputs, qcc_model.num_inputs, "input", status);
  if (code == QCC_OK)
    code = check_array(outputs, qcc_model.num_outputs, "output", status);
  if (code == QCC_OK)
    code = qcc_rt_acquire(context, status);
  if (code != QCC_OK)
    return code;
  for (int32_t i = 0; i < qcc_model.num_inputs; ++i)
    context->pointers[i] = inputs[i];
  for (int32_t i = 0; i < qcc_model.num_outputs; ++i)
    context->pointers[qcc_model.num_inputs + i] = outputs[i];
  run_samples(context, batch);
  qcc_rt_release(context);
  return qcc_rt_succeed(status);
}

//===-- Looking back ------------------------------------------------------===//

static qcc_code_t start_profile(qcc_context_t *context, qcc_status_t *status) {
  size_t count = (size_t)context->variant->num_ops;
  if (!context->op_times)
    context->op_times = calloc(count + 1, sizeof *context->op_times);
  if (!context->op_times)
    return qcc_rt_fail(status, QCC_OUT_OF_MEMORY,
                       "expected memory for a profile, but the system has "
                       "none");
  memset(context->op_times, 0, count * sizeof *context->op_times);
  context->run.profile = context->op_times;
  return qcc_rt_succeed(status);
}

qcc_code_t qcc_rt_set_profile(qcc_context_t *context, int32_t enabled,
                              qcc_status_t *status) {
  qcc_code_t code = qcc_rt_check_context(context, status);
  if (code == QCC_OK)
    code = qcc_rt_acquire(context, status);
  if (code != QCC_OK)
    return code;
  if (enabled) {
    code = start_profile(context, status);
  } else {
    context->run.profile = NULL;
    code = qcc_rt_succeed(status);
  }
  qcc_rt_release(context);
  return code;
}

static qcc_code_t check_index(int32_t index, int32_t count, const char *what,
                              qcc_status_t *status) {
  if (index < 0 || index >= count)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected an index below %d for %s, but got %d", count,
                       what, index);
  return QCC_OK;
}

qcc_code_t qcc_rt_profile_entry(const qcc_context_t *context, int32_t index,
                                qcc_profile_entry_t *entry,
                                qcc_status_t *status) {
  qcc_code_t code = qcc_rt_check_context(context, status);
  if (code == QCC_OK)
    code = check_index(index, context->variant->num_ops, "a profile", status);
  if (code != QCC_OK)
    return code;
  if (!context->op_times)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a context with profiling on, but got one "
                       "where it was never on");
  const qcc_op_info_t *op = &context->variant->ops[index];
  *entry = (qcc_profile_entry_t){
      .name = op->name,
      .kind = op->kind,
      .kernel = op->kernel,
      .macs = op->macs,
      .bytes = op->bytes,
      .is_int8 = op->is_int8,
      .nanoseconds = context->op_times[index].nanoseconds,
      .calls = context->op_times[index].calls,
  };
  return qcc_rt_succeed(status);
}

qcc_code_t qcc_rt_observed(const qcc_context_t *context, int32_t index,
                           qcc_observed_info_t *info, qcc_status_t *status) {
  qcc_code_t code = qcc_rt_check_context(context, status);
  if (code == QCC_OK)
    code = check_index(index, context->variant->num_observed,
                       "observed tensors", status);
  if (code != QCC_OK)
    return code;
  const qcc_observed_t *tensor = &context->variant->observed[index];
  *info = (qcc_observed_info_t){
      .name = tensor->name,
      .dtype = tensor->dtype,
      .rank = tensor->rank,
      .shape = tensor->shape,
      .strides = tensor->strides,
      .data = context->arena.data + tensor->offset_bytes,
      .scale = tensor->scale,
      .zero_point = tensor->zero_point,
  };
  return qcc_rt_succeed(status);
}
