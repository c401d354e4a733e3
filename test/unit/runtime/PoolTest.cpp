// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pool: each task runs exactly once, whatever the number of threads, tasks
// and CPUs, across sleeping and waking, and what helpers write is visible when
// a launch returns. Run it also with -fsanitize=thread.

#include "runtime/core/pool.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <gtest/gtest.h>
#include <memory>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

struct DestroyPool {
  void operator()(qcc_rt_pool_t *pool) const { qcc_rt_pool_destroy(pool); }
};
using Pool = std::unique_ptr<qcc_rt_pool_t, DestroyPool>;

/// args[0]: plain counters, one per task: a task that ran twice or a write
/// that is not visible shows as a wrong count.
void countTask(void *const *args, int64_t task, void *) {
  static_cast<int64_t *>(args[0])[task] += 1;
}

void launchAndCheck(qcc_rt_pool_t *pool, std::vector<int64_t> &counts,
                    int64_t tasks, int64_t expected) {
  void *const args[] = {counts.data()};
  qcc_rt_pool_launch(pool, countTask, args, tasks, nullptr);
  for (int64_t task = 0; task < tasks; ++task)
    ASSERT_EQ(counts[task], expected) << "task " << task << " of " << tasks;
}

TEST(PoolTest, RunsEachTaskOnce) {
  for (int32_t threads : {1, 2, 3, 4, 8}) {
    Pool pool(qcc_rt_pool_create(threads, 0));
    ASSERT_EQ(qcc_rt_pool_threads(pool.get()), threads);
    for (int64_t tasks :
         {0, 1, 2, 3, 7, 8, 64, 1000, 4097, 65535, 65536, 131071, 200000}) {
      std::vector<int64_t> counts(tasks + 1);
      launchAndCheck(pool.get(), counts, tasks, 1);
      EXPECT_EQ(counts[tasks], 0);
    }
  }
}

TEST(PoolTest, KeepsManyLaunchesApart) {
  for (int32_t threads : {2, 5}) {
    Pool pool(qcc_rt_pool_create(threads, 0));
    // Two jobs of different sizes in turn: a late helper that took from the
    // wrong one would count in the other's array.
    std::vector<int64_t> small(3), large(17);
    for (int64_t launch = 1; launch <= 20000; ++launch) {
      launchAndCheck(pool.get(), small, 3, launch);
      launchAndCheck(pool.get(), large, 17, launch);
    }
  }
}

TEST(PoolTest, SurvivesMoreThreadsThanCpus) {
  int32_t threads = 4 * qcc_rt_available_cpus() + 1;
  Pool pool(qcc_rt_pool_create(threads, 0));
  std::vector<int64_t> counts(threads * 3);
  for (int64_t launch = 1; launch <= 500; ++launch)
    launchAndCheck(pool.get(), counts, threads * 3, launch);
}

bool waitUntilParked(qcc_rt_pool_t *pool, int32_t helpers) {
  for (int attempt = 0; attempt < 2000; ++attempt) {
    if (qcc_rt_pool_parked(pool) >= helpers)
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

TEST(PoolTest, ParksAndWakes) {
  Pool pool(qcc_rt_pool_create(3, 0));
  std::vector<int64_t> counts(64);
  for (int64_t round = 1; round <= 20; ++round) {
    launchAndCheck(pool.get(), counts, 64, round);
    ASSERT_TRUE(waitUntilParked(pool.get(), 2));
    if (round % 2)
      qcc_rt_pool_wake(pool.get());
  }
}

/// A task that waits for the other one finishes only if both run at once.
void meet(void *const *args, int64_t task, void *) {
  auto *arrived = static_cast<std::atomic<int> *>(args[0]);
  arrived->fetch_add(1);
  while (arrived->load() < 2)
    std::this_thread::yield();
}

TEST(PoolTest, WakesAParkedHelperForALaunch) {
  Pool pool(qcc_rt_pool_create(2, 0));
  ASSERT_TRUE(waitUntilParked(pool.get(), 1));
  std::atomic<int> arrived(0);
  void *const args[] = {&arrived};
  qcc_rt_pool_launch(pool.get(), meet, args, 2, nullptr);
  EXPECT_EQ(arrived.load(), 2);
}

/// The first and the last of 65535 tasks, of those that there are.
void meetAtTheEnds(void *const *args, int64_t task, void *) {
  if (task == 0 || task == 65534)
    meet(args, task, nullptr);
}

TEST(PoolTest, SharesMoreTasksThanASlotCounts) {
  Pool pool(qcc_rt_pool_create(2, 0));
  std::atomic<int> arrived(0);
  void *const args[] = {&arrived};
  qcc_rt_pool_launch(pool.get(), meetAtTheEnds, args, 65536, nullptr);
  EXPECT_EQ(arrived.load(), 2);
}

/// The helper's task outlasts the spinning, so the launcher must sleep too.
void sleepInTask(void *const *args, int64_t task, void *) {
  std::this_thread::sleep_for(std::chrono::milliseconds(task ? 20 : 0));
  countTask(args, task, nullptr);
}

TEST(PoolTest, LauncherSleepsAndWakes) {
  Pool pool(qcc_rt_pool_create(2, 0));
  std::vector<int64_t> counts(2);
  void *const args[] = {counts.data()};
  for (int64_t launch = 1; launch <= 10; ++launch) {
    qcc_rt_pool_launch(pool.get(), sleepInTask, args, 2, nullptr);
    EXPECT_EQ(counts[0], launch);
    EXPECT_EQ(counts[1], launch);
  }
}

TEST(PoolTest, PoolsAreIndependent) {
  std::vector<std::thread> users;
  for (int user = 0; user < 3; ++user)
    users.emplace_back([] {
      Pool pool(qcc_rt_pool_create(2, 0));
      std::vector<int64_t> counts(9);
      for (int64_t launch = 1; launch <= 500; ++launch)
        launchAndCheck(pool.get(), counts, 9, launch);
    });
  for (std::thread &user : users)
    user.join();
}

TEST(PoolTest, AForkedChildRunsAlone) {
  Pool pool(qcc_rt_pool_create(3, 0));
  std::vector<int64_t> counts(50);
  launchAndCheck(pool.get(), counts, 50, 1);
  pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(20); // a child that hangs fails
    launchAndCheck(pool.get(), counts, 50, 2);
    qcc_rt_pool_destroy(pool.release());
    _exit(counts[49] == 2 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(PoolTest, DestroysWhileHelpersStart) {
  for (int round = 0; round < 200; ++round)
    Pool(qcc_rt_pool_create(4, 0));
}

} // namespace
