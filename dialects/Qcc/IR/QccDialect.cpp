// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers the dialect's types, attributes and ops.

#include "dialects/Qcc/IR/Qcc.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#include "dialects/Qcc/IR/QccDialect.cpp.inc"
#include "dialects/Qcc/IR/QccEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Qcc/IR/QccAttrs.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/Qcc/IR/QccOps.cpp.inc"

void qcc::QccDialect::initialize() {
  registerTypes();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Qcc/IR/QccAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/Qcc/IR/QccOps.cpp.inc"
      >();
}

Operation *qcc::QccDialect::materializeConstant(OpBuilder &builder,
                                                Attribute value, Type type,
                                                Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}
