// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Own arenas are mapped and not malloc'd: the pages come zeroed and untouched,
// so a context that never runs costs no memory, and an over-long mapping can
// be trimmed to a 2 MiB boundary.

#define _GNU_SOURCE // MAP_ANONYMOUS, MADV_HUGEPAGE

#include "runtime/core/arena.h"

#include "runtime/core/status.h"

#include <inttypes.h>
#include <sys/mman.h>

static const int64_t page_size_bytes = 4096;
static const int64_t huge_page_size_bytes = 2 << 20;

static int64_t round_up(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

static uint8_t *map_pages(int64_t size_bytes) {
  void *data = mmap(NULL, (size_t)size_bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return data == MAP_FAILED ? NULL : data;
}

// Maps one huge page too many and gives back what lies before the first
// boundary and after the end.
static uint8_t *map_huge_pages(int64_t size_bytes) {
  int64_t mapped = size_bytes + huge_page_size_bytes;
  uint8_t *start = map_pages(mapped);
  if (!start)
    return NULL;
  int64_t before = round_up((int64_t)(uintptr_t)start, huge_page_size_bytes) -
                   (int64_t)(uintptr_t)start;
  int64_t after = mapped - before - size_bytes;
  if (before)
    munmap(start, (size_t)before);
  if (after)
    munmap(start + before + size_bytes, (size_t)after);
  // Only a hint: small pages compute the same.
  madvise(start + before, (size_t)size_bytes, MADV_HUGEPAGE);
  return start + before;
}

static qcc_code_t take_memory(qcc_rt_arena_t *arena, int64_t size_bytes,
                              const qcc_context_options_t *options,
                              qcc_status_t *status) {
  if (options->arena_size_bytes < size_bytes)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected an arena of at least %" PRId64
                       " bytes, but got %" PRId64,
                       size_bytes, options->arena_size_bytes);
  if ((uintptr_t)options->arena % QCC_RT_ARENA_ALIGNMENT != 0)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected an arena aligned to %d bytes, but got the "
                       "address %p",
                       QCC_RT_ARENA_ALIGNMENT, options->arena);
  arena->data = options->arena;
  arena->mapped_size_bytes = 0;
  return QCC_OK;
}

qcc_code_t qcc_rt_arena_create(qcc_rt_arena_t *arena, int64_t size_bytes,
                               const qcc_context_options_t *options,
                               qcc_status_t *status) {
  if (options->arena)
    return take_memory(arena, size_bytes, options, status);
  int64_t multiple = size_bytes < 2 * huge_page_size_bytes
                         ? page_size_bytes
                         : huge_page_size_bytes;
  // A model without intermediate tensors still gets a valid address.
  int64_t mapped = round_up(size_bytes > 0 ? size_bytes : 1, multiple);
  uint8_t *data =
      multiple == page_size_bytes ? map_pages(mapped) : map_huge_pages(mapped);
  if (!data)
    return qcc_rt_fail(status, QCC_OUT_OF_MEMORY,
                       "expected %" PRId64
                       " bytes for the arena, but the system has no memory",
                       mapped);
  arena->data = data;
  arena->mapped_size_bytes = mapped;
  return QCC_OK;
}

void qcc_rt_arena_destroy(qcc_rt_arena_t *arena) {
  if (arena->mapped_size_bytes)
    munmap(arena->data, (size_t)arena->mapped_size_bytes);
  arena->data = NULL;
  arena->mapped_size_bytes = 0;
}
