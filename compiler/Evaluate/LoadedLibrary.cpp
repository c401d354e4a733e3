// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C interface from C++: handles that close themselves, and statuses as
// llvm::Error.

#include "compiler/Evaluate/LoadedLibrary.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <utility>

using namespace llvm;

namespace qcc::evaluate {

//===-- Types -------------------------------------------------------------===//

namespace {
struct TypeRow {
  qcc_dtype_t dtype;
  ArrayType type;
  StringRef name;
};
} // namespace

static const TypeRow typeRows[] = {
    {QCC_DTYPE_BOOL, ArrayType::Boolean, "bool"},
    {QCC_DTYPE_I8, ArrayType::S8, "i8"},
    {QCC_DTYPE_U8, ArrayType::U8, "u8"},
    {QCC_DTYPE_I16, ArrayType::S16, "i16"},
    {QCC_DTYPE_U16, ArrayType::U16, "u16"},
    {QCC_DTYPE_BF16, ArrayType::U16, "bf16"},
    {QCC_DTYPE_I32, ArrayType::S32, "i32"},
    {QCC_DTYPE_U32, ArrayType::U32, "u32"},
    {QCC_DTYPE_I64, ArrayType::S64, "i64"},
    {QCC_DTYPE_U64, ArrayType::U64, "u64"},
    {QCC_DTYPE_F16, ArrayType::F16, "f16"},
    {QCC_DTYPE_F32, ArrayType::F32, "f32"},
    {QCC_DTYPE_F64, ArrayType::F64, "f64"},
};

/// The ABI's list is closed, so every library's types are in the table.
static const TypeRow &rowFor(qcc_dtype_t dtype) {
  for (const TypeRow &row : typeRows)
    if (row.dtype == dtype)
      return row;
  return typeRows[0];
}

std::optional<ArrayType> arrayTypeOf(qcc_dtype_t dtype) {
  const TypeRow &row = rowFor(dtype);
  if (row.dtype != dtype || dtype == QCC_DTYPE_BF16)
    return std::nullopt;
  return row.type;
}

ArrayType arrayTypeFor(qcc_dtype_t dtype) { return rowFor(dtype).type; }
StringRef nameOf(qcc_dtype_t dtype) { return rowFor(dtype).name; }

ArrayRef<int64_t> shapeOf(const qcc_tensor_info_t &info) {
  return {info.shape, size_t(info.rank)};
}

bool hasSymbolicBatch(const qcc_tensor_info_t &info) {
  return info.rank > 0 && info.shape[0] < 0;
}

std::vector<int64_t> shapeFor(const qcc_tensor_info_t &info, int64_t batch) {
  std::vector<int64_t> shape = shapeOf(info).vec();
  if (hasSymbolicBatch(info))
    shape[0] = batch;
  return shape;
}

int64_t batchOf(ArrayRef<qcc_tensor_info_t> infos, ArrayRef<Array> arrays) {
  for (auto [info, array] : zip(infos, arrays))
    if (hasSymbolicBatch(info) && !array.shape.empty())
      return array.shape[0];
  return 1;
}

std::vector<Array> makeOutputs(ArrayRef<qcc_tensor_info_t> infos,
                               int64_t batch) {
  std::vector<Array> arrays;
  for (const qcc_tensor_info_t &info : infos) {
    ArrayHeader header{arrayTypeFor(info.dtype), shapeFor(info, batch)};
    Array array{header.type, header.shape, {}};
    array.bytes.resize(header.countBytes());
    arrays.push_back(std::move(array));
  }
  return arrays;
}

static qcc_dtype_t dtypeOf(const Array &array, const qcc_tensor_info_t &info) {
  if (array.type == arrayTypeFor(info.dtype))
    return info.dtype;
  for (const TypeRow &row : typeRows)
    if (row.type == array.type)
      return row.dtype;
  return 0;
}

//===-- Library -----------------------------------------------------------===//

/// True if `path` ends before what its header tells the loader to map. The
/// loader maps it all the same, and the process ends by a signal.
static bool isCutShort(StringRef path) {
  if (!sys::fs::is_regular_file(path))
    return false;
  auto file = MemoryBuffer::getFile(path, /*IsText=*/false,
                                    /*RequiresNullTerminator=*/false);
  Elf64_Ehdr header;
  // Other files are the loader's to refuse.
  if (!file || (*file)->getBufferSize() < sizeof(header) ||
      !(*file)->getBuffer().starts_with(ELFMAG))
    return false;
  uint64_t size = (*file)->getBufferSize();
  const char *bytes = (*file)->getBufferStart();
  std::memcpy(&header, bytes, sizeof(header));
  auto isInside = [&](uint64_t offset, uint64_t count) {
    return count <= size && offset <= size - count;
  };
  for (uint64_t i = 0; i < header.e_phnum; ++i) {
    uint64_t place = header.e_phoff + i * sizeof(Elf64_Phdr);
    Elf64_Phdr segment;
    if (!isInside(place, sizeof(segment)))
      return true;
    std::memcpy(&segment, bytes + place, sizeof(segment));
    if (segment.p_type == PT_LOAD &&
        !isInside(segment.p_offset, segment.p_filesz))
      return true;
  }
  return false;
}

Expected<LoadedLibrary> LoadedLibrary::open(StringRef path) {
  if (!sys::fs::exists(path))
    return createStringError("expected a compiled library, but got no file");
  if (isCutShort(path))
    return createStringError(
        "expected a compiled library, but got the beginning of one");
  // Without a slash, dlopen would search the system's folders.
  SmallString<128> absolute(path);
  sys::fs::make_absolute(absolute);
  LoadedLibrary library;
  library.handle = dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library.handle) {
    StringRef reason = dlerror();
    reason.consume_front((absolute + ": ").str());
    return createStringError(
        "expected a compiled library, but got another file (" + reason + ")");
  }
  auto query =
      reinterpret_cast<qcc_query_fn_t>(dlsym(library.handle, "qcc_query"));
  if (!query)
    return createStringError(
        "expected a compiled library, but got one that does not "
        "export qcc_query");
  library.table = query(QCC_ABI_VERSION);
  if (!library.table)
    return createStringError("expected ABI version " + Twine(QCC_ABI_VERSION) +
                             " or older, but got a newer one only");
  return library;
}

