// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nothing here may allocate.

#include "compiler/Evaluate/MemoryError.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Signals.h"

#include <cstring>
#include <new>
#include <unistd.h>

static const char *name = "";

/// The file of a stranger may ask for any amount. Nothing half-written stays.
static void outOfMemory() {
  for (const char *text :
       {name, ": error: expected enough memory for the model, but got none\n"})
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
      _exit(2);
  llvm::sys::RunInterruptHandlers();
  _exit(2);
}

static void outOfMemory(void *, const char *, bool) { outOfMemory(); }

namespace qcc::evaluate {

void reportMemoryErrors(const char *program) {
  name = program;
  std::set_new_handler(outOfMemory);
  llvm::install_bad_alloc_error_handler(outOfMemory);
}

} // namespace qcc::evaluate
