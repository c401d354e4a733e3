// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C interface of language models from C++. Texts and ids are asked for
// once with room that nearly always is enough.

#include "compiler/Evaluate/LoadedLanguage.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"

using namespace llvm;

namespace qcc::evaluate {

static Error check(qcc_code_t code, const qcc_status_t &status) {
  return code == QCC_OK ? Error::success() : createStringError(status.message);
}

LoadedLanguage::LoadedLanguage(LoadedLibrary library,
                               const qcc_language_t *table)
    : loaded(std::move(library)), table(table),
      session(nullptr, table->destroy),
      tokenizer(nullptr, table->tokenizer_destroy) {}

Expected<LoadedLanguage> LoadedLanguage::open(StringRef path) {
  Expected<LoadedLibrary> library = LoadedLibrary::open(path);
  if (!library)
    return library.takeError();
  return open(std::move(*library));
}

Expected<LoadedLanguage> LoadedLanguage::open(LoadedLibrary library) {
  const qcc_library_t &functions = library.functions();
  const qcc_language_t *table =
      functions.version >= 2 ? functions.language() : nullptr;
  if (!table)
    return createStringError(
        "expected a language model, but got a library of another model");
  return LoadedLanguage(std::move(library), table);
}

//===-- Sessions ----------------------------------------------------------===//

Error LoadedLanguage::createSession(const SessionOptions &options) {
  qcc_status_t status;
  qcc_session_options_t wanted = {options.threads, QCC_TARGET_BEST,
                                  options.cacheTokens, options.sequences};
  qcc_session_t *made = nullptr;
  qcc_code_t code = table->create(&wanted, &made, &status);
  session.reset(made);
  return check(code, status);
}

Error LoadedLanguage::append(ArrayRef<int32_t> tokens,
                             MutableArrayRef<float> logits, int32_t sequence) {
  qcc_status_t status;
  return check(table->append(session.get(), sequence, tokens.data(),
                             int32_t(tokens.size()),
                             int32_t(logits.size() / vocabulary()),
                             logits.data(), &status),
               status);
}

Error LoadedLanguage::appendEach(ArrayRef<int32_t> tokens,
                                 MutableArrayRef<float> logits) {
  qcc_status_t status;
  std::vector<int32_t> sequences(tokens.size());
  for (auto [i, sequence] : enumerate(sequences))
    sequence = int32_t(i);
  return check(table->append_each(session.get(), sequences.data(),
                                  tokens.data(), int32_t(tokens.size()),
                                  logits.data(), &status),
               status);
}

Error LoadedLanguage::truncate(int32_t length, int32_t sequence) {
  qcc_status_t status;
  return check(table->truncate(session.get(), sequence, length, &status),
               status);
}

Expected<std::vector<char>> LoadedLanguage::save() const {
  qcc_status_t status;
  std::vector<char> bytes(size_t(table->saved_size_bytes(session.get(), 0)));
  if (table->save(session.get(), 0, bytes.data(), int64_t(bytes.size()),
                  &status) != QCC_OK)
    return createStringError(status.message);
  return bytes;
}

Error LoadedLanguage::restore(ArrayRef<char> bytes) {
  qcc_status_t status;
  return check(table->restore(session.get(), 0, bytes.data(),
                              int64_t(bytes.size()), &status),
               status);
}

Error LoadedLanguage::setProfile(bool enabled) {
  qcc_status_t status;
  return check(table->set_profile(session.get(), enabled, &status), status);
}

Expected<std::vector<qcc_profile_entry_t>> LoadedLanguage::readProfile() const {
  qcc_status_t status;
  std::vector<qcc_profile_entry_t> entries;
  qcc_profile_entry_t entry;
  // The session's target is not told; entries end where its program does.
  while (table->profile_entry(session.get(), int32_t(entries.size()), &entry,
                              &status) == QCC_OK)
    entries.push_back(entry);
  if (entries.empty())
    return createStringError(status.message);
  return entries;
}

//===-- Text --------------------------------------------------------------===//

Error LoadedLanguage::openTokenizer() {
  qcc_status_t status;
  qcc_tokenizer_t *made = nullptr;
  qcc_code_t code = table->tokenizer_create(&made, &status);
  tokenizer.reset(made);
  return check(code, status);
}

qcc_tokenizer_info_t LoadedLanguage::tokenizerInfo() const {
  qcc_tokenizer_info_t info = {};
  table->tokenizer_info(tokenizer.get(), &info, nullptr);
  return info;
}

Expected<std::vector<int32_t>> LoadedLanguage::tokenize(StringRef text,
                                                        uint32_t flags) const {
  qcc_status_t status;
  qcc_text_t given = {text.data(), int64_t(text.size())};
  std::vector<int32_t> ids(text.size() + 4);
  while (true) {
    qcc_ids_t room = {ids.data(), int64_t(ids.size()), 0};
    if (table->tokenize(tokenizer.get(), &given, flags, &room, &status) !=
        QCC_OK)
      return createStringError(status.message);
    ids.resize(size_t(room.count));
    if (room.count <= room.capacity)
      return ids;
  }
}

/// Calls `write` with room until a text fits.
static Expected<std::string>
collect(size_t guess, const qcc_status_t &status,
        function_ref<qcc_code_t(qcc_buffer_t &)> write) {
  std::string text(guess, 0);
  while (true) {
    qcc_buffer_t room = {text.data(), int64_t(text.size()), 0};
    if (write(room) != QCC_OK)
      return createStringError(status.message);
    text.resize(size_t(room.size));
    if (room.size <= room.capacity)
      return text;
  }
}

Expected<std::string> LoadedLanguage::detokenize(ArrayRef<int32_t> ids,
                                                 uint32_t flags) const {
  qcc_status_t status = {};
  return collect(8 * ids.size() + 16, status, [&](qcc_buffer_t &room) {
    return table->detokenize(tokenizer.get(), ids.data(), int64_t(ids.size()),
                             flags, &room, &status);
  });
}

Expected<std::string> LoadedLanguage::stream(qcc_text_stream_t &state,
                                             int32_t id) const {
  qcc_status_t status = {};
  if (id >= tokenizerInfo().vocabulary)
    return "";
  return collect(64, status, [&](qcc_buffer_t &room) {
    return table->stream(tokenizer.get(), &state, &id, 1, &room, &status);
  });
}

bool LoadedLanguage::isEnd(int32_t id) const {
  qcc_tokenizer_info_t info = tokenizerInfo();
  return is_contained(ArrayRef(info.end_ids, size_t(info.num_end_ids)), id);
}

Expected<std::optional<int32_t>> LoadedLanguage::beginning() const {
  Expected<std::vector<int32_t>> ids = tokenize("", QCC_ADD_SPECIAL);
  if (!ids)
    return ids.takeError();
  int32_t bos = tokenizerInfo().bos;
  if (bos < 0 || ids->empty() || ids->front() != bos)
    return std::nullopt;
  return bos;
}

Expected<std::string>
LoadedLanguage::renderChat(ArrayRef<ChatMessage> messages,
                           const std::string &chatTemplate) const {
  auto view = [](const std::string &text) {
    return qcc_text_t{text.data(), int64_t(text.size())};
  };
  std::vector<qcc_message_t> views;
  size_t guess = 4096;
  for (const ChatMessage &message : messages) {
    views.push_back({view(message.role), view(message.content)});
    guess += message.content.size();
  }
  qcc_status_t status = {};
  qcc_chat_t chat = {};
  chat.messages = views.data();
  chat.num_messages = int64_t(views.size());
  chat.add_generation_prompt = 1;
  if (!chatTemplate.empty())
    chat.chat_template = view(chatTemplate);
  return collect(guess, status, [&](qcc_buffer_t &room) {
    return table->render_chat(tokenizer.get(), &chat, &room, &status);
  });
}

//===-- Sampling ----------------------------------------------------------===//

Expected<TokenSampler> TokenSampler::create(const LoadedLanguage &model,
                                            const qcc_sampling_t &options) {
  qcc_status_t status;
  qcc_sampler_t *made = nullptr;
  if (model.functions().sampler_create(&options, &made, &status) != QCC_OK)
    return createStringError(status.message);
  return TokenSampler(model.functions(), made);
}

Error TokenSampler::accept(ArrayRef<int32_t> tokens) {
  qcc_status_t status;
  for (int32_t token : tokens)
    if (table->sampler_accept(sampler.get(), token, &status) != QCC_OK)
      return createStringError(status.message);
  return Error::success();
}

Expected<int32_t> TokenSampler::sample(ArrayRef<float> logits) {
  qcc_status_t status;
  int32_t token = 0;
  if (table->sampler_sample(sampler.get(), logits.data(), &token, &status) !=
      QCC_OK)
    return createStringError(status.message);
  return token;
}

} // namespace qcc::evaluate
