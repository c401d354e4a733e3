// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Small emissions that every kernel is made of.

#include "passes/LowerCpu/KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {

std::optional<int64_t> constantIndex(Value value) {
  return getConstantIntValue(OpFoldResult(value));
}

Value KernelEmitter::index(int64_t value) {
  return arith::ConstantIndexOp::create(*this, value);
}

Value KernelEmitter::add(Value a, Value b) {
  return createOrFold<arith::AddIOp>(a, b);
}

Value KernelEmitter::add(Value a, int64_t b) {
  return b == 0 ? a : add(a, index(b));
}

Value KernelEmitter::mul(Value a, int64_t b) {
  return b == 1 ? a : createOrFold<arith::MulIOp>(a, index(b));
}

Value KernelEmitter::div(Value a, int64_t b) {
  return b == 1 ? a : createOrFold<arith::DivUIOp>(a, index(b));
}

Value KernelEmitter::rem(Value a, int64_t b) {
  return b == 1 ? index(0) : createOrFold<arith::RemUIOp>(a, index(b));
}

Value KernelEmitter::min(Value a, Value b) {
  return createOrFold<arith::MinSIOp>(a, b);
}

Value KernelEmitter::max(Value a, Value b) {
  return createOrFold<arith::MaxSIOp>(a, b);
}

Value KernelEmitter::constant(Type type, double value) {
  Type element = getElementTypeOrSelf(type);
  APFloat number(value);
  bool losesInfo;
  number.convert(cast<FloatType>(element).getFloatSemantics(),
                 APFloat::rmNearestTiesToEven, &losesInfo);
  TypedAttr attr = FloatAttr::get(element, number);
  if (auto vector = dyn_cast<VectorType>(type))
    attr = DenseElementsAttr::get(vector, Attribute(attr));
  return arith::ConstantOp::create(*this, attr);
}

Value KernelEmitter::constantInt(Type type, int64_t value) {
  TypedAttr attr = IntegerAttr::get(getElementTypeOrSelf(type), value);
  if (auto vector = dyn_cast<VectorType>(type))
    attr = DenseElementsAttr::get(vector, Attribute(attr));
  return arith::ConstantOp::create(*this, attr);
}

