// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors as quantized models have them: integers, scales and zero points, each
// an input of the node.

#ifndef COMPILER_IMPORT_ONNX_QUANTIZEDTENSORS_H
#define COMPILER_IMPORT_ONNX_QUANTIZEDTENSORS_H

#include "compiler/Import/Onnx/Node.h"

namespace qcc::onnx_import {

/// Scale and zero point of a tensor, one of each or one for each channel of
/// `axis`, and the type of its integers.
struct Quantization {
  std::vector<float> scales;
  std::vector<int64_t> zeroPoints;
  mlir::IntegerType element;
  int64_t axis = 0;

  bool isUniform() const { return scales.size() == 1; }
  /// True if activations of this form are on a grid of 8 bits.
  bool isGrid() const { return isUniform() && element.getWidth() == 8; }
  QuantType getGrid() const {
    return QuantType::get(element.getContext(), 8, !element.isUnsigned(),
                          scales[0], zeroPoints[0]);
  }
};

/// Which inputs of a node hold a quantization, and along which axis. The zero
/// point may be left out.
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

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_QUANTIZEDTENSORS_H
