// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a compiled library and its host share. A library exports one symbol,
// qcc_query, which returns a constant table of functions; everything else in
// this file is the types of that table. docs/abi.md tells it as a story.
//
// Rules of change:
// - A published struct or code never changes its size, order or meaning.
// - A new need gets a new function at the end of qcc_library_t, a new struct
//   where it needs one, and a new QCC_ABI_VERSION.
// - A host passes the newest version it knows. The library answers with a
//   table of that version or of an older one, never of a newer one, and with
//   NULL where it has none. A function is there if table->version covers it.

#ifndef QCC_ABI_H
#define QCC_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QCC_ABI_VERSION 2u

//===-- Status ------------------------------------------------------------===//

// Zero is success. The list is closed: new causes use the nearest code.
typedef int32_t qcc_code_t;
enum {
  QCC_OK = 0,
  // An argument is wrong: a null handle, shape, type, layout or alignment.
  QCC_INVALID_ARGUMENT = 1,
  // This machine lacks an instruction set that the library was compiled for.
  QCC_UNSUPPORTED_MACHINE = 2,
  // The arena, the context or a thread could not be allocated.
  QCC_OUT_OF_MEMORY = 3,
  // The context is running on another thread.
  QCC_BUSY = 4,
};

// A code and its sentence, "expected X, but got Y", as a plain value that the
// caller allocates; there is nothing to free. The message is empty when the
// code is QCC_OK, ends in a zero byte always, and is cut if it is too long.
//
// Each function that can fail returns the code and also writes *status, unless
// status is NULL.
typedef struct {
  qcc_code_t code;
  char message[508];
} qcc_status_t;

//===-- Tensors -----------------------------------------------------------===//

// The four bytes of DLPack's DLDataType, read as one little-endian number:
// kind | bits << 8 | lanes << 16. One lane always.
typedef uint32_t qcc_dtype_t;
#define QCC_DTYPE(kind, bits) ((kind) | (bits) << 8 | 1u << 16)
#define QCC_DTYPE_I8 QCC_DTYPE(0u, 8u)
#define QCC_DTYPE_I16 QCC_DTYPE(0u, 16u)
#define QCC_DTYPE_I32 QCC_DTYPE(0u, 32u)
#define QCC_DTYPE_I64 QCC_DTYPE(0u, 64u)
#define QCC_DTYPE_U8 QCC_DTYPE(1u, 8u)
#define QCC_DTYPE_U16 QCC_DTYPE(1u, 16u)
#define QCC_DTYPE_U32 QCC_DTYPE(1u, 32u)
#define QCC_DTYPE_U64 QCC_DTYPE(1u, 64u)
#define QCC_DTYPE_F16 QCC_DTYPE(2u, 16u)
#define QCC_DTYPE_F32 QCC_DTYPE(2u, 32u)
#define QCC_DTYPE_F64 QCC_DTYPE(2u, 64u)
#define QCC_DTYPE_BF16 QCC_DTYPE(4u, 16u)
#define QCC_DTYPE_BOOL QCC_DTYPE(6u, 8u)

// An input or output as the library declares it. Constant, owned by the
// library, valid while the library is loaded.
typedef struct {
  const char *name;
  qcc_dtype_t dtype;
  int32_t rank;
  // Only shape[0] may be -1: a symbolic batch, chosen by each run.
  const int64_t *shape;
} qcc_tensor_info_t;

enum { QCC_DEVICE_CPU = 1 }; // DLPack's kDLCPU

// A tensor of the caller, laid out byte for byte as DLPack's DLTensor, so that
// a DLTensor pointer may be cast. The library only borrows it, for one call.
typedef struct {
  void *data;
  int32_t device_type; // QCC_DEVICE_CPU
  int32_t device_id;   // ignored
  int32_t rank;
  qcc_dtype_t dtype;
  int64_t *shape;
  // In elements. NULL means contiguous and row-major, and so must be what a
  // pointer says; strides of dimensions of size 1 are not looked at.
  int64_t *strides;
  uint64_t byte_offset; // of the first element from data
} qcc_tensor_t;

//===-- Targets -----------------------------------------------------------===//

// Instruction sets that a target may need. A machine has one if its processor
// does and its system saves the registers.
enum {
  QCC_FEATURE_AVX2 = 1u << 0, // with FMA and F16C
  QCC_FEATURE_AVXVNNI = 1u << 1,
  QCC_FEATURE_AVX512 = 1u << 2, // F, BW, DQ, VL
  QCC_FEATURE_AVX512VNNI = 1u << 3,
  QCC_FEATURE_AVX512VBMI = 1u << 4,
  QCC_FEATURE_AVX512BF16 = 1u << 5,
};

// The model as compiled for one instruction set.
typedef struct {
  const char *name;     // "avx512", "avxvnni", ...
  uint64_t features;    // QCC_FEATURE_* that it needs
  int32_t is_supported; // 1 if this machine can run it
  int32_t num_ops;      // entries that a profile of it has
  int32_t num_observed; // tensors that can be looked at after a run
  int32_t reserved;
  int64_t arena_size_bytes; // what a context needs beside its own small state
  int64_t weights_size_bytes;
} qcc_target_info_t;

//===-- Contexts ----------------------------------------------------------===//

// One place to run the model: an arena and a pool of threads. Contexts share
// only constant data, so different contexts may be used from different threads
// at once. One context serves one call at a time: a run that meets another
// returns QCC_BUSY, and all other calls on it are for the caller to order.
typedef struct qcc_context_t qcc_context_t;

