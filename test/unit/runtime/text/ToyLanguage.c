// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The library of a language model, written by hand. It computes nothing of use:
// logits tell what the run was given, and what the cache holds of the tokens
// before. A token's key is its id, and its value its id and a half.

#include "runtime/core/module.h"

enum { VOCABULARY = 16, BATCH_TOKENS = 8, BATCH_OUTPUTS = 2, SPAN_ROWS = 3 };
enum {
  IDS,
  POSITIONS,
  PLACES,
  SPANS,
  MERGES,
  SELECT,
  EXTENTS,
  PARTS,
  FIRST,
  SECOND,
  INPUTS
};
enum { SPAN_NUMBERS = 7, PART_SLOTS = 4, PART_POSITIONS = 16, SUMS = 4 };
// The second layer has two heads of three elements.
enum { HEADS = 2, SIZE = 3 };

static int32_t runs;

static float *key_at(float *layer, int64_t size, int64_t capacity, int64_t head,
                     int64_t place) {
  return layer + (head * capacity + place / 16 * 16) * size + place % 16;
}

static float *value_at(float *layer, int64_t heads, int64_t size,
                       int64_t capacity, int64_t head, int64_t place) {
  return layer + ((heads + head) * capacity + place) * size;
}

static void write_token(void *const *args, int64_t row) {
  int64_t capacity = ((const int64_t *)args[EXTENTS])[2];
  int64_t place = ((const int64_t *)args[PLACES])[row];
  float id = (float)((const int32_t *)args[IDS])[row];
  *key_at(args[FIRST], 1, capacity, 0, place) = id;
  *value_at(args[FIRST], 1, 1, capacity, 0, place) = id + 0.5f;
  for (int64_t head = 0; head < HEADS; ++head)
    for (int64_t k = 0; k < SIZE; ++k) {
      key_at(args[SECOND], SIZE, capacity, head, place)[16 * k] = id;
      value_at(args[SECOND], HEADS, SIZE, capacity, head, place)[k] = id + 0.5f;
    }
}

// Sums of what the layers hold of some places.
static void add_places(void *const *args, int64_t from, int64_t end,
                       float *sums) {
  int64_t capacity = ((const int64_t *)args[EXTENTS])[2];
  for (int64_t place = from; place < end; ++place) {
    sums[0] += *key_at(args[FIRST], 1, capacity, 0, place);
    sums[1] += *value_at(args[FIRST], 1, 1, capacity, 0, place);
    for (int64_t head = 0; head < HEADS; ++head)
      for (int64_t k = 0; k < SIZE; ++k) {
        sums[2] += key_at(args[SECOND], SIZE, capacity, head, place)[16 * k];
        sums[3] +=
            value_at(args[SECOND], HEADS, SIZE, capacity, head, place)[k];
      }
  }
}

// The same of all that a row sees: of its span, or of the parts that its spans
// leave and a merge puts together.
static void add_history(void *const *args, int64_t row, float *sums) {
  const int64_t *extents = args[EXTENTS];
  const int64_t *span = args[SPANS], *merge = args[MERGES];
  float *parts = args[PARTS];
  for (int i = 0; i < SUMS; ++i)
    sums[i] = 0;
  for (int64_t s = 0; s < extents[3]; ++s, span += SPAN_NUMBERS) {
    int64_t own = ((const int64_t *)args[POSITIONS])[row], end = span[5];
    if (row < span[0] || row >= span[0] + span[1])
      continue;
    float *to = span[6] < 0 ? sums : parts + SUMS * (span[6] + row - span[0]);
    for (int i = 0; i < SUMS; ++i)
      to[i] = 0;
    add_places(args, span[2] + span[4], span[2] + (end <= own ? end : own + 1),
               to);
  }
  for (int64_t m = 0; m < extents[4]; ++m, merge += 4)
    for (int64_t part = 0; merge[0] == row && part < merge[2]; ++part)
      for (int i = 0; i < SUMS; ++i)
        sums[i] += parts[SUMS * (merge[1] + part * merge[3]) + i];
}

