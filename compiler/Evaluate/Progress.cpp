// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Draws `task [####....] 42/100, 12 s left` over itself with carriage returns.

#include "compiler/Evaluate/Progress.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cmath>

using namespace llvm;

namespace qcc::evaluate {

static constexpr auto quietTime = std::chrono::seconds(2);
static constexpr auto updateTime = std::chrono::milliseconds(200);
static constexpr size_t barWidth = 24;
static constexpr size_t longestTask = 24;

static std::string printDuration(double seconds) {
  auto whole = static_cast<uint64_t>(std::ceil(seconds));
  if (whole < 100)
    return utostr(whole) + " s";
  if (whole < 100 * 60)
    return utostr((whole + 59) / 60) + " min";
  return utostr((whole + 3599) / 3600) + " h";
}

std::string printProgress(StringRef task, uint64_t done, uint64_t total,
                          double elapsedSeconds) {
  done = std::min(done, total);
  double part = total ? double(done) / double(total) : 1;
  auto filled = static_cast<size_t>(part * barWidth);
  std::string line = task.take_front(longestTask).str() + " [" +
                     std::string(filled, '#') +
                     std::string(barWidth - filled, '.') + "] " + utostr(done) +
                     "/" + utostr(total);
  if (done > 0 && done < total)
    line += ", " + printDuration(elapsedSeconds * (1 - part) / part) + " left";
  return line;
}

Progress::Progress(StringRef task, uint64_t total)
    : task(task.str()), total(total),
      isTerminal(sys::Process::StandardErrIsDisplayed()), start(Clock::now()),
      nextUpdate(start + quietTime) {}

Progress::~Progress() {
  if (isShown)
    errs() << "\r\033[K";
}

void Progress::advance(uint64_t steps) {
  done += steps;
  if (!isTerminal)
    return;
  Clock::time_point now = Clock::now();
  if (now < nextUpdate)
    return;
  nextUpdate = now + updateTime;
  isShown = true;
  std::chrono::duration<double> elapsed = now - start;
  errs() << "\r\033[K" << printProgress(task, done, total, elapsed.count());
}

} // namespace qcc::evaluate
