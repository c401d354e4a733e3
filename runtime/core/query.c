// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one exported symbol of a compiled library, and the functions of its
// table that describe the model and need no context.

#include "runtime/core/context.h"
#include "runtime/core/features.h"
#include "runtime/core/status.h"

static const char *name(void) { return qcc_model.name; }

static const char *info_json(void) { return qcc_model.info_json; }

static const qcc_tensor_info_t *inputs(int32_t *count) {
  *count = qcc_model.num_inputs;
  return qcc_model.inputs;
}

static const qcc_tensor_info_t *outputs(int32_t *count) {
  *count = qcc_model.num_outputs;
  return qcc_model.outputs;
}

static int32_t num_targets(void) { return qcc_model.num_variants; }

static qcc_code_t target_info(int32_t index, qcc_target_info_t *info,
                              qcc_status_t *status) {
  if (index < 0 || index >= qcc_model.num_variants)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a target index below %d, but got %d",
                       qcc_model.num_variants, index);
  const qcc_variant_t *variant = &qcc_model.variants[index];
  uint64_t present = qcc_rt_machine_features();
  *info = (qcc_target_info_t){
      .name = variant->target,
      .features = variant->features,
      .is_supported = !qcc_rt_missing_feature(variant->features, present),
      .num_ops = variant->num_ops,
      .num_observed = variant->num_observed,
      .arena_size_bytes = variant->arena_size_bytes,
      .weights_size_bytes = variant->weights_size_bytes,
  };
  return qcc_rt_succeed(status);
}

static const qcc_language_t *language(void) {
  return qcc_model.language ? qcc_model.language->functions : NULL;
}

// A host of version 1 does not look beyond `observed`.
#define QCC_RT_TABLE(number)                                                   \
  {                                                                            \
      .version = (number),                                                     \
      .name = name,                                                            \
      .info_json = info_json,                                                  \
      .inputs = inputs,                                                        \
      .outputs = outputs,                                                      \
      .num_targets = num_targets,                                              \
      .target_info = target_info,                                              \
      .context_create = qcc_rt_context_create,                                 \
      .context_destroy = qcc_rt_context_destroy,                               \
      .context_target = qcc_rt_context_target,                                 \
      .context_threads = qcc_rt_context_threads,                               \
      .set_threads = qcc_rt_set_threads,                                       \
      .run = qcc_rt_run,                                                       \
      .run_unchecked = qcc_rt_run_unchecked,                                   \
      .set_profile = qcc_rt_set_profile,                                       \
      .profile_entry = qcc_rt_profile_entry,                                   \
      .observed = qcc_rt_observed,                                             \
      .language = language,                                                    \
  }

static const qcc_library_t tables[] = {QCC_RT_TABLE(1), QCC_RT_TABLE(2)};

__attribute__((visibility("default"))) const qcc_library_t *
qcc_query(uint32_t newest_version) {
  uint32_t count = sizeof tables / sizeof *tables;
  if (newest_version == 0)
    return NULL;
  return &tables[newest_version < count ? newest_version - 1 : count - 1];
}
