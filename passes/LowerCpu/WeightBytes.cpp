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

/// What one op of a chain does, as an attribute: its result's type, and for
/// qcc.unpack_weight how the parts are to be read.
static Attribute describeStep(Operation *op) {
  Attribute type = TypeAttr::get(op->getResult(0).getType());
  auto unpack = dyn_cast<UnpackWeightOp>(op);
  if (!unpack)
    return type;
  Builder builder(op->getContext());
  return builder.getDictionaryAttr(
      {builder.getNamedAttr("layout", unpack.getLayoutAttr()),
       builder.getNamedAttr("parameters", unpack.getParametersAttr()),
       builder.getNamedAttr("type", type)});
}

int64_t WeightBytes::placeLazy(Operation *op) {
  hasLazy = true;
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  SmallVector<Attribute> steps, sources;
  for (; !isa<UnpackWeightOp>(op); op = op->getOperand(0).getDefiningOp()) {
    steps.insert(steps.begin(), describeStep(op));
    if (!isLazyWeight(op))
      break;
  }
  if (isa<UnpackWeightOp>(op))
    steps.insert(steps.begin(), describeStep(op));
  auto addSource = [&](Value constant) {
    Attribute attribute;
    matchPattern(constant, m_Constant(&attribute));
    sources.push_back(attribute);
  };
  if (isa<UnpackWeightOp>(op))
    llvm::for_each(op->getOperands(), addSource);
  else
    addSource(op->getResult(0));
  Attribute source = ArrayAttr::get(op->getContext(), sources);
  std::vector<const void *> key{source.getAsOpaquePointer()};
  for (Attribute step : steps)
    key.push_back(step.getAsOpaquePointer());
  auto [entry, isNew] = lazyOffsets.try_emplace(key, 0);
  if (isNew)
    entry->second = append(type.getNumElements(), source, steps);
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
