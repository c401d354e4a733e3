// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lines are loaded, not prefetched: Zen 5 drops prefetches that find no free
// miss buffer, and here nothing else happens that could space them out.

#include "runtime/core/ahead.h"

enum {
  LINE_BYTES = 64,
  LINES_AT_ONCE = 8, // as long as a waiting thread may look away
  MOST_LINES = 8192, // 512 KiB
};

void qcc_rt_ahead_set(qcc_rt_ahead_t *ahead, const uint8_t *data,
                      int64_t size_bytes) {
  // A line that begins before `data` belongs to whoever has what is there.
  uint64_t first = ((uintptr_t)data + LINE_BYTES - 1) / LINE_BYTES;
  uint64_t end = ((uintptr_t)data + (uint64_t)size_bytes) / LINE_BYTES;
  uint64_t count = first < end ? end - first : 0;
  if (count > MOST_LINES)
    count = MOST_LINES;
  __atomic_store_n(&ahead->lines, first << 16 | count, __ATOMIC_RELAXED);
}

int qcc_rt_ahead_fetch(qcc_rt_ahead_t *ahead) {
  uint64_t lines = __atomic_load_n(&ahead->lines, __ATOMIC_RELAXED);
  uint64_t count = lines & 0xFFFF;
  if (count > LINES_AT_ONCE)
    count = LINES_AT_ONCE;
  if (count == 0)
    return 0;
  // Fails where another thread took them or they were replaced.
  if (!__atomic_compare_exchange_n(&ahead->lines, &lines,
                                   lines + (count << 16) - count, /*weak=*/0,
                                   __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    return 1;
  const volatile uint8_t *data =
      (const volatile uint8_t *)((lines >> 16) * LINE_BYTES);
  for (uint64_t i = 0; i < count; ++i)
    (void)data[i * LINE_BYTES];
  return 1;
}
