// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of ONNX element types.

#include "compiler/Import/Onnx/ElementTypes.h"

#include "mlir/IR/MLIRContext.h"

using namespace mlir;

namespace qcc::onnx_import {

static constexpr ElementType kElementTypes[] = {
    {1, "float", 32, ElementField::Float},
    {2, "uint8", 8, ElementField::Int32},
    {3, "int8", 8, ElementField::Int32},
    {4, "uint16", 16, ElementField::Int32},
    {5, "int16", 16, ElementField::Int32},
    {6, "int32", 32, ElementField::Int32},
    {7, "int64", 64, ElementField::Int64},
    {9, "bool", 8, ElementField::Int32},
    {10, "float16", 16, ElementField::Int32},
    {11, "double", 64, ElementField::Double},
    {12, "uint32", 32, ElementField::Uint64},
    {13, "uint64", 64, ElementField::Uint64},
    {16, "bfloat16", 16, ElementField::Int32},
    {21, "uint4", 4, ElementField::Int32},
    {22, "int4", 4, ElementField::Int32},
    {25, "uint2", 2, ElementField::Int32},
    {26, "int2", 2, ElementField::Int32},
};

// Types that exist and that qcc does not read.
static constexpr std::pair<int32_t, llvm::StringLiteral> kOtherTypes[] = {
    {8, "string"},          {14, "complex64"},   {15, "complex128"},
    {17, "float8e4m3fn"},   {18, "float8e4m3fnuz"}, {19, "float8e5m2"},
    {20, "float8e5m2fnuz"}, {23, "float4e2m1"},  {24, "float8e8m0"},
};

const ElementType *findElementType(int32_t number) {
  for (const ElementType &type : kElementTypes)
    if (type.number == number)
      return &type;
  return nullptr;
}

Type getInterfaceType(MLIRContext *context, const ElementType &type) {
  switch (type.number) {
  case 1:
    return Float32Type::get(context);
  case 9:
    return IntegerType::get(context, 1);
  case 10:
    return Float16Type::get(context);
  case 11:
    return Float64Type::get(context);
  case 16:
    return BFloat16Type::get(context);
  default:
    return IntegerType::get(context, type.bits,
                            type.name.starts_with("u")
                                ? IntegerType::Unsigned
                                : IntegerType::Signless);
  }
}

Type getGraphType(Type interfaceType) {
  if (isa<FloatType>(interfaceType))
    return Float32Type::get(interfaceType.getContext());
  return interfaceType;
}

std::string describeElementType(int32_t number) {
  if (const ElementType *type = findElementType(number))
    return type->name.str();
  for (auto [other, name] : kOtherTypes)
    if (other == number)
      return name.str();
  return "type number " + std::to_string(number);
}

} // namespace qcc::onnx_import
