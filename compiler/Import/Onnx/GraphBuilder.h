// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes ops of the qcc dialect with inferred result types. Every method checks
// its operands, so that a node's importer only has to translate: on bad ones it
// records the first problem and returns null, and a null operand gives a null
// result without a second message.

#ifndef COMPILER_IMPORT_ONNX_GRAPHBUILDER_H
#define COMPILER_IMPORT_ONNX_GRAPHBUILDER_H

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"

#include <string>

namespace qcc::onnx_import {

/// The windows of a convolution or pool over the last two dimensions.
struct WindowGeometry {
  llvm::SmallVector<int64_t, 2> kernel, strides, dilations;
  llvm::SmallVector<int64_t, 4> pads; // top, left, bottom, right
  llvm::SmallVector<int64_t, 2> output;
};

struct ResizeOptions {
  ResizeMode mode = ResizeMode::Nearest;
  Coordinates coordinates = Coordinates::HalfPixel;
  NearestRounding rounding = NearestRounding::RoundPreferFloor;
  float cubicCoefficient = -0.75f;
};

struct BoxOptions {
  int64_t boxesPerClass = 0;
  float overlap = 0;
  std::optional<float> score;
  bool isCentered = false;
};

using Shape = llvm::ArrayRef<int64_t>;

class GraphBuilder {
public:
  /// Ops on constants are folded unless their result is larger than
  /// `foldLimit` elements.
  GraphBuilder(mlir::OpBuilder builder, int64_t foldLimit)
      : builder(builder), foldLimit(foldLimit),
        location(builder.getUnknownLoc()) {}

  mlir::Location getLocation() const { return location; }
  void setLocation(mlir::Location value) { location = value; }
  mlir::MLIRContext *getContext() { return builder.getContext(); }
  mlir::FloatType getFloat() { return builder.getF32Type(); }

  // Problems: the first one since the last `takeProblem`.
  std::nullptr_t fail(const llvm::Twine &message);
  bool hasProblem() const { return !problem.empty(); }
  std::string takeProblem() { return std::exchange(problem, {}); }
  /// Tells the user about the node that is being imported.
  void remark(const llvm::Twine &message);

  // Constants.
  mlir::Value constant(mlir::ElementsAttr value);
  mlir::Value floats(llvm::ArrayRef<float> elements, Shape shape);
  mlir::Value integers(llvm::ArrayRef<int64_t> elements);
  mlir::Value scalar(double value, mlir::Type element);

  // Elementwise ops.
  mlir::Value unary(UnaryKind kind, mlir::Value input, float alpha = 0,
                    float beta = 0);
  mlir::Value binary(BinaryKind kind, mlir::Value lhs, mlir::Value rhs,
                     bool isCStyle = false);
  mlir::Value binary(BinaryKind kind, mlir::Value lhs, double rhs);
  mlir::Value select(mlir::Value condition, mlir::Value lhs, mlir::Value rhs);
  mlir::Value clamp(mlir::Value input, std::optional<float> lower,
                    std::optional<float> upper);
  mlir::Value convert(mlir::Value input, mlir::Type element);

  // Ops that move elements.
  mlir::Value reshape(mlir::Value input, Shape shape);
  /// The same elements without the dimensions `axes`, which have size 1.
  mlir::Value dropDimensions(mlir::Value input, Shape axes);
  mlir::Value transpose(mlir::Value input, Shape permutation);
  mlir::Value expand(mlir::Value input, Shape shape);
  mlir::Value concat(llvm::ArrayRef<mlir::Value> inputs, int64_t axis);
  mlir::Value slice(mlir::Value input, Shape starts, Shape sizes, Shape steps);
  mlir::Value pad(mlir::Value input, Shape low, Shape high, PadMode mode,
                  double value);
  mlir::Value gather(mlir::Value input, mlir::Value indices, int64_t axis);

