// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Making sessions, and running tokens through the program: prompts in batches
// of as many rows as it has, and one token of several sequences at once.

#include "runtime/text/session.h"

#include "runtime/core/status.h"

#include <stdlib.h>
#include <string.h>

qcc_code_t qcc_rt_check_sequence(const qcc_session_t *session, int32_t sequence,
                                 qcc_status_t *status) {
  if (!session)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a session, but got a null pointer");
  if (sequence < 0 || sequence >= session->sequences)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a sequence below %d, but got %d",
                       session->sequences, sequence);
  return QCC_OK;
}

//===-- Life --------------------------------------------------------------===//

// Hands out parts of one allocation; with a null base it only counts.
static void *take(uint8_t *base, size_t *used, size_t size_bytes) {
  void *part = base ? base + *used : NULL;
  *used += (size_bytes + 63) / 64 * 64;
  return part;
}

static size_t lay_out(qcc_session_t *session, uint8_t *base) {
  const qcc_rt_language_t *model = qcc_model.language;
  size_t rows = (size_t)model->info.batch_tokens, used = 0;
  size_t outputs = (size_t)model->info.batch_outputs;
  size_t wide = sizeof(int64_t);
  session->lengths =
      take(base, &used, (size_t)session->sequences * sizeof(int32_t));
  session->ids = take(base, &used, rows * sizeof(int32_t));
  session->positions = take(base, &used, rows * wide);
  session->places = take(base, &used, rows * wide);
  size_t slots = (size_t)model->part_slots;
  size_t spans = rows > slots ? rows : slots;
  session->spans = take(base, &used, spans * QCC_RT_SPAN_NUMBERS * wide);
  session->merges = take(base, &used, slots / 2 * 4 * wide);
  session->select = take(base, &used, outputs * wide);
  session->parts =
      take(base, &used, slots * (size_t)model->part_numbers * sizeof(float));
  session->inputs =
      take(base, &used, (size_t)qcc_model.num_inputs * sizeof(void *));
  session->logits = take(
      base, &used, outputs * (size_t)model->info.vocabulary * sizeof(float));
  return used;
}

static void list_inputs(qcc_session_t *session) {
  const qcc_rt_language_t *model = qcc_model.language;
  void *fixed[] = {session->ids,     session->positions, session->places,
                   session->spans,   session->merges,    session->select,
                   session->extents, session->parts};
  size_t count = sizeof fixed / sizeof *fixed;
  memcpy(session->inputs, fixed, sizeof fixed);
  uint8_t *cache = session->cache;
  for (int32_t i = 0; i < model->layers; ++i) {
    session->inputs[count + (size_t)i] = cache;
    cache += model->cache_elements[i] * model->cache_element_bytes *
             session->extents[QCC_RT_CAPACITY];
  }
}

static qcc_code_t fail_without_memory(qcc_session_t *session,
                                      qcc_status_t *status) {
  qcc_rt_session_destroy(session);
  return qcc_rt_fail(status, QCC_OUT_OF_MEMORY,
                     "expected memory for a session, but the system has none "
                     "(ask for fewer cache_tokens or sequences)");
}

static qcc_code_t check_options(const qcc_session_options_t *options,
                                qcc_status_t *status) {
  int32_t most = qcc_model.language->info.max_tokens;
  if (options->cache_tokens < 0 || options->cache_tokens > most)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected 0 to %d cache_tokens, but got %d", most,
                       options->cache_tokens);
  if (options->sequences < 0 || options->sequences > 65536)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected 0 to 65536 sequences, but got %d",
                       options->sequences);
  return QCC_OK;
}

qcc_code_t qcc_rt_session_create(const qcc_session_options_t *options,
                                 qcc_session_t **session,
                                 qcc_status_t *status) {
  static const qcc_session_options_t defaults = {.target = QCC_TARGET_BEST};
  if (!session)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected room for the session, but got a null pointer");
  *session = NULL;
  if (!options)
    options = &defaults;
  qcc_code_t code = check_options(options, status);
  if (code != QCC_OK)
    return code;
  qcc_session_t *made = calloc(1, sizeof *made);
  if (!made)
    return fail_without_memory(made, status);
  const qcc_language_info_t *info = &qcc_model.language->info;
  made->sequences = options->sequences ? options->sequences : 1;
  made->cache_tokens =
      options->cache_tokens ? options->cache_tokens : info->max_tokens;
  // One tile more: kernels read whole registers of places.
  made->extents[QCC_RT_CAPACITY] =
      qcc_rt_first_place(made, made->sequences) + QCC_RT_PLACE_TILE;
  made->memory = aligned_alloc(64, lay_out(made, NULL));
  // Zeros, which the system only makes pages of when they are written: what was
  // never written is multiplied by 0 and must be a number.
  made->cache = calloc((size_t)made->extents[QCC_RT_CAPACITY],
                       (size_t)info->token_size_bytes);
  if (!made->memory || !made->cache)
    return fail_without_memory(made, status);
  memset(made->memory, 0, lay_out(made, made->memory));
  list_inputs(made);
  qcc_context_options_t context = {.threads = options->threads,
                                   .target = options->target};
  code = qcc_rt_context_create(&context, &made->context, status);
  if (code != QCC_OK) {
    qcc_rt_session_destroy(made);
    return code;
  }
  *session = made;
  return QCC_OK;
}

