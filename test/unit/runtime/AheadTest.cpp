// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is read ahead: all lines of what was said, once, and no byte outside of
// it, which is where the pages of the test end.

#include "runtime/core/ahead.h"
#include "runtime/core/pool.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace {

/// Pages that nobody has touched between two that nobody may.
class Pages {
public:
  explicit Pages(int64_t count) : bytes(getpagesize()), count(count) {
    void *all = mmap(nullptr, (count + 2) * bytes, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    start = static_cast<uint8_t *>(all);
    mprotect(begin(), size(), PROT_READ);
  }
  ~Pages() { munmap(start, (count + 2) * bytes); }
  uint8_t *begin() const { return start + bytes; }
  int64_t size() const { return count * bytes; }

  int64_t countTouched() const {
    std::vector<unsigned char> states(count);
    mincore(begin(), size(), states.data());
    int64_t touched = 0;
    for (unsigned char state : states)
      touched += state & 1;
    return touched;
  }

private:
  int64_t bytes, count;
  uint8_t *start;
};

int64_t fetchAll(qcc_rt_ahead_t &ahead) {
  int64_t times = 0;
  while (qcc_rt_ahead_fetch(&ahead))
    ++times;
  return times;
}

TEST(AheadTest, ReadsEachLineOnce) {
  Pages pages(3);
  qcc_rt_ahead_t ahead = {};
  EXPECT_EQ(fetchAll(ahead), 0);
  qcc_rt_ahead_set(&ahead, pages.begin(), pages.size());
  EXPECT_EQ(fetchAll(ahead), pages.size() / 64 / 8);
  EXPECT_EQ(pages.countTouched(), 3);
  EXPECT_EQ(fetchAll(ahead), 0);
}

TEST(AheadTest, ReadsNothingOutside) {
  Pages pages(1);
  qcc_rt_ahead_t ahead = {};
  for (int64_t front : {0, 1, 63, 64, 65})
    for (int64_t back : {0, 1, 63, 64, 65}) {
      qcc_rt_ahead_set(&ahead, pages.begin() + front,
                       pages.size() - front - back);
      EXPECT_GT(fetchAll(ahead), 0) << front << " " << back;
    }
  for (int64_t size : {0, 1, 62}) {
    qcc_rt_ahead_set(&ahead, pages.begin() + 1, size);
    EXPECT_EQ(fetchAll(ahead), 0) << size;
  }
}

TEST(AheadTest, ReadsHalfACacheAtMost) {
  Pages pages(300);
  qcc_rt_ahead_t ahead = {};
  qcc_rt_ahead_set(&ahead, pages.begin(), pages.size());
  fetchAll(ahead);
  EXPECT_EQ(pages.countTouched(), (512 << 10) / getpagesize());
}

void doNothing(void *const *, int64_t, void *) {}

/// Threads that find no task read; that a helper does so, alone, is up to the
/// system's scheduler, so it is given many chances.
TEST(AheadTest, WaitingThreadsReadWhatIsExpected) {
  Pages pages(6);
  qcc_rt_pool_t *pool = qcc_rt_pool_create(3, 0);
  ASSERT_NE(pool, nullptr);
  for (int launch = 0; launch < 10000 && pages.countTouched() < 6; ++launch) {
    qcc_rt_pool_expect(pool, pages.begin(), pages.size(), 5);
    qcc_rt_pool_launch(pool, doNothing, nullptr, 3, nullptr);
    usleep(100);
  }
  qcc_rt_pool_destroy(pool);
  EXPECT_GE(pages.countTouched(), 5);
}

} // namespace
