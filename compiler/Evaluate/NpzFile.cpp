// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Zip archives through minizip, over bytes in memory: its file functions are
// replaced by bounded ones, so a hostile offset cannot leave the buffer.

#include "compiler/Evaluate/NpzFile.h"

#include "compiler/Evaluate/OutputFile.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <cstring>
#include <minizip/unzip.h>
#include <minizip/zip.h>

using namespace llvm;

namespace qcc::evaluate {

/// Deflate cannot expand more than this; an entry that claims more is a lie
/// that must not become an allocation.
static constexpr uint64_t largestExpansion = 1032;
static constexpr size_t longestName = 4096;
/// minizip counts bytes in `unsigned` and returns them as `int`.
static constexpr size_t largestTransfer = 1u << 30;

namespace {

/// The position of one reader in the archive's bytes.
struct Cursor {
  StringRef bytes;
  uint64_t position = 0;
  bool ranOut = false; ///< A read since the last seek wanted too much.
};

} // namespace

static voidpf openCursor(voidpf opaque, const void *, int) { return opaque; }

static uLong readCursor(voidpf, voidpf stream, void *buffer, uLong size) {
  auto *cursor = static_cast<Cursor *>(stream);
  uint64_t left = cursor->bytes.size() - cursor->position;
  size_t count = std::min<uint64_t>(size, left);
  cursor->ranOut |= count < size;
  if (count)
    memcpy(buffer, cursor->bytes.data() + cursor->position, count);
  cursor->position += count;
  return count;
}

static ZPOS64_T tellCursor(voidpf, voidpf stream) {
  return static_cast<Cursor *>(stream)->position;
}

static long seekCursor(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
  auto *cursor = static_cast<Cursor *>(stream);
  uint64_t size = cursor->bytes.size();
  uint64_t base = origin == ZLIB_FILEFUNC_SEEK_SET   ? 0
                  : origin == ZLIB_FILEFUNC_SEEK_CUR ? cursor->position
                                                     : size;
  if (offset > size - base)
    return -1;
  cursor->position = base + offset;
  cursor->ranOut = false;
  return 0;
}

static int closeCursor(voidpf, voidpf) { return 0; }

/// Otherwise minizip takes fields beyond the end for zeros.
static int testCursor(voidpf, voidpf stream) {
  return static_cast<Cursor *>(stream)->ranOut;
}

/// The cursor must outlive the result. Null if the bytes are no zip archive.
static unzFile openZip(Cursor &cursor) {
  zlib_filefunc64_def functions = {};
  functions.zopen64_file = openCursor;
  functions.zread_file = readCursor;
  functions.ztell64_file = tellCursor;
  functions.zseek64_file = seekCursor;
  functions.zclose_file = closeCursor;
  functions.zerror_file = testCursor;
  functions.opaque = &cursor;
  return unzOpen2_64("", &functions);
}

namespace {

/// The uncompressed bytes of one entry. Each has its own reader, so that
/// several inputs of a sample can advance side by side.
class ZipEntryStream : public ByteStream {
public:
  static Expected<std::unique_ptr<ZipEntryStream>>
  open(std::shared_ptr<MemoryBuffer> file, const NpzFile::Entry &entry) {
    auto stream = std::make_unique<ZipEntryStream>();
    stream->file = std::move(file);
    stream->cursor.bytes = stream->file->getBuffer();
    stream->zip = openZip(stream->cursor);
    unz64_file_pos place = {entry.position, entry.number};
    unz_file_info64 info;
    if (!stream->zip || unzGoToFilePos64(stream->zip, &place) != UNZ_OK ||
        unzGetCurrentFileInfo64(stream->zip, &info, nullptr, 0, nullptr, 0,
                                nullptr, 0) != UNZ_OK)
      return createStringError(Twine("expected a valid zip entry, but got ") +
                               "damaged bytes");
    uint64_t stored =
        std::min<uint64_t>(info.compressed_size, stream->cursor.bytes.size());
    if (info.uncompressed_size / largestExpansion > stored)
      return createStringError(
          Twine("expected at most ") + Twine(stored * largestExpansion) +
          " bytes in a zip entry of " + Twine(stored) +
          " compressed bytes, but got " + Twine(info.uncompressed_size));
    stream->size = info.uncompressed_size;
    if (Error error = stream->rewind())
      return error;
    return stream;
  }

  ~ZipEntryStream() override {
    if (zip)
      unzClose(zip);
  }

  Error read(MutableArrayRef<uint8_t> buffer) override {
    while (!buffer.empty()) {
      unsigned wanted = std::min(buffer.size(), largestTransfer);
      int count = unzReadCurrentFile(zip, buffer.data(), wanted);
      if (count <= 0)
        return createStringError(Twine("expected ") + Twine(buffer.size()) +
                                 " more bytes, but got a damaged zip entry");
      position += count;
      buffer = buffer.drop_front(count);
    }
    return position == size ? checkSum() : Error::success();
  }

  Error rewind() override {
    unzCloseCurrentFile(zip);
    position = 0;
    isChecked = false;
    if (unzOpenCurrentFile(zip) != UNZ_OK)
      return createStringError("expected a stored or deflated zip entry "
                               "without password, but got another kind");
    return Error::success();
  }

