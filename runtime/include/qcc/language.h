// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Language models: what a compiled library of one offers beside qcc/abi.h,
// under the same rules of change. docs/abi.md tells it as a story.
//
// A session has memory for the keys and values of some sequences of tokens. It
// serves one call at a time, as a context does; different sessions share only
// the weights. A tokenizer is constant and serves any number of threads at
// once; a sampler belongs to one conversation and serves one call at a time.

#ifndef QCC_LANGUAGE_H
#define QCC_LANGUAGE_H

#include "qcc/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

// Constant, owned by the library.
typedef struct {
  const char *family;           // "llama", "gemma3"
  int32_t vocabulary;           // how many logits a token has
  int32_t max_tokens;           // positions that the model was made for
  int32_t batch_tokens;         // computed at once; longer prompts are cut
  int32_t batch_outputs;        // rows of logits computed at once
  int64_t token_size_bytes;     // of the cache for one token
  int64_t tokenizer_size_bytes; // its data in the library; 0: it has none
} qcc_language_info_t;

//===-- Sessions ----------------------------------------------------------===//

typedef struct {
  int32_t threads; // as in qcc_context_options_t
  int32_t target;  // an index, or QCC_TARGET_BEST
  // Tokens that each sequence has room for; 0: max_tokens.
  int32_t cache_tokens;
  int32_t sequences; // that live side by side; 0: one
} qcc_session_options_t;

typedef struct qcc_session_t qcc_session_t;

//===-- Text --------------------------------------------------------------===//

// UTF-8 of `size` bytes that its owner keeps; no zero is needed at the end.
// NULL where there is none.
typedef struct {
  const char *data;
  int64_t size;
} qcc_text_t;

// Room of the caller for ids and for bytes. Calls write at most `capacity` and
// set how many there are: where that is more, call again with room. `data` may
// be NULL where the capacity is 0.
typedef struct {
  int32_t *data;
  int64_t capacity;
  int64_t count;
} qcc_ids_t;
typedef struct {
  char *data;
  int64_t capacity;
  int64_t size; // no zero is written at the end
} qcc_buffer_t;

// Text to ids and back, as the checkpoint of the model does it.
typedef struct qcc_rt_tokenizer_t qcc_tokenizer_t;

enum {
  // Adds what the model wants around a text (BOS, EOS).
  QCC_ADD_SPECIAL = 1,
  // Takes names of special tokens in the text (<|im_start|>) for the tokens.
  // Leave it out for text of strangers.
  QCC_PARSE_SPECIAL = 2,
  // Of text from tokens: writes the names of special tokens, too.
  QCC_SHOW_SPECIAL = 4,
  // Of text from tokens: it continues other text, so that a space which
  // belongs to the first token stays.
  QCC_CONTINUES = 8,
};

// Ids, and -1 where the model has none. Pointers are the library's.
typedef struct {
  int32_t vocabulary; // ids of the tokenizer are below it
  int32_t bos;
  int32_t eos;
  int32_t eot; // of a turn
  int32_t unknown;
  int32_t pad;
  int32_t num_end_ids;
  int32_t reserved;
  const int32_t *end_ids;    // ascending: each ends a generation
  const char *chat_template; // UTF-8, no zero at its end; may be empty
  int64_t chat_template_size;
} qcc_tokenizer_info_t;

// The state of a text that arrives token by token. Plain data: starts with
// QCC_SHOW_SPECIAL, QCC_CONTINUES or 0 as flags and zeros, may be copied.
typedef struct {
  uint32_t flags;
  uint32_t num_pending;
  uint8_t pending[8];  // bytes of a character that is not whole yet
  uint64_t decoder[2]; // what the steps of the decoder remember
} qcc_text_stream_t;

typedef struct {
  qcc_text_t role; // "system", "user", "assistant", ...
  qcc_text_t content;
} qcc_message_t;

typedef struct {
  const qcc_message_t *messages;
  int64_t num_messages;
  int32_t add_generation_prompt; // 1: ends where the model's answer begins
  int32_t reserved;
  // A Jinja template in place of the model's own, or NULL.
  qcc_text_t chat_template;
  // A JSON object of further variables ("tools", "enable_thinking"), or NULL.
  // "messages" in it takes the place of those above, and so messages may have
  // tool calls.
  qcc_text_t variables;
  // The time that templates may ask for, in seconds since 1970. 0: the clock's.
  int64_t now_s;
} qcc_chat_t;

//===-- Sampling ----------------------------------------------------------===//

