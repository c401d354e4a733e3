// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One model may be several files, as large ones are stored. The first has the
// keys; all say how many there are and which one they are.

#include "compiler/Import/Gguf/GgufReader.h"

#include "compiler/Import/Gguf/GgufParser.h"
#include "compiler/Import/QuotedName.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using llvm::createStringError;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

namespace qcc {

// Five digits number the files.
static constexpr int64_t kMaxFiles = 99999;

/// The file beside `first` that is number `index` (from 0) of `count`.
static Expected<std::string> getSiblingName(StringRef first, int64_t index,
                                            int64_t count) {
  auto getSuffix = [&](int64_t number) {
    std::string suffix;
    llvm::raw_string_ostream stream(suffix);
    stream << llvm::format("-%05lld-of-%05lld.gguf",
                           static_cast<long long>(number + 1),
                           static_cast<long long>(count));
    return suffix;
  };
  std::string own = getSuffix(0);
  if (!first.ends_with(own))
    return createStringError("expected a file name that ends in '" + own +
                             "', but got " +
                             quoteName(llvm::sys::path::filename(first)));
  return first.drop_back(own.size()).str() + getSuffix(index);
}

static Expected<std::shared_ptr<llvm::MemoryBuffer>> map(StringRef path) {
  StringRef name = llvm::sys::path::filename(path);
  // A pipe by that name would never end.
  if (!llvm::sys::fs::is_regular_file(path))
    return createStringError("expected the file " + quoteName(name) +
                             " beside it, but got none");
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!file)
    return createStringError(
        "expected the file " + quoteName(name) +
        " beside it, but got: " + file.getError().message());
  return std::shared_ptr<llvm::MemoryBuffer>(std::move(*file));
}

/// Whether `part` is number `index` of `count`.
static Error checkPart(const GgufFile &part, int64_t index, int64_t count) {
  for (auto [key, expected] :
       {std::pair("split.no", index), std::pair("split.count", count)}) {
    Expected<int64_t> value = part.getInteger(key);
    if (!value)
      return value.takeError();
    if (*value != expected)
      return createStringError("key '" + Twine(key) + "': expected " +
                               Twine(expected) + ", but got " + Twine(*value));
  }
  return Error::success();
}

Error GgufFile::join(GgufFile part) {
  for (GgufTensor &tensor : part.tensors) {
    if (!tensorIndices.try_emplace(tensor.name, tensors.size()).second)
      return createStringError("tensor " + quoteName(tensor.name) +
                               ": expected it once, but got it twice");
    tensors.push_back(std::move(tensor));
  }
  files.push_back(part.files.front());
  return Error::success();
}

Error GgufFile::joinSiblings() {
  Expected<int64_t> count = getInteger("split.count");
  if (!count)
    return count.takeError();
  if (*count < 0 || *count > kMaxFiles)
    return createStringError("key 'split.count': expected 0 to " +
                             Twine(kMaxFiles) + ", but got " + Twine(*count));
  if (*count <= 1)
    return Error::success();
  if (Error error = checkPart(*this, 0, *count))
    return error;
  std::string first = files.front()->getBufferIdentifier().str();
  for (int64_t i = 1; i < *count; ++i) {
    Expected<std::string> path = getSiblingName(first, i, *count);
    if (!path)
      return path.takeError();
    auto buffer = map(*path);
    if (!buffer)
      return buffer.takeError();
    GgufFile part;
    part.files.push_back(*buffer);
    Error error = GgufParser((*buffer)->getBuffer(), part).parse();
    if (!error)
      error = checkPart(part, i, *count);
    if (!error)
      error = join(std::move(part));
    if (error)
      return createStringError(quoteName(llvm::sys::path::filename(*path)) +
                               ": " + llvm::toString(std::move(error)));
  }
  if (!has("split.tensors.count"))
    return Error::success();
  Expected<int64_t> expected = getInteger("split.tensors.count");
  if (!expected)
    return expected.takeError();
  if (*expected != static_cast<int64_t>(tensors.size()))
    return createStringError(
        "key 'split.tensors.count': expected " + Twine(tensors.size()) +
        ", the tensors of all files, but got " + Twine(*expected));
  return Error::success();
}

Expected<GgufFile> GgufFile::read(std::shared_ptr<llvm::MemoryBuffer> buffer) {
  GgufFile file;
  StringRef bytes = buffer->getBuffer();
  file.files.push_back(std::move(buffer));
  if (Error error = GgufParser(bytes, file).parse())
    return error;
  if (file.has("split.count"))
    if (Error error = file.joinSiblings())
      return error;
  return file;
}

const GgufTensor *GgufFile::findTensor(StringRef name) const {
  auto it = tensorIndices.find(name);
  return it == tensorIndices.end() ? nullptr : &tensors[it->second];
}

Expected<BlockFormat> getBlockFormat(const GgufTensor &tensor) {
  if (tensor.type->format)
    return *tensor.type->format;
  return createStringError("tensor " + quoteName(tensor.name) +
                           ": expected one of " + listGgufTensorTypes() +
                           ", but got " + tensor.type->name);
}

} // namespace qcc
