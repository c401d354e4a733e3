// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks of the caller's tensors against the model's declarations.

#ifndef QCC_CORE_TENSOR_H
#define QCC_CORE_TENSOR_H

#include "qcc/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

// Bytes of one element; 0 for a type that the runtime does not know.
int64_t qcc_rt_dtype_size_bytes(qcc_dtype_t dtype);
// "f32", "u8", ...; "an unknown type" where there is no name.
const char *qcc_rt_dtype_name(qcc_dtype_t dtype);

int qcc_rt_has_symbolic_batch(const qcc_tensor_info_t *info);

// Bytes from one sample to the next: the size of the tensor without its
// symbolic dimension, and 0 if it has none, since all samples then share it.
int64_t qcc_rt_sample_stride_bytes(const qcc_tensor_info_t *info);

// Fails unless `tensor` is host memory, contiguous and row-major, of the
// declared type and shape, where a symbolic dimension stands for `batch`.
// `role` is "input" or "output", for the message.
qcc_code_t qcc_rt_check_tensor(const qcc_tensor_info_t *info,
                               const qcc_tensor_t *tensor, int64_t batch,
                               const char *role, qcc_status_t *status);

#ifdef __cplusplus
}
#endif
#endif // QCC_CORE_TENSOR_H
