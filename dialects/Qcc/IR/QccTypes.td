// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The element type of quantized tensors, and the constraints that ops use.

#ifndef QCC_TYPES_TD
#define QCC_TYPES_TD

include "dialects/Qcc/IR/QccDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinTypes.td"

def Qcc_QuantType : TypeDef<Qcc_Dialect, "Quant"> {
  let mnemonic = "quant";
  let summary = "integers on a uniform grid: value = (q - zero_point) * scale";
  let description = [{
    `!qcc.quant<u8, 0.0235, 128>`: storage `u8`, `i8`, `u16`, `i16` or `i32`,
    then the f32 scale and the zero point. One grid for the whole tensor.

    Upstream's `!quant.uniform` prints its scale with seven digits, so text
    would not round-trip to the same integers; this type prints it exactly.
    Upstream types are converted when a file is read (`qcc-adopt-quant`).
  }];
  let parameters = (ins
    "unsigned":$bits, "bool":$isSigned,
    APFloatParameter<"f32 scale, finite and above zero">:$scale,
    "int64_t":$zeroPoint);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Smallest and largest stored integer.
    int64_t getLowest() const;
    int64_t getHighest() const;
    float getScaleValue() const { return getScale().convertToFloat(); }
    /// The builtin type of one stored element: i8, i16 or i32.
    ::mlir::IntegerType getStorageType() const;
    static QuantType get(::mlir::MLIRContext *context, unsigned bits,
                         bool isSigned, float scale, int64_t zeroPoint);
  }];
}

def Qcc_Float : AnyTypeOf<[F32, F64, F16, BF16]>;
def Qcc_AnyElement : AnyTypeOf<[
  F32, F64, F16, BF16, AnyInteger, Qcc_QuantType]>;
def Qcc_Tensor : StaticShapeTensorOf<[Qcc_AnyElement]>;
def Qcc_FloatOrQuantTensor : StaticShapeTensorOf<[Qcc_Float, Qcc_QuantType]>;
def Qcc_FloatTensor : StaticShapeTensorOf<[F32]>;
def Qcc_WeightTensor : StaticShapeTensorOf<[F32, I8]>;
def Qcc_BiasTensor : StaticShapeTensorOf<[F32, I32]>;
def Qcc_QuantTensor : StaticShapeTensorOf<[Qcc_QuantType]>;

#endif // QCC_TYPES_TD
