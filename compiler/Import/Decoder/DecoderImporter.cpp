// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses the reader of a language model.

#include "compiler/Import/Decoder/DecoderImporter.h"

#include "compiler/Import/Decoder/DecoderBuilder.h"
#include "compiler/Import/Decoder/TokenizerImporter.h"
#include "compiler/Import/Gguf/GgufDecoder.h"
#include "compiler/Import/HuggingFace/HuggingFaceReader.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace qcc {

bool isDecoderFile(StringRef path) {
  if (!llvm::sys::fs::is_directory(path))
    return llvm::sys::path::extension(path).equals_insensitive(".gguf");
  llvm::SmallString<128> config(path);
  llvm::sys::path::append(config, "config.json");
  return llvm::sys::fs::exists(config);
}

static llvm::Expected<GgufFile> openGguf(StringRef path) {
  // Mapped: what constants point into stays on disk until it is read.
  auto bytes = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                           /*RequiresNullTerminator=*/false);
  if (!bytes)
    return llvm::createStringError("expected a readable file, but got '" +
                                   bytes.getError().message() + "'");
  return GgufFile::read(std::move(*bytes));
}

/// True if no product of the layers is by integers.
static bool hasFloatWeights(const Decoder &decoder) {
  auto isFloat = [](const Linear &linear) {
    const Weight &weight = linear.weight;
    return weight.parts.empty() && getBlockShape(weight.format).elements == 1;
  };
  return llvm::all_of(decoder.layers, [&](const DecoderLayer &layer) {
    if (layer.experts.exists() && !isFloat(layer.experts.experts[0].down))
      return false;
    return isFloat(layer.attention.query) && isFloat(layer.attention.output) &&
           isFloat(layer.feedForward.up) && isFloat(layer.feedForward.down);
  });
}

llvm::Expected<OwningOpRef<ModuleOp>>
importDecoder(MLIRContext &context, StringRef path,
              const ImportOptions &options) {
  bool isFolder = llvm::sys::fs::is_directory(path);
  GgufFile file;
  if (!isFolder) {
    llvm::Expected<GgufFile> opened = openGguf(path);
    if (!opened)
      return opened.takeError();
    file = std::move(*opened);
  }
  llvm::Expected<Decoder> decoder =
      isFolder ? readHuggingFaceDecoder(path) : readGgufDecoder(file);
  if (!decoder)
    return decoder.takeError();
  if (decoder->name.empty())
    decoder->name = llvm::sys::path::stem(path.rtrim('/')).str();
  DecoderSizes sizes;
  sizes.cacheType = options.cacheType;
  if (sizes.cacheType.empty())
    sizes.cacheType =
        options.keepsFloats && hasFloatWeights(*decoder) ? "f32" : "f16";
  auto module = buildDecoder(context, *decoder, sizes);
  if (module)
    for (const std::string &remark : decoder->remarks)
      emitRemark((*module)->getLoc()) << remark;
  if (module)
    attachTokenizer(**module, isFolder ? readFolderTokenizer(path)
                                       : readGgufTokenizer(file));
  return module;
}

} // namespace qcc
