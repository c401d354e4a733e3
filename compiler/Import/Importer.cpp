// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses the reader of a model file: one row of a table for each kind.

#include "compiler/Import/Importer.h"

#include "compiler/Import/Decoder/DecoderImporter.h"
#include "compiler/Import/MlirReader.h"
#include "compiler/Import/Onnx/OnnxImporter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using llvm::Expected;

namespace {

struct FileKind {
  llvm::StringLiteral extension;
  // First bytes of such a file; empty where the format has none.
  llvm::StringLiteral magic;
  Expected<OwningOpRef<ModuleOp>> (*read)(MLIRContext &, llvm::MemoryBufferRef,
                                          const qcc::ImportOptions &);
};

constexpr FileKind kFileKinds[] = {
    {".mlir", "", qcc::readMlir},
    {".mlirbc", "ML\xefR", qcc::readMlir},
    {".onnx", "", qcc::importOnnx},
};

} // namespace

/// The kind that the content tells, or else the name.
static const FileKind *findKind(llvm::MemoryBufferRef buffer) {
  for (const FileKind &kind : kFileKinds)
    if (!kind.magic.empty() && buffer.getBuffer().starts_with(kind.magic))
      return &kind;
  StringRef extension =
      llvm::sys::path::extension(buffer.getBufferIdentifier());
  for (const FileKind &kind : kFileKinds)
    if (extension.equals_insensitive(kind.extension))
      return &kind;
  return nullptr;
}

llvm::Error qcc::addShape(ImportOptions &options, StringRef text) {
  auto fail = [&] {
    return llvm::createStringError("expected --shape=NAME=1x3x480x640, but "
                                   "got '" +
                                   text + "'");
  };
  auto [name, sizes] = text.rsplit('=');
  SmallVector<StringRef> parts;
  sizes.split(parts, 'x');
  SmallVector<int64_t> shape;
  for (StringRef part : parts) {
    int64_t size = -1;
    if (part != "?" && (part.getAsInteger(10, size) || size <= 0))
      return fail();
    shape.push_back(size);
  }
  if (name.empty() || !options.shapes.try_emplace(name, shape).second)
    return fail();
  return llvm::Error::success();
}

Expected<OwningOpRef<ModuleOp>> qcc::importModel(MLIRContext &context,
                                                 llvm::MemoryBufferRef buffer,
                                                 const ImportOptions &options) {
  StringRef path = buffer.getBufferIdentifier();
  const FileKind *kind = findKind(buffer);
  if (!kind)
    return llvm::createStringError(path +
                                   ": expected an .onnx or .mlir model, but "
                                   "got '" +
                                   llvm::sys::path::filename(path) + "'");
  Expected<OwningOpRef<ModuleOp>> module = kind->read(context, buffer, options);
  if (!module)
    return llvm::createStringError(path + ": " +
                                   llvm::toString(module.takeError()));
  Operation *op = module->get();
  op->setAttr("qcc.source", StringAttr::get(&context, path));
  return module;
}

Expected<OwningOpRef<ModuleOp>> qcc::importModel(MLIRContext &context,
                                                 StringRef path,
                                                 const ImportOptions &options) {
  if (isDecoderFile(path)) {
    Expected<OwningOpRef<ModuleOp>> module =
        importDecoder(context, path, options);
    if (!module)
      return llvm::createStringError(path + ": " +
                                     llvm::toString(module.takeError()));
    (*module)->getOperation()->setAttr("qcc.source",
                                       StringAttr::get(&context, path));
    return module;
  }
  if (llvm::sys::fs::is_directory(path))
    return llvm::createStringError(
        path + ": expected a model file, but got a folder (one of a language "
               "model has a config.json)");
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(path, status) &&
      status.type() == llvm::sys::fs::file_type::character_file)
    return llvm::createStringError(path +
                                   ": expected a model file, but got a device");
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/true);
  if (!file)
    return llvm::createStringError(path +
                                   ": expected a readable file, but "
                                   "got '" +
                                   file.getError().message() + "'");
  return importModel(context, (*file)->getMemBufferRef(), options);
}
