// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One place that says how long a name in a message may be.

#include "compiler/Import/QuotedName.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace qcc {

static constexpr size_t kMaxPrintedName = 80;

std::string quoteName(llvm::StringRef name) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "'";
  llvm::printEscapedString(name.take_front(kMaxPrintedName), stream);
  if (name.size() > kMaxPrintedName)
    stream << "...";
  stream << "'";
  return text;
}

} // namespace qcc
