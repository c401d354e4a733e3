// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lld as a library. The C library is the one that this process runs on: it is
// on every machine that can run qcc, and gives the symbols their versions, so
// no development files are needed.

#include "compiler/Codegen/SharedLibrary.h"

#include "compiler/Codegen/RuntimeArchive.h"

#include "lld/Common/CommonLinkerContext.h"
#include "lld/Common/Driver.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cerrno>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <thread>
#include <unistd.h>
#include <vector>

LLD_HAS_DRIVER(elf)

using namespace llvm;

static Error writeFile(StringRef path, StringRef contents) {
  std::error_code code;
  raw_fd_ostream stream(path, code);
  if (!code) {
    stream << contents;
    stream.close();
    code = stream.error();
    stream.clear_error();
  }
  if (code)
    return createStringError(path +
                             ": expected a file that can be written, "
                             "but got " +
                             code.message());
  return Error::success();
}

static Expected<std::string> findCLibrary() {
  // By a function that nothing else defines: sanitizers have a malloc, too.
  Dl_info info;
  void *function = dlsym(RTLD_DEFAULT, "gnu_get_libc_version");
  if (!function || !dladdr(function, &info) || !info.dli_fname)
    return createStringError("expected to find the C library of this process, "
                             "but got none");
  return info.dli_fname;
}

/// The first complaint without lld's own prefix.
static std::string firstComplaint(StringRef text) {
  StringRef line = text.split('\n').first;
  size_t position = line.find("error: ");
  return position == StringRef::npos ? line.str()
                                     : line.substr(position + 7).str();
}

namespace {

/// Collects what is written to its path. The linker maps the files that it
/// writes, so a disk that fills up would end the process by a signal; into a
/// pipe it writes as a whole, after the last check.
class OutputPipe {
public:
  OutputPipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) {
      ends[0] = ends[1] = -1;
      return;
    }
    reader = std::thread([this] { read(); });
  }
  ~OutputPipe() { (void)takeBytes(); }

  bool isOpen() const { return ends[0] >= 0; }
  std::string getPath() const {
    return "/proc/self/fd/" + std::to_string(ends[1]);
  }

  /// Ends with the last writer, which is this object once the linker is done.
  SmallVector<char, 0> takeBytes() {
    if (reader.joinable()) {
      close(ends[1]);
      reader.join();
      close(ends[0]);
    }
    return std::move(bytes);
  }

private:
  void read() {
    constexpr size_t kStep = 1 << 16;
    for (;;) {
      size_t size = bytes.size();
      bytes.resize_for_overwrite(size + kStep);
      ssize_t count = ::read(ends[0], bytes.data() + size, kStep);
      bytes.truncate(size + std::max<ssize_t>(count, 0));
      if (count == 0 || (count < 0 && errno != EINTR))
        return;
    }
  }

  int ends[2];
  std::thread reader;
  SmallVector<char, 0> bytes;
};

} // namespace

namespace qcc {

Expected<SmallVector<char, 0>> linkSharedLibrary(ArrayRef<std::string> objects,
                                                 StringRef folder,
                                                 RuntimeParts parts) {
  SmallString<128> runtime(folder), text(folder), exports(folder);
  sys::path::append(runtime, "libqcc_runtime.a");
  sys::path::append(text, "libqcc_text.a");
  sys::path::append(exports, "exports.map");
  bool hasText = parts == RuntimeParts::CoreAndText;
  if (Error error = writeFile(runtime, getRuntimeArchive()))
    return error;
  if (hasText)
    if (Error error = writeFile(text, getTextArchive()))
      return error;
  if (Error error = writeFile(exports, "{ global: qcc_query; local: *; };\n"))
    return error;
  Expected<std::string> cLibrary = findCLibrary();
  if (!cLibrary)
    return cLibrary.takeError();

  OutputPipe output;
  if (!output.isOpen())
    return createStringError("expected a pipe, but got " +
                             errnoAsErrorCode().message());
  std::string script = ("--version-script=" + exports).str();
  std::vector<const char *> arguments = {
      "ld.lld", "-shared", "-m", "elf_x86_64", "--gc-sections",
      "--build-id=none", "--hash-style=gnu", "--strip-debug", "-z", "defs",
      "-z", "relro", "-z", "now", "-z", "noexecstack", "--as-needed",
      // Nothing is read from the path that this machine's linker would use.
      "-nostdlib", "-u", "qcc_query", script.c_str(), "-o"};
  std::string outputPath = output.getPath(), runtimePath = runtime.str().str();
  arguments.push_back(outputPath.c_str());
  for (const std::string &object : objects)
    arguments.push_back(object.c_str());
  arguments.push_back(runtimePath.c_str());
  std::string textPath = text.str().str();
  if (hasText) {
    arguments.push_back(textPath.c_str());
    // Where exceptions find the frames that they pass.
    arguments.push_back("--eh-frame-hdr");
  }
  arguments.push_back(cLibrary->c_str());

  std::string complaints;
  raw_string_ostream stream(complaints);
  const lld::DriverDef drivers[] = {{lld::Gnu, &lld::elf::link}};
  lld::Result result = lld::lldMain(arguments, nulls(), stream, drivers);
  if (result.retCode != 0)
    return createStringError("expected objects that link, but got " +
                             firstComplaint(complaints));
  return output.takeBytes();
}

} // namespace qcc
