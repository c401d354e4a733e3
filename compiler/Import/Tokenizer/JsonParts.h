// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parts of a tokenizer.json. Each reader adds to a description, and fails
// with one sentence that names the part.

#ifndef COMPILER_IMPORT_TOKENIZER_JSONPARTS_H
#define COMPILER_IMPORT_TOKENIZER_JSONPARTS_H

#include "compiler/Import/Tokenizer/TokenizerDescription.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace qcc {

/// Parses a file; refuses text that is nested too deeply to be one.
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text,
                                            llvm::StringRef file);

/// An object whose fields are read with a type and a default. The name is
/// where it stands, for messages.
class JsonPart {
public:
  JsonPart(const llvm::json::Object &object, std::string name)
      : object(object), name(std::move(name)) {}

  llvm::StringRef getType() const;
  /// Null where the field is missing or null.
  const llvm::json::Value *find(llvm::StringRef field) const;
  llvm::Expected<bool> getBool(llvm::StringRef field, bool fallback) const;
  llvm::Expected<int64_t> getInteger(llvm::StringRef field, int64_t least,
                                     int64_t most, int64_t fallback) const;
  llvm::Expected<std::string> getString(llvm::StringRef field) const;
  /// Empty where the field is missing.
  llvm::Expected<std::string> getOptional(llvm::StringRef field) const;
  /// Calls `read` for each object of a list, until one fails; fails itself if
  /// one of them is something else.
  llvm::Error
  readEach(llvm::StringRef field,
           llvm::function_ref<llvm::Error(const JsonPart &)> read) const;
  /// {"String": text} or {"Regex": text}; a regex is translated for PCRE2.
  llvm::Expected<std::string> getPattern(bool &isRegex) const;

  llvm::Error fail(const llvm::Twine &expected, const llvm::Twine &got) const;
  llvm::Error failAtField(llvm::StringRef field,
                          const llvm::Twine &expected) const;
  const std::string &getName() const { return name; }

private:
  const llvm::json::Object &object;
  std::string name;
};

llvm::Error readJsonModel(const JsonPart &part, TokenizerDescription &out);
llvm::Error readJsonNormalizer(const JsonPart &part, TokenizerDescription &out);
llvm::Error readJsonPreTokenizer(const JsonPart &part,
                                 TokenizerDescription &out);
llvm::Error readJsonPostProcessor(const JsonPart &part,
                                  TokenizerDescription &out);
llvm::Error readJsonDecoder(const JsonPart &part, TokenizerDescription &out);

} // namespace qcc

#endif // COMPILER_IMPORT_TOKENIZER_JSONPARTS_H
