// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Frequencies against those of transformers 5.23 (modeling_rope_utils), which
// computes them in f32.

#include "compiler/Import/Decoder/RotaryScaling.h"

#include "gtest/gtest.h"

using namespace qcc;

static void expectNear(const Rotary &rotary, llvm::ArrayRef<float> expected,
                       float magnitude) {
  EXPECT_NEAR(rotary.magnitude, magnitude, 1e-6f);
  ASSERT_EQ(rotary.inverseFrequencies.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(rotary.inverseFrequencies[i], expected[i], 2e-6f * expected[i])
        << i;
}

TEST(RotaryScaling, None) {
  expectNear(makeRotary({10000, 8}), {1.0f, 0.1f, 0.01f, 0.001f}, 1);
  EXPECT_TRUE(makeRotary({10000, 0}).inverseFrequencies.empty());
}

TEST(RotaryScaling, Linear) {
  expectNear(makeLinearRotary({1e6, 16}, 8),
             {0.125f, 0.0222284924f, 0.00395284733f, 0.000702926656f,
              0.000125000006f, 2.22284925e-05f, 3.95284678e-06f,
              7.02926684e-07f},
             1);
}

TEST(RotaryScaling, Llama3) {
  expectNear(makeLlama3Rotary({500000, 32}, {8, 1, 4, 8192}),
             {1, 0.440366626f, 0.193922758f, 0.0853971019f, 0.0376060307f,
              0.0165604409f, 0.00729266508f, 0.00321144611f, 0.000524846022f,
              7.78465546e-05f, 3.42810235e-05f, 1.50962178e-05f,
              6.64786967e-06f, 2.92749974e-06f, 1.28917316e-06f,
              5.6770881e-07f},
             1);
}

TEST(RotaryScaling, Yarn) {
  YarnScaling scaling;
  scaling.factor = 4;
  scaling.originalTokens = 32768;
  expectNear(makeYarnRotary({1e6, 32}, scaling),
             {1, 0.421696514f, 0.177827939f, 0.0749894157f, 0.0316227786f,
              0.0133352149f, 0.00477990136f, 0.00165996165f, 0.000549999997f,
              0.000168678584f, 4.44569851e-05f, 1.87473561e-05f,
              7.90569356e-06f, 3.33380353e-06f, 1.40585337e-06f,
              5.92843435e-07f},
             1.138629436f);
}

TEST(RotaryScaling, YarnWithAllOptions) {
  YarnScaling scaling = {16, 256, 24, 2, false};
  expectNear(makeYarnRotary({10000, 16}, scaling),
             {1, 0.242014125f, 0.0330958776f, 0.00197642366f, 0.000624999986f,
              0.000197642366f, 6.2500003e-05f, 1.97642366e-05f},
             1.277258872f);
  EXPECT_NEAR(getYarnMagnitude(16, 1) / getYarnMagnitude(16, 0.5), 1.121751143,
              1e-6);
}

// Both ends of the ramp at pair 0: a step instead of a division by zero.
TEST(RotaryScaling, YarnWithoutARamp) {
  YarnScaling scaling;
  scaling.factor = 2;
  scaling.originalTokens = 4;
  expectNear(makeYarnRotary({10000, 8}, scaling), {1, 0.05f, 0.005f, 0.0005f},
             1.069314718f);
}

TEST(RotaryScaling, Longrope) {
  Rotary rotary = makeRotary({10000, 8});
  divideFrequencies(rotary, {1, 2.5, 10, 31.5});
  rotary.magnitude =
      static_cast<float>(getLongropeMagnitude(131072.0 / 4096, 4096));
  expectNear(rotary, {1, 0.0399999991f, 0.00100000005f, 3.17460326e-05f},
             1.190238071f);
  EXPECT_EQ(getLongropeMagnitude(1, 4096), 1);
}
