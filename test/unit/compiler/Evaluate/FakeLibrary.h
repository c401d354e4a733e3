// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A library table without a compiler: scores = image * gain + offset for each
// of three classes, and one observed tensor, in f32 or in u8.

#ifndef QCC_TEST_UNIT_COMPILER_EVALUATE_FAKELIBRARY_H
#define QCC_TEST_UNIT_COMPILER_EVALUATE_FAKELIBRARY_H

#include "qcc/abi.h"

#include <cstdint>
#include <cstdio>

struct qcc_context_t {
  float last[3] = {};
  uint8_t codes[6] = {};
};

namespace qcc::evaluate {

/// What the one fake model does; a template argument apart, so that two
/// libraries with behaviours of their own can exist.
struct FakeBehaviour {
  float gain = 1;
  float offset = 0;
  bool isQuantized = false;
  bool keepsTensors = false;
  const char *information = "{}";
  qcc_code_t createCode = QCC_OK;
};

template <int number> struct FakeLibrary {
  static inline FakeBehaviour behaviour;

  static const char *name() { return "fake"; }
  static const char *information() { return behaviour.information; }
  static const qcc_tensor_info_t *inputs(int32_t *count) {
    static const int64_t shape[] = {-1, 3};
    static const qcc_tensor_info_t info = {"image", QCC_DTYPE_F32, 2, shape};
    *count = 1;
    return &info;
  }
  static const qcc_tensor_info_t *outputs(int32_t *count) {
    static const int64_t shape[] = {-1, 3};
    static const qcc_tensor_info_t info = {"scores", QCC_DTYPE_F32, 2, shape};
    *count = 1;
    return &info;
  }
  static int32_t countTargets() { return 1; }
  static qcc_code_t targetInfo(int32_t, qcc_target_info_t *info,
                               qcc_status_t *) {
    *info = {};
    info->num_observed = behaviour.keepsTensors;
    return QCC_OK;
  }
  static qcc_code_t create(const qcc_context_options_t *,
                           qcc_context_t **context, qcc_status_t *status) {
    *context = behaviour.createCode == QCC_OK ? new qcc_context_t : nullptr;
    status->code = behaviour.createCode;
    snprintf(status->message, sizeof(status->message),
             "expected a machine with avx512, but got one without");
    return behaviour.createCode;
  }
  static void destroy(qcc_context_t *context) { delete context; }
  static int32_t target(const qcc_context_t *) { return 0; }
  static qcc_code_t run(qcc_context_t *context, const qcc_tensor_t *inputs,
                        const qcc_tensor_t *outputs, int64_t batch,
                        qcc_status_t *) {
    auto *from = static_cast<const float *>(inputs[0].data);
    auto *to = static_cast<float *>(outputs[0].data);
    for (int64_t i = 0; i < batch * 3; ++i) {
      to[i] = from[i] * behaviour.gain + behaviour.offset * float(i % 3);
      context->last[i % 3] = to[i];
      // Padded to two bytes for each element, as layouts may be.
      float code = to[i] * 2 + 10;
      bool fits = code >= 0 && code < 256;
      context->codes[i % 3 * 2] = fits ? static_cast<uint8_t>(code) : 0;
    }
    return QCC_OK;
  }
  static qcc_code_t observed(const qcc_context_t *context, int32_t,
                             qcc_observed_info_t *info, qcc_status_t *) {
    static const int64_t shape[] = {1, 3}, plain[] = {3, 1}, padded[] = {6, 2};
    *info = {"conv_1", QCC_DTYPE_F32, 2, shape, plain, context->last, 0, 0};
    if (behaviour.isQuantized)
      *info = {"conv_1", QCC_DTYPE_U8,   2,    shape,
               padded,   context->codes, 0.5f, 10};
    return QCC_OK;
  }
  static const qcc_library_t &table() {
    static const qcc_library_t library = [] {
      qcc_library_t made = {};
      made.version = QCC_ABI_VERSION;
      made.name = name;
      made.info_json = information;
      made.inputs = inputs;
      made.outputs = outputs;
      made.num_targets = countTargets;
      made.target_info = targetInfo;
      made.context_create = create;
      made.context_destroy = destroy;
      made.context_target = target;
      made.run = run;
      made.observed = observed;
      return made;
    }();
    return library;
  }
};

} // namespace qcc::evaluate

#endif // QCC_TEST_UNIT_COMPILER_EVALUATE_FAKELIBRARY_H
