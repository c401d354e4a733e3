// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors as quantized models have them: integers, scales and zero points, each
// an input of the node.

#ifndef COMPILER_IMPORT_ONNX_QUANTIZEDTENSORS_H
#define COMPILER_IMPORT_ONNX_QUANTIZEDTENSORS_H

#include "compiler/Import/Onnx/Node.h"

namespace qcc::onnx_import {

/// Scale and zero point of a tensor, one of each, one for each channel of
/// `axis` or one for each block of `blockSize` elements along it, and the type
/// of its integers.
struct Quantization {
  std::vector<float> scales;
  std::vector<int64_t> zeroPoints;
  mlir::IntegerType element;
  int64_t axis = 0;
  int64_t blockSize = 0;
  /// Where the model computes them: floats that broadcast to the tensor; a null
  /// one is 1, or 0.
  mlir::Value scale, zeroPoint;

  bool isComputed() const { return scales.empty(); }
  bool isUniform() const { return scales.size() == 1; }
  /// True if activations of this form are on a grid.
  bool isGrid() const {
    return isUniform() && (element.getWidth() == 8 || element.getWidth() == 16);
  }
  QuantType getGrid() const {
    return QuantType::get(element.getContext(), element.getWidth(),
                          !element.isUnsigned(), scales[0], zeroPoints[0]);
  }
};

/// Which inputs of a node hold a quantization, and along which axis. Either may
/// be left out; kNoInput is none of them.
inline constexpr size_t kNoInput = ~size_t(0);
struct QuantizationInputs {
  size_t scale;
  size_t zeroPoint;
  int64_t axis = 0;
};

/// The quantization of `tensor`, whose integers have the type `element`;
/// nothing and a problem where the node has none.
std::optional<Quantization> readQuantization(Node &node, mlir::Value tensor,
                                             mlir::IntegerType element,
                                             QuantizationInputs from);

/// Floats to integers, and back.
mlir::Value quantize(Node &node, mlir::Value x, const Quantization &form);
mlir::Value dequantize(Node &node, mlir::Value x, const Quantization &form);

/// The type of the integers of `x`, null and a problem if it has none.
mlir::IntegerType getStoredType(Node &node, mlir::Value x);

/// Constant integers as the numbers they mean, minus their zero points; nothing
/// where `x` is computed.
std::optional<std::vector<int64_t>> readSteps(mlir::Value x,
                                              const Quantization &form);

/// The constant bias whose integers, input `bias`, are in steps of the products
/// of the scales that are inputs `input` and `weight`.
mlir::Value readBias(Node &node, size_t bias, size_t input, size_t weight,
                     float factor = 1);

/// Input `i` as floats; its scale and zero point are the next two inputs.
mlir::Value readFloats(Node &node, size_t i, int64_t axis = 0);

/// Gives the node `result` on the grid whose scale is input `i`.
void setIntegers(Node &node, mlir::Value result, size_t i);

/// What `import` makes of the node with `inputs` in place of its own.
mlir::Value importAs(Node &node, void (*import)(Node &),
                     llvm::SmallVector<mlir::Value> inputs);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_QUANTIZEDTENSORS_H
