// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Feature detection against the compiler's own, and the names in messages.

#include "runtime/core/features.h"
#include "qcc/abi.h"

#include <gtest/gtest.h>

namespace {

bool has(uint64_t feature) { return qcc_rt_machine_features() & feature; }

TEST(FeaturesTest, AgreesWithTheCompilersDetection) {
  __builtin_cpu_init();
  EXPECT_EQ(has(QCC_FEATURE_AVX2),
            __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"));
  EXPECT_EQ(has(QCC_FEATURE_AVX512), __builtin_cpu_supports("avx512f") &&
                                         __builtin_cpu_supports("avx512bw") &&
                                         __builtin_cpu_supports("avx512dq") &&
                                         __builtin_cpu_supports("avx512vl"));
  EXPECT_EQ(has(QCC_FEATURE_AVX512VNNI),
            !!__builtin_cpu_supports("avx512vnni"));
  EXPECT_EQ(has(QCC_FEATURE_AVX512VBMI),
            !!__builtin_cpu_supports("avx512vbmi"));
  EXPECT_EQ(has(QCC_FEATURE_AVX512BF16),
            !!__builtin_cpu_supports("avx512bf16"));
}

TEST(FeaturesTest, NamesWhatIsMissing) {
  const uint64_t all = ~uint64_t(0);
  EXPECT_EQ(qcc_rt_missing_feature(0, 0), nullptr);
  EXPECT_EQ(qcc_rt_missing_feature(QCC_FEATURE_AVX512VNNI, all), nullptr);
  EXPECT_STREQ(qcc_rt_missing_feature(QCC_FEATURE_AVX512VNNI,
                                      QCC_FEATURE_AVX2 | QCC_FEATURE_AVX512),
               "AVX512-VNNI");
  EXPECT_STREQ(qcc_rt_missing_feature(QCC_FEATURE_AVX2 | QCC_FEATURE_AVXVNNI,
                                      QCC_FEATURE_AVX2),
               "AVX-VNNI");
  EXPECT_STREQ(qcc_rt_missing_feature(uint64_t(1) << 40, 0),
               "an unknown feature");
}

} // namespace
