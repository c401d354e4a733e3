// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text to token ids and back, for compiled language models. The data comes
// from compiler/Import/Tokenizer and lies in the library.

#ifndef QCC_TEXT_TOKENIZER_H
#define QCC_TEXT_TOKENIZER_H

#include "qcc/language.h"

#ifdef __cplusplus
extern "C" {
#endif

// Constant after creation: any number of threads may use one at once.
typedef struct qcc_rt_tokenizer_t qcc_rt_tokenizer_t;

// As the public header describes them.
enum {
  QCC_RT_ADD_SPECIAL = QCC_ADD_SPECIAL,
  QCC_RT_PARSE_SPECIAL = QCC_PARSE_SPECIAL,
  QCC_RT_SHOW_SPECIAL = QCC_SHOW_SPECIAL,
  QCC_RT_CONTINUES = QCC_CONTINUES,
};
typedef qcc_text_t qcc_rt_text_t;
typedef qcc_ids_t qcc_rt_ids_t;
typedef qcc_buffer_t qcc_rt_buffer_t;
typedef qcc_text_stream_t qcc_rt_stream_t;
typedef qcc_tokenizer_info_t qcc_rt_tokenizer_info_t;

// Makes a tokenizer of `size` bytes of data, aligned to 8 bytes, which must
// live as long as it does. Checks every offset and index once. Fails, and
// leaves *tokenizer NULL, for data that does not hold together or without
// memory.
qcc_code_t qcc_rt_tokenizer_create(const uint8_t *data, int64_t size,
                                   qcc_rt_tokenizer_t **tokenizer,
                                   qcc_status_t *status);
// NULL is allowed.
void qcc_rt_tokenizer_destroy(qcc_rt_tokenizer_t *tokenizer);

// Writes the ids of a text of at most 256 MiB.
//
// Every byte that is not part of valid UTF-8 is read as U+FFFD, but models
// with tokens for bytes that were trained by SentencePiece (GGUF's "llama")
// keep it as a byte. Fails where a pattern takes too long or without memory.
qcc_code_t qcc_rt_tokenize(const qcc_rt_tokenizer_t *tokenizer,
                           qcc_rt_text_t text, uint32_t flags,
                           qcc_rt_ids_t *ids, qcc_status_t *status);

// Writes the text of `count` ids, without a zero at the end. The bytes are
// those that tokens stand for: a cut character stays cut. Ids out of range are
// an error.
qcc_code_t qcc_rt_detokenize(const qcc_rt_tokenizer_t *tokenizer,
                             const int32_t *ids, int64_t count, uint32_t flags,
                             qcc_rt_buffer_t *text, qcc_status_t *status);

// Like qcc_rt_detokenize, for the next ids of a text. Only whole characters
// come out; bytes that cannot become one are U+FFFD. The state stays as it
// was if the text does not fit, so that the call can be repeated.
qcc_code_t qcc_rt_stream(const qcc_rt_tokenizer_t *tokenizer,
                         qcc_rt_stream_t *state, const int32_t *ids,
                         int64_t count, qcc_rt_buffer_t *text,
                         qcc_status_t *status);

// Pointers live as long as the data.
void qcc_rt_tokenizer_info(const qcc_rt_tokenizer_t *tokenizer,
                           qcc_rt_tokenizer_info_t *info);

// The token as the vocabulary spells it, *size bytes without a zero, or NULL
// where the id is out of range.
const char *qcc_rt_token_text(const qcc_rt_tokenizer_t *tokenizer, int32_t id,
                              int64_t *size);
// 1 for a token that is not text: control and unknown.
int32_t qcc_rt_token_is_special(const qcc_rt_tokenizer_t *tokenizer,
                                int32_t id);

#ifdef __cplusplus
}
#endif
#endif // QCC_TEXT_TOKENIZER_H
