// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes, taken for an array and for an archive of arrays.
// Whatever can be read must survive being written and read again.

#include "compiler/Evaluate/NpzFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstdlib>

using namespace llvm;
using namespace qcc::evaluate;

static void readArray(ArrayStream &stream) {
  Expected<Array> array = stream.readAll();
  if (!array)
    return consumeError(array.takeError());
  std::vector<uint8_t> bytes = encodeNpy(*array);
  auto again = cantFail(ArrayStream::openBytes(bytes, "again"));
  if (cantFail(again->readAll()).bytes != array->bytes)
    abort();
  auto wide = convertArray(std::move(*array), ArrayType::F32, "wide");
  if (!wide)
    consumeError(wide.takeError());
}

static void readArchive(ArrayRef<uint8_t> bytes) {
  auto archive = NpzFile::openBuffer(
      MemoryBuffer::getMemBufferCopy(toStringRef(bytes), "a.npz"));
  if (!archive)
    return consumeError(archive.takeError());
  for (const std::string &name : (*archive)->names()) {
    auto stream = (*archive)->stream(name);
    if (!stream)
      consumeError(stream.takeError());
    else
      readArray(**stream);
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ArrayRef<uint8_t> bytes(data, size);
  readArchive(bytes);
  auto stream = ArrayStream::openBytes(bytes, "a.npy");
  if (stream)
    readArray(**stream);
  else
    consumeError(stream.takeError());
  return 0;
}