  // Ops about places.
  mlir::Value topK(mlir::Value input, int64_t axis, int64_t count,
                   bool isLargest);
  mlir::Value scatter(ScatterKind kind, mlir::Value input, mlir::Value indices,
                      mlir::Value updates);
  /// Rows (image, class, box) for [images, boxes, 4] and [images, classes,
  /// boxes], filled up with -1.
  mlir::Value suppressBoxes(mlir::Value boxes, mlir::Value scores,
                            const BoxOptions &options);

  // Ops that combine elements.
  mlir::Value reduce(ReduceKind kind, mlir::Value input, Shape axes,
                     bool keepsDimensions);
  mlir::Value softmax(mlir::Value input, int64_t axis, bool isLog);
  mlir::Value linear(mlir::Value input, mlir::Value weight, mlir::Value bias);
  mlir::Value matmul(mlir::Value lhs, mlir::Value rhs);
  mlir::Value convolution(mlir::Value input, mlir::Value weight,
                          mlir::Value bias, const WindowGeometry &geometry,
                          int64_t group);
  /// The elements under each window of each group as a column, those outside
  /// the input as `outside`: [N, group, C / group * places, windows].
  mlir::Value windows(mlir::Value input, const WindowGeometry &geometry,
                      int64_t group, double outside);
  mlir::Value maxPool(mlir::Value input, const WindowGeometry &geometry);
  mlir::Value averagePool(mlir::Value input, const WindowGeometry &geometry,
                          bool countsPadding);
  mlir::Value resize(mlir::Value input, Shape sizes,
                     llvm::ArrayRef<double> scales,
                     const ResizeOptions &options);

  // Between floats and grids.
  mlir::Value quantize(mlir::Value input, QuantType grid);
  mlir::Value dequantize(mlir::Value input);
  /// The integers of `input`, which is on a grid, as floats.
  mlir::Value getNumbers(mlir::Value input);
  /// The inverse, truncating: integers stored as `grid` stores them, on the
  /// grid of scale 1.
  mlir::Value putNumbers(mlir::Value input, QuantType grid);
  mlir::Value dequantizeChannels(mlir::Value input,
                                 llvm::ArrayRef<float> scales, int64_t axis);

  /// NumPy's broadcast of two shapes, or nothing and a recorded problem.
  std::optional<llvm::SmallVector<int64_t>> broadcast(Shape a, Shape b);

private:
  /// The type, or null and a problem where it is too large for a tensor.
  mlir::RankedTensorType makeType(Shape shape, mlir::Type element);
  bool requireFloat(mlir::Value value);
  mlir::Value createConv(mlir::Value input, mlir::Value weight,
                         mlir::Value bias, const WindowGeometry &geometry,
                         int64_t group);

  /// Makes or folds an op with one result; null where `type` is.
  template <typename OpTy, typename... Args>
  mlir::Value create(mlir::RankedTensorType type, Args &&...args) {
    if (!type)
      return {};
    if (type.getNumElements() > foldLimit)
      return OpTy::create(builder, location, type, std::forward<Args>(args)...);
    return builder.createOrFold<OpTy>(location, type,
                                      std::forward<Args>(args)...);
  }

  mlir::OpBuilder builder;
  int64_t foldLimit;
  mlir::Location location;
  std::string problem;
};

/// Type, shape and rank of a value, all of which are static tensors here.
mlir::RankedTensorType typeOf(mlir::Value value);
Shape shapeOf(mlir::Value value);
int64_t rankOf(mlir::Value value);
mlir::Type elementOf(mlir::Value value);

/// What `value` is where it is constant, or null.
mlir::Attribute constantOf(mlir::Value value);

/// True for constants, quantized ones too, however they were moved.
bool isWeight(mlir::Value value);

/// "[1, 3, 8, 8]", and "f32".
std::string describe(Shape shape);
std::string describe(mlir::Type type);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_GRAPHBUILDER_H
