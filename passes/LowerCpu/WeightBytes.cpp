// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds equal constants by the attribute, then by a hash of what they hold.

#include "passes/LowerCpu/WeightBytes.h"

#include "dialects/Qcc/IR/Constants.h"

#include "mlir/IR/Matchers.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;

namespace qcc {

int64_t WeightBytes::place(Value constant) {
  Attribute attribute;
  matchPattern(constant, m_Constant(&attribute));
  auto [entry, isNew] = offsets.try_emplace(attribute, 0);
  if (isNew) {
    std::optional<ConstantBytes> held = getConstantBytes(attribute);
    assert(held && "tensor constants have bytes");
    entry->second = place(held->bytes);
  }
  return entry->second;
}

int64_t WeightBytes::place(ArrayRef<char> constant) {
  uint64_t hash = llvm::xxh3_64bits(
      {reinterpret_cast<const uint8_t *>(constant.data()), constant.size()});
  auto [first, last] = byHash.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    auto [offset, size] = it->second;
    if (constant == ArrayRef<char>(bytes).slice(offset, size))
      return offset;
  }
  bytes.resize(llvm::alignTo(bytes.size(), kAlignment));
  int64_t offset = bytes.size();
  bytes.insert(bytes.end(), constant.begin(), constant.end());
  byHash.insert({hash, {offset, constant.size()}});
  return offset;
}

ArrayRef<char> WeightBytes::finish() {
  constexpr int64_t kReadAhead = 64;
  bytes.resize(llvm::alignTo(bytes.size() + kReadAhead, kAlignment));
  return bytes;
}

} // namespace qcc
