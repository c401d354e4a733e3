// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads and writes .npy files. Layout:
//
//   0   93 4e 55 4d 50 59          "\x93NUMPY"
//   6   major minor                1.0, 2.0 or 3.0
//   8   length of the header       u16 in version 1, u32 later
//   10  header text                padded so that the elements are aligned
//   ..  elements

#include "compiler/Evaluate/NpyFile.h"

#include "compiler/Evaluate/NpyHeader.h"
#include "compiler/Evaluate/OutputFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <cstring>

using namespace llvm;

namespace qcc::evaluate {

static constexpr char magic[] = "\x93NUMPY";
static constexpr size_t magicBytes = 6;
static constexpr size_t elementAlignment = 64;

unsigned sizeInBytes(ArrayType type) {
  switch (type) {
  case ArrayType::Boolean:
  case ArrayType::S8:
  case ArrayType::U8:
    return 1;
  case ArrayType::S16:
  case ArrayType::U16:
  case ArrayType::F16:
    return 2;
  case ArrayType::S32:
  case ArrayType::U32:
  case ArrayType::F32:
    return 4;
  case ArrayType::S64:
  case ArrayType::U64:
  case ArrayType::F64:
    return 8;
  }
  llvm_unreachable("all element types are listed");
}

StringRef getName(ArrayType type) {
  constexpr const char *names[] = {"boolean", "s8",  "u8",  "s16",
                                   "u16",     "s32", "u32", "s64",
                                   "u64",     "f16", "f32", "f64"};
  return names[static_cast<size_t>(type)];
}

bool isFloat(ArrayType type) { return type >= ArrayType::F16; }

std::string printShape(ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (int64_t size : shape) {
    if (text.size() > 1)
      text += ", ";
    text += size < 0 ? "?" : itostr(size);
  }
  return text + "]";
}

uint64_t ArrayHeader::countElements() const {
  uint64_t count = 1;
  for (int64_t size : shape)
    count *= static_cast<uint64_t>(size);
  return count;
}

namespace {

/// Bytes that lie in memory, mapped or not.
class MemoryStream : public ByteStream {
public:
  MemoryStream(ArrayRef<uint8_t> bytes, std::unique_ptr<MemoryBuffer> owner)
      : bytes(bytes), owner(std::move(owner)) {}