// All zero is greedy: the largest logit, the first of equals. Steps are taken
// in this order, and 0 leaves each out:
//
//   penalties -> top_k -> top_p -> min_p -> temperature -> one random number
//
// The same options, tokens and logits give the same choices on every machine.
typedef struct {
  // Logits are divided by it after the cuts. 0: greedy, after the penalties.
  float temperature;
  // Keeps the top_k largest logits.
  int32_t top_k;
  // Keeps the fewest largest whose probabilities sum to top_p. 1: all.
  float top_p;
  // Keeps tokens at least min_p times as probable as the best one.
  float min_p;
  // Positive logits of recent tokens are divided by it and others multiplied.
  // 0 is 1.
  float repetition_penalty;
  // Subtracted from a recent token's logit for each time that it occurs.
  float frequency_penalty;
  // Subtracted from a recent token's logit once.
  float presence_penalty;
  // How many accepted tokens are recent. 0: 64, -1: all of them.
  int32_t penalty_last_n;
  uint64_t seed;
} qcc_sampling_t;

typedef struct qcc_rt_sampler_t qcc_sampler_t;

//===-- The table ---------------------------------------------------------===//

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

  // Text. The size of what is written is asked for with a capacity of 0, or
  // guessed: few texts have more tokens than bytes.

  // Makes a tokenizer of the library's data, which is checked once. Fails, and
  // leaves *tokenizer NULL, where the library has none.
  qcc_code_t (*tokenizer_create)(qcc_tokenizer_t **tokenizer,
                                 qcc_status_t *status);
  // NULL is allowed.
  void (*tokenizer_destroy)(qcc_tokenizer_t *tokenizer);
  qcc_code_t (*tokenizer_info)(const qcc_tokenizer_t *tokenizer,
                               qcc_tokenizer_info_t *info,
                               qcc_status_t *status);

  // Writes the ids of a text of at most 256 MiB; flags are QCC_ADD_SPECIAL and
  // QCC_PARSE_SPECIAL.
  qcc_code_t (*tokenize)(const qcc_tokenizer_t *tokenizer,
                         const qcc_text_t *text, uint32_t flags, qcc_ids_t *ids,
                         qcc_status_t *status);
  // Writes the text of `count` ids; flags are QCC_SHOW_SPECIAL and
  // QCC_CONTINUES. The bytes are those that tokens stand for: a cut character
  // stays cut. Ids that the tokenizer does not have are an error.
  qcc_code_t (*detokenize)(const qcc_tokenizer_t *tokenizer, const int32_t *ids,
                           int64_t count, uint32_t flags, qcc_buffer_t *text,
                           qcc_status_t *status);
  // The same for the next ids of a text. Only whole characters come out. The
  // state stays as it was if the text does not fit, so that the call can be
  // repeated.
  qcc_code_t (*stream)(const qcc_tokenizer_t *tokenizer,
                       qcc_text_stream_t *state, const int32_t *ids,
                       int64_t count, qcc_buffer_t *text, qcc_status_t *status);
  // A token as the vocabulary spells it, in the library; NULL where there is
  // no such token.
  qcc_text_t (*token_text)(const qcc_tokenizer_t *tokenizer, int32_t id);
  // 1 for a token that is not text: control and unknown.
  int32_t (*token_is_special)(const qcc_tokenizer_t *tokenizer, int32_t id);

  // Writes the prompt of a conversation by the model's template, to be
  // tokenized with QCC_PARSE_SPECIAL alone. Nothing is written if it does not
  // fit. Fails where the model has no template, and where that is wrong or
  // refuses the messages; the status names its line. Time and memory are
  // bounded: about two seconds and 512 MiB.
  qcc_code_t (*render_chat)(const qcc_tokenizer_t *tokenizer,
                            const qcc_chat_t *chat, qcc_buffer_t *prompt,
                            qcc_status_t *status);

  // Choosing tokens. Options are checked and copied; NULL means greedy.
  qcc_code_t (*sampler_create)(const qcc_sampling_t *options,
                               qcc_sampler_t **sampler, qcc_status_t *status);
  // NULL is allowed.
  void (*sampler_destroy)(qcc_sampler_t *sampler);
  // Forgets accepted tokens and starts the random numbers again.
  void (*sampler_reset)(qcc_sampler_t *sampler);
  // Tells of a token of the prompt or of one that was sampled, for the
  // penalties.
  qcc_code_t (*sampler_accept)(qcc_sampler_t *sampler, int32_t token,
                               qcc_status_t *status);
  // Writes the token chosen by logits [vocabulary]. NaN and minus infinity are
  // never chosen; it is an error if there is nothing else.
  qcc_code_t (*sampler_sample)(qcc_sampler_t *sampler, const float *logits,
                               int32_t *token, qcc_status_t *status);
} qcc_language_t;

#ifdef __cplusplus
}
#endif
#endif // QCC_LANGUAGE_H
