// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statistics files from any bytes: what can be parsed prints to a text that
// parses to the same.

#include "passes/Calibrate/Statistics.h"

#include <cstdlib>

using namespace llvm;
using namespace qcc::calibrate;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  StringRef text(reinterpret_cast<const char *>(data), size);
  Expected<Statistics> statistics = parseStatistics(text, "stats.txt");
  if (!statistics) {
    consumeError(statistics.takeError());
    return 0;
  }
  std::string printed = printStatistics(*statistics);
  if (printStatistics(cantFail(parseStatistics(printed, "again"))) != printed)
    abort();
  for (const TensorStatistics &tensor : statistics->tensors)
    (void)gridForRange(Statistics::rangeOf(tensor, statistics->method));
  return 0;
}
