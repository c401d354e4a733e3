// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A wrong tensor is the most frequent mistake of a host, so each property has
// its own sentence with both values in it.

#include "runtime/core/tensor.h"

#include "runtime/core/status.h"

#include <inttypes.h>
#include <stdio.h>

// A DLTensor may be cast to a qcc_tensor_t.
_Static_assert(sizeof(qcc_tensor_t) == 48, "size of DLTensor");
_Static_assert(offsetof(qcc_tensor_t, device_type) == 8, "DLTensor.device");
_Static_assert(offsetof(qcc_tensor_t, rank) == 16, "DLTensor.ndim");
_Static_assert(offsetof(qcc_tensor_t, dtype) == 20, "DLTensor.dtype");
_Static_assert(offsetof(qcc_tensor_t, shape) == 24, "DLTensor.shape");
_Static_assert(offsetof(qcc_tensor_t, strides) == 32, "DLTensor.strides");
_Static_assert(offsetof(qcc_tensor_t, byte_offset) == 40,
               "DLTensor.byte_offset");

static const struct {
  qcc_dtype_t dtype;
  const char *name;
} dtypes[] = {
    {QCC_DTYPE_BF16, "bf16"}, {QCC_DTYPE_BOOL, "bool"}, {QCC_DTYPE_F16, "f16"},
    {QCC_DTYPE_F32, "f32"},   {QCC_DTYPE_F64, "f64"},   {QCC_DTYPE_I8, "i8"},
    {QCC_DTYPE_I16, "i16"},   {QCC_DTYPE_I32, "i32"},   {QCC_DTYPE_I64, "i64"},
    {QCC_DTYPE_U8, "u8"},     {QCC_DTYPE_U16, "u16"},   {QCC_DTYPE_U32, "u32"},
    {QCC_DTYPE_U64, "u64"},
};
enum { NUM_DTYPES = sizeof dtypes / sizeof dtypes[0] };

int64_t qcc_rt_dtype_size_bytes(qcc_dtype_t dtype) {
  for (int i = 0; i < NUM_DTYPES; ++i)
    if (dtypes[i].dtype == dtype)
      return (dtype >> 8 & 0xFF) / 8;
  return 0;
}

const char *qcc_rt_dtype_name(qcc_dtype_t dtype) {
  for (int i = 0; i < NUM_DTYPES; ++i)
    if (dtypes[i].dtype == dtype)
      return dtypes[i].name;
  return "an unknown type";
}

int qcc_rt_has_symbolic_batch(const qcc_tensor_info_t *info) {
  return info->rank > 0 && info->shape[0] < 0;
}

int64_t qcc_rt_sample_stride_bytes(const qcc_tensor_info_t *info) {
  if (!qcc_rt_has_symbolic_batch(info))
    return 0;
  int64_t size_bytes = qcc_rt_dtype_size_bytes(info->dtype);
  for (int32_t d = 1; d < info->rank; ++d)
    size_bytes *= info->shape[d];
  return size_bytes;
}

typedef struct {
  char text[160];
} printed_shape_t;

// "[1, 3, 224, 224]"; more than fits ends in "...".
static printed_shape_t print_shape(int32_t rank, const int64_t *shape) {
  printed_shape_t printed;
  const int room = (int)sizeof printed.text - 8;
  int used = snprintf(printed.text, sizeof printed.text, "[");
  for (int32_t d = 0; d < rank; ++d) {
    char number[32];
    int length =
        snprintf(number, sizeof number, "%s%" PRId64, d ? ", " : "", shape[d]);
    if (used + length > room) {
      used += snprintf(printed.text + used, 8, ", ...");
      break;
    }
    used += snprintf(printed.text + used, sizeof number, "%s", number);
  }
  snprintf(printed.text + used, 2, "]");
  return printed;
}

static int is_contiguous(const qcc_tensor_t *tensor) {
  if (!tensor->strides)
    return 1;
  int64_t expected = 1;
  for (int32_t d = tensor->rank - 1; d >= 0; --d) {
    if (tensor->shape[d] != 1 && tensor->strides[d] != expected)
      return 0;
    expected *= tensor->shape[d];
  }
  return 1;
}

static int has_shape(const qcc_tensor_t *tensor, int32_t rank,
                     const int64_t *shape) {
  if (tensor->rank != rank)
    return 0;
  for (int32_t d = 0; d < rank; ++d)
    if (tensor->shape[d] != shape[d])
      return 0;
  return 1;
}

static qcc_code_t check_shape(const qcc_tensor_info_t *info,
                              const qcc_tensor_t *tensor, int64_t batch,
                              const char *role, qcc_status_t *status) {
  enum { MAX_RANK = 16 };
  int64_t shape[MAX_RANK];
  int32_t rank = info->rank < MAX_RANK ? info->rank : MAX_RANK;
  for (int32_t d = 0; d < rank; ++d)
    shape[d] = info->shape[d] < 0 ? batch : info->shape[d];
  int has_rank = tensor->rank >= 0 && (tensor->rank == 0 || tensor->shape);
  if (has_rank && has_shape(tensor, rank, shape))
    return QCC_OK;
  printed_shape_t wanted = print_shape(rank, shape);
  printed_shape_t given =
      print_shape(has_rank ? tensor->rank : 0, tensor->shape);
  return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                     "expected shape %s for %s '%s', but got %s", wanted.text,
                     role, info->name, given.text);
}

qcc_code_t qcc_rt_check_tensor(const qcc_tensor_info_t *info,
                               const qcc_tensor_t *tensor, int64_t batch,
                               const char *role, qcc_status_t *status) {
  if (tensor->device_type != QCC_DEVICE_CPU)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected device type %d (CPU) for %s '%s', but got %d",
                       QCC_DEVICE_CPU, role, info->name, tensor->device_type);
  if (tensor->dtype != info->dtype)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected type %s for %s '%s', but got %s",
                       qcc_rt_dtype_name(info->dtype), role, info->name,
                       qcc_rt_dtype_name(tensor->dtype));
  qcc_code_t code = check_shape(info, tensor, batch, role, status);
  if (code != QCC_OK)
    return code;
  if (!is_contiguous(tensor))
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected contiguous row-major memory for %s '%s', but "
                       "got strides",
                       role, info->name);
  if (!tensor->data)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected data for %s '%s', but got a null pointer",
                       role, info->name);
  return QCC_OK;
}
