// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Models of images and texts: the text model inside, as if its numbers were a
// config.json of their own.

#ifndef COMPILER_IMPORT_HUGGINGFACE_TEXTCONFIG_H
#define COMPILER_IMPORT_HUGGINGFACE_TEXTCONFIG_H

#include "llvm/Support/JSON.h"

#include <optional>
#include <string>

namespace qcc {

struct TextConfig {
  llvm::json::Object object;
  std::string label; // for messages
};

/// The `text_config` of a file whose own model_type is no text model, or its
/// own numbers where a family says so; nothing for a text model.
std::optional<TextConfig> findTextConfig(const llvm::json::Object &config);

} // namespace qcc

#endif // COMPILER_IMPORT_HUGGINGFACE_TEXTCONFIG_H
