// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolution by copying windows into rows: the inner loops then run over
// consecutive elements, which the compiler vectorizes. For each group:
//
//   f32: columns[k][pixel], acc[pixel] += w[k] * columns[k][pixel]
//        (each sum keeps its order, so vectors do not change the result)
//   int: rows[pixel][k], acc = sum w[k] * rows[pixel][k]
//        (16-bit products summed in 32 bits: one instruction on x86)

#include "dialects/Qcc/Numerics/ConvReference.h"

#include <algorithm>

namespace qcc::numerics {
namespace {

// Pixels handled at once: their windows stay in the second-level cache.
constexpr int64_t kBlock = 64;

/// One group of one image, and the pixels of the block.
struct Block {
  int64_t image;
  int64_t group;
  int64_t firstPixel;
  int64_t pixels;
};

/// Calls `visit(pixel, k, value)` for every tap of every window of the block.
template <typename T, typename Visitor>
void visitWindows(const ConvShape &s, Span<const T> input, const Block &block,
                  Visitor visit) {
  auto [batch, channels, height, width] = s.input;
  (void)batch;
  for (int64_t p = 0; p < block.pixels; ++p) {
    int64_t y = (block.firstPixel + p) / s.result[3] * s.strides[0] - s.pads[0];
    int64_t x = (block.firstPixel + p) % s.result[3] * s.strides[1] - s.pads[1];
    int64_t k = 0;
    for (int64_t c = 0; c < s.weight[1]; ++c) {
      int64_t channel =
          block.image * channels + block.group * s.weight[1] + c;
      const T *plane = input.data() + channel * height * width;
      for (int64_t i = 0; i < s.weight[2]; ++i)
        for (int64_t j = 0; j < s.weight[3]; ++j, ++k) {
          int64_t row = y + i * s.dilations[0];
          int64_t column = x + j * s.dilations[1];
          bool inside =
              row >= 0 && row < height && column >= 0 && column < width;
          visit(p, k, inside ? plane[row * width + column] : T(0));
        }
    }
  }
}

/// Calls `visit` for each block of pixels of each group of each image.
template <typename Visitor>
void visitBlocks(const ConvShape &s, Visitor visit) {
  int64_t plane = s.result[2] * s.result[3];
  for (int64_t n = 0; n < s.input[0]; ++n)
    for (int64_t g = 0; g < s.group; ++g)
      for (int64_t first = 0; first < plane; first += kBlock)
        visit(Block{n, g, first, std::min(kBlock, plane - first)});
}

} // namespace

std::vector<double> convolve(const ConvShape &s, Span<const float> input,
                             Span<const float> weight) {
  std::vector<double> sums(countElements(s.result));
  int64_t taps = s.weight[1] * s.weight[2] * s.weight[3];
  int64_t outputs = s.weight[0] / s.group;
  int64_t plane = s.result[2] * s.result[3];
  std::vector<float> columns(taps * kBlock);
  visitBlocks(s, [&](const Block &block) {
    visitWindows(s, input, block, [&](int64_t p, int64_t k, float value) {
      columns[k * kBlock + p] = value;
    });
    for (int64_t o = 0; o < outputs; ++o) {
      int64_t channel = block.group * outputs + o;
      const float *w = weight.data() + channel * taps;
      double accumulators[kBlock] = {};
      for (int64_t k = 0; k < taps; ++k)
        for (int64_t p = 0; p < kBlock; ++p)
          accumulators[p] += double(w[k]) * columns[k * kBlock + p];
      std::copy_n(accumulators, block.pixels,
                  sums.data() + (block.image * s.weight[0] + channel) * plane +
                      block.firstPixel);
    }
  });
  return sums;
}

/// The sum of products modulo 2^32. Sums that fit cannot wrap in any order.
static int32_t dotProduct(const int16_t *a, const int16_t *b, int64_t count) {
  uint32_t sum = 0;
  for (int64_t k = 0; k < count; ++k)
    sum += static_cast<uint32_t>(int32_t(a[k]) * int32_t(b[k]));
  return static_cast<int32_t>(sum);
}

std::vector<int32_t> convolve(const ConvShape &s, Span<const int16_t> input,
                              Span<const int8_t> weight) {
  std::vector<int32_t> sums(countElements(s.result));
  int64_t taps = s.weight[1] * s.weight[2] * s.weight[3];
  int64_t outputs = s.weight[0] / s.group;
  int64_t plane = s.result[2] * s.result[3];
  std::vector<int16_t> wide(weight.begin(), weight.end());
  std::vector<int16_t> rows(taps * kBlock);
  visitBlocks(s, [&](const Block &block) {
    visitWindows(s, input, block, [&](int64_t p, int64_t k, int16_t value) {
      rows[p * taps + k] = value;
    });
    for (int64_t o = 0; o < outputs; ++o) {
      int64_t channel = block.group * outputs + o;
      int32_t *out = sums.data() +
                     (block.image * s.weight[0] + channel) * plane +
                     block.firstPixel;
      for (int64_t p = 0; p < block.pixels; ++p)
        out[p] = dotProduct(rows.data() + p * taps,
                            wide.data() + channel * taps, taps);
    }
  });
  return sums;
}

} // namespace qcc::numerics