void qcc_rt_session_destroy(qcc_session_t *session) {
  if (!session)
    return;
  qcc_rt_context_destroy(session->context);
  free(session->cache);
  free(session->memory);
  free(session);
}

//===-- Running -----------------------------------------------------------===//

static void put_row(qcc_session_t *session, int32_t sequence, int32_t token,
                    int32_t position) {
  int64_t row = session->extents[QCC_RT_ROWS]++;
  session->ids[row] = token;
  session->positions[row] = position;
  session->places[row] = qcc_rt_first_place(session, sequence) + position;
}

static int32_t divide_up(int32_t a, int32_t b) { return (a + b - 1) / b; }

// Positions of each part of those before `seen`. Results depend on it, so it
// depends on what the run computes, and never on the threads.
static int32_t choose_part(const qcc_session_t *session, int32_t seen) {
  const qcc_rt_language_t *model = qcc_model.language;
  int32_t unit = model->part_positions;
  int32_t most = model->part_slots / session->run_rows;
  if (seen <= 2 * unit || most < 2)
    return seen;
  int32_t parts = divide_up(seen, unit);
  parts = parts < most ? parts : most;
  return divide_up(divide_up(seen, parts), unit) * unit;
}

// The span with the numbers of `span`, or one for each part of its positions.
static void put_parts(qcc_session_t *session, const int64_t *span) {
  int32_t rows = (int32_t)span[1], seen = (int32_t)span[3] + rows;
  int32_t step = choose_part(session, seen), parts = divide_up(seen, step);
  int32_t slot = session->used_slots;
  for (int32_t part = 0; part < parts; ++part) {
    int64_t *next =
        session->spans + QCC_RT_SPAN_NUMBERS * session->extents[QCC_RT_SPANS]++;
    memcpy(next, span, 4 * sizeof *span);
    next[4] = (int64_t)part * step;
    next[5] = part + 1 < parts ? next[4] + step : seen;
    next[6] = parts > 1 ? slot + part * rows : -1;
  }
  if (parts == 1)
    return;
  session->used_slots += parts * rows;
  for (int32_t row = 0; row < rows; ++row) {
    int64_t *merge = session->merges + 4 * session->extents[QCC_RT_MERGES]++;
    merge[0] = span[0] + row;
    merge[1] = slot + row;
    merge[2] = parts;
    merge[3] = rows;
  }
}

// `rows` neighbours from `first` on, of one sequence, from `position` on.
static void put_spans(qcc_session_t *session, int32_t sequence, int64_t first,
                      int32_t rows, int32_t position) {
  int32_t most = qcc_model.language->span_rows;
  for (int32_t at = 0; at < rows; at += most) {
    int64_t span[] = {first + at, rows - at < most ? rows - at : most,
                      qcc_rt_first_place(session, sequence), position + at};
    put_parts(session, span);
  }
}

static void start_batch(qcc_session_t *session, int32_t rows) {
  session->extents[QCC_RT_ROWS] = 0;
  session->extents[QCC_RT_OUTPUTS] = 0;
  session->extents[QCC_RT_SPANS] = 0;
  session->extents[QCC_RT_MERGES] = 0;
  session->used_slots = 0;
  session->run_rows = rows;
}

// Writes the logits of the last `outputs` rows.
static qcc_code_t run_batch(qcc_session_t *session, int32_t outputs,
                            float *logits, qcc_status_t *status) {
  session->extents[QCC_RT_OUTPUTS] = outputs;
  for (int32_t i = 0; i < outputs; ++i)
    session->select[i] = session->extents[QCC_RT_ROWS] - outputs + i;
  void *result = outputs > 0 ? (void *)logits : session->logits;
  void *list[] = {result};
  return qcc_rt_run_unchecked(session->context, session->inputs, list, 1,
                              status);
}

static int32_t smaller(int32_t a, int32_t b) { return a < b ? a : b; }

