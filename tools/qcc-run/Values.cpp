// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Outputs as text: the first values, or the largest ones with labels.

#include "tools/qcc-run/Printing.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <numeric>

using namespace llvm;
using namespace qcc::evaluate;

namespace qcc::run {

static constexpr size_t numFirstValues = 8;

static Expected<std::vector<double>> toDoubles(const Array &array,
                                               const qcc_tensor_info_t &info) {
  if (info.dtype == QCC_DTYPE_BF16) {
    std::vector<double> values;
    for (uint16_t bits : array.values<uint16_t>())
      values.push_back(bit_cast<float>(uint32_t(bits) << 16));
    return values;
  }
  Expected<Array> converted = convertArray(array, ArrayType::F64, info.name);
  if (!converted)
    return converted.takeError();
  return converted->values<double>().vec();
}

Error printValues(ArrayRef<qcc_tensor_info_t> infos, ArrayRef<Array> outputs) {
  for (auto [info, array] : zip_equal(infos, outputs)) {
    Expected<std::vector<double>> values = toDoubles(array, info);
    if (!values)
      return values.takeError();
    outs() << info.name << ": " << nameOf(info.dtype) << ' '
           << printShape(array.shape) << ':';
    for (double value : ArrayRef(*values).take_front(numFirstValues))
      outs() << ' ' << format("%g", value);
    outs() << (values->size() > numFirstValues ? " ...\n" : "\n");
  }
  return Error::success();
}

static Expected<std::vector<std::string>> readLabels(StringRef path) {
  std::vector<std::string> labels;
  if (path.empty())
    return labels;
  auto file = MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!file)
    return createStringError(path +
                             ": expected a text file with a label in each "
                             "line, but got " +
                             file.getError().message());
  for (line_iterator line(**file, /*SkipBlanks=*/false); !line.is_at_eof();
       ++line)
    labels.push_back(line->rtrim().str());
  return labels;
}

/// Largest first; of equal values the lower index; NaN last.
static std::vector<size_t> findLargest(ArrayRef<double> values, size_t count) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t(0));
  auto isLarger = [&](size_t a, size_t b) {
    bool aIsNumber = values[a] == values[a], bIsNumber = values[b] == values[b];
    if (aIsNumber != bIsNumber || !aIsNumber)
      return aIsNumber != bIsNumber ? aIsNumber : a < b;
    return values[a] != values[b] ? values[a] > values[b] : a < b;
  };
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + count, order.end(),
                    isLarger);
  order.resize(count);
  return order;
}

Error printTop(ArrayRef<qcc_tensor_info_t> infos, ArrayRef<Array> outputs,
               const Options &options) {
  Expected<std::vector<std::string>> labels = readLabels(options.labels);
  if (!labels)
    return labels.takeError();
  for (auto [info, array] : zip_equal(infos, outputs)) {
    Expected<std::vector<double>> values = toDoubles(array, info);
    if (!values)
      return values.takeError();
    // The last dimension holds the classes; the others are samples.
    size_t classes = array.shape.empty() ? 1 : size_t(array.shape.back());
    for (size_t first = 0; first < values->size(); first += classes) {
      outs() << info.name << '[' << first / classes << "]:\n";
      ArrayRef<double> scores = ArrayRef(*values).slice(first, classes);
      for (size_t index : findLargest(scores, options.top.value_or(5))) {
        outs() << "  " << index << ' ' << format("%g", scores[index]);
        if (index < labels->size())
          outs() << ' ' << (*labels)[index];
        outs() << '\n';
      }
    }
  }
  return Error::success();
}

} // namespace qcc::run
