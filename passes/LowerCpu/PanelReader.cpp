// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A register of codes on avx512, four bits: one load gives two steps,
//
//   vpandd  zmm0, zmm2, [block]{mask 0x0f}     step 2q
//   vpsrlw  zmm1, zmm2, 4 ; vpandd             step 2q + 1
//
// and one bit more from the high plane a shift, an and, an or. Codebooks are
// one vpshufb.

#include "passes/LowerCpu/PanelReader.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {

Value PanelReader::bytesOf(uint64_t value, int64_t count) {
  return e.constantInt(e.vectorOf(e.getI8Type(), count), value);
}

Value PanelReader::loadBlockScale(Value at) {
  Type f32 = e.vectorOf(e.getF32Type(), lanes);
  switch (format.scale) {
  case BlockScale::None:
    return {};
  case BlockScale::F32:
    return bytes.loadFloats(at, lanes);
  case BlockScale::F16:
    return arith::ExtFOp::create(e, f32, bytes.load(at, e.getF16Type(), lanes));
  case BlockScale::Exponent:
    break;
  }
  // 2^(x - 128), as ggml halves it for codes that are doubled: bits (x - 1) <<
  // 23, and those below the smallest normal number for x < 2.
  Type i32 = e.vectorOf(e.getI32Type(), lanes);
  Value x =
      arith::ExtUIOp::create(e, i32, bytes.load(at, e.getI8Type(), lanes));
  Value normal = arith::ShLIOp::create(
      e, arith::SubIOp::create(e, x, e.constantInt(i32, 1)),
      e.constantInt(i32, 23));
  Value small = arith::ShLIOp::create(e, e.constantInt(i32, 0x00200000), x);
  Value isSmall = arith::CmpIOp::create(e, arith::CmpIPredicate::ult, x,
                                        e.constantInt(i32, 2));
  return e.bitcast(arith::SelectOp::create(e, isSmall, small, normal),
                   e.getF32Type());
}

Value PanelReader::loadScale(Value block, int64_t group) {
  int64_t number = group % format.scales();
  return loadBlockScale(e.add(block, number * format.scaleBytes() * lanes));
}

Value PanelReader::loadMinimum(Value block, int64_t group) {
  if (!format.hasMinimum)
    return {};
  return loadScale(e.add(block, format.minimumAt(lanes)), group);
}

/// An integer of `groupBits` for each lane as f32, less its offset.
Value PanelReader::loadGroupNumber(Value planes, int64_t group) {
  Type i32 = e.vectorOf(e.getI32Type(), lanes);
  Type f32 = e.vectorOf(e.getF32Type(), lanes);
  auto load = [&](int64_t row) {
    return bytes.load(e.add(planes, row * lanes), e.getI8Type(), lanes);
  };
  auto extract = [&](Value vector, int64_t shift, int64_t mask) -> Value {
    Value wide = arith::ExtUIOp::create(e, i32, vector);
    if (shift)
      wide = arith::ShRUIOp::create(e, wide, e.constantInt(i32, shift));
    return arith::AndIOp::create(e, wide, e.constantInt(i32, mask));
  };
  if (format.groupBits == 8)
    return arith::SIToFPOp::create(e, f32,
                                   arith::ExtSIOp::create(e, i32, load(group)));
  Value number = extract(load(group / 2), group % 2 * 4, 15);
  if (format.groupBits == 6) {
    Value high =
        extract(load(format.groups() / 2 + group / 4), group % 4 * 2, 3);
    high = arith::ShLIOp::create(e, high, e.constantInt(i32, 4));
    number = arith::OrIOp::create(e, number, high);
  }
  if (format.groupOffset)
    number = arith::SubIOp::create(e, number,
                                   e.constantInt(i32, format.groupOffset));
  return arith::SIToFPOp::create(e, f32, number);
}

/// Six bits of pair number `pair` of the number words from bit `half` on;
/// `repeat` is 1, or has a one for each half that is wanted.
Value PanelReader::loadNumberBits(Value block, int64_t pair, int64_t half,
                                  int64_t repeat) {
  Type i32 = e.vectorOf(e.getI32Type(), lanes);
  auto extract = [&](int64_t word, int64_t shift, int64_t mask) -> Value {
    Value at = e.add(block, format.groupScalesAt(lanes) + word * 4 * lanes);
    Value bits = bytes.load(at, e.getI32Type(), lanes);
    if (shift)
      bits = arith::ShRUIOp::create(e, bits, e.constantInt(i32, shift));
    return arith::AndIOp::create(e, bits, e.constantInt(i32, mask * repeat));
  };
  if (pair < 6)
    return extract(pair / 2, half + pair % 2 * 6, 63);
  Value low = extract(pair == 6 ? 0 : 2, half + 12, 15);
  Value high = extract(1, half + (pair == 6 ? 8 : 10), 0x30);
  return arith::OrIOp::create(e, low, high);
}

Value PanelReader::loadNumber(Value block, int64_t number) {
  Value bits = loadNumberBits(block, number / 2, number % 2 * 16, 1);
  if (format.groupOffset)
    bits = arith::SubIOp::create(
        e, bits, e.constantInt(bits.getType(), format.groupOffset));
  return arith::SIToFPOp::create(e, e.vectorOf(e.getF32Type(), lanes), bits);
}

Value PanelReader::loadMinimumPair(Value block, int64_t pair) {
  return loadNumberBits(block, format.groups() / 2 + pair, 0, 0x00010001);
}

