// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strides of natural layouts and of views.

#include "dialects/Qcc/IR/Strides.h"

using namespace llvm;

namespace qcc {

Strided rowMajor(ArrayRef<int64_t> shape) {
  Strided result;
  result.strides.resize(shape.size());
  int64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    result.strides[i] = stride;
    stride *= shape[i];
  }
  return result;
}

Strided channelsLast(ArrayRef<int64_t> shape, const Halo &halo) {
  assert(shape.size() == 4 && "channels-last is a layout of images");
  int64_t pixel = shape[1];
  int64_t row = (shape[3] + halo[1] + halo[3]) * pixel;
  int64_t image = (shape[2] + halo[0] + halo[2]) * row;
  Strided result;
  result.strides = {image, 1, row, pixel};
  result.offset = halo[0] * row + halo[1] * pixel;
  return result;
}

int64_t countElements(ArrayRef<int64_t> shape, const Halo &halo) {
  int64_t count = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    int64_t border = 0;
    if (shape.size() == 4 && i >= 2)
      border = i == 2 ? halo[0] + halo[2] : halo[1] + halo[3];
    count *= shape[i] + border;
  }
  return count;
}

std::optional<SmallVector<int64_t>> commonFactors(ArrayRef<int64_t> from,
                                                  ArrayRef<int64_t> to) {
  SmallVector<int64_t> factors; // innermost first
  size_t i = from.size(), j = to.size();
  int64_t leftFrom = 1, leftTo = 1;
  while (true) {
    while (leftFrom == 1 && i > 0)
      leftFrom = from[--i];
    while (leftTo == 1 && j > 0)
      leftTo = to[--j];
    if (leftFrom == 1 && leftTo == 1)
      break;
    int64_t factor = std::min(leftFrom, leftTo);
    if (factor < 1 || leftFrom % factor || leftTo % factor)
      return std::nullopt;
    factors.push_back(factor);
    leftFrom /= factor;
    leftTo /= factor;
    if (factor == 1)
      return std::nullopt; // different numbers of elements
  }
  std::reverse(factors.begin(), factors.end());
  return factors;
}

SmallVector<int64_t> splitStrides(ArrayRef<int64_t> shape,
                                  ArrayRef<int64_t> strides,
                                  ArrayRef<int64_t> factors) {
  SmallVector<int64_t> result(factors.size());
  size_t factor = factors.size();
  for (size_t i = shape.size(); i-- > 0;) {
    int64_t left = shape[i], stride = strides[i];
    while (left > 1) {
      --factor;
      result[factor] = stride;
      stride *= factors[factor];
      left /= factors[factor];
    }
  }
  return result;
}

std::optional<SmallVector<int64_t>> reshapeStrides(ArrayRef<int64_t> from,
                                                   ArrayRef<int64_t> strides,
                                                   ArrayRef<int64_t> to) {
  std::optional<SmallVector<int64_t>> factors = commonFactors(from, to);
  if (!factors)
    return std::nullopt;
  SmallVector<int64_t> split = splitStrides(from, strides, *factors);
  SmallVector<int64_t> result(to.size());
  size_t factor = factors->size();
  int64_t natural = 1; // for dimensions of size one
  for (size_t i = to.size(); i-- > 0;) {
    int64_t left = to[i];
    if (left == 1) {
      result[i] = natural;
      continue;
    }
    --factor;
    result[i] = split[factor];
    left /= (*factors)[factor];
    int64_t next = split[factor] * (*factors)[factor];
    while (left > 1) {
      --factor;
      if (split[factor] != next)
        return std::nullopt;
      next *= (*factors)[factor];
      left /= (*factors)[factor];
    }
    natural = next;
  }
  return result;
}

} // namespace qcc
