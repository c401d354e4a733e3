// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that move elements, and resize.

#include "compiler/Import/Onnx/GraphBuilder.h"
#include "compiler/Import/Onnx/TensorReader.h"

using namespace mlir;

namespace qcc::onnx_import {

// The largest border or slice bound that is added to a size without overflow.
static constexpr int64_t kMaxOffset = int64_t(1) << 40;

Value GraphBuilder::reshape(Value input, Shape shape) {
  if (!input)
    return {};
  std::optional<int64_t> count = countElements(shape);
  if (!count || *count != typeOf(input).getNumElements())
    return fail("expected a shape for the " +
                Twine(typeOf(input).getNumElements()) + " elements of " +
                describe(shapeOf(input)) + ", but got " + describe(shape));
  if (shapeOf(input) == shape)
    return input;
  return create<ReshapeOp>(makeType(shape, elementOf(input)), input);
}

Value GraphBuilder::dropDimensions(Value input, Shape axes) {
  if (!input)
    return {};
  SmallVector<int64_t> shape;
  for (auto [i, size] : llvm::enumerate(shapeOf(input)))
    if (!llvm::is_contained(axes, int64_t(i)))
      shape.push_back(size);
  return reshape(input, shape);
}

Value GraphBuilder::transpose(Value input, Shape permutation) {
  if (!input)
    return {};
  SmallVector<int64_t> sorted(permutation);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(rankOf(input))))
    return fail("expected a permutation of " + Twine(rankOf(input)) +
                " dimensions, but got " + describe(permutation));
  if (llvm::is_sorted(permutation))
    return input;
  SmallVector<int64_t> shape;
  for (int64_t dimension : permutation)
    shape.push_back(shapeOf(input)[dimension]);
  return create<TransposeOp>(makeType(shape, elementOf(input)), input,
                             builder.getDenseI64ArrayAttr(permutation));
}

Value GraphBuilder::expand(Value input, Shape shape) {
  if (!input)
    return {};
  auto result = broadcast(shapeOf(input), shape);
  if (!result)
    return {};
  if (Shape(*result) != shape)
    return fail("expected a shape that " + describe(shapeOf(input)) +
                " broadcasts to, but got " + describe(shape));
  if (shapeOf(input) == shape)
    return input;
  return create<ExpandOp>(makeType(shape, elementOf(input)), input);
}

Value GraphBuilder::concat(ArrayRef<Value> inputs, int64_t axis) {
  if (llvm::is_contained(inputs, Value()))
    return {};
  SmallVector<int64_t> shape(shapeOf(inputs.front()));
  for (Value input : inputs.drop_front()) {
    SmallVector<int64_t> other(shapeOf(input));
    bool isFit = other.size() == shape.size() &&
                 elementOf(input) == elementOf(inputs.front());
    if (isFit) {
      shape[axis] += std::exchange(other[axis], 0);
      isFit = llvm::all_of(llvm::enumerate(other), [&](auto entry) {
        return int64_t(entry.index()) == axis ||
               entry.value() == shape[entry.index()];
      });
    }
    if (!isFit)
      return fail("expected inputs that agree but for dimension " +
                  Twine(axis) + ", but got " +
                  describe(inputs.front().getType()) + " and " +
                  describe(input.getType()));
  }
  if (inputs.size() == 1)
    return inputs.front();
  return create<ConcatOp>(makeType(shape, elementOf(inputs.front())), inputs,
                          builder.getI64IntegerAttr(axis));
}

Value GraphBuilder::slice(Value input, Shape starts, Shape sizes,
                          Shape steps) {
  if (!input)
    return {};
  bool isWhole = llvm::all_of(steps, [](int64_t step) { return step == 1; });
  for (auto [i, size] : llvm::enumerate(shapeOf(input))) {
    int64_t last = starts[i] + (sizes[i] - 1) * steps[i];
    if (sizes[i] > 0 && (starts[i] < 0 || starts[i] >= size || last < 0 ||
                         last >= size))
      return fail("expected a part of dimension " + Twine(i) + " of " +
                  describe(shapeOf(input)) + ", but got " + Twine(starts[i]) +
                  " to " + Twine(last));
  }
  if (isWhole && sizes == shapeOf(input))
    return input;
  auto type = makeType(sizes, elementOf(input));
  if (type && type.getNumElements() == 0)
    return constant(DenseElementsAttr::getFromRawBuffer(type, {}));
  return create<SliceOp>(type, input, builder.getDenseI64ArrayAttr(starts),
                         builder.getDenseI64ArrayAttr(steps));
}

Value GraphBuilder::pad(Value input, Shape low, Shape high, PadMode mode,
                        double value) {
  if (!input)
    return {};
  SmallVector<int64_t> shape;
  for (auto [i, size] : llvm::enumerate(shapeOf(input))) {
    int64_t most = mode == PadMode::Reflect ? size - 1 : kMaxOffset;
    if (size == 0 && mode != PadMode::Constant)
      most = 0;
    if (low[i] > most || high[i] > most || low[i] < -size || high[i] < -size)
      return fail("expected a border from " + Twine(-size) + " to " +
                  Twine(most) + " for dimension " + Twine(i) + ", but got " +
                  Twine(low[i]) + " and " + Twine(high[i]));
    shape.push_back(size + low[i] + high[i]);
  }
  if (Shape(shape) == shapeOf(input) &&
      llvm::all_of(low, [](int64_t amount) { return amount == 0; }))
    return input;
  return create<PadOp>(makeType(shape, elementOf(input)), input,
                       builder.getDenseI64ArrayAttr(low),
                       builder.getDenseI64ArrayAttr(high),
                       PadModeAttr::get(getContext(), mode),
                       builder.getF64FloatAttr(value));
}

Value GraphBuilder::gather(Value input, Value indices, int64_t axis) {
  if (!input || !indices)
    return {};
  if (!isa<IntegerType>(elementOf(indices)))
    return fail("expected integer indices, but got " +
                describe(elementOf(indices)));
  int64_t size = shapeOf(input)[axis];
  if (auto values = getConstantIntegers(constantOf(indices)))
    for (int64_t index : *values)
      if (index < -size || index >= size)
        return fail("expected indices from " + Twine(-size) + " to " +
                    Twine(size - 1) + ", but got " + Twine(index));
  SmallVector<int64_t> shape(shapeOf(input).take_front(axis));
  llvm::append_range(shape, shapeOf(indices));
  llvm::append_range(shape, shapeOf(input).drop_front(axis + 1));
  return create<GatherOp>(makeType(shape, elementOf(input)), input, indices,
                          builder.getI64IntegerAttr(axis));
}

Value GraphBuilder::resize(Value input, Shape sizes, ArrayRef<double> scales,
                           const ResizeOptions &options) {
  bool movesIntegers = input && getQuantType(input.getType()) &&
                       options.mode == ResizeMode::Nearest;
  if (!input || (!movesIntegers && !requireFloat(input)))
    return {};
  for (int64_t size : sizes)
    if (size < 1)
      return fail("expected sizes of at least 1, but got " + describe(sizes));
  MLIRContext *context = getContext();
  return create<ResizeOp>(
      makeType(sizes, elementOf(input)),
      ResizeModeAttr::get(context, options.mode), input,
      builder.getDenseF64ArrayAttr(scales),
      CoordinatesAttr::get(context, options.coordinates),
      NearestRoundingAttr::get(context, options.rounding),
      builder.getF32FloatAttr(options.cubicCoefficient));
}

} // namespace qcc::onnx_import
