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
void importSwiGlu(Node &node);
void importSwish(Node &node);

// AttentionNodes.cpp
void importAttention(Node &node);
void importRotaryEmbedding(Node &node);

// BitNodes.cpp
void importBitShift(Node &node);
void importBitwise(Node &node);
void importBitwiseNot(Node &node);

// ConvolutionNodes.cpp
void importCausalConv(Node &node);
void importConv(Node &node);

// CropNodes.cpp
void importCenterCropPad(Node &node);
void importCompress(Node &node);
void importEyeLike(Node &node);
void importReverseSequence(Node &node);

// EinsumNodes.cpp
void importEinsum(Node &node);

// ElementwiseNodes.cpp
void importBinary(Node &node);
void importCast(Node &node);
void importCastLike(Node &node);
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
void importOneHot(Node &node);
void importTrilu(Node &node);

// LinearNodes.cpp
void importGemm(Node &node);
void importMatMul(Node &node);

// LossNodes.cpp
void importNegativeLogLikelihoodLoss(Node &node);
void importSoftmaxCrossEntropyLoss(Node &node);

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
void importQLinearReduceMean(Node &node);
void importQLinearSoftmax(Node &node);
void importQLinearUnary(Node &node);
void importQuantizeLinear(Node &node);

// QuantizedProducts.cpp
void importConvInteger(Node &node);
void importDynamicQuantizeLinear(Node &node);
void importDynamicQuantizeMatMul(Node &node);
void importMatMulInteger(Node &node);
void importMatMulIntegerToFloat(Node &node);
void importQGemm(Node &node);

// RecurrentNodes.cpp
void importGru(Node &node);
void importLstm(Node &node);
void importRnn(Node &node);

// ReductionNodes.cpp
void importHardmax(Node &node);
void importReduce(Node &node);
void importSoftmax(Node &node);

// ResizeNodes.cpp
void importResize(Node &node);
void importUpsample(Node &node);

// SamplingNodes.cpp
void importAffineGrid(Node &node);
void importRoiAlign(Node &node);

// ScatterNodes.cpp
void importCol2Im(Node &node);
void importMaxUnpool(Node &node);
void importScatterElements(Node &node);
void importScatterNd(Node &node);
void importTensorScatter(Node &node);

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

// SortNodes.cpp
void importNonMaxSuppression(Node &node);
void importTopK(Node &node);

// SpectralNodes.cpp
void importDft(Node &node);
void importMelWeightMatrix(Node &node);
void importStft(Node &node);
void importWindow(Node &node);

// TransposedConvolution.cpp
void importConvTranspose(Node &node);

// TrigonometricNodes.cpp
void importTrigonometric(Node &node);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_NODES_H
