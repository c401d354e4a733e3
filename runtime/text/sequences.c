// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sequences as things: shortened, copied, saved. Places are only ever copied as
// bytes. Saved bytes are a header and then, for each layer, the keys and the
// values of each head, whole tiles of places.

#include "runtime/core/status.h"
#include "runtime/text/session.h"

#include <inttypes.h>
#include <string.h>

enum { SAVED_VERSION = 2 };

typedef struct {
  char magic[8];
  int64_t version;
  int64_t layers;
  int64_t token_size_bytes;
  int64_t vocabulary;
  int64_t length;
  char cache_type[8];
} saved_header_t;

static saved_header_t make_header(int32_t length) {
  const qcc_rt_language_t *model = qcc_model.language;
  saved_header_t header = {.magic = "qcc.seq",
                           .version = SAVED_VERSION,
                           .layers = model->layers,
                           .token_size_bytes = model->info.token_size_bytes,
                           .vocabulary = model->info.vocabulary,
                           .length = length};
  for (size_t i = 0; i < sizeof header.cache_type && model->cache_type[i]; ++i)
    header.cache_type[i] = model->cache_type[i];
  return header;
}

static int64_t whole_tiles(int64_t places) {
  return (places + QCC_RT_PLACE_TILE - 1) / QCC_RT_PLACE_TILE *
         QCC_RT_PLACE_TILE;
}

qcc_code_t qcc_rt_truncate(qcc_session_t *session, int32_t sequence,
                           int32_t length, qcc_status_t *status) {
  qcc_code_t code = qcc_rt_check_sequence(session, sequence, status);
  if (code != QCC_OK)
    return code;
  if (length < 0 || length > session->lengths[sequence])
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a length from 0 to %d, but got %d",
                       session->lengths[sequence], length);
  session->lengths[sequence] = length;
  return qcc_rt_succeed(status);
}

typedef void (*visit_t)(void *state, uint8_t *part, int64_t size_bytes);

// Visits the parts of the cache that hold `length` tokens from `place` on: per
// layer all heads' keys, then all heads' values.
static void visit_parts(const qcc_session_t *session, int64_t place,
                        int64_t length, visit_t visit, void *state) {
  const qcc_rt_language_t *model = qcc_model.language;
  int64_t capacity = session->extents[QCC_RT_CAPACITY];
  int64_t places = whole_tiles(length);
  uint8_t *layer = session->cache;
  for (int32_t i = 0; i < model->layers; ++i) {
    int64_t head_bytes = model->head_elements[i] * model->cache_element_bytes;
    int64_t heads = model->cache_elements[i] / model->head_elements[i];
    for (int64_t head = 0; head < heads; ++head)
      visit(state, layer + (head * capacity + place) * head_bytes,
            places * head_bytes);
    layer += heads * capacity * head_bytes;
  }
}

static void copy_out(void *state, uint8_t *part, int64_t size_bytes) {
  uint8_t **to = state;
  memcpy(*to, part, (size_t)size_bytes);
  *to += size_bytes;
}

static void copy_in(void *state, uint8_t *part, int64_t size_bytes) {
  const uint8_t **from = state;
  memcpy(part, *from, (size_t)size_bytes);
  *from += size_bytes;
}

qcc_code_t qcc_rt_fork(qcc_session_t *session, int32_t from, int32_t to,
                       qcc_status_t *status) {
  qcc_code_t code = qcc_rt_check_sequence(session, from, status);
  if (code == QCC_OK)
    code = qcc_rt_check_sequence(session, to, status);
  if (code != QCC_OK || from == to)
    return code;
  const qcc_rt_language_t *model = qcc_model.language;
  int64_t capacity = session->extents[QCC_RT_CAPACITY];
  int64_t places = whole_tiles(session->lengths[from]);
  uint8_t *layer = session->cache;
  for (int32_t i = 0; i < model->layers; ++i) {
    int64_t head_bytes = model->head_elements[i] * model->cache_element_bytes;
    int64_t heads = model->cache_elements[i] / model->head_elements[i];
    for (int64_t head = 0; head < heads; ++head) {
      uint8_t *base = layer + head * capacity * head_bytes;
      memcpy(base + qcc_rt_first_place(session, to) * head_bytes,
             base + qcc_rt_first_place(session, from) * head_bytes,
             (size_t)(places * head_bytes));
    }
    layer += heads * capacity * head_bytes;
  }
  session->lengths[to] = session->lengths[from];
  return qcc_rt_succeed(status);
}

int64_t qcc_rt_saved_size_bytes(const qcc_session_t *session,
                                int32_t sequence) {
  if (qcc_rt_check_sequence(session, sequence, NULL) != QCC_OK)
    return 0;
  return (int64_t)sizeof(saved_header_t) +
         whole_tiles(session->lengths[sequence]) *
             qcc_model.language->info.token_size_bytes;
}

qcc_code_t qcc_rt_save(const qcc_session_t *session, int32_t sequence,
                       void *bytes, int64_t size_bytes, qcc_status_t *status) {
  qcc_code_t code = qcc_rt_check_sequence(session, sequence, status);
  if (code != QCC_OK)
    return code;
  int64_t needed = qcc_rt_saved_size_bytes(session, sequence);
  if (!bytes || size_bytes < needed)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected room for %" PRId64 " bytes, but got %" PRId64,
                       needed, bytes ? size_bytes : 0);
  saved_header_t header = make_header(session->lengths[sequence]);
  memcpy(bytes, &header, sizeof header);
  uint8_t *to = (uint8_t *)bytes + sizeof header;
  visit_parts(session, qcc_rt_first_place(session, sequence), header.length,
              copy_out, &to);
  return qcc_rt_succeed(status);
}

qcc_code_t qcc_rt_restore(qcc_session_t *session, int32_t sequence,
                          const void *bytes, int64_t size_bytes,
                          qcc_status_t *status) {
  qcc_code_t code = qcc_rt_check_sequence(session, sequence, status);
  if (code != QCC_OK)
    return code;
  saved_header_t header;
  if (!bytes || size_bytes < (int64_t)sizeof header)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a saved sequence, but got %" PRId64 " bytes",
                       bytes ? size_bytes : 0);
  memcpy(&header, bytes, sizeof header);
  saved_header_t expected = make_header((int32_t)header.length);
  if (memcmp(&header, &expected, sizeof header) != 0)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a sequence that this model saved, but got "
                       "another's");
  if (header.length < 0 || header.length > session->cache_tokens ||
      size_bytes != (int64_t)sizeof header +
                        whole_tiles(header.length) * header.token_size_bytes)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected at most %d saved tokens and all of their "
                       "bytes, but got %" PRId64 " tokens in %" PRId64 " bytes",
                       session->cache_tokens, header.length, size_bytes);
  const uint8_t *from = (const uint8_t *)bytes + sizeof header;
  visit_parts(session, qcc_rt_first_place(session, sequence), header.length,
              copy_in, &from);
  session->lengths[sequence] = (int32_t)header.length;
  return qcc_rt_succeed(status);
}
