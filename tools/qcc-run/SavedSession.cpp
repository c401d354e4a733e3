// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A file of --save-session: the sequence as the library saves it, then 8 bytes
// "qcc.last" and the id of its last token, little-endian. Keys and values do
// not say what follows them; reading that token once more does.

#include "tools/qcc-run/Language.h"

#include "compiler/Evaluate/OutputFile.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace qcc::evaluate;

namespace qcc::run {

static constexpr StringLiteral kMark = "qcc.last";

Expected<std::optional<int32_t>> loadSession(LoadedLanguage &model,
                                             StringRef path) {
  auto file = MemoryBuffer::getFile(path, /*IsText=*/false,
                                    /*RequiresNullTerminator=*/false);
  if (!file)
    return createStringError(path + ": expected a saved session, but got " +
                             file.getError().message());
  StringRef bytes = (*file)->getBuffer();
  std::optional<int32_t> last;
  StringRef end = bytes.take_back(kMark.size() + sizeof(int32_t));
  if (end.consume_front(kMark) && end.size() == sizeof(int32_t)) {
    last = support::endian::read32le(end.data());
    bytes = bytes.drop_back(kMark.size() + sizeof(int32_t));
  }
  if (Error error = model.restore({bytes.data(), bytes.size()}))
    return createStringError(path + ": " + toString(std::move(error)));
  return last;
}

Error saveSession(const LoadedLanguage &model, int32_t last, StringRef path) {
  Expected<std::vector<char>> bytes = model.save();
  if (!bytes)
    return bytes.takeError();
  std::string text(bytes->data(), bytes->size());
  text += kMark;
  char id[sizeof(int32_t)];
  support::endian::write32le(id, uint32_t(last));
  text.append(id, sizeof id);
  return writeFile(path, text);
}

} // namespace qcc::run
