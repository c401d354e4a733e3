// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each thread owns a slot: one 64-bit word with the number of the launch and
// the tasks that nobody has taken of those it was given:
//
//     63            32 31         16 15          0
//    [ launch number  | first task  |  end task  ]
//
// A launch deals the tasks out in order, so that from launch to launch a thread
// works on the same part of the tensors and finds it in its cache. The owner
// takes single tasks from the front; who has none left takes half of another
// slot from the back. Both are a compare-and-swap of the slot. A thread reads
// the job's fields before the swap and uses them only if it succeeds. The
// fields change only while all slots are empty, and a word never comes back, so
// a helper that overslept fails the swap and can not run old tasks of a new
// launch. Therefore the launching thread waits for tasks and never for
// helpers: a helper that the system has not scheduled costs nothing.
//
// Sleeping is the usual pair of flags: a helper counts itself parked and then
// looks at the launch number; a launch moves it and then looks at the count.
// Both are sequentially consistent, so one of them sees the other.

#define _GNU_SOURCE // sched_getaffinity, syscall

#include "runtime/core/pool.h"

#include "runtime/core/ahead.h"
#include "runtime/core/floating_point.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Longer than the gaps between launches of a run, shorter than anyone notices
// on an idle machine.
static const int64_t spin_nanoseconds = 150 * 1000;
// When threads share CPUs a spinning one holds up the one it waits for.
static const int64_t crowded_spin_nanoseconds = 2 * 1000;
enum { SPINS_BETWEEN_CLOCK_READS = 32 };
// What 16 bits count.
enum { MOST_TASKS = 65535 };

typedef _Atomic(uint32_t) futex_t;

typedef struct {
  _Alignas(64) _Atomic(uint64_t) range;
  qcc_rt_ahead_t ahead; // what its tasks of a later launch read first
} slot_t;

typedef struct {
  qcc_rt_pool_t *pool;
  int32_t index; // of its slot; the launching thread has slot 0
  void *scratch;
  pthread_t thread;
} helper_t;

struct qcc_rt_pool_t {
  // Written by all threads during a launch.
  _Alignas(64) futex_t done; // tasks finished of this launch

  // The job; constant while it has tasks left.
  _Alignas(64) _Atomic(qcc_kernel_fn_t) kernel;
  _Atomic(void *const *) args;
  _Atomic(uint32_t) tasks;
  _Atomic(uint32_t) launch; // its number
  _Atomic(uint32_t) launcher_parked;

  _Alignas(64) futex_t wakeups; // what parked helpers sleep on
  _Atomic(int32_t) parked;
  _Atomic(uint32_t) stopping;

  int32_t started; // helpers that run
  int64_t spin_limit;
  pid_t owner; // the process whose threads they are
  helper_t *helpers;
  uint8_t *scratch; // of all helpers
  slot_t slots[];
};

static void sleep_while_equal(futex_t *word, uint32_t value) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void wake_sleepers(futex_t *word, int32_t count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

static int64_t now_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

int32_t qcc_rt_available_cpus(void) {
  // More than 1024 CPUs do not fit in a cpu_set_t; the call then fails.
  cpu_set_t cpus;
  if (sched_getaffinity(0, sizeof cpus, &cpus) == 0 && CPU_COUNT(&cpus) > 0)
    return CPU_COUNT(&cpus);
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int32_t)online : 1;
}

//===-- Taking tasks ------------------------------------------------------===//

static uint64_t pack_range(uint32_t launch, uint32_t first, uint32_t end) {
  return (uint64_t)launch << 32 | first << 16 | end;
}

static uint32_t first_of(uint64_t range) { return (uint32_t)range >> 16; }

static uint32_t end_of(uint64_t range) { return (uint32_t)range & 0xFFFF; }

static uint32_t launch_of(uint64_t range) { return (uint32_t)(range >> 32); }

// Takes tasks of `slot` until there are none and does them; returns how many.
static uint32_t drain(qcc_rt_pool_t *pool, slot_t *slot, int is_owner,
                      void *scratch) {
  uint32_t finished = 0;
  uint64_t range = atomic_load_explicit(&slot->range, memory_order_acquire);
  for (;;) {
    qcc_kernel_fn_t kernel =
        atomic_load_explicit(&pool->kernel, memory_order_acquire);
    void *const *args = atomic_load_explicit(&pool->args, memory_order_acquire);
    uint32_t first = first_of(range), end = end_of(range);
    if (first >= end)
      return finished;
    uint32_t count = is_owner ? 1 : (end - first + 1) / 2;
    uint32_t task = is_owner ? first : end - count;
    uint64_t rest = is_owner ? pack_range(launch_of(range), first + 1, end)
                             : pack_range(launch_of(range), first, task);
    if (!atomic_compare_exchange_weak_explicit(&slot->range, &range, rest,
                                               memory_order_acq_rel,
                                               memory_order_acquire))
      continue;
    finished += count;
    for (; count > 0; --count)
      kernel(args, task++, scratch);
    range = atomic_load_explicit(&slot->range, memory_order_acquire);
  }
}

