// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A folder for what only the linker reads, gone with the object.

#ifndef COMPILER_DRIVER_TEMPORARYFOLDER_H
#define COMPILER_DRIVER_TEMPORARYFOLDER_H

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <memory>
#include <string>

namespace qcc {

class TemporaryFolder {
public:
  static llvm::Expected<std::unique_ptr<TemporaryFolder>> create() {
    auto folder = std::unique_ptr<TemporaryFolder>(new TemporaryFolder);
    if (std::error_code code =
            llvm::sys::fs::createUniqueDirectory("qcc", folder->path))
      return llvm::createStringError(
          "expected a folder for temporary files, but got " + code.message());
    return folder;
  }
  ~TemporaryFolder() {
    if (!path.empty())
      llvm::sys::fs::remove_directories(path);
  }
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;

  llvm::StringRef getPath() const { return path; }
  std::string getFile(const llvm::Twine &name) const {
    llvm::SmallString<128> file(path);
    llvm::sys::path::append(file, name);
    return file.str().str();
  }

private:
  TemporaryFolder() = default;
  llvm::SmallString<128> path;
};

} // namespace qcc

#endif // COMPILER_DRIVER_TEMPORARYFOLDER_H
