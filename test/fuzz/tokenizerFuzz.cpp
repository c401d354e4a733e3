// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes: taken for a tokenizer.json and a text behind it, after a zero
// byte, and for a text of vocabularies that are known to be good. Ids are
// inside the vocabulary and can be made text again.

#include "compiler/Import/Tokenizer/GgufTokenizer.h"
#include "compiler/Import/Tokenizer/HuggingFaceTokenizer.h"
#include "compiler/Import/Tokenizer/TokenizerBuilder.h"
#include "runtime/text/tokenizer.h"

#include <cstdlib>
#include <vector>

using namespace qcc;
using llvm::StringRef;

static void stream(const qcc_rt_tokenizer_t *tokenizer,
                   const std::vector<int32_t> &ids) {
  qcc_rt_stream_t state = {};
  std::vector<char> text(1 << 16);
  for (int32_t id : ids) {
    qcc_rt_buffer_t room = {text.data(), int64_t(text.size()), 0};
    if (qcc_rt_stream(tokenizer, &state, &id, 1, &room, nullptr) != QCC_OK)
      abort();
  }
}

static void tokenize(const qcc_rt_tokenizer_t *tokenizer, StringRef text) {
  qcc_rt_tokenizer_info_t info;
  qcc_rt_tokenizer_info(tokenizer, &info);
  for (uint32_t flags = 0; flags < 4; ++flags) {
    std::vector<int32_t> ids(text.size() * 20 + 64);
    qcc_rt_ids_t room = {ids.data(), int64_t(ids.size()), 0};
    if (qcc_rt_tokenize(tokenizer, {text.data(), int64_t(text.size())}, flags,
                        &room, nullptr) != QCC_OK)
      continue;
    ids.resize(std::min(ids.size(), size_t(room.count)));
    for (int32_t id : ids)
      if (id < 0 || id >= info.vocabulary)
        abort();
    qcc_rt_buffer_t bytes = {nullptr, 0, 0};
    if (qcc_rt_detokenize(tokenizer, ids.data(), int64_t(ids.size()), flags,
                          &bytes, nullptr) != QCC_OK)
      abort();
    stream(tokenizer, ids);
  }
}

static void useDescription(llvm::Expected<TokenizerDescription> description,
                           StringRef text) {
  if (!description)
    return llvm::consumeError(description.takeError());
  auto bytes = buildTokenizer(*description);
  if (!bytes)
    return llvm::consumeError(bytes.takeError());
  qcc_rt_tokenizer_t *tokenizer;
  if (qcc_rt_tokenizer_create(reinterpret_cast<uint8_t *>(bytes->data()),
                              int64_t(bytes->size()), &tokenizer,
                              nullptr) != QCC_OK)
    abort();
  tokenize(tokenizer, text);
  qcc_rt_tokenizer_destroy(tokenizer);
}

/// Words of the input as the tokens of a file of the given model.
static void useMetadata(StringRef model, StringRef pre, StringRef text) {
  llvm::SmallVector<StringRef> tokens, merges;
  text.split(tokens, ' ', 300);
  text.split(merges, '\n', 300);
  std::vector<float> scores;
  std::vector<int32_t> types;
  for (StringRef token : tokens) {
    scores.push_back(float(token.size()));
    types.push_back(token.empty() ? 1 : uint8_t(token.back()) % 7);
  }
  GgufVocabulary vocabulary;
  vocabulary.model = model;
  vocabulary.pre = pre;
  vocabulary.tokens = tokens;
  vocabulary.scores = scores;
  vocabulary.types = types;
  vocabulary.merges = merges;
  vocabulary.charsmap = text;
  vocabulary.unknown = 0;
  vocabulary.separator = vocabulary.bos = vocabulary.eos = 0;
  useDescription(describeGgufTokenizer(vocabulary), text);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  StringRef bytes(reinterpret_cast<const char *>(data), size);
  auto [json, text] = bytes.split('\0');
  if (json.starts_with("{"))
    useDescription(describeHuggingFaceTokenizer({json, json, "", json, ""}),
                   text);
  if (size == 0)
    return 0;
  switch (data[0] % 8) {
  case 0:
    useMetadata("llama", "", bytes);
    break;
  case 1:
    useMetadata("t5", "", bytes);
    break;
  case 2:
    useMetadata("bert", "", bytes);
    break;
  case 3:
    useMetadata("gpt2", "default", bytes);
    break;
  case 4:
    useMetadata("gpt2", "gpt-4o", bytes);
    break;
  }
  return 0;
}
