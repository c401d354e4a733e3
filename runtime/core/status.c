// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statuses are values of the caller: nothing is allocated to report an error,
// so running out of memory is reported like any other.

#include "runtime/core/status.h"

#include <stdarg.h>
#include <stdio.h>

qcc_code_t qcc_rt_succeed(qcc_status_t *status) {
  if (status) {
    status->code = QCC_OK;
    status->message[0] = '\0';
  }
  return QCC_OK;
}

qcc_code_t qcc_rt_fail(qcc_status_t *status, qcc_code_t code,
                       const char *format, ...) {
  if (!status)
    return code;
  status->code = code;
  va_list values;
  va_start(values, format);
  vsnprintf(status->message, sizeof status->message, format, values);
  va_end(values);
  return code;
}
