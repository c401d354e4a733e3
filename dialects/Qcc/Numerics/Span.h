// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A view of consecutive elements, so that the numbers need neither MLIR nor
// LLVM: plain programs and kernel tests use them too.

#ifndef DIALECTS_QCC_NUMERICS_SPAN_H
#define DIALECTS_QCC_NUMERICS_SPAN_H

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

namespace qcc::numerics {

/// Does not own its elements. Takes any container that has `data()` and
/// `size()`; a temporary one lives as long as the call it is an argument of.
template <typename T> class Span {
public:
  Span() = default;
  Span(T *data, size_t size) : first(data), count(size) {}
  template <typename Container,
            typename = std::enable_if_t<std::is_convertible_v<
                decltype(std::declval<Container &>().data()), T *>>>
  Span(Container &&container)
      : first(container.data()), count(container.size()) {}

  T *data() const { return first; }
  size_t size() const { return count; }
  bool empty() const { return count == 0; }
  T &operator[](size_t index) const { return first[index]; }
  T *begin() const { return first; }
  T *end() const { return first + count; }

private:
  T *first = nullptr;
  size_t count = 0;
};

using Shape = Span<const int64_t>;

/// Elements of a tensor of `shape`.
inline int64_t countElements(Shape shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

/// Row-major distances between neighbours of each dimension, in elements.
inline std::vector<int64_t> rowMajorStrides(Shape shape) {
  std::vector<int64_t> strides(shape.size());
  int64_t step = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_SPAN_H
