// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The importers of nodes, one function for each group of ONNX ops that share
// their inputs and attributes. Each reads its node, makes ops through
// `node.build` and sets the outputs.

#ifndef COMPILER_IMPORT_ONNX_NODES_H
#define COMPILER_IMPORT_ONNX_NODES_H

#include "compiler/Import/Onnx/Node.h"

namespace qcc::onnx_import {

// ActivationNodes.cpp
void importActivation(Node &node);
void importClip(Node &node);
void importGelu(Node &node);
void importPRelu(Node &node);
void importSwish(Node &node);

// ConvolutionNodes.cpp
void importConv(Node &node);

// ElementwiseNodes.cpp
void importBinary(Node &node);
void importCast(Node &node);
void importCastLike(Node &node);
void importComposedFunction(Node &node);
void importIsInf(Node &node);
void importIsNan(Node &node);
void importMod(Node &node);
void importPow(Node &node);
void importShrink(Node &node);
void importUnary(Node &node);
void importVariadic(Node &node);
void importWhere(Node &node);

// GeneratorNodes.cpp
void importConstant(Node &node);
void importConstantOfShape(Node &node);
void importDropout(Node &node);
void importIdentity(Node &node);
void importRange(Node &node);
void importShape(Node &node);
void importSize(Node &node);

// GridSample.cpp
void importGridSample(Node &node);

// IndexNodes.cpp
void importArgument(Node &node);
void importCumulative(Node &node);
void importGatherElements(Node &node);
void importGatherNd(Node &node);
void importHardmax(Node &node);
void importOneHot(Node &node);
void importTrilu(Node &node);

// LinearNodes.cpp
void importGemm(Node &node);
void importMatMul(Node &node);

// NormalizationNodes.cpp
void importBatchNormalization(Node &node);
void importGroupNormalization(Node &node);
void importInstanceNormalization(Node &node);
void importLayerNormalization(Node &node);
void importMeanVarianceNormalization(Node &node);
void importRmsNormalization(Node &node);

// PoolNodes.cpp
void importAveragePool(Node &node);
void importGlobalPool(Node &node);
void importMaxPool(Node &node);

// PowerNodes.cpp
void importGlobalLpPool(Node &node);
void importLpNormalization(Node &node);
void importLpPool(Node &node);
void importLrn(Node &node);

// QuantizedNodes.cpp
void importDequantizeLinear(Node &node);
void importQLinearBinary(Node &node);
void importQLinearConcat(Node &node);
void importQLinearConv(Node &node);
void importQLinearMatMul(Node &node);
void importQLinearPool(Node &node);
void importQLinearUnary(Node &node);
void importQuantizeLinear(Node &node);

// ReductionNodes.cpp
void importReduce(Node &node);
void importSoftmax(Node &node);

// ResizeNodes.cpp
void importResize(Node &node);
void importUpsample(Node &node);

// SelectionNodes.cpp
void importConcat(Node &node);
void importGather(Node &node);
void importPad(Node &node);
void importSlice(Node &node);
void importSplit(Node &node);

// ShapeNodes.cpp
void importDepthToSpace(Node &node);
void importExpand(Node &node);
void importFlatten(Node &node);
void importReshape(Node &node);
void importSpaceToDepth(Node &node);
void importSqueeze(Node &node);
void importTile(Node &node);
void importTranspose(Node &node);
void importUnsqueeze(Node &node);

// TransposedConvolution.cpp
void importConvTranspose(Node &node);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_NODES_H
