// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops on the bits of integers.

#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/OnnxReader.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace qcc::onnx_import {

// BitShift -> x * 2^y or x / 2^y, the powers taken from a table
void importBitShift(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0), y = node.input(1);
  auto element = dyn_cast<IntegerType>(elementOf(x));
  StringRef direction = node.getString("direction", "");
  if (!element || element != elementOf(y) ||
      (direction != "LEFT" && direction != "RIGHT")) {
    node.fail("expected integers of one type and direction LEFT or RIGHT, but "
              "got " +
              describe(elementOf(x)) + ", " + describe(elementOf(y)) + " and " +
              quote(direction));
    return;
  }
  SmallVector<APInt> powers;
  for (unsigned i = 0; i < element.getWidth(); ++i)
    powers.push_back(APInt::getOneBitSet(element.getWidth(), i));
  Value table = build.constant(DenseElementsAttr::get(
      RankedTensorType::get(int64_t(powers.size()), element), powers));
  Value factor = build.gather(table, y, 0);
  node.setOutput(
      0, build.binary(direction == "LEFT" ? BinaryKind::Mul : BinaryKind::Div,
                      x, factor));
}

void importBitwise(Node &node) {
  auto kind = llvm::StringSwitch<BinaryKind>(node.getType())
                  .Case("BitwiseAnd", BinaryKind::And)
                  .Case("BitwiseOr", BinaryKind::Or)
                  .Default(BinaryKind::Xor);
  node.setOutput(0, node.build.binary(kind, node.input(0), node.input(1)));
}

// BitwiseNot -> -1 - x, which is the largest minus x of unsigned integers
void importBitwiseNot(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  node.setOutput(
      0, build.binary(BinaryKind::Sub, build.scalar(-1, elementOf(x)), x));
}

} // namespace qcc::onnx_import
