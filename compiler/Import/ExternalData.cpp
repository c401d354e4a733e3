// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Opens external weight files. A model comes from a stranger, so a path that
// leaves the model's folder is refused, through links as well.

#include "compiler/Import/ExternalData.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

namespace qcc {

ExternalData::ExternalData(StringRef modelPath)
    : folder(llvm::sys::path::parent_path(modelPath)) {
  if (folder.empty())
    folder = ".";
}

Expected<std::shared_ptr<llvm::MemoryBuffer>>
ExternalData::open(StringRef location) {
  auto fail = [&](const Twine &got) {
    return llvm::createStringError("expected a weight file inside the model's "
                                   "folder, but got '" +
                                   location + "'" + got);
  };
  if (location.empty() || location.contains('\0') ||
      llvm::sys::path::is_absolute(location))
    return fail("");
  llvm::SmallString<256> path(folder), realFolder, realPath;
  llvm::sys::path::append(path, location);
  if (llvm::sys::fs::real_path(folder, realFolder) ||
      llvm::sys::fs::real_path(path, realPath))
    return fail(", which is not there");
  realFolder += "/";
  if (!StringRef(realPath).starts_with(realFolder) && realFolder != "//")
    return fail(", which is outside");
  if (!llvm::sys::fs::is_regular_file(realPath))
    return fail(", which is no file");
  auto file = llvm::MemoryBuffer::getFile(realPath, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!file)
    return fail(": " + file.getError().message());
  return std::shared_ptr<llvm::MemoryBuffer>(std::move(*file));
}

Expected<MappedBytes> ExternalData::read(StringRef location, uint64_t offset,
                                         uint64_t length) {
  auto it = files.find(location);
  if (it == files.end()) {
    auto file = open(location);
    if (!file)
      return file.takeError();
    it = files.try_emplace(location, std::move(*file)).first;
  }
  uint64_t size = it->second->getBufferSize();
  if (offset > size || length > size - offset)
    return llvm::createStringError(
        "expected " + Twine(length) + " bytes at offset " + Twine(offset) +
        " of '" + location + "', but got a file of " + Twine(size));
  return MappedBytes{it->second->getBuffer().substr(offset, length),
                     it->second};
}

} // namespace qcc