Value PanelReader::loadGroupScale(Value block, int64_t group) {
  if (!format.groupBits)
    return {};
  if (format.hasNumberWords())
    return loadNumber(block, group);
  return loadGroupNumber(e.add(block, format.groupScalesAt(lanes)), group);
}

Value PanelReader::loadGroupMinimum(Value block, int64_t group) {
  if (!format.hasGroupMinimum)
    return {};
  if (format.hasNumberWords())
    return loadNumber(block, format.groups() + group);
  return loadGroupNumber(e.add(block, format.groupMinimaAt(lanes)), group);
}

/// Codes of `step` in a plane of `bits`, moved up by `shift`.
Value PanelReader::loadStep(Value plane, int64_t bits, int64_t step,
                            int64_t shift) {
  int64_t width = 4 * lanes, perRegister = 8 / bits;
  Value codes = bytes.load(e.add(plane, step / perRegister * width),
                           e.getI8Type(), width);
  if (bits == 8)
    return codes;
  int64_t position = step % perRegister * bits;
  int64_t mask = ((1 << bits) - 1) << shift;
  if (position > shift)
    codes = arith::ShRUIOp::create(e, codes, bytesOf(position - shift, width));
  else if (position < shift)
    codes = arith::ShLIOp::create(e, codes, bytesOf(shift - position, width));
  return arith::AndIOp::create(e, codes, bytesOf(mask, width));
}

/// Entries of the codebook for codes 0 to 15.
Value PanelReader::lookUp(Value codes) {
  const uint8_t *entries = getCodebook(format.codebook);
  int64_t width = 4 * lanes;
  VectorType type = e.vectorOf(e.getI8Type(), width);
  SmallVector<int8_t> table;
  for (int64_t i = 0; i < width; ++i)
    table.push_back(static_cast<int8_t>(entries[i % 16]));
  Value constant = arith::ConstantOp::create(
      e, DenseElementsAttr::get(type, ArrayRef<int8_t>(table)));
  return e.intrinsic(lanes == 16 ? "llvm.x86.avx512.pshuf.b.512"
                                 : "llvm.x86.avx2.pshuf.b",
                     type, {constant, codes});
}

SmallVector<Value> PanelReader::loadCodes(Value block, int64_t chunk) {
  int64_t low = format.lowBits(), high = format.highBits();
  int64_t chunkBytes = 32 * format.bits * lanes / 8;
  Value plane = e.add(block, format.codesAt(lanes) + chunk * chunkBytes);
  Value highPlane = e.add(plane, 32 * low * lanes / 8);
  SmallVector<Value> steps;
  for (int64_t step = 0; step < 8; ++step) {
    Value codes = loadStep(plane, low, step, 0);
    if (high)
      codes =
          arith::OrIOp::create(e, codes, loadStep(highPlane, high, step, low));
    if (format.codebook != Codebook::None)
      codes = lookUp(codes);
    steps.push_back(codes);
  }
  return steps;
}

/// Two columns of bf16, which are the upper halves of f32.
SmallVector<Value> PanelReader::loadPair(Value block) {
  Type i32 = e.vectorOf(e.getI32Type(), lanes);
  Value pairs = bytes.load(block, e.getI32Type(), lanes);
  Value first = arith::ShLIOp::create(e, pairs, e.constantInt(i32, 16));
  Value second =
      arith::AndIOp::create(e, pairs, e.constantInt(i32, int32_t(0xffff0000)));
  return {e.bitcast(first, e.getF32Type()), e.bitcast(second, e.getF32Type())};
}

SmallVector<Value> PanelReader::loadValues(Value block, int64_t chunk) {
  Type f32 = e.vectorOf(e.getF32Type(), lanes);
  Type i32 = e.vectorOf(e.getI32Type(), lanes);
  if (format.isBrain)
    return loadPair(block);
  if (format.isFloat) {
    if (format.bits == 32)
      return {bytes.loadFloats(block, lanes)};
    Value half = bytes.load(block, e.getF16Type(), lanes);
    return {arith::ExtFOp::create(e, f32, half)};
  }
  SmallVector<Value> scales, minima, values;
  for (int64_t i = 0; i < format.scales(); ++i) {
    scales.push_back(loadScale(block, i));
    minima.push_back(loadMinimum(block, i));
  }
  int64_t perGroup = std::min<int64_t>(format.group, 32);
  for (auto [step, codes] : llvm::enumerate(loadCodes(block, chunk)))
    for (int64_t j = 0; j < 4; ++j) {
      int64_t group =
          (32 * chunk + 4 * step) / perGroup * perGroup / format.group;
      Value code = arith::ShRUIOp::create(e, e.bitcast(codes, e.getI32Type()),
                                          e.constantInt(i32, 8 * j));
      code = arith::AndIOp::create(e, code, e.constantInt(i32, 255));
      if (format.offset)
        code =
            arith::SubIOp::create(e, code, e.constantInt(i32, format.offset));
      Value value = arith::SIToFPOp::create(e, f32, code);
      // Products in ggml's order: (scale * group scale) * code.
      int64_t number = group % format.scales();
      Value scale = scales[number], minimum = minima[number];
      if (Value groupScale = loadGroupScale(block, group))
        scale = arith::MulFOp::create(e, scale, groupScale);
      if (Value groupMinimum = loadGroupMinimum(block, group))
        minimum = arith::MulFOp::create(e, minimum, groupMinimum);
      value = arith::MulFOp::create(e, scale, value);
      if (minimum)
        value = arith::SubFOp::create(e, value, minimum);
      values.push_back(value);
    }
  return values;
}

} // namespace qcc
