// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which of the QCC_FEATURE_* of qcc/abi.h this machine has. Asked before
// any generated code runs, so that a wrong machine is an error and not SIGILL.

#ifndef QCC_CORE_FEATURES_H
#define QCC_CORE_FEATURES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Instruction sets that the processor has and the system saves registers for.
uint64_t qcc_rt_machine_features(void);

// The name of the lowest feature in `needed` that `present` lacks, such as
// "AVX512-VNNI", or NULL if none is missing. A bit without a name is missing
// and called "an unknown feature".
const char *qcc_rt_missing_feature(uint64_t needed, uint64_t present);

#ifdef __cplusplus
}
#endif
#endif // QCC_CORE_FEATURES_H
