// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Draws graphs: small ones around one op, with the shapes that kernels get
// wrong (odd channels, borders of every kind, one row, one pixel), and chains
// of ops, where buffers are shared, sliced and joined in place.

#ifndef TEST_NUMERICS_GENERATORS_H
#define TEST_NUMERICS_GENERATORS_H

#include "test/numerics/GraphText.h"
#include "test/numerics/Random.h"

namespace qcc::numerics_test {

/// Adds one random graph with its outputs to an empty `graph`.
using Generator = void (*)(GraphText &graph, Random &random);

// Integers. Their outputs are compared bit by bit.
void addConvolution(GraphText &graph, Random &random);
void addDepthwise(GraphText &graph, Random &random);
void addSeparable(GraphText &graph, Random &random);
void addLinear(GraphText &graph, Random &random);
void addPool(GraphText &graph, Random &random);
void addElementwise(GraphText &graph, Random &random);
void addLookup(GraphText &graph, Random &random);
void addMove(GraphText &graph, Random &random);
void addReduce(GraphText &graph, Random &random);
void addResize(GraphText &graph, Random &random);
void addGridChange(GraphText &graph, Random &random);
void addNetwork(GraphText &graph, Random &random);

// Floats, compared within the tolerance of each output.
void addFloatConvolution(GraphText &graph, Random &random);
void addFloatSeparable(GraphText &graph, Random &random);
void addFloatLinear(GraphText &graph, Random &random);
void addFloatElementwise(GraphText &graph, Random &random);
void addFloatWindow(GraphText &graph, Random &random);
void addFloatMove(GraphText &graph, Random &random);
void addPlaces(GraphText &graph, Random &random);
void addSoftmax(GraphText &graph, Random &random);
void addFloatNetwork(GraphText &graph, Random &random);

// What several of them draw.

/// A grid with any zero point. Scales are often powers of two, which makes
/// ties between integers frequent.
Grid drawGrid(Random &random);
Spread drawSpread(Random &random);
/// `rank` sizes, at most `elements` elements together.
Shape drawShape(Random &random, int64_t rank, int64_t elements = 4000);

/// One dimension of a window: its sizes and the border around the input.
struct Window {
  int64_t size, kernel, stride, dilation, low, high, result;
};
Window drawWindow(Random &random, int64_t kernel, int64_t size);

/// `kernel`, `strides`, `pads`, `dilations` as they are written in an op.
std::string printWindows(const Window &rows, const Window &columns);

/// A convolution with square filters and the usual border.
struct Filters {
  int64_t outputs, group, kernel, stride;
};

/// A convolution of `input`, if that is quantized one whose result uses its
/// grid well, with random kernel, bias, bounds and residual.
Tensor addConvolutionOf(GraphText &graph, Random &random, Tensor input,
                        Filters filters);

/// A linear layer in the same way, of integers or floats.
Tensor addLinearOf(GraphText &graph, Random &random, Tensor input,
                   int64_t outputs);

} // namespace qcc::numerics_test

#endif // TEST_NUMERICS_GENERATORS_H