  uint64_t countBytes() const override { return size; }

private:
  /// minizip compares the check sum when an entry is closed at its end.
  Error checkSum() {
    if (std::exchange(isChecked, true))
      return Error::success();
    if (unzCloseCurrentFile(zip) == UNZ_CRCERROR)
      return createStringError("expected the check sum of the zip entry to "
                               "match, but got damaged bytes");
    return Error::success();
  }

  std::shared_ptr<MemoryBuffer> file;
  Cursor cursor;
  unzFile zip = nullptr;
  uint64_t size = 0;
  uint64_t position = 0;
  bool isChecked = false;
};

} // namespace

static Error nameError(StringRef path, Error error) {
  return createStringError(Twine(path) + ": " + toString(std::move(error)));
}

NpzFile::~NpzFile() = default;

Expected<std::unique_ptr<NpzFile>> NpzFile::open(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError(
        Twine(path) +
        ": expected a readable file, but got " + buffer.getError().message());
  return openBuffer(std::move(*buffer));
}

Expected<std::unique_ptr<NpzFile>>
NpzFile::openBuffer(std::unique_ptr<MemoryBuffer> buffer) {
  auto archive = std::make_unique<NpzFile>();
  archive->file = std::move(buffer);
  archive->path = archive->file->getBufferIdentifier().str();
  Cursor cursor{archive->file->getBuffer()};
  unzFile zip = openZip(cursor);
  if (!zip)
    return createStringError(
        Twine(archive->path) + ": expected an .npz archive, but got " +
        Twine(cursor.bytes.size()) + " bytes that are no zip file");
  scope_exit close([&] { unzClose(zip); });
  for (int status = unzGoToFirstFile(zip); status == UNZ_OK;
       status = unzGoToNextFile(zip)) {
    char entry[longestName + 1] = {};
    unz_file_info64 info;
    if (unzGetCurrentFileInfo64(zip, &info, entry, longestName, nullptr, 0,
                                nullptr, 0) != UNZ_OK)
      return createStringError(Twine(archive->path) +
                               ": expected a valid zip directory, but got a "
                               "damaged entry after " +
                               Twine(archive->arrayNames.size()));
    StringRef name(entry);
    unz64_file_pos place;
    if (!name.consume_back(".npy") || unzGetFilePos64(zip, &place) != UNZ_OK)
      continue;
    archive->arrayNames.push_back(name.str());
    archive->entries.push_back({place.pos_in_zip_directory, place.num_of_file});
  }
  return archive;
}

bool NpzFile::contains(StringRef name) const {
  return is_contained(arrayNames, name);
}

Expected<std::unique_ptr<ArrayStream>> NpzFile::stream(StringRef name) const {
  std::string label = path + ": '" + name.str() + "'";
  auto found = llvm::find(arrayNames, name);
  if (found == arrayNames.end())
    return createStringError(Twine(path) + ": expected an array named '" +
                             name + "', but got " + listNames());
  auto bytes = ZipEntryStream::open(file, entries[found - arrayNames.begin()]);
  if (!bytes)
    return nameError(label, bytes.takeError());
  return ArrayStream::open(std::move(*bytes), label);
}

Expected<Array> NpzFile::read(StringRef name) const {
  Expected<std::unique_ptr<ArrayStream>> array = stream(name);
  return array ? (*array)->readAll() : Expected<Array>(array.takeError());
}

std::string NpzFile::listNames() const {
  if (arrayNames.empty())
    return "no arrays";
  std::string list;
  for (const std::string &name : arrayNames)
    list += (list.empty() ? "'" : ", '") + name + "'";
  return list;
}

static bool writeEntry(zipFile zip, const std::string &name,
                       const Array &array) {
  std::vector<uint8_t> bytes = encodeNpy(array);
  zip_fileinfo info = {};
  // 1980-01-01, the earliest date of the format: equal data, equal file.
  info.tmz_date.tm_year = 1980;
  info.tmz_date.tm_mday = 1;
  if (zipOpenNewFileInZip64(zip, (name + ".npy").c_str(), &info, nullptr, 0,
                            nullptr, 0, nullptr, /*method=*/0, /*level=*/0,
                            bytes.size() >= UINT32_MAX) != ZIP_OK)
    return false;
  ArrayRef<uint8_t> rest = bytes;
  while (!rest.empty()) {
    size_t count = std::min(rest.size(), largestTransfer);
    if (zipWriteInFileInZip(zip, rest.data(), count) != ZIP_OK)
      return false;
    rest = rest.drop_front(count);
  }
  return zipCloseFileInZip(zip) == ZIP_OK;
}

Error writeNpz(StringRef path,
               ArrayRef<std::pair<std::string, const Array *>> arrays) {
  return replaceFile(path, [&](StringRef temporary) -> Error {
    zipFile zip = zipOpen64(temporary.str().c_str(), APPEND_STATUS_CREATE);
    bool isWritten = zip != nullptr;
    for (const auto &[name, array] : arrays)
      isWritten = isWritten && writeEntry(zip, name, *array);
    if (zip && zipClose(zip, nullptr) != ZIP_OK)
      isWritten = false;
    if (isWritten)
      return Error::success();
    return createStringError(Twine(path) + ": expected a writable file with " +
                             "enough space, but got a write error");
  });
}

} // namespace qcc::evaluate
