// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The assembler copies the archives; CMake defines their paths and rebuilds
// this file when one changes.

#include "compiler/Codegen/RuntimeArchive.h"

asm(".section .rodata.qcc_runtime,\"a\",@progbits\n"
    ".p2align 4\n"
    "qcc_runtime_begin:\n"
    ".incbin \"" QCC_RUNTIME_ARCHIVE "\"\n"
    "qcc_runtime_end:\n"
    ".p2align 4\n"
    "qcc_text_begin:\n"
    ".incbin \"" QCC_TEXT_ARCHIVE "\"\n"
    "qcc_text_end:\n"
    ".text\n");

extern "C" {
[[gnu::visibility("hidden")]] extern const char qcc_runtime_begin[];
[[gnu::visibility("hidden")]] extern const char qcc_runtime_end[];
[[gnu::visibility("hidden")]] extern const char qcc_text_begin[];
[[gnu::visibility("hidden")]] extern const char qcc_text_end[];
}

llvm::StringRef qcc::getRuntimeArchive() {
  return {qcc_runtime_begin, size_t(qcc_runtime_end - qcc_runtime_begin)};
}

llvm::StringRef qcc::getTextArchive() {
  return {qcc_text_begin, size_t(qcc_text_end - qcc_text_begin)};
}
