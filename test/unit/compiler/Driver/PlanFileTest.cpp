// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Plan files: round trip, and messages for files that are none.

#include "compiler/Driver/PlanFile.h"

#include "gtest/gtest.h"

using namespace llvm;
using namespace qcc;

namespace {

TEST(PlanFile, ComesBackAsItWas) {
  std::vector<PlannedLayer> layers{
      {"conv \"1\"", "qcc.conv", "int8", ""},
      {"softmax", "qcc.softmax", "f32", "it has no integer form"}};
  Expected<std::vector<PlannedLayer>> parsed =
      parsePlan(printPlan(layers), "plan.json");
  ASSERT_TRUE(bool(parsed)) << toString(parsed.takeError());
  ASSERT_EQ(parsed->size(), 2u);
  EXPECT_EQ((*parsed)[0].name, "conv \"1\"");
  EXPECT_EQ((*parsed)[0].op, "qcc.conv");
  EXPECT_EQ((*parsed)[1].precision, "f32");
  EXPECT_EQ((*parsed)[1].reason, "it has no integer form");
}

struct BadPlan {
  const char *text, *message;
};

class PlanFileErrors : public testing::TestWithParam<BadPlan> {};

TEST_P(PlanFileErrors, SayWhatWasExpected) {
  Expected<std::vector<PlannedLayer>> parsed =
      parsePlan(GetParam().text, "plan.json");
  ASSERT_FALSE(bool(parsed));
  std::string message = toString(parsed.takeError());
  EXPECT_EQ(message.find(GetParam().message), 0u) << message;
}

INSTANTIATE_TEST_SUITE_P(
    PlanFile, PlanFileErrors,
    testing::Values(
        BadPlan{"{", "plan.json: expected JSON, but got "},
        BadPlan{"[]", "plan.json: expected \"qcc_plan\": 1, but got none"},
        BadPlan{"{\"qcc_plan\": 7}",
                "plan.json: expected \"qcc_plan\": 1, but got 7"},
        BadPlan{"{\"qcc_plan\": 1, \"layers\": {}}",
                "plan.json: expected \"layers\" to be an array, but got {}"},
        BadPlan{"{\"qcc_plan\": 1, \"layers\": [3]}",
                "plan.json: layers[0]: expected an object, but got 3"},
        BadPlan{"{\"qcc_plan\": 1, \"layers\": [{\"name\": 3}]}",
                "plan.json: layers[0]: expected \"name\" to be a string, but "
                "got 3"},
        BadPlan{"{\"qcc_plan\": 1, \"layers\": [{\"name\": \"a\"}]}",
                "plan.json: layers[0]: expected \"precision\" to be "
                "\"int8\", \"int8_dynamic\" or \"f32\", but got none"}));

} // namespace
