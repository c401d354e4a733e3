// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A progress bar with the time left, on standard error, only on a terminal,
// and only once the work has taken longer than two seconds: quick work leaves
// no trace, and logs stay clean.

#ifndef QCC_COMPILER_EVALUATE_PROGRESS_H
#define QCC_COMPILER_EVALUATE_PROGRESS_H

#include "llvm/ADT/StringRef.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace qcc::evaluate {

/// The line shown, without control characters; at most 79 columns.
std::string printProgress(llvm::StringRef task, uint64_t done, uint64_t total,
                          double elapsedSeconds);

/// Use from one thread:
///   Progress progress("calibrating", samples.countSamples());
///   for (...) progress.advance();
class Progress {
public:
  Progress(llvm::StringRef task, uint64_t total);
  /// Erases the bar.
  ~Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  void advance(uint64_t steps = 1);

private:
  using Clock = std::chrono::steady_clock;
  std::string task;
  uint64_t total;
  uint64_t done = 0;
  bool isTerminal;
  bool isShown = false;
  Clock::time_point start;
  Clock::time_point nextUpdate;
};

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_PROGRESS_H
