// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The line of a progress bar.

#include "compiler/Evaluate/Progress.h"

#include "gtest/gtest.h"

using namespace qcc::evaluate;

TEST(Progress, ShowsPartAndTimeLeft) {
  EXPECT_EQ(printProgress("calibrating", 25, 100, 4),
            "calibrating [######..................] 25/100, 12 s left");
  EXPECT_EQ(printProgress("x", 1, 1000, 60),
            "x [........................] 1/1000, 17 h left");
  EXPECT_EQ(printProgress("x", 1, 10, 60),
            "x [##......................] 1/10, 9 min left");
}

TEST(Progress, HasNothingLeftAtBothEnds) {
  EXPECT_EQ(printProgress("x", 0, 10, 0), "x [........................] 0/10");
  EXPECT_EQ(printProgress("x", 10, 10, 3),
            "x [########################] 10/10");
  EXPECT_EQ(printProgress("x", 11, 10, 3),
            "x [########################] 10/10");
  EXPECT_EQ(printProgress("x", 0, 0, 0), "x [########################] 0/0");
}

TEST(Progress, FitsOnALine) {
  constexpr uint64_t many = 9999999;
  EXPECT_LE(printProgress(std::string(200, 'x'), many - 1, many, 1e6).size(),
            79u);
}
