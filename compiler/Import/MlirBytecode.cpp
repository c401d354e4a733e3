// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A forked child reads and prints, its parent takes the text through a pipe.
// The child has the copy of one thread only, so it must not wait for others.

#include "compiler/Import/MlirBytecode.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir;
using llvm::Expected;

// Of processor time: many times what a model takes, whose weights are printed.
static constexpr rlim_t kLeastSeconds = 5;
static constexpr size_t kBytesPerSecond = 16 << 20;
// What begins the child's text: a module, or why there is none.
static constexpr char kModule = 'm', kProblem = 'p';

/// Reads `buffer` and writes the text of it to `pipe`. Does not return.
[[noreturn]] static void runChild(MLIRContext &context,
                                  llvm::MemoryBufferRef buffer, int pipe) {
  rlim_t seconds = kLeastSeconds + buffer.getBufferSize() / kBytesPerSecond;
  rlimit time = {seconds, seconds};
  setrlimit(RLIMIT_CPU, &time);
  rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  // What the C library says of a broken heap means nothing to a user.
  int silence = open("/dev/null", O_WRONLY);
  if (silence >= 0)
    dup2(silence, STDERR_FILENO);
  for (int number : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL})
    signal(number, SIG_DFL);
  context.disableMultithreading();
  llvm::raw_fd_ostream stream(pipe, /*shouldClose=*/false);
  std::string problem;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (problem.empty())
      problem = diagnostic.str();
  });
  ParserConfig config(&context, /*verifyAfterParse=*/false);
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(buffer.getBuffer(), config);
  if (module) {
    stream << kModule;
    OpPrintingFlags flags;
    flags.enableDebugInfo(true, false).assumeVerified();
    module->print(stream, flags);
  } else {
    stream << kProblem << problem;
  }
  stream.flush();
  _exit(stream.has_error());
}

/// All that comes out of `pipe`.
static std::string readAll(int pipe) {
  std::string text;
  std::string part(1 << 16, '\0');
  while (true) {
    ssize_t count = read(pipe, part.data(), part.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return text;
    text.append(part, 0, size_t(count));
  }
}

Expected<std::string> qcc::printBytecode(MLIRContext &context,
                                         llvm::MemoryBufferRef buffer) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return llvm::errorCodeToError(llvm::errnoAsErrorCode());
  pid_t child = fork();
  if (child == 0)
    runChild(context, buffer, ends[1]);
  close(ends[1]);
  std::string text = child > 0 ? readAll(ends[0]) : std::string();
  close(ends[0]);
  if (child < 0)
    return llvm::errorCodeToError(llvm::errnoAsErrorCode());
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  bool isWhole = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (isWhole && !text.empty() && text.front() == kModule)
    return text.substr(1);
  return llvm::createStringError(
      "expected MLIR that qcc reads, but got bytecode that " +
      (isWhole && text.size() > 1 ? "has an error: " + text.substr(1)
                                  : std::string("cannot be read")));
}
