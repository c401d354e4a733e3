// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first bad layer is the first in execution, not the worst.

#include "compiler/Evaluate/LayerErrors.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace qcc::evaluate;

TEST(LayerErrors, NamesTheFirstBadLayer) {
  LayerErrors errors;
  for (int sample = 0; sample < 3; ++sample) {
    errors.add("good", {10, 10}, {10, 9.9f});
    errors.add("first", {10, 10}, {10, 4});
    errors.add("worst", {10, 10}, {-10, -10});
  }
  ASSERT_EQ(errors.layers().size(), 3u);
  EXPECT_EQ(errors.layers()[0].error.countElements(), 6u);
  ASSERT_NE(errors.findFirstBad(), nullptr);
  EXPECT_EQ(errors.findFirstBad()->name, "first");
  EXPECT_EQ(errors.findFirstBad(0)->name, "worst");
  EXPECT_EQ(errors.findFirstBad(-20), nullptr);
}

TEST(LayerErrors, FindsNaN) {
  LayerErrors errors;
  errors.add("both", {NAN, 1}, {NAN, 1});
  EXPECT_EQ(errors.findFirstBad(), nullptr);
  errors.add("one", {1, 1}, {NAN, 1});
  ASSERT_NE(errors.findFirstBad(), nullptr);
  EXPECT_EQ(errors.findFirstBad()->name, "one");
}
