// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every tensor's place is checked as the format's specification asks: inside
// the file, as long as type and shape say, and no byte without a tensor or
// with two.

#include "compiler/Import/Safetensors/SafetensorsReader.h"

#include "compiler/Import/JsonText.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <algorithm>

using llvm::ArrayRef;
using llvm::Error;
using llvm::Expected;
using llvm::MemoryBuffer;
using llvm::StringRef;
using llvm::Twine;
namespace json = llvm::json;

namespace qcc {

namespace {

struct TypeRow {
  StringRef name;
  unsigned bits;
};

} // namespace

// In the order of TensorType.
static constexpr TypeRow types[] = {
    {"BOOL", 8}, {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},
    {"I8", 8},   {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"I16", 16},
    {"U16", 16}, {"F16", 16},    {"BF16", 16},   {"I32", 32},    {"U32", 32},
    {"F32", 32}, {"C64", 64},    {"F64", 64},    {"I64", 64},    {"U64", 64},
};

/// The limit of the format's own reader.
static constexpr uint64_t maxHeaderBytes = 100'000'000;

StringRef getName(TensorType type) {
  return types[static_cast<size_t>(type)].name;
}

unsigned getBits(TensorType type) {
  return types[static_cast<size_t>(type)].bits;
}

std::string printShape(ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

//===----------------------------------------------------------------------===//
// One file
//===----------------------------------------------------------------------===//

/// A value of the header that counts something.
static Expected<uint64_t> readCount(const json::Value &value) {
  std::optional<int64_t> count = value.getAsInteger();
  if (!count || *count < 0)
    return llvm::createStringError("expected a count, but got " +
                                   describeJson(&value));
  return *count;
}

static Error readType(const json::Object &entry, SafetensorsTensor &tensor) {
  std::optional<StringRef> name = entry.getString("dtype");
  for (size_t i = 0; name && i < std::size(types); ++i) {
    if (*name != types[i].name)
      continue;
    tensor.type = static_cast<TensorType>(i);
    return Error::success();
  }
  return llvm::createStringError("expected a known 'dtype', but got " +
                                 describeJson(entry.get("dtype")));
}

/// Fills the shape and gives the bytes that it asks for.
static Expected<uint64_t> readShape(const json::Object &entry,
                                    SafetensorsTensor &tensor) {
  const json::Array *shape = entry.getArray("shape");
  if (!shape)
    return llvm::createStringError("expected a list as 'shape', but got " +
                                   describeJson(entry.get("shape")));
  std::optional<uint64_t> bits = getBits(tensor.type);
  for (const json::Value &value : *shape) {
    Expected<uint64_t> size = readCount(value);
    if (!size)
      return size.takeError();
    tensor.shape.push_back(*size);
    if (bits)
      bits = llvm::checkedMulUnsigned(*bits, *size);
  }
  if (!bits)
    return llvm::createStringError("expected a size below 2^61 bytes, but got "
                                   "shape " +
                                   printShape(tensor.shape));
  if (*bits % 8 != 0)
    return llvm::createStringError("expected whole bytes, but got " +
                                   Twine(*bits) + " bits");
  return *bits / 8;
}

static Error readEntry(const json::Value &value, StringRef data,
                       SafetensorsTensor &tensor) {
  const json::Object *entry = value.getAsObject();
  if (!entry)
    return llvm::createStringError("expected an object, but got " +
                                   describeJson(&value));
  if (Error error = readType(*entry, tensor))
    return error;
  Expected<uint64_t> size = readShape(*entry, tensor);
  if (!size)
    return size.takeError();
  const json::Array *offsets = entry->getArray("data_offsets");
  if (!offsets || offsets->size() != 2)
    return llvm::createStringError("expected two 'data_offsets', but got " +
                                   describeJson(entry->get("data_offsets")));
  Expected<uint64_t> begin = readCount((*offsets)[0]);
  if (!begin)
    return begin.takeError();
  Expected<uint64_t> end = readCount((*offsets)[1]);
  if (!end)
    return end.takeError();
  if (*begin > *end || *end > data.size())
    return llvm::createStringError(
        "expected bytes inside the " + Twine(data.size()) +
        " of the data, but got " + Twine(*begin) + " to " + Twine(*end));
  if (*end - *begin != *size)
    return llvm::createStringError(
        "expected " + Twine(*size) + " bytes for " + getName(tensor.type) +
        " " + printShape(tensor.shape) + ", but got " + Twine(*end - *begin));
  tensor.bytes = ArrayRef<char>(data.data() + *begin, *size);
  return Error::success();
}

/// No byte without a tensor, and none with two.
static Error checkPlaces(const SafetensorsEntries &entries, StringRef data) {
  using Place = std::pair<std::pair<const char *, size_t>, StringRef>;
  std::vector<Place> places;
  for (const auto &entry : entries) {
    ArrayRef<char> bytes = entry.second.bytes;
    places.push_back({{bytes.data(), bytes.size()}, entry.first()});
  }
  std::sort(places.begin(), places.end());
  uint64_t end = 0;
  for (const auto &[place, name] : places) {
    uint64_t begin = place.first - data.data();
    if (begin != end)
      return llvm::createStringError("tensor '" + name +
                                     "': expected to begin at " + Twine(end) +
                                     ", but got " + Twine(begin));
    end += place.second;
  }
  if (end != data.size())
    return llvm::createStringError("expected " + Twine(end) +
                                   " bytes of data, but got " +
                                   Twine(data.size()));
  return Error::success();
}

static Error readHeader(const json::Object &header, StringRef data,
                        SafetensorsEntries &entries) {
  for (const auto &[key, value] : header) {
    StringRef name = key;
    if (name == "__metadata__")
      continue; // free text
    if (Error error = readEntry(value, data, entries[name]))
      return llvm::createStringError("tensor '" + name +
                                     "': " + llvm::toString(std::move(error)));
  }
  return checkPlaces(entries, data);
}

Expected<SafetensorsEntries> readSafetensors(const MemoryBuffer &file) {
  StringRef bytes = file.getBuffer();
  std::string name = file.getBufferIdentifier().str();
  if (bytes.size() < 8)
    return llvm::createStringError(
        name + ": expected 8 bytes before the header, but got " +
        Twine(bytes.size()));
  uint64_t headerBytes = llvm::support::endian::read64le(bytes.data());
  if (headerBytes > maxHeaderBytes || headerBytes > bytes.size() - 8)
    return llvm::createStringError(
        name + ": expected a header of at most " +
        Twine(std::min<uint64_t>(maxHeaderBytes, bytes.size() - 8)) +
        " bytes, but got " + Twine(headerBytes));
  StringRef text = bytes.substr(8, headerBytes);
  if (!text.starts_with("{"))
    return llvm::createStringError(
        name + ": expected a header that begins with '{', but got another");
  Expected<json::Object> header = parseJsonObject(text, name + ": header");
  if (!header)
    return header.takeError();
  SafetensorsEntries entries;
  if (Error error = readHeader(*header, bytes.substr(8 + headerBytes), entries))
    return llvm::createStringError(name + ": " +
                                   llvm::toString(std::move(error)));
  return entries;
}

//===----------------------------------------------------------------------===//
// Checkpoints
//===----------------------------------------------------------------------===//

Expected<std::shared_ptr<MemoryBuffer>> mapModelFile(const Twine &path) {
  if (!llvm::sys::fs::is_regular_file(path))
    return llvm::createStringError(path + ": expected a file, but got none");
  auto file = MemoryBuffer::getFile(path, /*IsText=*/false,
                                    /*RequiresNullTerminator=*/false);
  if (!file)
    return llvm::createStringError(path +
                                   ": expected to read the file, but "
                                   "got: " +
                                   file.getError().message());
  return std::shared_ptr<MemoryBuffer>(std::move(*file));
}

Expected<SafetensorsCheckpoint>
SafetensorsCheckpoint::openBuffer(std::shared_ptr<MemoryBuffer> file) {
  Expected<SafetensorsEntries> entries = readSafetensors(*file);
  if (!entries)
    return entries.takeError();
  SafetensorsCheckpoint checkpoint;
  checkpoint.entries = std::move(*entries);
  checkpoint.buffers.push_back(std::move(file));
  return checkpoint;
}

/// A name out of the index, which is a stranger's: it names a neighbour.
static bool isPlainName(StringRef name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(StringRef("/\\\0", 3)) == StringRef::npos;
}

Expected<SafetensorsCheckpoint>
SafetensorsCheckpoint::openIndex(StringRef folder, StringRef indexPath) {
  auto index = mapModelFile(indexPath);
  if (!index)
    return index.takeError();
  Expected<json::Object> root =
      parseJsonObject((*index)->getBuffer(), indexPath);
  if (!root)
    return root.takeError();
  const json::Object *map = root->getObject("weight_map");
  if (!map)
    return llvm::createStringError(
        indexPath + ": expected an object as 'weight_map', but got " +
        describeJson(root->get("weight_map")));
  SafetensorsCheckpoint checkpoint;
  llvm::StringMap<SafetensorsEntries> files;
  for (const auto &[key, value] : *map) {
    StringRef name = key;
    std::optional<StringRef> location = value.getAsString();
    if (!location || !isPlainName(*location))
      return llvm::createStringError(
          indexPath + ": tensor '" + name +
          "': expected a file beside the index, but got " +
          describeJson(&value));
    auto [file, isNew] = files.try_emplace(*location);
    if (isNew) {
      llvm::SmallString<256> path(folder);
      llvm::sys::path::append(path, *location);
      auto buffer = mapModelFile(path);
      if (!buffer)
        return buffer.takeError();
      Expected<SafetensorsEntries> entries = readSafetensors(**buffer);
      if (!entries)
        return entries.takeError();
      file->second = std::move(*entries);
      checkpoint.buffers.push_back(std::move(*buffer));
    }
    auto entry = file->second.find(name);
    if (entry == file->second.end())
      return llvm::createStringError(indexPath + ": expected tensor '" + name +
                                     "' in '" + *location +
                                     "', but got a file without it");
    checkpoint.entries[name] = entry->second;
  }
  return checkpoint;
}

/// Quantizers name the file after the model: it is known by being the only one.
static Expected<std::string> findOnlyFile(StringRef folder) {
  std::vector<std::string> paths;
  std::error_code error;
  llvm::sys::fs::directory_iterator it(folder, error), end;
  for (; !error && it != end; it.increment(error))
    if (StringRef(it->path()).ends_with(".safetensors"))
      paths.push_back(it->path());
  if (paths.size() == 1)
    return paths[0];
  return llvm::createStringError(
      folder +
      ": expected model.safetensors, its index or one other "
      ".safetensors file, but got " +
      Twine(paths.size()) + " of them");
}

Expected<SafetensorsCheckpoint> SafetensorsCheckpoint::open(StringRef folder) {
  llvm::SmallString<256> single(folder), index(folder);
  llvm::sys::path::append(single, "model.safetensors");
  llvm::sys::path::append(index, "model.safetensors.index.json");
  if (!llvm::sys::fs::exists(single)) {
    if (llvm::sys::fs::exists(index))
      return openIndex(folder, index);
    Expected<std::string> only = findOnlyFile(folder);
    if (!only)
      return only.takeError();
    single = *only;
  }
  auto file = mapModelFile(single);
  if (!file)
    return file.takeError();
  return openBuffer(std::move(*file));
}

const SafetensorsTensor *SafetensorsCheckpoint::find(StringRef name) const {
  auto it = entries.find(name);
  return it == entries.end() ? nullptr : &it->second;
}

std::vector<StringRef> SafetensorsCheckpoint::names() const {
  std::vector<StringRef> result;
  for (const auto &entry : entries)
    result.push_back(entry.first());
  std::sort(result.begin(), result.end());
  return result;
}

} // namespace qcc
