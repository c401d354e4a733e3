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

namespace {

/// The constants that a lazy weight is made of, and what is done to them.
struct Chain {
  ArrayAttr sources;
  SmallVector<Attribute> steps;
};

} // namespace

static Chain describeChain(Value value);

/// What the op at the start of a chain does: how the parts of
/// qcc.unpack_weight are to be read, what qcc.stack_blocks has below each
/// other; for a constant, its type.
static Attribute describeFirst(Operation *op) {
  Builder b(op->getContext());
  Attribute type = TypeAttr::get(op->getResult(0).getType());
  SmallVector<NamedAttribute> entries = {b.getNamedAttr("type", type)};
  if (auto unpack = dyn_cast<UnpackWeightOp>(op)) {
    entries.push_back(b.getNamedAttr("layout", unpack.getLayoutAttr()));
    entries.push_back(b.getNamedAttr("parameters", unpack.getParametersAttr()));
  } else if (auto stack = dyn_cast<StackBlocksOp>(op)) {
    SmallVector<Attribute> parts;
    for (Value source : stack.getSources()) {
      Chain part = describeChain(source);
      parts.push_back(b.getDictionaryAttr(
          {b.getNamedAttr("sources", part.sources),
           b.getNamedAttr("steps", b.getArrayAttr(part.steps))}));
    }
    entries.push_back(b.getNamedAttr("parts", b.getArrayAttr(parts)));
  } else {
    return type;
  }
  return b.getDictionaryAttr(entries);
}

static Chain describeChain(Value value) {
  Operation *op = value.getDefiningOp();
  Chain chain;
  for (; isa<PackPanelsOp, QuantizeBlocksOp>(op);
       op = op->getOperand(0).getDefiningOp())
    chain.steps.push_back(TypeAttr::get(op->getResult(0).getType()));
  chain.steps.push_back(describeFirst(op));
  std::reverse(chain.steps.begin(), chain.steps.end());
  SmallVector<Attribute> sources;
  auto addSource = [&](Value constant) {
    Attribute attribute;
    matchPattern(constant, m_Constant(&attribute));
    sources.push_back(attribute);
  };
  if (isa<UnpackWeightOp>(op))
    llvm::for_each(op->getOperands(), addSource);
  else if (!isa<StackBlocksOp>(op))
    addSource(op->getResult(0));
  chain.sources = ArrayAttr::get(value.getContext(), sources);
  return chain;
}

int64_t WeightBytes::placeLazy(Operation *op) {
  hasLazy = true;
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  Chain chain = describeChain(op->getResult(0));
  std::vector<const void *> key{chain.sources.getAsOpaquePointer()};
  for (Attribute step : chain.steps)
    key.push_back(step.getAsOpaquePointer());
  auto [entry, isNew] = lazyOffsets.try_emplace(key, 0);
  if (isNew)
    entry->second = append(type.getNumElements(), chain.sources, chain.steps);
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
