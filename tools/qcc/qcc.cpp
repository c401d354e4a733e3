// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The compiler's command: flags in, one line for each thing worth saying out.

#include "tools/qcc/Flags.h"

#include "compiler/Driver/Compilation.h"
#include "compiler/Evaluate/MemoryError.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

#include <csignal>

/// docs/cli.md: 1 is a verdict of qcc-eval, so errors are 2.
static int fail(llvm::Error error) {
  std::string text = llvm::toString(std::move(error));
  llvm::errs() << "qcc: error: " << llvm::StringRef(text).split('\n').first
               << "\n";
  return 2;
}

int main(int argc, char **argv) {
  // A file that grows beyond the limit is a failed write, not a signal.
  signal(SIGXFSZ, SIG_IGN);
  qcc::evaluate::reportMemoryErrors("qcc");
  llvm::Expected<qcc::CompileOptions> options = qcc::parseFlags(argc, argv);
  if (!options)
    return fail(options.takeError());
  // The trips of a loop have the same to say.
  llvm::StringSet<> said;
  auto remark = [&](llvm::StringRef text) {
    if (said.insert(text).second)
      llvm::errs() << "qcc: remark: " << text << "\n";
  };
  if (llvm::Error error = qcc::compileModel(*options, remark))
    return fail(std::move(error));
  return 0;
}
