// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sorting, scattering and choosing boxes in plain loops.

#include "dialects/Qcc/Numerics/IndexReference.h"

#include <algorithm>
#include <numeric>

namespace qcc::numerics {
namespace {

/// Sorts the places along the axis and keeps the first ones.
template <typename T>
std::vector<int64_t> choose(Span<const T> input, Shape shape, Choice choice) {
  int64_t size = shape[choice.axis];
  int64_t inner = rowMajorStrides(shape)[choice.axis];
  int64_t outer = countElements(Shape(shape.data(), choice.axis));
  std::vector<int64_t> result(outer * choice.count * inner);
  std::vector<int64_t> places(size);
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      const T *line = input.data() + o * size * inner + i;
      std::iota(places.begin(), places.end(), 0);
      std::stable_sort(places.begin(), places.end(), [&](int64_t a, int64_t b) {
        T first = line[a * inner], second = line[b * inner];
        if (first != first || second != second)
          return first == first;
        return choice.isLargest ? first > second : first < second;
      });
      for (int64_t k = 0; k < choice.count; ++k)
        result[(o * choice.count + k) * inner + i] = places[k];
    }
  return result;
}

template <typename T> T combine(ScatterKind kind, T old, T update) {
  switch (kind) {
  case ScatterKind::Set:
    return update;
  case ScatterKind::Add:
    return old + update;
  case ScatterKind::Mul:
    return old * update;
  case ScatterKind::Max:
    return std::max(old, update);
  case ScatterKind::Min:
    return std::min(old, update);
  }
  return update;
}

template <typename T>
std::vector<T> combineRows(ScatterKind kind, Span<const T> input, int64_t rows,
                           Span<const int64_t> indices, Span<const T> updates) {
  std::vector<T> result(input.begin(), input.end());
  int64_t width = rows ? int64_t(input.size()) / rows : 0;
  const T *update = updates.data();
  for (int64_t index : indices) {
    int64_t row = index < 0 ? index + rows : index;
    for (int64_t i = 0; i < width && row >= 0 && row < rows; ++i)
      result[row * width + i] =
          combine(kind, result[row * width + i], update[i]);
    update += width;
  }
  return result;
}

struct Box {
  float top, left, bottom, right;

  float area() const { return (bottom - top) * (right - left); }
};

Box readBox(const BoxRule &rule, const float *box) {
  if (rule.isCentered) {
    float halfWidth = box[2] * 0.5f, halfHeight = box[3] * 0.5f;
    return {box[1] - halfHeight, box[0] - halfWidth, box[1] + halfHeight,
            box[0] + halfWidth};
  }
  return {std::min(box[0], box[2]), std::min(box[1], box[3]),
          std::max(box[0], box[2]), std::max(box[1], box[3])};
}

bool overlaps(const Box &a, const Box &b, float limit) {
  float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  float width = std::min(a.right, b.right) - std::max(a.left, b.left);
  float shared = std::max(height, 0.0f) * std::max(width, 0.0f);
  float together = a.area() + b.area() - shared;
  // Boxes of negative size share nothing.
  return shared > 0 && shared > limit * together;
}

} // namespace

std::vector<int64_t> topK(Span<const double> input, Shape shape,
                          Choice choice) {
  return choose(input, shape, choice);
}

std::vector<int64_t> topK(Span<const int64_t> input, Shape shape,
                          Choice choice) {
  return choose(input, shape, choice);
}

std::vector<double> scatter(ScatterKind kind, Span<const double> input,
                            int64_t rows, Span<const int64_t> indices,
                            Span<const double> updates) {
  return combineRows(kind, input, rows, indices, updates);
}

std::vector<int64_t> scatter(ScatterKind kind, Span<const int64_t> input,
                             int64_t rows, Span<const int64_t> indices,
                             Span<const int64_t> updates) {
  return combineRows(kind, input, rows, indices, updates);
}

std::vector<int64_t> suppressBoxes(const BoxRule &rule, Span<const float> boxes,
                                   Span<const float> scores, Shape scoreShape) {
  int64_t classes = scoreShape[1], count = scoreShape[2];
  int64_t most = std::min(rule.boxesPerClass, count);
  std::vector<int64_t> rows;
  for (int64_t one = 0; one < scoreShape[0] * classes; ++one) {
    int64_t image = one / classes;
    Span<const float> score(scores.data() + one * count, count);
    std::vector<int64_t> order =
        topK(std::vector<double>(score.begin(), score.end()), Shape(&count, 1),
             {count, 0, /*isLargest=*/true});
    std::vector<Box> chosen;
    for (int64_t box : order) {
      bool isHigh =
          score[box] == score[box] && (!rule.score || score[box] > *rule.score);
      if (!isHigh || int64_t(chosen.size()) == most)
        break;
      Box next = readBox(rule, boxes.data() + (image * count + box) * 4);
      if (std::any_of(chosen.begin(), chosen.end(), [&](const Box &other) {
            return overlaps(next, other, rule.overlap);
          }))
        continue;
      chosen.push_back(next);
      rows.insert(rows.end(), {image, one % classes, box});
    }
  }
  rows.resize(scoreShape[0] * classes * most * 3, -1);
  return rows;
}

} // namespace qcc::numerics
