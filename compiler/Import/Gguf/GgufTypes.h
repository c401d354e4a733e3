// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types of tensors in GGUF files: their numbers, names and sizes, those that
// qcc does not compute with included, so that a message can name them.

#ifndef COMPILER_IMPORT_GGUF_GGUFTYPES_H
#define COMPILER_IMPORT_GGUF_GGUFTYPES_H

#include "dialects/Qcc/Numerics/Blocks.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace qcc {

struct GgufTensorType {
  uint32_t id;
  llvm::StringLiteral name;
  int64_t elements; // of a block, along a row
  int64_t bytes;
  std::optional<BlockFormat> format; // nothing: qcc cannot decode it
};

/// The type with number `id`, or null.
const GgufTensorType *findGgufTensorType(uint32_t id);

/// "F32, F16, ...": all that qcc decodes.
std::string listGgufTensorTypes();

} // namespace qcc

#endif // COMPILER_IMPORT_GGUF_GGUFTYPES_H