void KernelEmitter::loop(Value low, Value high, int64_t step,
                         function_ref<void(Value)> body, bool keepRolled) {
  std::optional<int64_t> first = constantIndex(low), end = constantIndex(high);
  if (first && end && *end - *first <= step) {
    if (*end > *first)
      body(low);
    return;
  }
  auto loop = scf::ForOp::create(*this, low, high, index(step));
  if (keepRolled)
    loop->setAttr("qcc.no_unroll", getUnitAttr());
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

SmallVector<Value> KernelEmitter::reduceLoop(
    Value low, Value high, int64_t step, ValueRange inits,
    function_ref<SmallVector<Value>(Value, ValueRange)> body, bool keepRolled) {
  std::optional<int64_t> first = constantIndex(low), end = constantIndex(high);
  if (first && end && *end - *first == step)
    return body(low, inits);
  auto loop = scf::ForOp::create(*this, low, high, index(step), inits);
  if (keepRolled)
    loop->setAttr("qcc.no_unroll", getUnitAttr());
  {
    OpBuilder::InsertionGuard guard(*this);
    setInsertionPointToStart(loop.getBody());
    scf::YieldOp::create(
        *this, body(loop.getInductionVar(), loop.getRegionIterArgs()));
  }
  return SmallVector<Value>(loop.getResults());
}

void KernelEmitter::ifThen(Value condition, function_ref<void()> body) {
  auto op = scf::IfOp::create(*this, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(op.thenBlock());
  body();
}

void KernelEmitter::ifThenElse(Value condition, function_ref<void()> body,
                               function_ref<void()> otherwise) {
  auto op = scf::IfOp::create(*this, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(op.thenBlock());
  body();
  setInsertionPointToStart(op.elseBlock());
  otherwise();
}

VectorType KernelEmitter::vectorOf(Type element, int64_t count) {
  return VectorType::get({count}, element);
}

Value KernelEmitter::load(Value buffer, Value at) {
  return memref::LoadOp::create(*this, buffer, at);
}

void KernelEmitter::store(Value value, Value buffer, Value at) {
  memref::StoreOp::create(*this, value, buffer, at);
}

Value KernelEmitter::loadVector(Value buffer, Value at, int64_t count) {
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  return vector::LoadOp::create(*this, vectorOf(element, count), buffer, at);
}

Value KernelEmitter::loadPart(Value buffer, Value at, int64_t count,
                              Value valid) {
  if (std::optional<int64_t> known = constantIndex(valid);
      known && *known >= count)
    return loadVector(buffer, at, count);
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  VectorType type = vectorOf(element, count);
  Value mask =
      vector::CreateMaskOp::create(*this, vectorOf(getI1Type(), count), valid);
  Value zero = arith::ConstantOp::create(*this, getZeroAttr(type));
  return vector::MaskedLoadOp::create(*this, type, buffer, at, mask, zero);
}

void KernelEmitter::storeVector(Value vector, Value buffer, Value at) {
  vector::StoreOp::create(*this, vector, buffer, at);
}

void KernelEmitter::storePart(Value vector, Value buffer, Value at,
                              Value valid) {
  int64_t count = cast<VectorType>(vector.getType()).getNumElements();
  if (std::optional<int64_t> known = constantIndex(valid);
      known && *known >= count)
    return storeVector(vector, buffer, at);
  Value mask =
      vector::CreateMaskOp::create(*this, vectorOf(getI1Type(), count), valid);
  vector::MaskedStoreOp::create(*this, buffer, at, mask, vector);
}

Value KernelEmitter::loadStrided(Value buffer, Value at, int64_t stride,
                                 int64_t count, int64_t valid) {
  if (stride == 1)
    return loadPart(buffer, at, count, index(valid));
  if (stride == 0)
    return splat(load(buffer, at), count);
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  SmallVector<Value> elements;
  for (int64_t i = 0; i < valid; ++i)
    elements.push_back(load(buffer, add(at, i * stride)));
  if (valid < count)
    elements.resize(count,
                    arith::ConstantOp::create(*this, getZeroAttr(element)));
  return vector::FromElementsOp::create(*this, vectorOf(element, count),
                                        elements);
}

void KernelEmitter::storeStrided(Value vector, Value buffer, Value at,
                                 int64_t stride, int64_t valid) {
  if (stride == 1)
    return storePart(vector, buffer, at, index(valid));
  for (int64_t i = 0; i < valid; ++i)
    store(vector::ExtractOp::create(*this, vector, i), buffer,
          add(at, i * stride));
}

bool KernelEmitter::hasGather(Type element) const {
  return target.vectorBytes() == 64 && element.getIntOrFloatBitWidth() >= 32;
}

Value KernelEmitter::gather(Value buffer, Value at, Value places,
                            int64_t valid) {
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  int64_t count = cast<VectorType>(places.getType()).getNumElements();
  VectorType type = vectorOf(element, count);
  if (hasGather(element)) {
    Value mask = vector::CreateMaskOp::create(
        *this, vectorOf(getI1Type(), count), index(valid));
    Value zero = arith::ConstantOp::create(*this, getZeroAttr(type));
    return vector::GatherOp::create(*this, type, buffer, at, places, mask,
                                    zero);
  }
  SmallVector<Value> elements;
  for (int64_t i = 0; i < valid; ++i) {
    Value place = vector::ExtractOp::create(*this, places, i);
    place = arith::IndexCastOp::create(*this, getIndexType(), place);
    elements.push_back(load(buffer, arith::AddIOp::create(*this, at, place)));
  }
  if (valid < count)
    elements.resize(count,
                    arith::ConstantOp::create(*this, getZeroAttr(element)));
  return vector::FromElementsOp::create(*this, type, elements);
}

void KernelEmitter::prefetch(Value buffer, Value at) {
  memref::PrefetchOp::create(*this, buffer, at, /*isWrite=*/false,
                             /*localityHint=*/2, /*isDataCache=*/true);
}

Value KernelEmitter::prefetchWith(Value value, Value buffer, Value at,
                                  ArrayRef<int64_t> aheads) {
  Value base = memref::ExtractAlignedPointerAsIndexOp::create(*this, buffer);
  Value address =
      arith::IndexCastOp::create(*this, getI64Type(), add(base, at));
  std::string text;
  for (int64_t ahead : aheads)
    text += ("prefetchnta " + Twine(ahead) + "($2)\n").str();
  return LLVM::InlineAsmOp::create(
             *this, value.getType(), ValueRange{value, address}, text,
             /*constraints=*/"=v,0,r", /*has_side_effects=*/false,
             /*is_align_stack=*/false, LLVM::TailCallKind::None,
             LLVM::AsmDialectAttr(), ArrayAttr())
      .getResult(0);
}

// Written as load, splat, bitcast so that LLVM folds it into one vpbroadcastd
// from memory.
Value KernelEmitter::broadcastDword(Value buffer, Value at) {
  Value bytes = loadVector(buffer, at, 4);
  Value dword = vector::ExtractOp::create(*this, bitcast(bytes, getI32Type()),
                                          int64_t(0));
  return bitcast(splat(dword, target.lanes), getI8Type());
}

Value KernelEmitter::splat(Value scalar, int64_t count) {
  return vector::BroadcastOp::create(*this, vectorOf(scalar.getType(), count),
                                     scalar);
}

Value KernelEmitter::shuffle(Value a, Value b, ArrayRef<int64_t> mask) {
  return vector::ShuffleOp::create(*this, a, b, mask);
}

Value KernelEmitter::bitcast(Value vector, Type element) {
  auto type = cast<VectorType>(vector.getType());
  int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
  return vector::BitCastOp::create(
      *this, vectorOf(element, bits / element.getIntOrFloatBitWidth()), vector);
}

Value KernelEmitter::intrinsic(StringRef name, Type result,
                               ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(*this, result, getStringAttr(name),
                                       operands)
      .getResult(0);
}

Value KernelEmitter::minFloat(Value a, Value b) {
  Value less = arith::CmpFOp::create(*this, arith::CmpFPredicate::OLT, a, b);
  return arith::SelectOp::create(*this, less, a, b);
}

Value KernelEmitter::maxFloat(Value a, Value b) {
  Value more = arith::CmpFOp::create(*this, arith::CmpFPredicate::OGT, a, b);
  return arith::SelectOp::create(*this, more, a, b);
}

Value KernelEmitter::convertToInt(Value vector) {
  int64_t count = cast<VectorType>(vector.getType()).getNumElements();
  VectorType ints = vectorOf(getI32Type(), count);
  if (count == 16)
    return intrinsic("llvm.x86.avx512.mask.cvtps2dq.512", ints,
                     {vector, constantInt(ints, 0),
                      constantInt(getI16Type(), -1),
                      constantInt(getI32Type(), 4)});
  assert((count == 8 || count == 4) && "one register of f32");
  return intrinsic(count == 8 ? "llvm.x86.avx.cvt.ps2dq.256"
                              : "llvm.x86.sse2.cvtps2dq",
                   ints, vector);
}

} // namespace qcc
