// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Plan files from any bytes: what can be parsed prints to a text that parses to
// the same.

#include "compiler/Driver/PlanFile.h"

#include <cstdlib>

using namespace llvm;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  StringRef text(reinterpret_cast<const char *>(data), size);
  Expected<std::vector<qcc::PlannedLayer>> plan =
      qcc::parsePlan(text, "plan.json");
  if (!plan) {
    consumeError(plan.takeError());
    return 0;
  }
  std::string printed = qcc::printPlan(*plan);
  if (qcc::printPlan(cantFail(qcc::parsePlan(printed, "again"))) != printed)
    abort();
  return 0;
}