// Works on the current launch until nobody has a task left to take. Returns
// how many tasks it did. A launch is not over before these are reported, so
// all of them belong to one launch.
static uint32_t work(qcc_rt_pool_t *pool, int32_t own, void *scratch) {
  uint32_t finished = drain(pool, &pool->slots[own], 1, scratch);
  int32_t slots = pool->started + 1;
  for (int32_t i = 1; i < slots; ++i)
    finished += drain(pool, &pool->slots[(own + i) % slots], 0, scratch);
  return finished;
}

static void report(qcc_rt_pool_t *pool, uint32_t finished) {
  // Read first: once everything is reported the launcher may start anew.
  uint32_t tasks = atomic_load_explicit(&pool->tasks, memory_order_relaxed);
  uint32_t done = atomic_fetch_add(&pool->done, finished) + finished;
  if (done == tasks && atomic_load(&pool->launcher_parked))
    wake_sleepers(&pool->done, 1);
}

//===-- Waiting -----------------------------------------------------------===//

static uint32_t launch_number(qcc_rt_pool_t *pool) {
  return atomic_load(&pool->launch);
}

// Reads ahead for the own tasks, then for those of the launching thread, which
// may be busy alone; 0: there is nothing left.
static int fetch_ahead(qcc_rt_pool_t *pool, int32_t own) {
  return qcc_rt_ahead_fetch(&pool->slots[own].ahead) ||
         qcc_rt_ahead_fetch(&pool->slots[0].ahead);
}

// Spins until is_over says so or the time is up; returns what it said last.
static int spin_until(qcc_rt_pool_t *pool, int32_t own,
                      int (*is_over)(qcc_rt_pool_t *pool, uint32_t value),
                      uint32_t value) {
  int64_t start = 0;
  for (;;) {
    for (int i = 0; i < SPINS_BETWEEN_CLOCK_READS; ++i) {
      if (is_over(pool, value))
        return 1;
      if (!fetch_ahead(pool, own))
        _mm_pause();
    }
    int64_t now = now_nanoseconds();
    if (!start)
      start = now;
    else if (now - start > pool->spin_limit)
      return 0;
  }
}

static int is_done(qcc_rt_pool_t *pool, uint32_t tasks) {
  return atomic_load_explicit(&pool->done, memory_order_acquire) == tasks;
}

static void wait_until_done(qcc_rt_pool_t *pool, uint32_t tasks) {
  if (spin_until(pool, 0, is_done, tasks))
    return;
  atomic_store(&pool->launcher_parked, 1);
  uint32_t done;
  while ((done = atomic_load(&pool->done)) != tasks)
    sleep_while_equal(&pool->done, done);
  atomic_store_explicit(&pool->launcher_parked, 0, memory_order_relaxed);
}

static int is_wanted(qcc_rt_pool_t *pool, uint32_t seen) {
  return launch_number(pool) != seen || atomic_load(&pool->stopping);
}

static void park(qcc_rt_pool_t *pool, uint32_t seen) {
  uint32_t wakeups = atomic_load(&pool->wakeups);
  atomic_fetch_add(&pool->parked, 1);
  // Who wakes takes the count back, so that the launches until this thread is
  // scheduled do not wake it again.
  while (!is_wanted(pool, seen) && atomic_load(&pool->wakeups) == wakeups)
    sleep_while_equal(&pool->wakeups, wakeups);
}

static void *help(void *argument) {
  const helper_t *helper = argument;
  qcc_rt_pool_t *pool = helper->pool;
  qcc_rt_enter_kernel_modes();
  uint32_t seen = 0;
  while (!atomic_load(&pool->stopping)) {
    if (!spin_until(pool, helper->index, is_wanted, seen)) {
      park(pool, seen);
      continue;
    }
    seen = launch_number(pool);
    uint32_t finished = work(pool, helper->index, helper->scratch);
    if (finished)
      report(pool, finished);
  }
  return NULL;
}

// The count first and the word after it: a helper between its two steps then
// either is counted or does not sleep.
static void wake_helpers(qcc_rt_pool_t *pool) {
  atomic_store(&pool->parked, 0);
  atomic_fetch_add(&pool->wakeups, 1);
  wake_sleepers(&pool->wakeups, INT32_MAX);
}

//===-- Interface ---------------------------------------------------------===//

