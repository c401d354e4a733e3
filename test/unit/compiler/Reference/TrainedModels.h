// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the models lie that tests compare with, and their reference arrays.
// They are not part of the project: tests skip where they are absent.

#ifndef TEST_UNIT_COMPILER_REFERENCE_TRAINEDMODELS_H
#define TEST_UNIT_COMPILER_REFERENCE_TRAINEDMODELS_H

#include "compiler/Evaluate/NpzFile.h"

#include "llvm/Support/FileSystem.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

namespace qcc {

/// $QCC_TEST_DATA, or the folder beside the project.
inline std::string dataFolder() {
  const char *folder = std::getenv("QCC_TEST_DATA");
  return folder ? folder : QCC_DATA_FOLDER;
}

/// Folders below `parent` of the data, in the order of the alphabet.
inline std::vector<std::string> foldersBelow(const std::string &parent) {
  std::vector<std::string> folders;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(dataFolder() + "/" + parent, error),
       end;
       it != end && !error; it.increment(error))
    if (llvm::sys::fs::is_directory(it->path()))
      folders.push_back(it->path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

/// Tokens, whatever integers they are stored as.
inline std::vector<int32_t> readTokens(const evaluate::NpzFile &file,
                                       llvm::StringRef name) {
  evaluate::Array array = llvm::cantFail(evaluate::convertArray(
      llvm::cantFail(file.read(name)), evaluate::ArrayType::S32, name));
  return array.values<int32_t>().vec();
}

} // namespace qcc

#endif // TEST_UNIT_COMPILER_REFERENCE_TRAINEDMODELS_H
