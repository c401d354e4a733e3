// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions of the public table that take texts and tokens. They check
// handles and pointers, which the C++ behind them does not.

#ifndef QCC_TEXT_TEXT_CALLS_H
#define QCC_TEXT_TEXT_CALLS_H

#include "qcc/language.h"

qcc_code_t qcc_rt_open_tokenizer(qcc_tokenizer_t **tokenizer,
                                 qcc_status_t *status);
qcc_code_t qcc_rt_describe_tokenizer(const qcc_tokenizer_t *tokenizer,
                                     qcc_tokenizer_info_t *info,
                                     qcc_status_t *status);
qcc_code_t qcc_rt_text_to_ids(const qcc_tokenizer_t *tokenizer,
                              const qcc_text_t *text, uint32_t flags,
                              qcc_ids_t *ids, qcc_status_t *status);
qcc_code_t qcc_rt_ids_to_text(const qcc_tokenizer_t *tokenizer,
                              const int32_t *ids, int64_t count, uint32_t flags,
                              qcc_buffer_t *text, qcc_status_t *status);
qcc_code_t qcc_rt_ids_to_stream(const qcc_tokenizer_t *tokenizer,
                                qcc_text_stream_t *state, const int32_t *ids,
                                int64_t count, qcc_buffer_t *text,
                                qcc_status_t *status);
qcc_text_t qcc_rt_spell_token(const qcc_tokenizer_t *tokenizer, int32_t id);
int32_t qcc_rt_is_special(const qcc_tokenizer_t *tokenizer, int32_t id);
qcc_code_t qcc_rt_render(const qcc_tokenizer_t *tokenizer,
                         const qcc_chat_t *chat, qcc_buffer_t *prompt,
                         qcc_status_t *status);

qcc_code_t qcc_rt_open_sampler(const qcc_sampling_t *options,
                               qcc_sampler_t **sampler, qcc_status_t *status);
void qcc_rt_restart_sampler(qcc_sampler_t *sampler);
qcc_code_t qcc_rt_accept(qcc_sampler_t *sampler, int32_t token,
                         qcc_status_t *status);
qcc_code_t qcc_rt_sample(qcc_sampler_t *sampler, const float *logits,
                         int32_t *token, qcc_status_t *status);

#endif // QCC_TEXT_TEXT_CALLS_H
