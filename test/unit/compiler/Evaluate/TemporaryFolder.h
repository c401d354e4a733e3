// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A folder that a test writes into and that is gone when the test ends, and
// bytes written as hexadecimal digits.

#ifndef QCC_TEST_UNIT_COMPILER_EVALUATE_TEMPORARYFOLDER_H
#define QCC_TEST_UNIT_COMPILER_EVALUATE_TEMPORARYFOLDER_H

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <fstream>
#include <string>
#include <vector>

namespace qcc::evaluate {

class TemporaryFolder {
public:
  TemporaryFolder() {
    (void)llvm::sys::fs::createUniqueDirectory("qcc-test", path);
  }
  ~TemporaryFolder() { llvm::sys::fs::remove_directories(path); }
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;

  std::string file(llvm::StringRef name) const {
    llvm::SmallString<128> result(path);
    llvm::sys::path::append(result, name);
    return result.str().str();
  }
  std::string write(llvm::StringRef name, llvm::StringRef contents) const {
    std::string result = file(name);
    std::ofstream(result, std::ios::binary) << contents.str();
    return result;
  }

private:
  llvm::SmallString<128> path;
};

inline std::vector<uint8_t> bytesOf(llvm::StringRef hexadecimal) {
  std::string bytes = llvm::fromHex(hexadecimal);
  return {bytes.begin(), bytes.end()};
}

} // namespace qcc::evaluate

#endif // QCC_TEST_UNIT_COMPILER_EVALUATE_TEMPORARYFOLDER_H
