// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of a language model's functions. The library of another model does
// not refer to it, so that the linker drops all of this folder there.

#include "runtime/core/status.h"
#include "runtime/text/sampler.h"
#include "runtime/text/session.h"
#include "runtime/text/text_calls.h"
#include "runtime/text/tokenizer.h"

static const qcc_language_info_t *info(void) {
  return &qcc_model.language->info;
}

static int32_t threads(const qcc_session_t *session) {
  return session ? qcc_rt_context_threads(session->context) : 0;
}

static int32_t cache_tokens(const qcc_session_t *session) {
  return session ? session->cache_tokens : 0;
}

static int32_t sequences(const qcc_session_t *session) {
  return session ? session->sequences : 0;
}

static int32_t length(const qcc_session_t *session, int32_t sequence) {
  return qcc_rt_check_sequence(session, sequence, NULL) == QCC_OK
             ? session->lengths[sequence]
             : 0;
}

static qcc_code_t set_profile(qcc_session_t *session, int32_t enabled,
                              qcc_status_t *status) {
  return qcc_rt_set_profile(session ? session->context : NULL, enabled, status);
}

static qcc_code_t profile_entry(const qcc_session_t *session, int32_t index,
                                qcc_profile_entry_t *entry,
                                qcc_status_t *status) {
  return qcc_rt_profile_entry(session ? session->context : NULL, index, entry,
                              status);
}

// Referred to by the generated qcc_model.
extern const qcc_language_t qcc_rt_language;
const qcc_language_t qcc_rt_language = {
    .version = QCC_ABI_VERSION,
    .info = info,
    .create = qcc_rt_session_create,
    .destroy = qcc_rt_session_destroy,
    .threads = threads,
    .cache_tokens = cache_tokens,
    .sequences = sequences,
    .length = length,
    .append = qcc_rt_append,
    .append_each = qcc_rt_append_each,
    .truncate = qcc_rt_truncate,
    .fork = qcc_rt_fork,
    .saved_size_bytes = qcc_rt_saved_size_bytes,
    .save = qcc_rt_save,
    .restore = qcc_rt_restore,
    .set_profile = set_profile,
    .profile_entry = profile_entry,
    .tokenizer_create = qcc_rt_open_tokenizer,
    .tokenizer_destroy = qcc_rt_tokenizer_destroy,
    .tokenizer_info = qcc_rt_describe_tokenizer,
    .tokenize = qcc_rt_text_to_ids,
    .detokenize = qcc_rt_ids_to_text,
    .stream = qcc_rt_ids_to_stream,
    .token_text = qcc_rt_spell_token,
    .token_is_special = qcc_rt_is_special,
    .render_chat = qcc_rt_render,
    .sampler_create = qcc_rt_open_sampler,
    .sampler_destroy = qcc_rt_sampler_destroy,
    .sampler_reset = qcc_rt_restart_sampler,
    .sampler_accept = qcc_rt_accept,
    .sampler_sample = qcc_rt_sample,
};