enum { QCC_TARGET_BEST = -1 };

typedef struct {
  // Threads that compute, the calling one included. 0: one for each CPU that
  // the process may use.
  int32_t threads;
  // An index below num_targets(), or QCC_TARGET_BEST for the first target, in
  // the library's order, that this machine supports.
  int32_t target;
  // Memory for the arena, aligned to 64 bytes, owned by the caller and used by
  // this context alone until it is destroyed. NULL: the library allocates.
  void *arena;
  int64_t arena_size_bytes; // size of that memory; ignored where it is NULL
} qcc_context_options_t;

// One op of a profile, summed over the runs since profiling was switched on.
// Strings belong to the library.
typedef struct {
  const char *name;   // layer name from the source model
  const char *kind;   // op, such as "qcc.conv"
  const char *kernel; // kernel symbol
  int64_t macs;       // multiply-accumulates per sample
  int64_t bytes;      // bytes read and written per sample
  int32_t is_int8;    // 1: compare with the int8 peak, 0: with the f32 peak
  int32_t reserved;
  int64_t nanoseconds; // wall time, all calls together
  int64_t calls;       // one per sample and run
} qcc_profile_entry_t;

// A tensor inside the arena, readable between a run and the next one. With a
// batch it shows the last sample. The data belongs to the context.
typedef struct {
  const char *name;
  qcc_dtype_t dtype;
  int32_t rank;
  const int64_t *shape;   // without a symbolic batch
  const int64_t *strides; // in elements, never NULL
  const void *data;
  float scale; // value = (q - zero_point) * scale; 0: not quantized
  int32_t zero_point;
} qcc_observed_info_t;

//===-- The table ---------------------------------------------------------===//

// Functions without a context are safe from any thread at any time.
typedef struct {
  uint32_t version; // QCC_ABI_VERSION of this table

  // Version 1.

  // What the model is called, and its signature, plan, targets, source and
  // accuracy as one JSON object. Both constant, owned by the library.
  const char *(*name)(void);
  const char *(*info_json)(void);

  // Descriptions in the model's order; *count receives how many.
  const qcc_tensor_info_t *(*inputs)(int32_t *count);
  const qcc_tensor_info_t *(*outputs)(int32_t *count);

  // Targets in the library's order, best first. target_info fails for an index
  // that is out of range.
  int32_t (*num_targets)(void);
  qcc_code_t (*target_info)(int32_t index, qcc_target_info_t *info,
                            qcc_status_t *status);

  // Makes a context. NULL options mean all defaults. Fails, and leaves
  // *context NULL, if the machine lacks a feature, which the message names.
  // Threads start with the first run that has work for them.
  qcc_code_t (*context_create)(const qcc_context_options_t *options,
                               qcc_context_t **context, qcc_status_t *status);
  // Stops the threads and frees what the library allocated. NULL is allowed.
  // All contexts must be gone before the library is unloaded.
  void (*context_destroy)(qcc_context_t *context);

  // The target that the context uses, and how many threads.
  int32_t (*context_target)(const qcc_context_t *context);
  int32_t (*context_threads)(const qcc_context_t *context);
  // 0: one for each CPU. Results do not depend on it.
  qcc_code_t (*set_threads)(qcc_context_t *context, int32_t threads,
                            qcc_status_t *status);

  // Runs the model: reads num_inputs tensors, writes num_outputs tensors that
  // the caller allocated. `batch` is the size of the symbolic dimension where
  // the model has one, and 1 where it has none. Everything is checked before
  // anything is written. Inputs and outputs must not overlap. Blocks until
  // done. Keeps the caller's floating point modes.
  qcc_code_t (*run)(qcc_context_t *context, const qcc_tensor_t *inputs,
                    const qcc_tensor_t *outputs, int64_t batch,
                    qcc_status_t *status);

  // The same for callers that have checked already: one data pointer for each
  // tensor, contiguous, of the declared type and shape. Only `batch` is looked
  // at.
  qcc_code_t (*run_unchecked)(qcc_context_t *context, void *const *inputs,
                              void *const *outputs, int64_t batch,
                              qcc_status_t *status);

  // Switches profiling on (1, from zero) or off (0, keeping what was counted).
  qcc_code_t (*set_profile)(qcc_context_t *context, int32_t enabled,
                            qcc_status_t *status);
  // Entry `index` of target_info's num_ops, in the order of execution. Fails
  // if profiling was never on or the index is out of range.
  qcc_code_t (*profile_entry)(const qcc_context_t *context, int32_t index,
                              qcc_profile_entry_t *entry, qcc_status_t *status);

  // Tensor `index` of target_info's num_observed. Only libraries compiled to
  // keep their intermediate tensors have any.
  qcc_code_t (*observed)(const qcc_context_t *context, int32_t index,
                         qcc_observed_info_t *info, qcc_status_t *status);

  // Version 2.

  // The functions of a language model (qcc/language.h); NULL for others.
  const struct qcc_language_t *(*language)(void);
} qcc_library_t;

// The exported symbol: the newest table that is no newer than newest_version,
// or NULL. Constant, valid while the library is loaded.
const qcc_library_t *qcc_query(uint32_t newest_version);
typedef const qcc_library_t *(*qcc_query_fn_t)(uint32_t newest_version);

#ifdef __cplusplus
}
#endif
#endif // QCC_ABI_H