  Error read(MutableArrayRef<uint8_t> buffer) override {
    if (buffer.size() > bytes.size() - position)
      return createStringError(Twine("expected ") + Twine(buffer.size()) +
                               " more bytes, but got " +
                               Twine(bytes.size() - position));
    if (!buffer.empty())
      memcpy(buffer.data(), bytes.data() + position, buffer.size());
    position += buffer.size();
    return Error::success();
  }
  Error rewind() override {
    position = 0;
    return Error::success();
  }
  uint64_t countBytes() const override { return bytes.size(); }

private:
  ArrayRef<uint8_t> bytes;
  std::unique_ptr<MemoryBuffer> owner;
  size_t position = 0;
};

} // namespace

static Error addName(Error error, StringRef name) {
  return createStringError(Twine(name) + ": " + toString(std::move(error)));
}

/// Reads magic, version and length; returns the length of the header text.
static Expected<size_t> readPreamble(ByteStream &bytes, size_t &consumed) {
  uint8_t start[magicBytes + 2], length[4];
  if (bytes.countBytes() < sizeof(start) + 2)
    return createStringError(Twine("expected a .npy array, but got ") +
                             Twine(bytes.countBytes()) + " bytes");
  if (Error error = bytes.read(start))
    return error;
  if (memcmp(start, magic, magicBytes) != 0)
    return createStringError(
        Twine("expected a .npy array that starts with 93 4e 55 4d 50 59, ") +
        "but got " + toHex(ArrayRef(start).take_front(magicBytes), true));
  uint8_t major = start[magicBytes];
  if (major < 1 || major > 3)
    return createStringError(
        Twine("expected version 1, 2 or 3 of the .npy format, but got ") +
        Twine(unsigned(major)));
  size_t lengthBytes = major == 1 ? 2 : 4;
  if (Error error = bytes.read(MutableArrayRef(length, lengthBytes)))
    return error;
  consumed = sizeof(start) + lengthBytes;
  size_t size = major == 1 ? support::endian::read16le(length)
                           : support::endian::read32le(length);
  if (size > NpyHeaderLimits::textBytes)
    return createStringError(Twine("expected a header of at most ") +
                             Twine(NpyHeaderLimits::textBytes) +
                             " bytes, but got " + Twine(size));
  return size;
}

Expected<std::unique_ptr<ArrayStream>>
ArrayStream::open(std::unique_ptr<ByteStream> bytes, StringRef name) {
  size_t consumed = 0;
  Expected<size_t> textBytes = readPreamble(*bytes, consumed);
  if (!textBytes)
    return addName(textBytes.takeError(), name);
  std::vector<uint8_t> text(*textBytes);
  if (Error error = bytes->read(text))
    return addName(std::move(error), name);
  Expected<ArrayHeader> header = parseNpyHeader(toStringRef(text), name);
  if (!header)
    return header.takeError();

  auto stream = std::make_unique<ArrayStream>();
  stream->headerBytes = consumed + text.size();
  uint64_t available = bytes->countBytes() - stream->headerBytes;
  if (header->countBytes() > available)
    return createStringError(
        Twine(name) + ": expected " + Twine(header->countBytes()) +
        " bytes for shape " + printShape(header->shape) + " of " +
        getName(header->type) + ", but got " + Twine(available));
  stream->source = std::move(bytes);
  stream->label = name.str();
  stream->description = std::move(*header);
  return stream;
}

Expected<std::unique_ptr<ArrayStream>> ArrayStream::openFile(StringRef path) {
  auto file = MemoryBuffer::getFile(path, /*IsText=*/false,
                                    /*RequiresNullTerminator=*/false);
  if (!file)
    return createStringError(
        Twine(path) +
        ": expected a readable file, but got " + file.getError().message());
  auto bytes = arrayRefFromStringRef((*file)->getBuffer());
  return open(std::make_unique<MemoryStream>(bytes, std::move(*file)), path);
}

Expected<std::unique_ptr<ArrayStream>>
ArrayStream::openBytes(ArrayRef<uint8_t> bytes, StringRef name) {
  return open(std::make_unique<MemoryStream>(bytes, nullptr), name);
}

Error ArrayStream::read(MutableArrayRef<uint8_t> buffer) {
  if (Error error = source->read(buffer))
    return addName(std::move(error), label);
  return Error::success();
}

Error ArrayStream::rewind() {
  std::vector<uint8_t> skipped(headerBytes);
  Error error = source->rewind();
  if (!error)
    error = source->read(skipped);
  return error ? addName(std::move(error), label) : Error::success();
}

/// Column-major -> row-major, by counting through the result's indices.
static std::vector<uint8_t> transposeElements(ArrayRef<uint8_t> bytes,
                                              ArrayRef<int64_t> shape,
                                              size_t elementBytes) {
  size_t rank = shape.size();
  std::vector<int64_t> index(rank, 0), stride(rank, 1);
  for (size_t axis = 1; axis < rank; ++axis)
    stride[axis] = stride[axis - 1] * shape[axis - 1];
  std::vector<uint8_t> result(bytes.size());
  int64_t from = 0;
  for (size_t to = 0; to < result.size(); to += elementBytes) {
    memcpy(&result[to], &bytes[from * elementBytes], elementBytes);
    for (size_t axis = rank; axis-- > 0;) {
      from += stride[axis];
      if (++index[axis] < shape[axis])
        break;
      from -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

Expected<Array> ArrayStream::readAll() {
  if (Error error = rewind())
    return error;
  Array array{description.type, description.shape, {}};
  array.bytes.resize(description.countBytes());
  if (Error error = read(array.bytes))
    return error;
  if (description.isFortranOrder)
    array.bytes =
        transposeElements(array.bytes, array.shape, sizeInBytes(array.type));
  return array;
}

Expected<Array> readNpy(StringRef path) {
  Expected<std::unique_ptr<ArrayStream>> stream = ArrayStream::openFile(path);
  return stream ? (*stream)->readAll() : Expected<Array>(stream.takeError());
}

std::vector<uint8_t> encodeNpy(const Array &array) {
  std::string text = printNpyHeader({array.type, array.shape, false});
  size_t preamble = magicBytes + 2 + 2;
  text.append(
      elementAlignment - 1 - (preamble + text.size()) % elementAlignment, ' ');
  text += '\n';
  std::vector<uint8_t> bytes(preamble + text.size() + array.bytes.size());
  memcpy(bytes.data(), magic, magicBytes);
  bytes[magicBytes] = 1;
  support::endian::write16le(&bytes[magicBytes + 2], text.size());
  auto end = std::copy(text.begin(), text.end(), bytes.begin() + preamble);
  std::copy(array.bytes.begin(), array.bytes.end(), end);
  return bytes;
}

Error writeNpy(StringRef path, const Array &array) {
  std::vector<uint8_t> bytes = encodeNpy(array);
  return writeFile(path, toStringRef(bytes));
}

} // namespace qcc::evaluate
