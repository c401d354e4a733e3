// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns messages into the prompt that a model was trained with, by the Jinja
// template that came with the model. Rendered as Hugging Face's transformers
// do: blanks around tags trimmed, values not to be changed.

#ifndef QCC_TEXT_CHAT_TEMPLATE_H
#define QCC_TEXT_CHAT_TEMPLATE_H

#include "qcc/language.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef qcc_text_t qcc_rt_text_t;
typedef qcc_message_t qcc_rt_message_t;

typedef struct {
  qcc_rt_text_t source; // the template; at most 1 MiB
  const qcc_rt_message_t *messages;
  size_t message_count;
  // Texts of these tokens. The variable is undefined if data is NULL.
  qcc_rt_text_t bos;
  qcc_rt_text_t eos;
  // Asks for what begins the model's answer.
  int32_t add_generation_prompt;
  int32_t reserved;
  // A JSON object of further variables, or empty. "messages" in it takes the
  // place of those above, and so messages may have tool calls. "tools" and
  // "documents" are none unless they are here.
  qcc_rt_text_t context;
  // The time that strftime_now tells, in seconds since 1970. 0: the clock's.
  int64_t now_s;
} qcc_rt_chat_t;

// Writes the prompt, without a zero byte at its end, and its size into
// *size_bytes. If that is more than the capacity, nothing is written, and the
// code is still QCC_OK: call again with more, or first with capacity 0.
//
// Fails with QCC_INVALID_ARGUMENT if the template is wrong or refuses the
// messages; the status names the line. Time and memory are bounded: about a
// second and 256 MiB. Threads may call it at once.
qcc_code_t qcc_rt_chat_render(const qcc_rt_chat_t *chat, char *out,
                              size_t capacity_bytes, size_t *size_bytes,
                              qcc_status_t *status);

#ifdef __cplusplus
}
#endif
#endif // QCC_TEXT_CHAT_TEMPLATE_H
