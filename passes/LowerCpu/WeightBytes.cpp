// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds equal constants by the attribute, then by a hash of what they hold.

#include "passes/LowerCpu/WeightBytes.h"

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;

namespace qcc {

int64_t WeightBytes::size() const {
  constexpr int64_t kReadAhead = 64;
  return llvm::alignTo(end + kReadAhead, kAlignment);
}

int64_t WeightBytes::append(int64_t size, Attribute source,
                            ArrayRef<Attribute> steps) {
  int64_t offset = llvm::alignTo(end, kAlignment);
  end = offset + size;
  segments.push_back({offset, size, source, SmallVector<Attribute>(steps)});
  return offset;
}

int64_t WeightBytes::place(Value constant) {
  if (Operation *op = constant.getDefiningOp(); op && isLazyWeight(op))
    return placeLazy(op);
  Attribute attribute;
  matchPattern(constant, m_Constant(&attribute));
  auto known = offsets.find(attribute);
  if (known != offsets.end())
    return known->second;
  int64_t offset = placeConstant(attribute);
  offsets[attribute] = offset;
  return offset;
}

int64_t WeightBytes::placeConstant(Attribute attribute) {
  std::optional<ConstantBytes> held = getConstantBytes(attribute);
  assert(held && "tensor constants have bytes");
  ArrayRef<char> bytes = held->bytes;
  uint64_t hash = llvm::xxh3_64bits(
      {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()});
  auto [first, last] = byHash.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    const Segment &segment = segments[it->second];
    if (getConstantBytes(segment.source)->bytes == bytes)
      return segment.offset;
  }
  byHash.insert({hash, segments.size()});
  return append(bytes.size(), attribute, {});
}

int64_t WeightBytes::placeLazy(Operation *op) {
  hasLazy = true;
  SmallVector<Attribute> steps;
  Value source = op->getResult(0);
  while (Operation *maker = source.getDefiningOp()) {
    steps.insert(steps.begin(), TypeAttr::get(source.getType()));
    if (!isLazyWeight(maker))
      break;
    source = maker->getOperand(0);
  }
  Attribute attribute;
  matchPattern(source, m_Constant(&attribute));
  std::vector<const void *> key{attribute.getAsOpaquePointer()};
  for (Attribute step : steps)
    key.push_back(step.getAsOpaquePointer());
  auto [entry, isNew] = lazyOffsets.try_emplace(key, 0);
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  if (isNew)
    entry->second = append(type.getNumElements(), attribute, steps);
  return entry->second;
}

Attribute WeightBytes::makeResource(MLIRContext *context) const {
  auto type = RankedTensorType::get({size()}, IntegerType::get(context, 8));
  auto blob = HeapAsmResourceBlob::allocate(size(), kAlignment);
  char *bytes = blob.getMutableData().data();
  std::fill_n(bytes, size(), 0);
  for (const Segment &segment : segments)
    llvm::copy(getConstantBytes(segment.source)->bytes, bytes + segment.offset);
  return DenseResourceElementsAttr::get(type, "qcc_weights", std::move(blob));
}

Attribute WeightBytes::getAttribute(MLIRContext *context) const {
  if (!hasLazy)
    return makeResource(context);
  Builder builder(context);
  SmallVector<Attribute> entries;
  for (const Segment &segment : segments)
    entries.push_back(builder.getDictionaryAttr(
        {builder.getNamedAttr("offset",
                              builder.getI64IntegerAttr(segment.offset)),
         builder.getNamedAttr("size", builder.getI64IntegerAttr(segment.size)),
         builder.getNamedAttr("source", segment.source),
         builder.getNamedAttr("steps", builder.getArrayAttr(segment.steps))}));
  return builder.getArrayAttr(entries);
}

} // namespace qcc