static qcc_code_t check_tokens(const qcc_session_t *session, int32_t sequence,
                               const int32_t *tokens, int32_t count,
                               qcc_status_t *status) {
  qcc_code_t code = qcc_rt_check_sequence(session, sequence, status);
  if (code != QCC_OK)
    return code;
  int32_t vocabulary = qcc_model.language->info.vocabulary;
  int32_t room = session->cache_tokens - session->lengths[sequence];
  if (count < 0 || (count > 0 && !tokens))
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected tokens, but got %d of them", count);
  if (count > room)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected at most %d more tokens, which the cache of %d "
                       "has room for, but got %d",
                       room, session->cache_tokens, count);
  for (int32_t i = 0; i < count; ++i)
    if (tokens[i] < 0 || tokens[i] >= vocabulary)
      return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                         "expected tokens from 0 to %d, but got %d",
                         vocabulary - 1, tokens[i]);
  return QCC_OK;
}

qcc_code_t qcc_rt_append(qcc_session_t *session, int32_t sequence,
                         const int32_t *tokens, int32_t count, int32_t wanted,
                         float *logits, qcc_status_t *status) {
  qcc_code_t code = check_tokens(session, sequence, tokens, count, status);
  if (code != QCC_OK)
    return code;
  if (wanted < 0 || wanted > count || (wanted > 0 && !logits))
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected room for the logits of 0 to %d tokens, but "
                       "got %d",
                       count, wanted);
  const qcc_language_info_t *info = &qcc_model.language->info;
  int32_t before = session->lengths[sequence];
  for (int32_t done = 0; done < count;) {
    // Rows without logits come in large batches, the others in those of the
    // outputs.
    int32_t rows = smaller(count - done, info->batch_tokens), outputs = 0;
    int32_t silent = count - wanted - done;
    if (silent > 0 && count - done > rows)
      rows = smaller(rows, silent);
    outputs = rows > silent ? rows - (silent > 0 ? silent : 0) : 0;
    if (outputs > info->batch_outputs) {
      rows -= outputs - info->batch_outputs;
      outputs = info->batch_outputs;
    }
    start_batch(session, rows);
    int32_t position = session->lengths[sequence];
    for (int32_t i = 0; i < rows; ++i)
      put_row(session, sequence, tokens[done + i], position + i);
    put_spans(session, sequence, 0, rows, position);
    code = run_batch(session, outputs, logits, status);
    if (code != QCC_OK) {
      session->lengths[sequence] = before;
      return code;
    }
    if (outputs > 0)
      logits += (int64_t)outputs * info->vocabulary;
    session->lengths[sequence] += rows;
    done += rows;
  }
  return qcc_rt_succeed(status);
}

static qcc_code_t check_each(const qcc_session_t *session,
                             const int32_t *sequences, const int32_t *tokens,
                             int32_t count, const float *logits,
                             qcc_status_t *status) {
  if (!session || !sequences || !tokens || !logits || count < 1)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a session, sequences, tokens and room for "
                       "logits, but got %d sequences or a null pointer",
                       count);
  for (int32_t i = 0; i < count; ++i) {
    qcc_code_t code =
        check_tokens(session, sequences[i], &tokens[i], 1, status);
    if (code != QCC_OK)
      return code;
    for (int32_t j = 0; j < i; ++j)
      if (sequences[j] == sequences[i])
        return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                           "expected different sequences, but got %d twice",
                           sequences[i]);
  }
  return QCC_OK;
}

qcc_code_t qcc_rt_append_each(qcc_session_t *session, const int32_t *sequences,
                              const int32_t *tokens, int32_t count,
                              float *logits, qcc_status_t *status) {
  qcc_code_t code =
      check_each(session, sequences, tokens, count, logits, status);
  if (code != QCC_OK)
    return code;
  const qcc_language_info_t *info = &qcc_model.language->info;
  for (int32_t done = 0; done < count;) {
    int32_t rows =
        smaller(count - done, smaller(info->batch_tokens, info->batch_outputs));
    start_batch(session, rows);
    for (int32_t i = 0; i < rows; ++i) {
      int32_t sequence = sequences[done + i];
      int32_t position = session->lengths[sequence];
      put_row(session, sequence, tokens[done + i], position);
      put_spans(session, sequence, i, 1, position);
    }
    code = run_batch(session, rows, logits + (int64_t)done * info->vocabulary,
                     status);
    if (code != QCC_OK) {
      for (int32_t i = 0; i < done; ++i)
        --session->lengths[sequences[i]];
      return code;
    }
    for (int32_t i = 0; i < rows; ++i)
      ++session->lengths[sequences[done + i]];
    done += rows;
  }
  return qcc_rt_succeed(status);
}
