// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of language models as compiled graphs. There is no reference executor for
// them: each case computes what is expected with plain loops, in f64.

#ifndef TEST_NUMERICS_DECODERCASES_H
#define TEST_NUMERICS_DECODERCASES_H

#include "test/numerics/GraphText.h"
#include "test/numerics/GuardedBytes.h"
#include "test/numerics/Random.h"

#include "llvm/ADT/ArrayRef.h"

#include <cstring>
#include <functional>

namespace qcc::numerics_test {

using Bytes = std::vector<char>;

/// The buffers of a case after a run.
struct DecoderRun {
  int64_t rows;
  llvm::ArrayRef<GuardedBytes> inputs, outputs;

  const float *floats(size_t output) const {
    return reinterpret_cast<const float *>(outputs[output].data());
  }
};

struct DecoderCase {
  std::string name;
  GraphText graph;
  /// Inputs of a run of so many rows, in the graph's order.
  std::function<std::vector<Bytes>(int64_t rows)> makeInputs;
  /// What is wrong, as a sentence; empty where nothing is.
  std::function<std::string(const DecoderRun &run)> check;
};

/// Compiles the cases, some at a time, and runs each with each number of rows
/// on all targets of this machine.
void checkCases(std::vector<DecoderCase> cases, llvm::ArrayRef<int64_t> rows);

template <typename T> Bytes toBytes(const std::vector<T> &values) {
  Bytes bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// `count` floats around zero, most of them below 2.
std::vector<float> drawFloats(Random &random, int64_t count);

/// Rows, outputs, capacity and spans of a run.
inline Bytes makeExtents(int64_t rows, int64_t capacity = 0,
                         int64_t spans = 0) {
  return toBytes<int64_t>({rows, rows, capacity, spans});
}

/// Compares elements with `expected` up to `tolerances`; elements that no
/// expectation covers must be what the buffer was filled with.
std::string findDifference(llvm::ArrayRef<double> expected,
                           llvm::ArrayRef<double> tolerances, const float *got,
                           int64_t count);

} // namespace qcc::numerics_test

#endif // TEST_NUMERICS_DECODERCASES_H
