// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What generated code and the runtime agree on inside one compiled library.
// Not installed: both sides are linked together, so it may change freely as
// long as compiler/Codegen/LibraryTable.cpp, which emits these structs, changes
// with it.

#ifndef QCC_CORE_MODULE_H
#define QCC_CORE_MODULE_H

#include "qcc/language.h"

#ifdef __cplusplus
extern "C" {
#endif

// One run of the model; opaque to generated code.
typedef struct qcc_rt_run_t qcc_rt_run_t;

// A generated kernel. Computes task `task` of `tasks`; tasks are independent
// and may run in any order on any thread. `args` are base pointers of buffers;
// `scratch` is memory of the running thread alone, of the variant's
// scratch_size_bytes.
typedef void (*qcc_kernel_fn_t)(void *const *args, int64_t task, void *scratch);

// Implemented by the runtime, called by generated code: runs tasks 0..tasks-1
// of `kernel` on the pool of `run` and returns when all are done. `op` indexes
// qcc_variant_t.ops, for profiles.
void qcc_rt_launch(qcc_rt_run_t *run, int32_t op, qcc_kernel_fn_t kernel,
                   void *const *args, int64_t tasks);

// Implemented by the runtime, called by generated code ahead of a launch whose
// tasks stream weights: the next such launch after it has `tasks` tasks for
// each unit of rows and streams these. Says what is worth reading ahead, no
// more.
void qcc_rt_expect(qcc_rt_run_t *run, const uint8_t *weights,
                   int64_t size_bytes, int64_t tasks);

// The generated program. All pointers but inputs/outputs are 64-byte aligned.
typedef void (*qcc_entry_fn_t)(qcc_rt_run_t *run, uint8_t *arena,
                               const uint8_t *weights, void *const *inputs,
                               void *const *outputs);

// One launched op, for --profile and --info.
typedef struct {
  const char *name;   // layer name from the source model
  const char *kind;   // op, e.g. "qcc.conv"
  const char *kernel; // kernel symbol
  int64_t macs;       // multiply-accumulates per sample, 0 where none
  int64_t bytes;      // bytes read and written per sample
  int32_t is_int8;    // 1: the int8 roof applies, 0: the f32 roof
} qcc_op_info_t;

// A tensor left in the arena after a run, for observers and per-layer
// comparison. Element [i0,i1,..] is at offset_bytes + element_size * sum(i*s).
typedef struct {
  const char *name;
  qcc_dtype_t dtype;
  int32_t rank;
  const int64_t *shape;   // without symbolic dimensions
  const int64_t *strides; // in elements
  int64_t offset_bytes;   // from the arena base
  float scale;            // value = (q - zero_point) * scale; 0: not quantized
  int32_t zero_point;
} qcc_observed_t;

// The same model compiled for one instruction set.
typedef struct {
  const char *target; // "avx512", "avxvnni", "avx2"
  uint64_t features;  // QCC_FEATURE_* the machine must have
  qcc_entry_fn_t entry;
  const uint8_t *weights;
  int64_t weights_size_bytes;
  int64_t arena_size_bytes;
  int64_t scratch_size_bytes; // of each thread
  int32_t num_ops;
  int32_t num_observed;
  const qcc_op_info_t *ops;
  const qcc_observed_t *observed;
} qcc_variant_t;

// What a language model has beside its program, whose inputs are those of
// compiler/Import/Decoder/DecoderBuilder.h.
typedef struct {
  qcc_language_info_t info;
  int32_t span_rows;      // most rows of a span
  int32_t part_positions; // of a part, where there are slots enough
  int32_t part_slots;     // rows of parts
  int64_t part_numbers;   // f32 of each
  int32_t layers;
  const char *cache_type; // "f16", "int8", ...
  int64_t cache_element_bytes;
  const int64_t *cache_elements; // of a token, in each layer: all heads of both
  const int64_t *head_elements;  // of a token and head, in each layer
  const qcc_language_t *functions; // qcc_rt_language
  // tokenizer_size_bytes of the info, aligned to 8; NULL: none.
  const uint8_t *tokenizer;
} qcc_rt_language_t;

// A symbolic batch is compiled for one sample; the runtime calls the entry once
// per sample and steps the input and output pointers.
typedef struct {
  const char *name;
  const char *info_json;
  int32_t num_inputs;
  int32_t num_outputs;
  const qcc_tensor_info_t *inputs;
  const qcc_tensor_info_t *outputs;
  int32_t num_variants; // best first
  const qcc_variant_t *variants;
  const qcc_rt_language_t *language; // NULL for other models
} qcc_model_t;

// Emitted by the compiler, hidden in the library.
extern const qcc_model_t qcc_model;

#ifdef __cplusplus
}
#endif
#endif // QCC_CORE_MODULE_H
