// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The grid type: text form, bounds, checks.

#include "dialects/Qcc/IR/Qcc.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#define GET_TYPEDEF_CLASSES
#include "dialects/Qcc/IR/QccTypes.cpp.inc"

namespace qcc {

void QccDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/Qcc/IR/QccTypes.cpp.inc"
      >();
}

QuantType QuantType::get(MLIRContext *context, unsigned bits, bool isSigned,
                         float scale, int64_t zeroPoint) {
  return Base::get(context, bits, isSigned, APFloat(scale), zeroPoint);
}

int64_t QuantType::getLowest() const {
  return getIsSigned() ? -(int64_t(1) << (getBits() - 1)) : 0;
}

int64_t QuantType::getHighest() const {
  return (int64_t(1) << (getBits() - (getIsSigned() ? 1 : 0))) - 1;
}

IntegerType QuantType::getStorageType() const {
  return IntegerType::get(getContext(), getBits() <= 8 ? 8 : getBits());
}

LogicalResult QuantType::verify(function_ref<InFlightDiagnostic()> emitError,
                                unsigned bits, bool isSigned, APFloat scale,
                                int64_t zeroPoint) {
  if (bits != 4 && bits != 8 && bits != 16 && bits != 32)
    return emitError() << "expected storage of 4, 8, 16 or 32 bits, but got "
                       << bits;
  if (&scale.getSemantics() != &APFloat::IEEEsingle() || !scale.isFinite() ||
      scale.isNegative() || scale.isZero())
    return emitError() << "expected a finite f32 scale above zero, but got "
                       << scale.convertToDouble();
  int64_t low = isSigned ? -(int64_t(1) << (bits - 1)) : 0;
  int64_t high = (int64_t(1) << (bits - (isSigned ? 1 : 0))) - 1;
  if (zeroPoint < low || zeroPoint > high)
    return emitError() << "expected a zero point from " << low << " to " << high
                       << ", but got " << zeroPoint;
  return success();
}

// `<` storage `,` scale `,` zero_point `>`, e.g. <u8, 2.5e-1, 128>
Type QuantType::parse(AsmParser &parser) {
  StringRef storage;
  APFloat scale(0.0f);
  int64_t zeroPoint = 0;
  unsigned bits;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword(&storage) ||
      parser.parseComma() ||
      parser.parseFloat(APFloat::IEEEsingle(), scale) || parser.parseComma() ||
      parser.parseInteger(zeroPoint) || parser.parseGreater())
    return {};
  bool isSigned = storage.starts_with("i");
  if ((!isSigned && !storage.starts_with("u")) ||
      storage.drop_front().getAsInteger(10, bits)) {
    parser.emitError(loc, "expected storage like u8 or i8, but got ")
        << storage;
    return {};
  }
  return getChecked([&] { return parser.emitError(loc); }, parser.getContext(),
                    bits, isSigned, scale, zeroPoint);
}

void QuantType::print(AsmPrinter &printer) const {
  printer << "<" << (getIsSigned() ? "i" : "u") << getBits() << ", ";
  printer.printFloat(getScale());
  printer << ", " << getZeroPoint() << ">";
}

QuantType getQuantType(Type tensorType) {
  auto shaped = dyn_cast<ShapedType>(tensorType);
  return shaped ? dyn_cast<QuantType>(shaped.getElementType()) : QuantType();
}

int64_t getElementBytes(Type elementType) {
  if (auto quant = dyn_cast<QuantType>(elementType))
    return quant.getStorageType().getWidth() / 8;
  return (elementType.getIntOrFloatBitWidth() + 7) / 8;
}

} // namespace qcc
