// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Between the public table and the text runtime: what a host may get wrong is
// refused here, and what the model knows is filled in.

#include "runtime/text/text_calls.h"

#include "runtime/core/module.h"
#include "runtime/core/status.h"
#include "runtime/text/chat_template.h"
#include "runtime/text/sampler.h"
#include "runtime/text/tokenizer.h"

#include <inttypes.h>

static qcc_code_t fail_null(qcc_status_t *status, const char *expected) {
  return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                     "expected %s, but got a null pointer", expected);
}

static int is_text(const qcc_text_t *text) {
  return text->size >= 0 && (text->data || text->size == 0);
}

//===-- Tokens ------------------------------------------------------------===//

qcc_code_t qcc_rt_open_tokenizer(qcc_tokenizer_t **tokenizer,
                                 qcc_status_t *status) {
  if (!tokenizer)
    return fail_null(status, "room for the tokenizer");
  *tokenizer = NULL;
  const qcc_rt_language_t *model = qcc_model.language;
  if (!model->tokenizer)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a model with a tokenizer, but got one that "
                       "was compiled from a file without");
  return qcc_rt_tokenizer_create(
      model->tokenizer, model->info.tokenizer_size_bytes, tokenizer, status);
}

qcc_code_t qcc_rt_describe_tokenizer(const qcc_tokenizer_t *tokenizer,
                                     qcc_tokenizer_info_t *info,
                                     qcc_status_t *status) {
  if (!tokenizer || !info)
    return fail_null(status, "a tokenizer and room for its description");
  qcc_rt_tokenizer_info(tokenizer, info);
  return qcc_rt_succeed(status);
}

qcc_code_t qcc_rt_text_to_ids(const qcc_tokenizer_t *tokenizer,
                              const qcc_text_t *text, uint32_t flags,
                              qcc_ids_t *ids, qcc_status_t *status) {
  if (!tokenizer || !text || !is_text(text) || !ids ||
      (!ids->data && ids->capacity > 0))
    return fail_null(status, "a tokenizer, a text and room for its ids");
  return qcc_rt_tokenize(tokenizer, *text, flags, ids, status);
}

static qcc_code_t check_ids(const qcc_tokenizer_t *tokenizer,
                            const int32_t *ids, int64_t count,
                            const qcc_buffer_t *text, qcc_status_t *status) {
  if (!tokenizer || !text || (!text->data && text->capacity > 0))
    return fail_null(status, "a tokenizer and room for a text");
  if (count < 0 || (count > 0 && !ids))
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected ids, but got %" PRId64 " of them", count);
  return QCC_OK;
}

qcc_code_t qcc_rt_ids_to_text(const qcc_tokenizer_t *tokenizer,
                              const int32_t *ids, int64_t count, uint32_t flags,
                              qcc_buffer_t *text, qcc_status_t *status) {
  qcc_code_t code = check_ids(tokenizer, ids, count, text, status);
  if (code != QCC_OK)
    return code;
  return qcc_rt_detokenize(tokenizer, ids, count, flags, text, status);
}

qcc_code_t qcc_rt_ids_to_stream(const qcc_tokenizer_t *tokenizer,
                                qcc_text_stream_t *state, const int32_t *ids,
                                int64_t count, qcc_buffer_t *text,
                                qcc_status_t *status) {
  qcc_code_t code = check_ids(tokenizer, ids, count, text, status);
  if (code != QCC_OK)
    return code;
  if (!state)
    return fail_null(status, "the state of a stream");
  return qcc_rt_stream(tokenizer, state, ids, count, text, status);
}

qcc_text_t qcc_rt_spell_token(const qcc_tokenizer_t *tokenizer, int32_t id) {
  qcc_text_t text = {NULL, 0};
  if (tokenizer)
    text.data = qcc_rt_token_text(tokenizer, id, &text.size);
  return text;
}

int32_t qcc_rt_is_special(const qcc_tokenizer_t *tokenizer, int32_t id) {
  return tokenizer ? qcc_rt_token_is_special(tokenizer, id) : 0;
}

//===-- Conversations -----------------------------------------------------===//

static qcc_code_t check_chat(const qcc_chat_t *chat, qcc_status_t *status) {
  if (chat->num_messages < 0 || (chat->num_messages > 0 && !chat->messages))
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected messages, but got %" PRId64 " of them",
                       chat->num_messages);
  int is_good = is_text(&chat->chat_template) && is_text(&chat->variables);
  for (int64_t i = 0; i < chat->num_messages; ++i)
    is_good = is_good && is_text(&chat->messages[i].role) &&
              is_text(&chat->messages[i].content);
  return is_good ? QCC_OK : fail_null(status, "texts in a conversation");
}

qcc_code_t qcc_rt_render(const qcc_tokenizer_t *tokenizer,
                         const qcc_chat_t *chat, qcc_buffer_t *prompt,
                         qcc_status_t *status) {
  if (!tokenizer || !chat || !prompt || (!prompt->data && prompt->capacity > 0))
    return fail_null(status, "a tokenizer, a chat and room for its prompt");
  qcc_code_t code = check_chat(chat, status);
  if (code != QCC_OK)
    return code;
  qcc_tokenizer_info_t info;
  qcc_rt_tokenizer_info(tokenizer, &info);
  qcc_text_t source = chat->chat_template;
  if (!source.data)
    source = (qcc_text_t){info.chat_template, info.chat_template_size};
  if (source.size == 0)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a model with a chat template, but got one "
                       "without");
  qcc_rt_chat_t rendered = {
      .source = source,
      .messages = chat->messages,
      .message_count = (size_t)chat->num_messages,
      .bos = qcc_rt_spell_token(tokenizer, info.bos),
      .eos = qcc_rt_spell_token(tokenizer, info.eos),
      .add_generation_prompt = chat->add_generation_prompt,
      .context = chat->variables,
      .now_s = chat->now_s,
  };
  size_t size = 0;
  code = qcc_rt_chat_render(&rendered, prompt->data,
                            prompt->capacity > 0 ? (size_t)prompt->capacity : 0,
                            &size, status);
  prompt->size = (int64_t)size;
  return code;
}

//===-- Sampling ----------------------------------------------------------===//

qcc_code_t qcc_rt_open_sampler(const qcc_sampling_t *options,
                               qcc_sampler_t **sampler, qcc_status_t *status) {
  static const qcc_sampling_t greedy = {.temperature = 0};
  if (!sampler)
    return fail_null(status, "room for the sampler");
  *sampler = NULL;
  return qcc_rt_sampler_create(options ? options : &greedy, sampler, status);
}

void qcc_rt_restart_sampler(qcc_sampler_t *sampler) {
  if (sampler)
    qcc_rt_sampler_reset(sampler);
}

qcc_code_t qcc_rt_accept(qcc_sampler_t *sampler, int32_t token,
                         qcc_status_t *status) {
  if (!sampler)
    return fail_null(status, "a sampler");
  return qcc_rt_sampler_accept(sampler, token, status);
}

qcc_code_t qcc_rt_sample(qcc_sampler_t *sampler, const float *logits,
                         int32_t *token, qcc_status_t *status) {
  if (!sampler || !logits || !token)
    return fail_null(status, "a sampler, logits and room for the token");
  return qcc_rt_sampler_sample(
      sampler, logits, qcc_model.language->info.vocabulary, token, status);
}