// id, position, place, the row's span (4 numbers), the extents (4), run,
// history.
static void tell_row(void *const *args, int64_t row, float *logits) {
  const int64_t *extents = args[EXTENTS];
  const int64_t *span = args[SPANS];
  while (row >= span[0] + span[1])
    span += SPAN_NUMBERS;
  *logits++ = (float)((const int32_t *)args[IDS])[row];
  *logits++ = (float)((const int64_t *)args[POSITIONS])[row];
  *logits++ = (float)((const int64_t *)args[PLACES])[row];
  for (int i = 0; i < 4; ++i)
    *logits++ = (float)span[i];
  for (int i = 0; i < 4; ++i)
    *logits++ = (float)extents[i];
  *logits++ = (float)runs;
  add_history(args, row, logits);
}

static void tell(void *const *args, int64_t task, void *scratch) {
  (void)task;
  (void)scratch;
  const int64_t *extents = args[EXTENTS];
  for (int64_t row = 0; row < extents[0]; ++row)
    write_token(args, row);
  for (int64_t i = 0; i < extents[1]; ++i)
    tell_row(args, ((const int64_t *)args[SELECT])[i],
             (float *)args[INPUTS] + i * VOCABULARY);
}

static void run_toy(qcc_rt_run_t *run, uint8_t *arena, const uint8_t *weights,
                    void *const *inputs, void *const *outputs) {
  (void)arena;
  (void)weights;
  void *args[INPUTS + 1];
  for (int i = 0; i < INPUTS; ++i)
    args[i] = inputs[i];
  args[INPUTS] = outputs[0];
  ++runs;
  qcc_rt_launch(run, 0, tell, args, 1);
}

static const int64_t rows[] = {BATCH_TOKENS, SPAN_NUMBERS};
static const int64_t merges_shape[] = {PART_SLOTS / 2, 4};
static const int64_t parts_shape[] = {PART_SLOTS, SUMS};
static const int64_t select_shape[] = {BATCH_OUTPUTS, VOCABULARY};
static const int64_t extents_shape[] = {5};
static const int64_t first_shape[] = {2, 1, 48, 1};
static const int64_t second_shape[] = {2, HEADS, 48, SIZE};
static const qcc_tensor_info_t inputs[] = {
    {"ids", QCC_DTYPE_I32, 1, rows},
    {"positions", QCC_DTYPE_I64, 1, rows},
    {"places", QCC_DTYPE_I64, 1, rows},
    {"spans", QCC_DTYPE_I64, 2, rows},
    {"merges", QCC_DTYPE_I64, 2, merges_shape},
    {"select", QCC_DTYPE_I64, 1, select_shape},
    {"extents", QCC_DTYPE_I64, 1, extents_shape},
    {"parts", QCC_DTYPE_F32, 2, parts_shape},
    {"cache.0", QCC_DTYPE_F32, 4, first_shape},
    {"cache.1", QCC_DTYPE_F32, 4, second_shape},
};
static const qcc_tensor_info_t outputs[] = {
    {"logits", QCC_DTYPE_F32, 2, select_shape}};
static const qcc_op_info_t ops[] = {{"tell", "qcc.tell", "tell", 0, 0, 0}};

static const _Alignas(64) float weights[] = {0};
static const qcc_variant_t variants[] = {
    {"baseline", 0, run_toy, (const uint8_t *)weights, sizeof weights, 64, 0, 1,
     0, ops, NULL},
};

static const int64_t cache_elements[] = {2, 2 * HEADS *SIZE};
static const int64_t head_elements[] = {1, SIZE};
extern const qcc_language_t qcc_rt_language;
static const qcc_rt_language_t language = {
    .info = {.family = "toy",
             .vocabulary = VOCABULARY,
             .max_tokens = 40,
             .batch_tokens = BATCH_TOKENS,
             .batch_outputs = BATCH_OUTPUTS,
             .token_size_bytes = 4 * (2 + 2 * HEADS * SIZE)},
    .span_rows = SPAN_ROWS,
    .part_slots = PART_SLOTS,
    .part_positions = PART_POSITIONS,
    .part_numbers = SUMS,
    .layers = 2,
    .cache_type = "f32",
    .cache_element_bytes = 4,
    .cache_elements = cache_elements,
    .head_elements = head_elements,
    .functions = &qcc_rt_language,
};

const qcc_model_t qcc_model = {
    "toy",     "{\"name\": \"toy\"}", INPUTS, 1, inputs, outputs, 1, variants,
    &language,
};
