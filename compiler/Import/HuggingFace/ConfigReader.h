// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Typed access to a config.json. Values that are missing or of another kind
// are noted, the first one wins, and reading goes on with a fallback: a table
// of families then reads like a table, and is asked for its error once.

#ifndef COMPILER_IMPORT_HUGGINGFACE_CONFIGREADER_H
#define COMPILER_IMPORT_HUGGINGFACE_CONFIGREADER_H

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qcc {

class ConfigReader {
public:
  /// `object` must outlive the reader; `label` begins the messages.
  ConfigReader(const llvm::json::Object &object, llvm::StringRef label);

  /// Present, and not null.
  bool has(llvm::StringRef key) const;
  /// From 1 (0 where that is the fallback) to 2^31 - 1. Without a fallback,
  /// the key must be there.
  int64_t count(llvm::StringRef key,
                std::optional<int64_t> fallback = std::nullopt) const;
  /// Finite.
  double number(llvm::StringRef key,
                std::optional<double> fallback = std::nullopt) const;
  bool flag(llvm::StringRef key, bool fallback) const;
  std::string word(llvm::StringRef key, llvm::StringRef fallback) const;
  /// Lists are empty where the key is missing.
  std::vector<double> numbers(llvm::StringRef key) const;
  std::vector<std::string> words(llvm::StringRef key) const;
  /// An object inside this one, or nothing. Errors are noted here.
  std::optional<ConfigReader> section(llvm::StringRef key) const;

  /// For what a kind of value does not say: notes `message` for `key`.
  void fail(llvm::StringRef key, const llvm::Twine &message) const;
  void refuse(llvm::StringRef key, const llvm::Twine &expected) const;
  bool hasFailed() const { return !failure->empty(); }
  /// The first that was noted.
  llvm::Error takeError() const;

private:
  const llvm::json::Value *find(llvm::StringRef key) const;

  const llvm::json::Object *object;
  std::string label;
  std::shared_ptr<std::string> failure; // shared with sections
};

} // namespace qcc

#endif // COMPILER_IMPORT_HUGGINGFACE_CONFIGREADER_H
