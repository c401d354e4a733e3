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

/// The library of this process that has `symbol`, which nothing else defines:
/// sanitizers have a malloc, too.
static Expected<std::string> findLibraryOf(const char *symbol) {
  Dl_info info;
  void *function = dlsym(RTLD_DEFAULT, symbol);
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

/// Writes the runtimes into the folder, and adds them and the C library to the
/// files that are linked.
static Error addRuntimes(const LinkOptions &options,
                         std::vector<std::string> &files) {
  auto add = [&](StringRef name, StringRef contents) {
    SmallString<128> path(options.folder);
    sys::path::append(path, name);
    files.push_back(path.str().str());
    return writeFile(path, contents);
  };
  if (Error error = add("libqcc_runtime.a", getRuntimeArchive()))
    return error;
  std::vector<const char *> symbols = {"gnu_get_libc_version"};
  if (options.hasText) {
    if (Error error = add("libqcc_text.a", getTextArchive()))
      return error;
    symbols.push_back("fegetround"); // of libm
  }
  for (const char *symbol : symbols) {
    Expected<std::string> library = findLibraryOf(symbol);
    if (!library)
      return library.takeError();
    files.push_back(*library);
  }
  return Error::success();
}

Expected<SmallVector<char, 0>> linkSharedLibrary(ArrayRef<std::string> objects,
                                                 const LinkOptions &options) {
  SmallString<128> exports(options.folder);
  sys::path::append(exports, "exports.map");
  if (Error error = writeFile(exports, "{ global: qcc_query; local: *; };\n"))
    return error;
  std::vector<std::string> files = objects.vec();
  if (Error error = addRuntimes(options, files))
    return error;

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
  std::string outputPath = output.getPath();
  arguments.push_back(outputPath.c_str());
  // By it, exceptions of the text runtime find their handlers.
  if (options.hasText)
    arguments.push_back("--eh-frame-hdr");
  for (const std::string &file : files)
    arguments.push_back(file.c_str());

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
