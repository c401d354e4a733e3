// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of ops, sorted by name.

#include "compiler/Import/Onnx/NodeTable.h"

#include "compiler/Import/Onnx/Nodes.h"

using llvm::StringRef;

namespace qcc::onnx_import {

static constexpr unsigned kMany = ~0u;

static constexpr NodeRow kNodeRows[] = {
    {"Abs", 1, 1, importUnary},
    {"Add", 2, 2, importBinary},
    {"And", 2, 2, importBinary},
    {"AveragePool", 1, 1, importAveragePool},
    {"BatchNormalization", 5, 5, importBatchNormalization},
    {"Cast", 1, 1, importCast},
    {"CastLike", 2, 2, importCastLike},
    {"Ceil", 1, 1, importUnary},
    {"Celu", 1, 1, importActivation},
    {"Clip", 1, 3, importClip},
    {"Concat", 1, kMany, importConcat},
    {"Constant", 0, 0, importConstant},
    {"ConstantOfShape", 1, 1, importConstantOfShape},
    {"Conv", 2, 3, importConv},
    {"Cos", 1, 1, importUnary},
    {"DepthToSpace", 1, 1, importDepthToSpace},
    {"DequantizeLinear", 2, 3, importDequantizeLinear},
    {"Div", 2, 2, importBinary},
    {"Dropout", 1, 3, importDropout},
    {"Elu", 1, 1, importActivation},
    {"Equal", 2, 2, importBinary},
    {"Erf", 1, 1, importUnary},
    {"Exp", 1, 1, importUnary},
    {"Expand", 2, 2, importExpand},
    {"Flatten", 1, 1, importFlatten},
    {"Floor", 1, 1, importUnary},
    {"Gather", 2, 2, importGather},
    {"Gelu", 1, 1, importGelu},
    {"Gemm", 2, 3, importGemm},
    {"GlobalAveragePool", 1, 1, importGlobalPool},
    {"GlobalMaxPool", 1, 1, importGlobalPool},
    {"Greater", 2, 2, importBinary},
    {"GreaterOrEqual", 2, 2, importBinary},
    {"HardSigmoid", 1, 1, importActivation},
    {"HardSwish", 1, 1, importActivation},
    {"Identity", 1, 1, importIdentity},
    {"InstanceNormalization", 3, 3, importInstanceNormalization},
    {"LayerNormalization", 2, 3, importLayerNormalization},
    {"LeakyRelu", 1, 1, importActivation},
    {"Less", 2, 2, importBinary},
    {"LessOrEqual", 2, 2, importBinary},
    {"Log", 1, 1, importUnary},
    {"LogSoftmax", 1, 1, importSoftmax},
    {"MatMul", 2, 2, importMatMul},
    {"Max", 1, kMany, importVariadic},
    {"MaxPool", 1, 1, importMaxPool},
    {"Mean", 1, kMany, importVariadic},
    {"Min", 1, kMany, importVariadic},
    {"Mish", 1, 1, importActivation},
    {"Mod", 2, 2, importMod},
    {"Mul", 2, 2, importBinary},
    {"Neg", 1, 1, importUnary},
    {"Not", 1, 1, importUnary},
    {"Or", 2, 2, importBinary},
    {"PRelu", 2, 2, importPRelu},
    {"Pad", 1, 4, importPad},
    {"Pow", 2, 2, importPow},
    {"QuantizeLinear", 2, 3, importQuantizeLinear},
    {"Range", 3, 3, importRange},
    {"Reciprocal", 1, 1, importUnary},
    {"ReduceL1", 1, 2, importReduce},
    {"ReduceL2", 1, 2, importReduce},
    {"ReduceLogSum", 1, 2, importReduce},
    {"ReduceLogSumExp", 1, 2, importReduce},
    {"ReduceMax", 1, 2, importReduce},
    {"ReduceMean", 1, 2, importReduce},
    {"ReduceMin", 1, 2, importReduce},
    {"ReduceProd", 1, 2, importReduce},
    {"ReduceSum", 1, 2, importReduce},
    {"ReduceSumSquare", 1, 2, importReduce},
    {"Relu", 1, 1, importUnary},
    {"Reshape", 2, 2, importReshape},
    {"Resize", 1, 4, importResize},
    {"Round", 1, 1, importUnary},
    {"Selu", 1, 1, importActivation},
    {"Shape", 1, 1, importShape},
    {"Sigmoid", 1, 1, importUnary},
    {"Sign", 1, 1, importUnary},
    {"Sin", 1, 1, importUnary},
    {"Size", 1, 1, importSize},
    {"Slice", 1, 5, importSlice},
    {"Softmax", 1, 1, importSoftmax},
    {"Softplus", 1, 1, importUnary},
    {"Softsign", 1, 1, importUnary},
    {"SpaceToDepth", 1, 1, importSpaceToDepth},
    {"Split", 1, 2, importSplit},
    {"Sqrt", 1, 1, importUnary},
    {"Squeeze", 1, 2, importSqueeze},
    {"Sub", 2, 2, importBinary},
    {"Sum", 1, kMany, importVariadic},
    {"Swish", 1, 1, importSwish},
    {"Tanh", 1, 1, importUnary},
    {"ThresholdedRelu", 1, 1, importActivation},
    {"Tile", 2, 2, importTile},
    {"Transpose", 1, 1, importTranspose},
    {"Unsqueeze", 1, 2, importUnsqueeze},
    {"Upsample", 1, 2, importUpsample},
    {"Where", 3, 3, importWhere},
    {"Xor", 2, 2, importBinary},
    {"com.microsoft.Gelu", 1, 1, importGelu},
};

llvm::ArrayRef<NodeRow> getNodeRows() { return kNodeRows; }

const NodeRow *findNodeRow(const onnx::NodeProto &node) {
  std::string name = node.op_type();
  if (!node.domain().empty() && node.domain() != "ai.onnx")
    name = node.domain() + "." + name;
  const NodeRow *row = llvm::lower_bound(
      kNodeRows, StringRef(name),
      [](const NodeRow &entry, StringRef key) { return entry.name < key; });
  return row != std::end(kNodeRows) && row->name == name ? row : nullptr;
}

} // namespace qcc::onnx_import
