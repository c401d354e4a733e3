// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of qcc-run.

#ifndef QCC_TOOLS_QCC_RUN_OPTIONS_H
#define QCC_TOOLS_QCC_RUN_OPTIONS_H

#include "tools/qcc-run/LanguageOptions.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace qcc::run {

struct Options {
  std::string library;
  std::vector<std::string> inputs; ///< NAME=FILE
  std::string preprocess;          ///< Empty: fit pictures to the model.
  std::string labels;
  std::optional<unsigned> top;
  std::optional<double> benchmarkSeconds;
  bool hasSeconds = false; ///< --benchmark has a value.
  bool isProfiling = false;
  bool showsInfo = false;
  bool infoIsJson = false;
  bool showsHelp = false;
  int threads = 0; ///< 0: one for each CPU.
  LanguageOptions language;
};

/// `arguments` without the program's name.
llvm::Expected<Options> parseOptions(llvm::ArrayRef<char *> arguments);
llvm::StringRef helpText();

} // namespace qcc::run

#endif // QCC_TOOLS_QCC_RUN_OPTIONS_H
