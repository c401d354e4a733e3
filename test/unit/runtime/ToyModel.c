// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A library as the compiler makes them, written by hand, so that the runtime
// and the tools are tested without a compiler. For each sample:
//
//   hidden = x * 2         observed in the arena, one task for each row
//   y      = hidden + bias one task for each element
//   total  = sum of y      one task
//
// x: f32 [batch, 2, 3], bias: f32 [3], y: f32 [batch, 2, 3], total: f32
// [batch, 1]. The first of two targets needs a feature that no machine has.

#include "runtime/core/module.h"

enum { ROWS = 2, COLUMNS = 3, HIDDEN_OFFSET = 64 };

static void scale_row(void *const *args, int64_t task, void *scratch) {
  (void)scratch;
  const float *x = args[0];
  float *hidden = args[1];
  const float *factor = args[2];
  for (int64_t i = task * COLUMNS; i < (task + 1) * COLUMNS; ++i)
    hidden[i] = x[i] * *factor;
}

static void add_element(void *const *args, int64_t task, void *scratch) {
  (void)scratch;
  const float *hidden = args[0];
  const float *bias = args[1];
  float *y = args[2];
  y[task] = hidden[task] + bias[task % COLUMNS];
}

static void sum_all(void *const *args, int64_t task, void *scratch) {
  (void)scratch;
  const float *y = args[0];
  float *total = args[1];
  *total = 0;
  for (int i = 0; i < ROWS * COLUMNS; ++i)
    *total += y[i];
}

static void run_toy(qcc_rt_run_t *run, uint8_t *arena, const uint8_t *weights,
                    void *const *inputs, void *const *outputs) {
  void *hidden = arena + HIDDEN_OFFSET;
  void *const scale_args[] = {inputs[0], hidden, (void *)weights};
  qcc_rt_launch(run, 0, scale_row, scale_args, ROWS);
  void *const add_args[] = {hidden, inputs[1], outputs[0]};
  qcc_rt_launch(run, 1, add_element, add_args, ROWS * COLUMNS);
  void *const sum_args[] = {outputs[0], outputs[1]};
  qcc_rt_launch(run, 2, sum_all, sum_args, 1);
}

static const int64_t x_shape[] = {-1, ROWS, COLUMNS};
static const int64_t bias_shape[] = {COLUMNS};
static const int64_t total_shape[] = {-1, 1};
static const qcc_tensor_info_t inputs[] = {
    {"x", QCC_DTYPE_F32, 3, x_shape},
    {"bias", QCC_DTYPE_F32, 1, bias_shape},
};
static const qcc_tensor_info_t outputs[] = {
    {"y", QCC_DTYPE_F32, 3, x_shape},
    {"total", QCC_DTYPE_F32, 2, total_shape},
};

static const qcc_op_info_t ops[] = {
    {"scale", "qcc.mul", "mul_f32_f32_f32_baseline", 6, 52, 0},
    {"shift", "qcc.add", "add_f32_f32_f32_baseline", 6, 60, 0},
    {"total", "qcc.reduce", "reduce_f32_none_f32_baseline", 6, 28, 0},
};
static const int64_t hidden_shape[] = {ROWS, COLUMNS};
static const int64_t hidden_strides[] = {COLUMNS, 1};
static const qcc_observed_t observed[] = {
    {"hidden", QCC_DTYPE_F32, 2, hidden_shape, hidden_strides, HIDDEN_OFFSET,
     0.0f, 0},
};

static const _Alignas(64) float weights[] = {2.0f};
static const qcc_variant_t variants[] = {
    {"future", UINT64_C(1) << 40, run_toy, (const uint8_t *)weights,
     sizeof weights, 128, 0, 3, 1, ops, observed},
    {"baseline", 0, run_toy, (const uint8_t *)weights, sizeof weights, 128, 0,
     3, 1, ops, observed},
};

const qcc_model_t qcc_model = {
    "toy",
    "{\"name\": \"toy\", \"precision\": \"f32\", \"targets\": "
    "[\"future\", \"baseline\"]}",
    2,
    2,
    inputs,
    outputs,
    2,
    variants,
    NULL,
};
