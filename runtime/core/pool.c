// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One 64-bit ticket holds the number of the launch and the first task that
// nobody has taken, or a mark that the launch is closed:
//
//     63            32 31             0
//    [ launch number  |   next task    ]
//
// A thread takes tasks by a compare-and-swap of the ticket. It reads the job's
// fields before the swap and uses them only if the swap succeeds. The fields
// change only while the ticket is closed, and a ticket never comes back, so a
// helper that overslept fails the swap and can not run old tasks of a new
// launch. Therefore the launching thread waits for tasks and never for
// helpers: a helper that the system has not scheduled costs nothing.
//
// Sleeping is the usual pair of flags: a helper counts itself parked and then
// looks at the ticket; a launch moves the ticket and then looks at the count.
// Both are sequentially consistent, so one of them sees the other.

#define _GNU_SOURCE // sched_getaffinity, syscall

#include "runtime/core/pool.h"

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
// The task number of a ticket whose launch is over.
#define TICKET_CLOSED UINT64_C(0xFFFFFFFF)
enum { SPINS_BETWEEN_CLOCK_READS = 32 };
// Takes a helper makes of a launch at least, so that the last ones are small.
enum { CHUNKS_PER_THREAD = 4 };

typedef _Atomic(uint32_t) futex_t;

struct qcc_rt_pool_t {
  // Written by all threads during a launch.
  _Alignas(64) _Atomic(uint64_t) ticket;
  _Alignas(64) futex_t done; // tasks finished of this launch

  // The job; constant while it has tasks left.
  _Alignas(64) _Atomic(qcc_kernel_fn_t) kernel;
  _Atomic(void *const *) args;
  _Atomic(uint32_t) tasks;
  _Atomic(uint32_t) launcher_parked;

  _Alignas(64) futex_t wakeups; // what parked helpers sleep on
  _Atomic(int32_t) parked;
  _Atomic(uint32_t) stopping;

  int32_t threads; // wanted, for the size of chunks
  int32_t started; // helpers that run
  int64_t spin_limit;
  pid_t owner; // the process whose threads they are
  pthread_t helpers[];
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

// Large takes first, single tasks at the end: few swaps, and no thread is left
// with much when the others are done.
static uint32_t chunk_of(uint32_t remaining, int32_t threads) {
  uint32_t chunk = remaining / (uint32_t)(threads * CHUNKS_PER_THREAD);
  return chunk ? chunk : 1;
}

// Works on the current launch until nobody has a task left to take. Returns
// how many tasks it did. A launch is not over before these are reported, so
// all of them belong to one launch.
static uint32_t work(qcc_rt_pool_t *pool) {
  uint32_t finished = 0;
  uint64_t ticket = atomic_load_explicit(&pool->ticket, memory_order_acquire);
  for (;;) {
    qcc_kernel_fn_t kernel =
        atomic_load_explicit(&pool->kernel, memory_order_acquire);
    void *const *args = atomic_load_explicit(&pool->args, memory_order_acquire);
    uint32_t tasks = atomic_load_explicit(&pool->tasks, memory_order_acquire);
    uint32_t first = (uint32_t)ticket;
    if (first >= tasks)
      return finished;
    uint32_t chunk = chunk_of(tasks - first, pool->threads);
    if (!atomic_compare_exchange_weak_explicit(
            &pool->ticket, &ticket, ticket + chunk, memory_order_acq_rel,
            memory_order_acquire))
      continue;
    for (uint32_t task = first; task < first + chunk; ++task)
      kernel(args, task);
    finished += chunk;
    ticket = atomic_load_explicit(&pool->ticket, memory_order_acquire);
  }
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
  return (uint32_t)(atomic_load(&pool->ticket) >> 32);
}

// Spins until is_over says so or the time is up; returns what it said last.
static int spin_until(qcc_rt_pool_t *pool,
                      int (*is_over)(qcc_rt_pool_t *pool, uint32_t value),
                      uint32_t value) {
  int64_t start = 0;
  for (;;) {
    for (int i = 0; i < SPINS_BETWEEN_CLOCK_READS; ++i) {
      if (is_over(pool, value))
        return 1;
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
  if (spin_until(pool, is_done, tasks))
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
  qcc_rt_pool_t *pool = argument;
  qcc_rt_enter_kernel_modes();
  uint32_t seen = 0;
  while (!atomic_load(&pool->stopping)) {
    if (!spin_until(pool, is_wanted, seen)) {
      park(pool, seen);
      continue;
    }
    seen = launch_number(pool);
    uint32_t finished = work(pool);
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

// Helpers take no signals of the host. Returns how many could be started.
static int32_t start_helpers(qcc_rt_pool_t *pool, int32_t wanted) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int32_t started = 0;
  while (started < wanted &&
         pthread_create(&pool->helpers[started], NULL, help, pool) == 0)
    ++started;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return started;
}

qcc_rt_pool_t *qcc_rt_pool_create(int32_t threads) {
  size_t helpers = threads > 1 ? (size_t)threads - 1 : 0;
  size_t size_bytes = sizeof(qcc_rt_pool_t) + helpers * sizeof(pthread_t);
  qcc_rt_pool_t *pool = aligned_alloc(64, (size_bytes + 63) / 64 * 64);
  if (!pool)
    return NULL;
  memset(pool, 0, sizeof *pool);
  atomic_init(&pool->ticket, TICKET_CLOSED);
  pool->owner = getpid();
  pool->threads = (int32_t)helpers + 1;
  pool->spin_limit = pool->threads <= qcc_rt_available_cpus()
                         ? spin_nanoseconds
                         : crowded_spin_nanoseconds;
  pool->started = start_helpers(pool, (int32_t)helpers);
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
      pthread_join(pool->helpers[i], NULL);
  free(pool);
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

void qcc_rt_pool_launch(qcc_rt_pool_t *pool, qcc_kernel_fn_t kernel,
                        void *const *args, int64_t tasks) {
  // No real launch has so many tasks, but it would still be right.
  if (tasks <= 1 || pool->started == 0 || tasks > INT32_MAX) {
    for (int64_t task = 0; task < tasks; ++task)
      kernel(args, task);
    return;
  }
  uint32_t count = (uint32_t)tasks;
  atomic_store_explicit(&pool->done, 0, memory_order_relaxed);
  atomic_store_explicit(&pool->kernel, kernel, memory_order_release);
  atomic_store_explicit(&pool->args, args, memory_order_release);
  atomic_store_explicit(&pool->tasks, count, memory_order_release);
  uint64_t closed = atomic_load_explicit(&pool->ticket, memory_order_relaxed);
  uint64_t opened = (closed | TICKET_CLOSED) + 1; // next number, task 0
  atomic_store(&pool->ticket, opened);
  if (atomic_load(&pool->parked))
    wake_helpers(pool);

  uint32_t finished = work(pool);
  if (finished < count) {
    report(pool, finished);
    wait_until_done(pool, count);
  }
  atomic_store_explicit(&pool->ticket, opened | TICKET_CLOSED,
                        memory_order_release);
}
