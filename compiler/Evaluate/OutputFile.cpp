// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole files or nothing. LLVM's own writeToOutput ends the process on a full
// disk, which is why it is not used here.

#include "compiler/Evaluate/OutputFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace qcc::evaluate {

static Error cannotWrite(StringRef path, std::error_code reason) {
  return createStringError(
      Twine(path) + ": expected a writable file, but got " + reason.message());
}

/// Takes the error off the stream, which would otherwise end the process.
static Error finishStream(raw_fd_ostream &stream, StringRef path) {
  stream.flush();
  std::error_code reason = stream.error();
  stream.clear_error();
  return reason ? cannotWrite(path, reason) : Error::success();
}

/// Devices and pipes are written to, not replaced.
static bool isSpecialFile(StringRef path) {
  sys::fs::file_status status;
  return !sys::fs::status(path, status) && sys::fs::is_other(status);
}

Error replaceFile(StringRef path, function_ref<Error(StringRef)> write) {
  if (isSpecialFile(path))
    return write(path);
  Expected<sys::fs::TempFile> file =
      sys::fs::TempFile::create(path + ".%%%%%%%%");
  if (!file)
    return cannotWrite(path, errorToErrorCode(file.takeError()));
  if (Error error = write(file->TmpName))
    return joinErrors(std::move(error), file->discard());
  if (Error error = file->keep(path))
    return cannotWrite(path, errorToErrorCode(std::move(error)));
  return Error::success();
}

Error finishStandardOutput() { return finishStream(outs(), "standard output"); }

Error writeStream(StringRef path, function_ref<Error(raw_ostream &)> write) {
  if (path == "-") {
    if (Error error = write(outs()))
      return error;
    return finishStandardOutput();
  }
  return replaceFile(path, [&](StringRef temporary) -> Error {
    std::error_code reason;
    raw_fd_ostream stream(temporary, reason, sys::fs::OF_None);
    if (reason)
      return cannotWrite(path, reason);
    Error error = write(stream);
    if (Error unfinished = finishStream(stream, path))
      return joinErrors(std::move(error), std::move(unfinished));
    return error;
  });
}

Error writeFile(StringRef path, StringRef contents) {
  return writeStream(path, [&](raw_ostream &stream) {
    stream << contents;
    return Error::success();
  });
}

} // namespace qcc::evaluate
