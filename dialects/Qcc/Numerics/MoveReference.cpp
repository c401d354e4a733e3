// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Transpose, slice and expand are one walk with other strides; the others copy
// runs of bytes.

#include "dialects/Qcc/Numerics/MoveReference.h"
#include "dialects/Qcc/Numerics/ElementwiseReference.h"

#include <algorithm>
#include <cstring>

namespace qcc::numerics {

/// Row by row of the result: element `i` of dimension `d` is `i * strides[d]`
/// elements away from `first`.
static std::vector<char> readStrided(Source source, int64_t first,
                                     Shape strides, Shape result) {
  int64_t width = source.elementBytes;
  int64_t count = countElements(result);
  std::vector<char> bytes(count * width);
  if (count == 0)
    return bytes;
  std::vector<int64_t> position(result.size(), 0);
  int64_t columns = result.empty() ? 1 : result[result.size() - 1];
  int64_t step = result.empty() ? 0 : strides[result.size() - 1];
  char *out = bytes.data();
  for (int64_t row = 0; row < count / columns; ++row) {
    int64_t index = first;
    for (size_t d = 0; d + 1 < result.size(); ++d)
      index += position[d] * strides[d];
    for (int64_t i = 0; i < columns; ++i, out += width)
      std::memcpy(out, source.bytes.data() + (index + i * step) * width, width);
    for (size_t d = result.size() ? result.size() - 1 : 0; d-- > 0;) {
      if (++position[d] < result[d])
        break;
      position[d] = 0;
    }
  }
  return bytes;
}

std::vector<char> transpose(Source source, Shape permutation) {
  std::vector<int64_t> own = rowMajorStrides(source.shape);
  std::vector<int64_t> strides, result;
  for (int64_t dimension : permutation) {
    strides.push_back(own[dimension]);
    result.push_back(source.shape[dimension]);
  }
  return readStrided(source, 0, strides, result);
}

std::vector<char> slice(Source source, Shape starts, Shape steps,
                        Shape result) {
  std::vector<int64_t> strides = rowMajorStrides(source.shape);
  int64_t first = 0;
  for (size_t i = 0; i < strides.size(); ++i) {
    first += starts[i] * strides[i];
    strides[i] *= steps[i];
  }
  return readStrided(source, first, strides, result);
}

std::vector<char> expand(Source source, Shape result) {
  return readStrided(source, 0, broadcastStrides(source.shape, result),
                     result);
}

/// The input index that position `i` of a padded dimension shows, or -1 for
/// the filler.
static int64_t padIndex(int64_t i, int64_t size, PadMode mode) {
  if (i >= 0 && i < size)
    return i;
  if (mode == PadMode::Constant || size == 0)
    return -1;
  if (mode == PadMode::Edge)
    return i < 0 ? 0 : size - 1;
  if (mode == PadMode::Wrap)
    return ((i % size) + size) % size;
  // Reflect: 0 1 2 3 2 1 0 1 ... repeats after 2 * (size - 1).
  if (size == 1)
    return 0;
  int64_t period = 2 * (size - 1);
  int64_t phase = ((i % period) + period) % period;
  return std::min(phase, period - phase);
}

std::vector<char> pad(Source source, Shape low, Shape high, PadMode mode,
                      Span<const char> filler) {
  size_t rank = source.shape.size();
  std::vector<int64_t> result(rank), strides = rowMajorStrides(source.shape);
  // For each dimension, where each position of the result comes from.
  std::vector<std::vector<int64_t>> origins(rank);
  for (size_t d = 0; d < rank; ++d) {
    result[d] = source.shape[d] + low[d] + high[d];
    for (int64_t i = 0; i < result[d]; ++i)
      origins[d].push_back(padIndex(i - low[d], source.shape[d], mode));
  }
  int64_t count = countElements(result), width = source.elementBytes;
  std::vector<char> bytes(count * width);
  std::vector<int64_t> position(rank, 0);
  for (int64_t i = 0; i < count; ++i) {
    int64_t index = 0;
    for (size_t d = 0; d < rank && index >= 0; ++d) {
      int64_t origin = origins[d][position[d]];
      index = origin < 0 ? -1 : index + origin * strides[d];
    }
    const char *from = index < 0 ? filler.data()
                                 : source.bytes.data() + index * width;
    std::memcpy(bytes.data() + i * width, from, width);
    for (size_t d = rank; d-- > 0;) {
      if (++position[d] < result[d])
        break;
      position[d] = 0;
    }
  }
  return bytes;
}

std::vector<char> gather(Source source, Span<const int64_t> indices,
                         int64_t axis) {
  int64_t size = source.shape[axis];
  int64_t outer = countElements(Shape(source.shape.data(), axis));
  int64_t inner = source.elementBytes *
                  countElements(Shape(source.shape.data() + axis + 1,
                                      source.shape.size() - axis - 1));
  std::vector<char> bytes(outer * indices.size() * inner);
  char *out = bytes.data();
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t index : indices) {
      if (index < -size || index >= size)
        return {};
      int64_t row = o * size + (index < 0 ? index + size : index);
      std::copy_n(source.bytes.data() + row * inner, inner, out);
      out += inner;
    }
  return bytes;
}

std::vector<char> concat(Span<const Source> sources, int64_t axis) {
  std::vector<char> bytes;
  Shape first = sources[0].shape;
  int64_t outer = countElements(Shape(first.data(), axis));
  for (int64_t o = 0; o < outer; ++o)
    for (const Source &source : sources) {
      int64_t run = source.bytes.size() / outer;
      const char *from = source.bytes.data() + o * run;
      bytes.insert(bytes.end(), from, from + run);
    }
  return bytes;
}

} // namespace qcc::numerics
