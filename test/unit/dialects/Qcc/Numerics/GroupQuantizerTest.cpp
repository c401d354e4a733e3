// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounding to groups: grids are found again, no group is worse than with the
// scale of its largest magnitude, and numbers that are none end nothing.

#include "test/unit/dialects/Qcc/Numerics/PanelElements.h"

#include "dialects/Qcc/Numerics/GroupQuantizer.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <limits>
#include <random>

using namespace qcc;

namespace {

const char *const kFormats[] = {"int2_g32",  "int3_g64",   "int4_g32",
                                "int4_g128", "int8_g256",  "int2_g32z",
                                "int3_g64z", "int4_g128z", "int8_g32z",
                                "int4_g16",  "int3_g16z"};

/// What the blocks of a row stand for.
std::vector<float> roundRow(const PanelFormat &format,
                            const std::vector<float> &values) {
  auto columns = static_cast<int64_t>(values.size());
  std::vector<uint8_t> row(getBlockRowBytes(format, columns), 0xee);
  quantizeRow(format, values.data(), columns, row.data());
  std::vector<float> rounded(values.size());
  decodeGroups(format, row.data(), rounded);
  return rounded;
}

/// The measure that the search minimizes.
double getError(const std::vector<float> &a, const std::vector<float> &b) {
  double error = 0;
  for (size_t i = 0; i < a.size(); ++i)
    error += std::pow(std::fabs(double(a[i]) - b[i]), 2.5);
  return error;
}

/// Round to nearest with the scale that reaches the largest magnitude, or with
/// a zero point the whole range.
std::vector<float> roundPlainly(const PanelFormat &format,
                                const std::vector<float> &values) {
  std::vector<float> rounded;
  float levels = static_cast<float>((1 << format.bits) - 1);
  auto block = static_cast<size_t>(format.group);
  for (size_t from = 0; from < values.size(); from += block) {
    float low = 0, high = 0;
    for (size_t i = from; i < from + block; ++i) {
      low = std::min(low, values[i]);
      high = std::max(high, values[i]);
    }
    float zero = static_cast<float>(format.offset);
    float scale = std::max(-low, high) / zero;
    if (format.hasMinimum) {
      scale = (high - low) / levels;
      zero = std::nearbyint(-low / scale);
    }
    for (size_t i = from; i < from + block; ++i) {
      float q = std::nearbyint(values[i] / scale) + zero;
      rounded.push_back((std::clamp(q, 0.0f, levels) - zero) * scale);
    }
  }
  return rounded;
}

class GroupQuantizer : public testing::TestWithParam<const char *> {
protected:
  PanelFormat format = *findPanelFormat(GetParam());
  std::mt19937 random{5};
};

TEST_P(GroupQuantizer, IsNoWorseThanTheLargestMagnitude) {
  std::normal_distribution<float> normal;
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<float> values(static_cast<size_t>(format.group));
    for (float &value : values) {
      value = normal(random);
      if (trial % 3 == 1)
        value = value * value * value; // with outliers
      if (trial % 3 == 2)
        value = std::fabs(value) + 0.25f; // of one sign
    }
    double error = getError(values, roundRow(format, values));
    double plain = getError(values, roundPlainly(format, values));
    EXPECT_LE(error, plain * (1 + 1e-4) + 1e-12) << format.name << trial;
  }
}

TEST_P(GroupQuantizer, FindsGrids) {
  // All codes of a grid, whose ends set the range.
  int64_t levels = (1 << format.bits) - 1;
  int64_t zero = format.hasMinimum ? levels / 3 : format.offset;
  for (float scale : {0.5f, 0.0078125f, -0.25f}) {
    if (format.hasMinimum && scale < 0)
      continue;
    std::vector<float> values(static_cast<size_t>(2 * format.group));
    for (size_t i = 0; i < values.size(); ++i) {
      int64_t step = static_cast<int64_t>(i) % format.group;
      int64_t code =
          step < 2 ? step * levels : int64_t(random()) % (levels + 1);
      values[i] = scale * static_cast<float>(code - zero);
    }
    std::vector<float> rounded = roundRow(format, values);
    for (size_t i = 0; i < values.size(); ++i)
      EXPECT_NEAR(rounded[i], values[i], std::fabs(scale) * 1e-4) << i;
  }
}

TEST_P(GroupQuantizer, KeepsConstants) {
  for (float constant : {0.75f, -3.0f, 1e-20f, 1e20f}) {
    std::vector<float> values(static_cast<size_t>(format.group), constant);
    for (float value : roundRow(format, values))
      EXPECT_NEAR(value, constant, std::fabs(constant) * 1e-5);
  }
}

TEST_P(GroupQuantizer, KeepsZeros) {
  for (float zero : {0.0f, -0.0f}) {
    std::vector<float> values(static_cast<size_t>(format.group), zero);
    for (float value : roundRow(format, values))
      EXPECT_EQ(value, 0.0f);
  }
  // With a zero point too, zero is exact beside other numbers.
  std::vector<float> values(static_cast<size_t>(format.group), 0.0f);
  values[1] = 1.7f;
  values[2] = -0.4f;
  EXPECT_EQ(roundRow(format, values)[0], 0.0f);
}

// Nothing finite stands for what is no number; the row's other groups are as
// they would be without.
TEST_P(GroupQuantizer, SurvivesNoNumbers) {
  float infinity = std::numeric_limits<float>::infinity();
  auto block = static_cast<size_t>(format.group);
  for (float odd : {infinity, -infinity, std::nanf("")}) {
    std::vector<float> values(3 * block, 1.0f);
    values[block + 1] = odd;
    std::vector<float> rounded = roundRow(format, values);
    for (size_t i = 0; i < block; ++i) {
      EXPECT_NEAR(rounded[i], 1.0f, 1e-5f);
      EXPECT_TRUE(std::isfinite(rounded[block + i]));
      EXPECT_NEAR(rounded[2 * block + i], 1.0f, 1e-5f);
    }
  }
}

TEST_P(GroupQuantizer, FillsTheLastGroup) {
  std::vector<float> values(static_cast<size_t>(format.group) + 8, 0.5f);
  for (float value : roundRow(format, values))
    EXPECT_NEAR(value, 0.5f, 1e-5f);
}

// The smallest and the largest floats do not divide by zero or overflow.
TEST_P(GroupQuantizer, SurvivesTheEndsOfTheRange) {
  for (float end : {1e-45f, 1e-38f, 3e38f}) {
    std::vector<float> values(static_cast<size_t>(format.group), end);
    values[3] = -end;
    values[4] = 0;
    for (float value : roundRow(format, values))
      EXPECT_FALSE(std::isnan(value)) << end;
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, GroupQuantizer, testing::ValuesIn(kFormats),
                         [](const auto &info) {
                           return std::string(info.param);
                         });

} // namespace