LoadedLibrary LoadedLibrary::wrap(const qcc_library_t &table) {
  LoadedLibrary library;
  library.table = &table;
  return library;
}

LoadedLibrary::LoadedLibrary(LoadedLibrary &&other)
    : handle(std::exchange(other.handle, nullptr)),
      table(std::exchange(other.table, nullptr)),
      context(std::exchange(other.context, nullptr)) {}

LoadedLibrary::~LoadedLibrary() {
  if (context)
    table->context_destroy(context);
  if (handle)
    dlclose(handle);
}

static Error check(qcc_code_t code, const qcc_status_t &status) {
  return code == QCC_OK ? Error::success() : createStringError(status.message);
}

Error LoadedLibrary::createContext(int32_t threads) {
  qcc_status_t status;
  qcc_context_options_t options = {threads, QCC_TARGET_BEST, nullptr, 0};
  return check(table->context_create(&options, &context, &status), status);
}

ArrayRef<qcc_tensor_info_t> LoadedLibrary::inputs() const {
  int32_t count = 0;
  const qcc_tensor_info_t *infos = table->inputs(&count);
  return {infos, size_t(count)};
}

ArrayRef<qcc_tensor_info_t> LoadedLibrary::outputs() const {
  int32_t count = 0;
  const qcc_tensor_info_t *infos = table->outputs(&count);
  return {infos, size_t(count)};
}

std::vector<qcc_target_info_t> LoadedLibrary::targets() const {
  std::vector<qcc_target_info_t> infos(table->num_targets());
  for (size_t i = 0; i < infos.size(); ++i)
    table->target_info(int32_t(i), &infos[i], nullptr);
  return infos;
}

qcc_target_info_t LoadedLibrary::target() const {
  return targets()[table->context_target(context)];
}

/// The interface has one struct for both directions; inputs are only read.
static std::vector<qcc_tensor_t> describe(ArrayRef<Array> arrays,
                                          ArrayRef<qcc_tensor_info_t> infos) {
  std::vector<qcc_tensor_t> tensors;
  for (auto [array, info] : zip_equal(arrays, infos))
    tensors.push_back({const_cast<uint8_t *>(array.bytes.data()),
                       QCC_DEVICE_CPU, 0, int32_t(array.shape.size()),
                       dtypeOf(array, info),
                       const_cast<int64_t *>(array.shape.data()), nullptr, 0});
  return tensors;
}

Error LoadedLibrary::run(ArrayRef<Array> inputArrays,
                         MutableArrayRef<Array> outputArrays,
                         int64_t batch) const {
  qcc_status_t status;
  std::vector<qcc_tensor_t> in = describe(inputArrays, inputs());
  std::vector<qcc_tensor_t> out = describe(outputArrays, outputs());
  return check(table->run(context, in.data(), out.data(), batch, &status),
               status);
}

Error LoadedLibrary::setProfile(bool enabled) const {
  qcc_status_t status;
  return check(table->set_profile(context, enabled, &status), status);
}

Expected<std::vector<qcc_profile_entry_t>> LoadedLibrary::readProfile() const {
  qcc_status_t status;
  std::vector<qcc_profile_entry_t> entries(target().num_ops);
  for (size_t i = 0; i < entries.size(); ++i) {
    qcc_code_t code =
        table->profile_entry(context, int32_t(i), &entries[i], &status);
    if (code != QCC_OK)
      return createStringError(status.message);
  }
  return entries;
}

Expected<qcc_observed_info_t> LoadedLibrary::readObserved(int32_t index) const {
  qcc_status_t status;
  qcc_observed_info_t info = {};
  if (table->observed(context, index, &info, &status) != QCC_OK)
    return createStringError(status.message);
  return info;
}

} // namespace qcc::evaluate