// Helpers take no signals of the host. Those that start look at `started` only
// after the first launch.
static void start_helpers(qcc_rt_pool_t *pool, int32_t wanted,
                          int64_t scratch_bytes) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (int32_t i = 0; i < wanted; ++i) {
    helper_t *helper = &pool->helpers[i];
    helper->pool = pool;
    helper->index = i + 1;
    if (scratch_bytes > 0)
      helper->scratch = pool->scratch + i * scratch_bytes;
    if (pthread_create(&helper->thread, NULL, help, helper) != 0)
      break;
    ++pool->started;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void free_pool(qcc_rt_pool_t *pool) {
  free(pool->helpers);
  free(pool->scratch);
  free(pool);
}

qcc_rt_pool_t *qcc_rt_pool_create(int32_t threads, int64_t scratch_bytes) {
  size_t helpers = threads > 1 ? (size_t)threads - 1 : 0;
  size_t size_bytes = sizeof(qcc_rt_pool_t) + (helpers + 1) * sizeof(slot_t);
  qcc_rt_pool_t *pool = aligned_alloc(64, size_bytes);
  if (!pool)
    return NULL;
  memset(pool, 0, size_bytes);
  pool->helpers = calloc(helpers + 1, sizeof(helper_t));
  // Whole pages, so that no two threads write one line.
  scratch_bytes = (scratch_bytes + 4095) / 4096 * 4096;
  if (helpers > 0 && scratch_bytes > 0)
    pool->scratch = aligned_alloc(4096, helpers * (size_t)scratch_bytes);
  if (!pool->helpers || (helpers > 0 && scratch_bytes > 0 && !pool->scratch)) {
    free_pool(pool);
    return NULL;
  }
  pool->owner = getpid();
  pool->spin_limit = threads <= qcc_rt_available_cpus()
                         ? spin_nanoseconds
                         : crowded_spin_nanoseconds;
  start_helpers(pool, (int32_t)helpers, scratch_bytes);
  return pool;
}

void qcc_rt_pool_destroy(qcc_rt_pool_t *pool) {
  if (!pool)
    return;
  atomic_store(&pool->stopping, 1);
  wake_helpers(pool);
  // A forked child has the pool but not its threads.
  if (pool->owner == getpid())
    for (int32_t i = 0; i < pool->started; ++i)
      pthread_join(pool->helpers[i].thread, NULL);
  free_pool(pool);
}

int32_t qcc_rt_pool_threads(const qcc_rt_pool_t *pool) {
  return pool->started + 1;
}

int32_t qcc_rt_pool_parked(const qcc_rt_pool_t *pool) {
  return atomic_load(&pool->parked);
}

void qcc_rt_pool_wake(qcc_rt_pool_t *pool) {
  if (atomic_load_explicit(&pool->parked, memory_order_relaxed))
    wake_helpers(pool);
}

// A launch of more tasks than a slot counts, prompts of models with very many
// experts, is several: each does these of them.
typedef struct {
  qcc_kernel_fn_t kernel;
  void *const *args;
  int64_t first;
} part_t;

// Deals the tasks out and publishes the launch.
static void open_launch(qcc_rt_pool_t *pool, uint32_t tasks) {
  uint32_t launch = launch_number(pool) + 1;
  uint32_t slots = (uint32_t)pool->started + 1;
  for (uint32_t i = 0; i < slots; ++i) {
    uint32_t first = (uint32_t)((uint64_t)tasks * i / slots);
    uint32_t end = (uint32_t)((uint64_t)tasks * (i + 1) / slots);
    atomic_store_explicit(&pool->slots[i].range, pack_range(launch, first, end),
                          memory_order_release);
  }
  atomic_store(&pool->launch, launch);
}

static void run_part(void *const *args, int64_t task, void *scratch) {
  const part_t *part = (const part_t *)args;
  part->kernel(part->args, part->first + task, scratch);
}

void qcc_rt_pool_expect(qcc_rt_pool_t *pool, const uint8_t *data,
                        int64_t size_bytes, int64_t tasks) {
  int64_t slots = pool->started + 1;
  for (int64_t i = 0; i < slots; ++i) {
    int64_t first = size_bytes * (tasks * i / slots) / tasks;
    int64_t end = size_bytes * (tasks * (i + 1) / slots) / tasks;
    qcc_rt_ahead_set(&pool->slots[i].ahead, data + first, end - first);
  }
}

void qcc_rt_pool_launch(qcc_rt_pool_t *pool, qcc_kernel_fn_t kernel,
                        void *const *args, int64_t tasks, void *scratch) {
  if (tasks <= 1 || pool->started == 0) {
    for (int64_t task = 0; task < tasks; ++task)
      kernel(args, task, scratch);
    return;
  }
  if (tasks > MOST_TASKS) {
    for (part_t part = {kernel, args, 0}; part.first < tasks;
         part.first += MOST_TASKS) {
      int64_t left = tasks - part.first;
      qcc_rt_pool_launch(pool, run_part, (void *const *)&part,
                         left < MOST_TASKS ? left : MOST_TASKS, scratch);
    }
    return;
  }
  uint32_t count = (uint32_t)tasks;
  atomic_store_explicit(&pool->done, 0, memory_order_relaxed);
  atomic_store_explicit(&pool->kernel, kernel, memory_order_release);
  atomic_store_explicit(&pool->args, args, memory_order_release);
  atomic_store_explicit(&pool->tasks, count, memory_order_release);
  open_launch(pool, count);
  if (atomic_load(&pool->parked))
    wake_helpers(pool);

  uint32_t finished = work(pool, 0, scratch);
  if (finished < count) {
    report(pool, finished);
    wait_until_done(pool, count);
  }
}
