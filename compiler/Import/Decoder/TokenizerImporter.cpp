// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Collects what a checkpoint says about its tokenizer. What it means is the
// business of compiler/Import/Tokenizer.

#include "compiler/Import/Decoder/TokenizerImporter.h"

#include "compiler/Import/Tokenizer/GgufTokenizer.h"
#include "compiler/Import/Tokenizer/HuggingFaceTokenizer.h"
#include "compiler/Import/Tokenizer/TokenizerBuilder.h"
#include "dialects/Qcc/IR/Constants.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using llvm::Expected;

namespace {

/// The metadata of a file. The first wrong value is kept, and what is asked for
/// after it is empty.
class VocabularyReader {
public:
  explicit VocabularyReader(const qcc::GgufFile &file) : file(file) {}

  /// Points into this object and the file.
  const qcc::GgufVocabulary &read();
  llvm::Error takeError() {
    return message.empty() ? llvm::Error::success()
                           : llvm::createStringError(message);
  }

private:
  template <typename T> T keep(Expected<T> value) {
    if (value)
      return std::move(*value);
    std::string text = llvm::toString(value.takeError());
    if (message.empty())
      message = text;
    return T();
  }
  bool has(StringRef key) const { return file.has(prefix(key)); }
  static std::string prefix(StringRef key) {
    return ("tokenizer.ggml." + key).str();
  }
  StringRef readString(std::string key) {
    return file.has(key) ? keep(file.getString(key)) : "";
  }
  std::vector<StringRef> readStrings(StringRef key) {
    return has(key) ? keep(file.getStrings(prefix(key)))
                    : std::vector<StringRef>();
  }
  template <typename T> std::vector<T> readNarrow(StringRef key);
  void readId(StringRef key, std::optional<int64_t> &id) {
    if (has(key))
      id = keep(file.getInteger(prefix(key)));
  }
  void readBool(StringRef key, std::optional<bool> &flag) {
    if (has(key))
      flag = keep(file.getBool(prefix(key)));
  }

  const qcc::GgufFile &file;
  std::string message;
  qcc::GgufVocabulary out;
  std::vector<StringRef> tokens, merges;
  std::vector<float> scores;
  std::vector<int32_t> types;
  std::vector<uint8_t> charsmap;
};

} // namespace

template <typename T>
std::vector<T> VocabularyReader::readNarrow(StringRef key) {
  std::vector<T> narrow;
  if (!has(key))
    return narrow;
  for (int64_t value : keep(file.getIntegers(prefix(key)))) {
    if (value != T(value) && message.empty())
      message =
          ("key '" + prefix(key) + "': expected elements of " +
           llvm::Twine(8 * sizeof(T)) + " bits, but got " + llvm::Twine(value))
              .str();
    narrow.push_back(T(value));
  }
  return narrow;
}

const qcc::GgufVocabulary &VocabularyReader::read() {
  out.modelName = readString("general.name");
  out.model = readString("tokenizer.ggml.model");
  out.pre = readString("tokenizer.ggml.pre");
  out.chatTemplate = readString("tokenizer.chat_template");
  out.tokens = tokens = readStrings("tokens");
  out.merges = merges = readStrings("merges");
  if (has("scores"))
    out.scores = scores = keep(file.getFloats(prefix("scores")));
  out.types = types = readNarrow<int32_t>("token_type");
  charsmap = readNarrow<uint8_t>("precompiled_charsmap");
  out.charsmap = StringRef(reinterpret_cast<const char *>(charsmap.data()),
                           charsmap.size());
  readId("bos_token_id", out.bos);
  readId("eos_token_id", out.eos);
  readId("eot_token_id", out.eot);
  readId("eom_token_id", out.eom);
  readId("unknown_token_id", out.unknown);
  readId("seperator_token_id", out.separator);
  readId("padding_token_id", out.padding);
  readId("cls_token_id", out.cls);
  readBool("add_bos_token", out.addBos);
  readBool("add_eos_token", out.addEos);
  readBool("add_sep_token", out.addSeparator);
  readBool("add_space_prefix", out.addSpacePrefix);
  readBool("remove_extra_whitespaces", out.removeExtraWhitespaces);
  return out;
}

static Expected<std::vector<char>>
build(Expected<qcc::TokenizerDescription> description) {
  if (!description)
    return description.takeError();
  return qcc::buildTokenizer(*description);
}

namespace qcc {

Expected<std::vector<char>> readGgufTokenizer(const GgufFile &file) {
  // llama.cpp's word for a model that has none.
  if (!file.has("tokenizer.ggml.tokens"))
    return std::vector<char>();
  VocabularyReader reader(file);
  const GgufVocabulary &vocabulary = reader.read();
  if (llvm::Error error = reader.takeError())
    return error;
  return build(describeGgufTokenizer(vocabulary));
}

Expected<std::vector<char>> readFolderTokenizer(StringRef folder) {
  std::vector<std::unique_ptr<llvm::MemoryBuffer>> files;
  auto read = [&](StringRef name) -> StringRef {
    SmallString<128> path(folder);
    llvm::sys::path::append(path, name);
    auto file = llvm::MemoryBuffer::getFile(path);
    if (!file)
      return "";
    files.push_back(std::move(*file));
    return files.back()->getBuffer();
  };
  HuggingFaceTokenizerFiles texts;
  texts.tokenizer = read("tokenizer.json");
  if (texts.tokenizer.empty())
    return std::vector<char>();
  texts.config = read("tokenizer_config.json");
  texts.specialTokensMap = read("special_tokens_map.json");
  texts.generationConfig = read("generation_config.json");
  texts.chatTemplate = read("chat_template.jinja");
  return build(describeHuggingFaceTokenizer(texts));
}

void attachTokenizer(ModuleOp module, Expected<std::vector<char>> data) {
  constexpr StringRef idsAlone = "; the library takes and gives ids alone";
  if (!data) {
    module.emitRemark() << llvm::toString(data.takeError()) << idsAlone;
    return;
  }
  if (data->empty()) {
    module.emitRemark() << "expected a tokenizer beside the weights, but got "
                           "none"
                        << idsAlone;
    return;
  }
  Builder builder(module.getContext());
  auto type =
      RankedTensorType::get({int64_t(data->size())}, builder.getI8Type());
  module->setAttr("qcc.tokenizer", makeConstantAttr(type, *data));
}

} // namespace qcc
