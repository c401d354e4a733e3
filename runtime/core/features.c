// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Processor features from cpuid, masked by what the system saves on a context
// switch (xgetbv): a processor may have zmm registers that a kernel or
// hypervisor has not switched on.

#include "runtime/core/features.h"

#include "qcc/abi.h"

#include <cpuid.h>
#include <stddef.h>

enum { EAX, EBX, ECX, EDX };

// XCR0: 1 xmm, 2 ymm, 5 mask registers, 6 upper zmm halves, 7 zmm16-31.
#define XCR0_YMM 0x06u
#define XCR0_ZMM 0xE6u

static int has_bits(uint32_t value, uint32_t bits) {
  return (value & bits) == bits;
}

// Not _xgetbv: its use needs -mxsave, and the runtime is compiled for the
// baseline.
static uint32_t read_xcr0(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

uint64_t qcc_rt_machine_features(void) {
  uint32_t base[4] = {0}, extended[4] = {0}, more[4] = {0};
  __get_cpuid_count(1, 0, &base[EAX], &base[EBX], &base[ECX], &base[EDX]);
  __get_cpuid_count(7, 0, &extended[EAX], &extended[EBX], &extended[ECX],
                    &extended[EDX]);
  if (extended[EAX] >= 1)
    __get_cpuid_count(7, 1, &more[EAX], &more[EBX], &more[ECX], &more[EDX]);

  const uint32_t osxsave = 1u << 27;
  if (!has_bits(base[ECX], osxsave))
    return 0;
  uint32_t saved = read_xcr0();

  uint64_t features = 0;
  if (has_bits(saved, XCR0_YMM)) {
    const uint32_t fma_avx_f16c = 1u << 12 | 1u << 28 | 1u << 29;
    if (has_bits(base[ECX], fma_avx_f16c) && has_bits(extended[EBX], 1u << 5))
      features |= QCC_FEATURE_AVX2;
    if (has_bits(more[EAX], 1u << 4))
      features |= QCC_FEATURE_AVXVNNI;
  }
  if (has_bits(saved, XCR0_ZMM)) {
    const uint32_t f_dq_bw_vl = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    if (has_bits(extended[EBX], f_dq_bw_vl))
      features |= QCC_FEATURE_AVX512;
    if (has_bits(extended[ECX], 1u << 11))
      features |= QCC_FEATURE_AVX512VNNI;
    if (has_bits(extended[ECX], 1u << 1))
      features |= QCC_FEATURE_AVX512VBMI;
    if (has_bits(more[EAX], 1u << 5))
      features |= QCC_FEATURE_AVX512BF16;
  }
  return features;
}

const char *qcc_rt_missing_feature(uint64_t needed, uint64_t present) {
  static const struct {
    uint64_t bit;
    const char *name;
  } names[] = {
      {QCC_FEATURE_AVX2, "AVX2 with FMA and F16C"},
      {QCC_FEATURE_AVXVNNI, "AVX-VNNI"},
      {QCC_FEATURE_AVX512, "AVX512 (F, BW, DQ, VL)"},
      {QCC_FEATURE_AVX512VNNI, "AVX512-VNNI"},
      {QCC_FEATURE_AVX512VBMI, "AVX512-VBMI"},
      {QCC_FEATURE_AVX512BF16, "AVX512-BF16"},
  };
  uint64_t missing = needed & ~present;
  if (!missing)
    return NULL;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
    if (missing & names[i].bit)
      return names[i].name;
  return "an unknown feature";
}
