// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of qcc-eval.

#ifndef QCC_TOOLS_QCCEVAL_OPTIONS_H
#define QCC_TOOLS_QCCEVAL_OPTIONS_H

#include "compiler/Evaluate/Samples.h"

namespace qcc::eval {

struct Options {
  std::string library;
  std::string data;
  std::string reference; ///< Empty: the library's source.
  std::string json;      ///< Empty: none.
  evaluate::SampleOptions samples;
  double largestLoss = 0.01;
  int threads = 0;
  std::string perplexity;         ///< A text, for language models.
  std::string base;               ///< A library to measure the divergence from.
  int32_t context = 512;          ///< Tokens of a window.
  std::vector<std::string> given; ///< Names of the flags.
  bool showsHelp = false;
};

llvm::StringRef helpText();
llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> arguments);

} // namespace qcc::eval

#endif // QCC_TOOLS_QCCEVAL_OPTIONS_H
