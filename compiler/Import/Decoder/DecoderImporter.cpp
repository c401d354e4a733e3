// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses the reader of a language model.

#include "compiler/Import/Decoder/DecoderImporter.h"

#include "compiler/Import/Decoder/DecoderBuilder.h"
#include "compiler/Import/Decoder/TokenizerImporter.h"
#include "compiler/Import/Gguf/GgufDecoder.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace qcc {

bool isDecoderFile(StringRef path) {
  return llvm::sys::path::extension(path).equals_insensitive(".gguf");
}

llvm::Expected<OwningOpRef<ModuleOp>> importDecoder(MLIRContext &context,
                                                    StringRef path) {
  // Mapped: what constants point into stays on disk until it is read.
  auto bytes = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                           /*RequiresNullTerminator=*/false);
  if (!bytes)
    return llvm::createStringError("expected a readable file, but got '" +
                                   bytes.getError().message() + "'");
  llvm::Expected<GgufFile> file = GgufFile::read(std::move(*bytes));
  if (!file)
    return file.takeError();
  llvm::Expected<Decoder> decoder = readGgufDecoder(*file);
  if (!decoder)
    return decoder.takeError();
  auto module = buildDecoder(context, *decoder);
  if (module)
    attachTokenizer(**module, readGgufTokenizer(*file));
  return module;
}

} // namespace qcc
