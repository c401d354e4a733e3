// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Filling a caller's qcc_status_t. Every failure of the runtime is one return
// of qcc_rt_fail, so a message can not be forgotten.

#ifndef QCC_CORE_STATUS_H
#define QCC_CORE_STATUS_H

#include "qcc/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

// Clears *status, if there is one, and returns QCC_OK.
qcc_code_t qcc_rt_succeed(qcc_status_t *status);

// Writes code and message, if there is a status, and returns the code.
__attribute__((format(printf, 3, 4))) qcc_code_t
qcc_rt_fail(qcc_status_t *status, qcc_code_t code, const char *format, ...);

#ifdef __cplusplus
}
#endif
#endif // QCC_CORE_STATUS_H
