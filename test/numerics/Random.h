// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random numbers that are the same on every machine and with every standard
// library: a failing seed must fail elsewhere too. (SplitMix64.)

#ifndef TEST_NUMERICS_RANDOM_H
#define TEST_NUMERICS_RANDOM_H

#include <cstdint>
#include <initializer_list>

namespace qcc::numerics_test {

class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}

  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }

  /// From `low` to `high`, both included.
  int64_t integer(int64_t low, int64_t high) {
    return low + int64_t(next() % uint64_t(high - low + 1));
  }
  /// From `low` up to `high`.
  double real(double low, double high) {
    return low + (high - low) * (double(next() >> 11) * 0x1p-53);
  }
  bool oneIn(int64_t count) { return integer(1, count) == 1; }
  template <typename T> T pick(std::initializer_list<T> values) {
    return values.begin()[integer(0, int64_t(values.size()) - 1)];
  }

private:
  uint64_t state;
};

} // namespace qcc::numerics_test

#endif // TEST_NUMERICS_RANDOM_H
