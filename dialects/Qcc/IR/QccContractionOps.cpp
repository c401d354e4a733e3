// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the ops that multiply activations by weights.

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/IR/ShapeRules.h"

using namespace mlir;

namespace qcc {

// 255 * 128 * 65536 is the largest such product sum below 2^31.
static constexpr int64_t kLongestIntegerSum = 65536;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// The rules that qcc.conv and qcc.linear share: which element types go
/// together in the float and in the quantized form.
template <typename OpType> static LogicalResult verifyElementTypes(OpType op) {
  MLIRContext *context = op.getContext();
  QuantType grid = getQuantType(op.getInput().getType());
  if (static_cast<bool>(grid) != op.isQuantized())
    return op.emitOpError("expected weight_scales exactly where input is "
                          "quantized, but got input ")
           << op.getInput().getType();
  if (grid && grid.getBits() != 8)
    return op.emitOpError("expected a quantized input of 8 bits, but got ")
           << grid.getBits();
  Type f32 = Float32Type::get(context);
  Type weight = grid ? Type(IntegerType::get(context, 8)) : f32;
  Type bias = grid ? Type(IntegerType::get(context, 32)) : f32;
  if (failed(expectElementType(op, "weight", weight, op.getWeight())))
    return failure();
  if (op.getBias() &&
      failed(expectElementType(op, "bias", bias, op.getBias())))
    return failure();
  if (grid && getQuantType(op.getType()))
    return success();
  return expectElementType(op, "result", f32, op.getResult());
}

template <typename OpType> static LogicalResult verifyResidual(OpType op) {
  Value residual = op.getResidual();
  if (!residual)
    return success();
  if (failed(expectShape(op, "residual", shapeOf(op.getResult()),
                         shapeOf(residual))))
    return failure();
  if (!getQuantType(residual.getType()) != !getQuantType(op.getType()))
    return op.emitOpError("expected residual and result both quantized or "
                          "neither, but got residual ")
           << residual.getType();
  return success();
}

template <typename OpType>
static LogicalResult verifyChannelVectors(OpType op, int64_t channels) {
  if (op.getBias() &&
      failed(expectShape(op, "bias", {channels}, shapeOf(op.getBias()))))
    return failure();
  if (!op.getWeightScales())
    return success();
  return expectShape(op, "weight_scales", {channels},
                     shapeOf(op.getWeightScales()));
}

template <typename OpType>
static LogicalResult verifySumLength(OpType op, int64_t length) {
  if (!op.isQuantized() || length <= kLongestIntegerSum)
    return success();
  return op.emitOpError("expected at most ")
         << kLongestIntegerSum << " products in an integer sum, but got "
         << length;
}

//===----------------------------------------------------------------------===//
// qcc.conv
//===----------------------------------------------------------------------===//

bool ConvOp::isDepthwise() {
  int64_t group = getGroup();
  return group > 1 && shapeOf(getInput())[1] == group &&
         shapeOf(getWeight())[0] == group;
}

int64_t ConvOp::getKernelHeight() { return shapeOf(getWeight())[2]; }

int64_t ConvOp::getKernelWidth() { return shapeOf(getWeight())[3]; }

static LogicalResult verifyConvAttributes(ConvOp op) {
  if (failed(expectEntries(op, "strides", op.getStrides(), 2, 1)) ||
      failed(expectEntries(op, "dilations", op.getDilations(), 2, 1)) ||
      failed(expectEntries(op, "pads", op.getPads(), 4, 0)))
    return failure();
  if (op.getGroup() < 1)
    return op.emitOpError("expected a group of at least 1, but got ")
           << op.getGroup();
  return success();
}

static SmallVector<int64_t> getConvShape(ConvOp op) {
  ArrayRef<int64_t> input = shapeOf(op.getInput());
  ArrayRef<int64_t> weight = shapeOf(op.getWeight());
  SmallVector<int64_t> shape = {input[0], weight[0]};
  for (int i = 0; i < 2; ++i) {
    WindowRule rule{weight[2 + i], op.getStrides()[i], op.getDilations()[i],
                    op.getPads()[i], op.getPads()[2 + i]};
    shape.push_back(rule.getCount(input[2 + i]));
  }
  return shape;
}

LogicalResult ConvOp::verify() {
  // conv_c1
  if (failed(expectRank(*this, "input", 4, getInput())) ||
      failed(expectRank(*this, "weight", 4, getWeight())) ||
      failed(expectRank(*this, "result", 4, getResult())))
    return failure();
  // conv_c8
  if (failed(verifyConvAttributes(*this)))
    return failure();
  ArrayRef<int64_t> input = shapeOf(getInput());
  ArrayRef<int64_t> weight = shapeOf(getWeight());
  int64_t group = getGroup();
  // conv_c3
  if (input[1] % group != 0 || weight[0] % group != 0)
    return emitOpError("expected a group that divides ")
           << input[1] << " input and " << weight[0]
           << " result channels, but got " << group;
  // conv_c2
  if (failed(expectShape(*this, "weight",
                         {weight[0], input[1] / group, weight[2], weight[3]},
                         weight)))
    return failure();
  // conv_c4
  if (failed(expectShape(*this, "result", getConvShape(*this),
                         shapeOf(getResult()))))
    return failure();
  // conv_c5
  if (failed(verifyChannelVectors(*this, weight[0])))
    return failure();
  // conv_c6
  if (failed(verifyElementTypes(*this)))
    return failure();
  // conv_c7
  if (failed(verifyResidual(*this)))
    return failure();
  // conv_c9
  return verifySumLength(*this, weight[1] * weight[2] * weight[3]);
}

//===----------------------------------------------------------------------===//
// qcc.linear
//===----------------------------------------------------------------------===//

LogicalResult LinearOp::verify() {
  // linear_c1
  if (failed(expectRank(*this, "input", 2, getInput())) ||
      failed(expectRank(*this, "result", 2, getResult())))
    return failure();
  ArrayRef<int64_t> input = shapeOf(getInput());
  ArrayRef<int64_t> result = shapeOf(getResult());
  // linear_c1
  if (input[0] != result[0])
    return emitOpError("expected ")
           << input[0] << " rows of result, but got " << result[0];
  // linear_c2
  if (failed(expectShape(*this, "weight", {result[1], input[1]},
                         shapeOf(getWeight()))))
    return failure();
  // linear_c3
  if (failed(verifyChannelVectors(*this, result[1])))
    return failure();
  // linear_c4
  if (failed(verifyElementTypes(*this)))
    return failure();
  // linear_c5
  if (failed(verifyResidual(*this)))
    return failure();
  // linear_c6
  return verifySumLength(*this, input[1]);
}

//===----------------------------------------------------------------------===//
// qcc.matmul
//===----------------------------------------------------------------------===//

LogicalResult MatmulOp::verify() {
  ArrayRef<int64_t> lhs = shapeOf(getLhs());
  ArrayRef<int64_t> rhs = shapeOf(getRhs());
  ArrayRef<int64_t> result = shapeOf(getResult());
  // matmul_c1
  if (lhs.size() < 2 || rhs.size() < 2 || result.size() < 2)
    return emitOpError("expected ranks of at least 2, but got ")
           << lhs.size() << ", " << rhs.size() << " and " << result.size();
  int64_t depth = lhs.back();
  // matmul_c2
  if (depth != rhs[rhs.size() - 2])
    return emitOpError("expected ")
           << depth << " rows of rhs, but got " << rhs[rhs.size() - 2];
  // matmul_c3
  std::optional<SmallVector<int64_t>> shape =
      getBroadcastShape(lhs.drop_back(2), rhs.drop_back(2));
  if (!shape)
    return emitOpError("expected leading dimensions that broadcast, but got ")
           << formatShape(lhs) << " and " << formatShape(rhs);
  shape->append({lhs[lhs.size() - 2], rhs.back()});
  return expectShape(*this, "result", *shape, result);
}

} // namespace qcc
