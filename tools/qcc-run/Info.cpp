// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Prints for --info what the compiler wrote into the library, and what its
// table says.

#include "tools/qcc-run/Printing.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace qcc::evaluate;

namespace qcc::run {

static json::Array describeTensors(ArrayRef<qcc_tensor_info_t> infos) {
  json::Array tensors;
  for (const qcc_tensor_info_t &info : infos)
    tensors.push_back(json::Object{{"name", json::fixUTF8(info.name)},
                                   {"type", nameOf(info.dtype)},
                                   {"shape", json::Array(shapeOf(info))}});
  return tensors;
}

static json::Array describeTargets(const LoadedLibrary &library) {
  json::Array names;
  for (const qcc_target_info_t &target : library.targets())
    names.push_back(target.name);
  return names;
}

/// Facts of a language model; null for another one.
static json::Value describeLanguage(const LoadedLibrary &library) {
  const qcc_library_t &functions = library.functions();
  const qcc_language_t *language =
      functions.version >= 2 ? functions.language() : nullptr;
  if (!language)
    return nullptr;
  const qcc_language_info_t &info = *language->info();
  json::Object facts{{"family", json::fixUTF8(info.family)},
                     {"vocabulary", info.vocabulary},
                     {"max_tokens", info.max_tokens},
                     {"batch_tokens", info.batch_tokens},
                     {"batch_outputs", info.batch_outputs},
                     {"token_size_bytes", info.token_size_bytes},
                     {"tokenizer_size_bytes", info.tokenizer_size_bytes}};
  qcc_tokenizer_t *tokenizer = nullptr;
  qcc_tokenizer_info_t text = {};
  if (language->tokenizer_create(&tokenizer, nullptr) == QCC_OK)
    language->tokenizer_info(tokenizer, &text, nullptr);
  facts["chat_template"] =
      json::fixUTF8({text.chat_template, size_t(text.chat_template_size)});
  language->tokenizer_destroy(tokenizer);
  return facts;
}

static void printLanguage(const json::Object *facts) {
  if (!facts)
    return;
  outs() << "family " << facts->getString("family").value_or("") << '\n';
  for (StringRef key :
       {"vocabulary", "max_tokens", "token_size_bytes", "tokenizer_size_bytes"})
    outs() << key << ' ' << facts->getInteger(key).value_or(0) << '\n';
  StringRef chat = facts->getString("chat_template").value_or("");
  outs() << "chat_template " << (chat.empty() ? "no" : "yes") << '\n';
}

static void printTensors(StringRef role, ArrayRef<qcc_tensor_info_t> infos) {
  for (const qcc_tensor_info_t &info : infos)
    outs() << role << ' ' << info.name << ": " << nameOf(info.dtype) << ' '
           << printShape(shapeOf(info)) << '\n';
}

static void printText(const LoadedLibrary &library, const json::Object &info) {
  outs() << "name " << library.functions().name() << '\n';
  printLanguage(info.getObject("language"));
  printTensors("input", library.inputs());
  printTensors("output", library.outputs());
  for (const qcc_target_info_t &target : library.targets())
    outs() << "target " << target.name << ": "
           << (target.is_supported ? "" : "not supported here, ")
           << target.num_ops << " ops, " << target.weights_size_bytes
           << " bytes of weights, " << target.arena_size_bytes
           << " bytes of arena\n";
  for (StringRef key :
       {"precision", "cache_type", "source", "accuracy", "version"})
    if (const json::Value *value = info.get(key)) {
      if (auto text = value->getAsString())
        outs() << key << ' ' << *text << '\n';
      else
        outs() << key << ' ' << *value << '\n';
    }
}

Error printInfo(const LoadedLibrary &library, bool asJson) {
  Expected<json::Value> parsed = json::parse(library.functions().info_json());
  if (!parsed)
    return joinErrors(
        createStringError("expected the library's information as JSON"),
        parsed.takeError());
  json::Object *info = parsed->getAsObject();
  if (!info)
    return createStringError(
        "expected the library's information as a JSON object, "
        "but got another value");
  info->try_emplace("name", library.functions().name());
  info->try_emplace("inputs", describeTensors(library.inputs()));
  info->try_emplace("outputs", describeTensors(library.outputs()));
  info->try_emplace("targets", describeTargets(library));
  if (json::Value language = describeLanguage(library);
      language != json::Value(nullptr))
    info->try_emplace("language", std::move(language));
  info->try_emplace("abi_version", int64_t(library.functions().version));
  if (asJson)
    outs() << formatv("{0:2}\n", *parsed);
  else
    printText(library, *info);
  return Error::success();
}

} // namespace qcc::run
