// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The state of a language model between calls: a context, the inputs of its
// program, and a cache for each layer (passes/LowerCpu/CacheKernel.cpp draws
// it). A sequence has the same places in every layer.

#ifndef QCC_TEXT_SESSION_H
#define QCC_TEXT_SESSION_H

#include "qcc/language.h"
#include "runtime/core/context.h"

// Elements of the program's extents.
enum {
  QCC_RT_ROWS,
  QCC_RT_OUTPUTS,
  QCC_RT_CAPACITY,
  QCC_RT_SPANS,
  QCC_RT_MERGES,
  QCC_RT_EXTENTS
};
enum { QCC_RT_PLACE_TILE = 16, QCC_RT_SPAN_NUMBERS = 7 };

struct qcc_session_t {
  qcc_context_t *context;
  int32_t sequences;
  int32_t cache_tokens; // of each sequence
  int32_t *lengths;

  // Inputs of the program; all in one allocation.
  int32_t *ids;
  int64_t *positions, *places, *spans, *merges, *select;
  int64_t extents[QCC_RT_EXTENTS];
  float *parts;       // [part_slots][part_numbers]
  int32_t used_slots; // of parts, in the run that is being made
  int32_t run_rows;   // that it will have
  float *logits; // [batch_outputs][vocabulary]
  void **inputs; // the above, then the caches
  void *memory;
  uint8_t *cache; // of all layers
};

// First place of a sequence.
static inline int64_t qcc_rt_first_place(const qcc_session_t *session,
                                         int32_t sequence) {
  int64_t tile = QCC_RT_PLACE_TILE;
  return sequence * ((session->cache_tokens + tile - 1) / tile * tile);
}

// Fails unless `sequence` is one of the session's.
qcc_code_t qcc_rt_check_sequence(const qcc_session_t *session, int32_t sequence,
                                 qcc_status_t *status);

qcc_code_t qcc_rt_session_create(const qcc_session_options_t *options,
                                 qcc_session_t **session, qcc_status_t *status);
void qcc_rt_session_destroy(qcc_session_t *session);

qcc_code_t qcc_rt_append(qcc_session_t *session, int32_t sequence,
                         const int32_t *tokens, int32_t count, int32_t wanted,
                         float *logits, qcc_status_t *status);
qcc_code_t qcc_rt_append_each(qcc_session_t *session, const int32_t *sequences,
                              const int32_t *tokens, int32_t count,
                              float *logits, qcc_status_t *status);

qcc_code_t qcc_rt_truncate(qcc_session_t *session, int32_t sequence,
                           int32_t length, qcc_status_t *status);
qcc_code_t qcc_rt_fork(qcc_session_t *session, int32_t from, int32_t to,
                       qcc_status_t *status);
int64_t qcc_rt_saved_size_bytes(const qcc_session_t *session, int32_t sequence);
qcc_code_t qcc_rt_save(const qcc_session_t *session, int32_t sequence,
                       void *bytes, int64_t size_bytes, qcc_status_t *status);
qcc_code_t qcc_rt_restore(qcc_session_t *session, int32_t sequence,
                          const void *bytes, int64_t size_bytes,
                          qcc_status_t *status);

#endif // QCC_TEXT_SESSION_H
