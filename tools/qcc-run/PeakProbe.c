// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The probe's loops are assembly, so that no compiler can reorder or spill
// them and none needs the machine's flags. Twelve accumulators hide a latency
// of four cycles at two instructions a cycle with some to spare.

#include "tools/qcc-run/PeakProbe.h"

#include "runtime/core/features.h"

#include "qcc/abi.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { ACCUMULATORS = 12, ROUNDS = 20000 };

// Accumulators are registers 4 to 15; 0 and 1 are the operands, all zero.
#define TWELVE(step)                                                           \
  step(4) step(5) step(6) step(7) step(8) step(9) step(10) step(11) step(12)   \
      step(13) step(14) step(15)

#define CLOBBERS                                                               \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",      \
      "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "cc",      \
      "memory"

// Clearing the xmm part clears the whole register.
#define CLEAR(r) "vpxor %%xmm" #r ", %%xmm" #r ", %%xmm" #r "\n\t"

// A function that runs ROUNDS times twelve of `step`.
#define LOOP(name, step)                                                       \
  static void name(void) {                                                     \
    int64_t rounds = ROUNDS;                                                   \
    __asm__ volatile(CLEAR(0) CLEAR(1) CLEAR(2) CLEAR(3)                       \
                         TWELVE(CLEAR) ".p2align 5\n"                          \
                                       "1:\n\t" TWELVE(step) "dec %0\n\t"      \
                                                             "jnz 1b\n\t"      \
                                                             "vzeroupper"      \
                     : "+r"(rounds)                                            \
                     :                                                         \
                     : CLOBBERS);                                              \
  }

#define DOT_ZMM(r) "vpdpbusd %%zmm0, %%zmm1, %%zmm" #r "\n\t"
#define DOT_YMM(r) "%{vex%} vpdpbusd %%ymm0, %%ymm1, %%ymm" #r "\n\t"
// Without VNNI: bytes to words, words to longs, add.
#define DOT_AVX2(r)                                                            \
  "vpmaddubsw %%ymm0, %%ymm1, %%ymm2\n\t"                                      \
  "vpmaddwd %%ymm2, %%ymm1, %%ymm3\n\t"                                        \
  "vpaddd %%ymm3, %%ymm" #r ", %%ymm" #r "\n\t"
#define FMA_ZMM(r) "vfmadd231ps %%zmm0, %%zmm1, %%zmm" #r "\n\t"
#define FMA_YMM(r) "vfmadd231ps %%ymm0, %%ymm1, %%ymm" #r "\n\t"

LOOP(dot_avx512vnni, DOT_ZMM)
LOOP(dot_avxvnni, DOT_YMM)
LOOP(dot_avx2, DOT_AVX2)
LOOP(fma_avx512, FMA_ZMM)
LOOP(fma_avx2, FMA_YMM)

typedef struct {
  void (*loop)(void);
  double ops_per_step;
} probe_t;

static probe_t choose_int8(uint64_t features) {
  if (features & QCC_FEATURE_AVX512VNNI)
    return (probe_t){dot_avx512vnni, 128};
  if (features & QCC_FEATURE_AVXVNNI)
    return (probe_t){dot_avxvnni, 64};
  if (features & QCC_FEATURE_AVX2)
    return (probe_t){dot_avx2, 64};
  return (probe_t){NULL, 0};
}

static probe_t choose_f32(uint64_t features) {
  if (features & QCC_FEATURE_AVX512)
    return (probe_t){fma_avx512, 32};
  if (features & QCC_FEATURE_AVX2)
    return (probe_t){fma_avx2, 16};
  return (probe_t){NULL, 0};
}

static double now_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

typedef struct {
  pthread_t thread;
  probe_t probe;
  double seconds;
  double best; // operations per second
} worker_t;

static void *measure(void *argument) {
  worker_t *worker = argument;
  const double ops = worker->probe.ops_per_step * ACCUMULATORS * ROUNDS;
  double start = now_seconds(), before = start, after;
  do {
    worker->probe.loop();
    after = now_seconds();
    double rate = ops / (after - before);
    if (rate > worker->best)
      worker->best = rate;
    before = after;
  } while (after - start < worker->seconds);
  return NULL;
}

static double measure_threads(probe_t probe, int32_t threads, double seconds) {
  if (!probe.loop)
    return 0;
  worker_t *workers = calloc((size_t)threads, sizeof *workers);
  if (!workers)
    return 0;
  int32_t started = 0;
  for (; started < threads; ++started) {
    workers[started] = (worker_t){.probe = probe, .seconds = seconds};
    if (pthread_create(&workers[started].thread, NULL, measure,
                       &workers[started]) != 0)
      break;
  }
  double sum = 0;
  for (int32_t i = 0; i < started; ++i) {
    pthread_join(workers[i].thread, NULL);
    sum += workers[i].best;
  }
  free(workers);
  return sum;
}

qcc_peak_t qcc_measure_peak(int32_t threads, double seconds) {
  uint64_t features = qcc_rt_machine_features();
  return (qcc_peak_t){
      .int8_ops = measure_threads(choose_int8(features), threads, seconds),
      .f32_ops = measure_threads(choose_f32(features), threads, seconds),
  };
}
