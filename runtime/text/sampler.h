// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses the next token from a row of logits. The same options, tokens and
// logits give the same choices on every machine: the random numbers, exp and
// the order of all sums are our own.

#ifndef QCC_TEXT_SAMPLER_H
#define QCC_TEXT_SAMPLER_H

#include "qcc/language.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef qcc_sampling_t qcc_rt_sampling_t;

// State of one conversation; for one thread at a time.
typedef struct qcc_rt_sampler_t qcc_rt_sampler_t;

// Checks the options, which are copied. The caller owns *sampler.
qcc_code_t qcc_rt_sampler_create(const qcc_rt_sampling_t *options,
                                 qcc_rt_sampler_t **sampler,
                                 qcc_status_t *status);

void qcc_rt_sampler_destroy(qcc_rt_sampler_t *sampler);

// Forgets accepted tokens and starts the random numbers again.
void qcc_rt_sampler_reset(qcc_rt_sampler_t *sampler);

// Tells of a token of the prompt or of one that was sampled, for the
// penalties. Runs out of memory only with penalty_last_n -1.
qcc_code_t qcc_rt_sampler_accept(qcc_rt_sampler_t *sampler, int32_t token,
                                 qcc_status_t *status);

// Writes the chosen token. NaN and minus infinity are never chosen; it is an
// error if there is nothing else. Accepted tokens outside of the vocabulary
// are not punished. Allocates in its first call, for this vocabulary.
qcc_code_t qcc_rt_sampler_sample(qcc_rt_sampler_t *sampler, const float *logits,
                                 int32_t vocabulary, int32_t *token,
                                 qcc_status_t *status);

#ifdef __cplusplus
}
#endif
#endif // QCC_TEXT_SAMPLER_H
