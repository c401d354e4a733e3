// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Language models: what a compiled library of one offers beside qcc/abi.h,
// under the same rules of change. docs/abi.md tells it as a story.
//
// A session has memory for the keys and values of some sequences of tokens. It
// serves one call at a time, as a context does; different sessions share only
// the weights.

#ifndef QCC_LANGUAGE_H
#define QCC_LANGUAGE_H

#include "qcc/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

// Constant, owned by the library.
typedef struct {
  const char *family;       // "llama", "gemma3"
  int32_t vocabulary;       // how many logits a token has
  int32_t max_tokens;       // positions that the model was made for
  int32_t batch_tokens;     // computed at once; longer prompts are cut
  int32_t batch_outputs;    // rows of logits computed at once
  int64_t token_size_bytes; // of the cache for one token
} qcc_language_info_t;

typedef struct {
  int32_t threads; // as in qcc_context_options_t
  int32_t target;  // an index, or QCC_TARGET_BEST
  // Tokens that each sequence has room for; 0: max_tokens.
  int32_t cache_tokens;
  int32_t sequences; // that live side by side; 0: one
} qcc_session_options_t;

typedef struct qcc_session_t qcc_session_t;

// Sequences are numbered from 0. Each function that can fail changes nothing if
// it does.
typedef struct qcc_language_t {
  uint32_t version; // QCC_ABI_VERSION of this table

  const qcc_language_info_t *(*info)(void);

  // NULL options mean all defaults.
  qcc_code_t (*create)(const qcc_session_options_t *options,
                       qcc_session_t **session, qcc_status_t *status);
  void (*destroy)(qcc_session_t *session);
  int32_t (*threads)(const qcc_session_t *session);
  int32_t (*cache_tokens)(const qcc_session_t *session);
  int32_t (*sequences)(const qcc_session_t *session);

  // Tokens that the sequence holds.
  int32_t (*length)(const qcc_session_t *session, int32_t sequence);

  // Appends `count` tokens to a sequence, and writes the logits after each of
  // the last `wanted` of them: [wanted][vocabulary]. Fails if the sequence has
  // no room for all.
  qcc_code_t (*append)(qcc_session_t *session, int32_t sequence,
                       const int32_t *tokens, int32_t count, int32_t wanted,
                       float *logits, qcc_status_t *status);

  // Appends one token to each of `count` different sequences, computed
  // together, and writes the logits after each: [count][vocabulary].
  qcc_code_t (*append_each)(qcc_session_t *session, const int32_t *sequences,
                            const int32_t *tokens, int32_t count, float *logits,
                            qcc_status_t *status);

  // Forgets all but the first `length` tokens.
  qcc_code_t (*truncate)(qcc_session_t *session, int32_t sequence,
                         int32_t length, qcc_status_t *status);
  // Makes sequence `to` a copy of `from`.
  qcc_code_t (*fork)(qcc_session_t *session, int32_t from, int32_t to,
                     qcc_status_t *status);

  // What a sequence holds, as bytes for the same library on any machine.
  int64_t (*saved_size_bytes)(const qcc_session_t *session, int32_t sequence);
  qcc_code_t (*save)(const qcc_session_t *session, int32_t sequence,
                     void *bytes, int64_t size_bytes, qcc_status_t *status);
  qcc_code_t (*restore)(qcc_session_t *session, int32_t sequence,
                        const void *bytes, int64_t size_bytes,
                        qcc_status_t *status);

  // As in qcc_library_t, of what the session ran.
  qcc_code_t (*set_profile)(qcc_session_t *session, int32_t enabled,
                            qcc_status_t *status);
  qcc_code_t (*profile_entry)(const qcc_session_t *session, int32_t index,
                              qcc_profile_entry_t *entry, qcc_status_t *status);
} qcc_language_t;

#ifdef __cplusplus
}
#endif
#endif // QCC_LANGUAGE_H
