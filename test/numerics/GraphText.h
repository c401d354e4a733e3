// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes a graph of the dialect as text. The text is what the compiler reads,
// what the reference executor runs, and what a failure prints, so there is no
// second way to build the same op.

#ifndef TEST_NUMERICS_GRAPHTEXT_H
#define TEST_NUMERICS_GRAPHTEXT_H

#include <cstdint>
#include <string>
#include <vector>

namespace qcc::numerics_test {

using Shape = std::vector<int64_t>;

/// Scale, zero point and storage of a quantized tensor.
struct Grid {
  bool isSigned = false;
  float scale = 1;
  int64_t zeroPoint = 0;

  int64_t lowest() const { return isSigned ? -128 : 0; }
  std::string print() const;
};

/// A value of the graph: its name, shape and element type, as text.
struct Tensor {
  std::string name;
  Shape shape;
  std::string element;
  /// Where `element` is a grid.
  Grid grid;

  std::string type() const;
  bool isQuantized() const { return element.front() == '!'; }
};

/// How the elements of an input are drawn.
enum class Spread {
  /// All integers of the storage type; floats from -4 to 4.
  Even,
  /// Only the ends of the range, where sums are largest.
  Ends,
  /// With NaN, infinities, zeros of both signs and ties between integers.
  Special,
  /// Floats above zero, for logarithms and roots.
  Positive,
  /// Integers from -3 to 3 as floats, for exponents.
  Whole,
};

struct GraphInput {
  Tensor tensor;
  Spread spread;
};

struct GraphOutput {
  Tensor tensor;
  /// Largest error, as a part of the magnitude plus one; 0 means none.
  double tolerance;
  /// The magnitude is that of the largest element, not of each: for chains,
  /// where small elements are differences of large ones.
  bool isOfLargest;
};

class GraphText {
public:
  /// `prefix` keeps the names of graphs apart that are printed as one module.
  explicit GraphText(std::string prefix = "") : prefix(std::move(prefix)) {}

  Tensor addInput(Shape shape, std::string element,
                  Spread spread = Spread::Even);
  Tensor addInput(Shape shape, Grid grid, Spread spread = Spread::Even);

  template <typename T>
  Tensor addConstant(Shape shape, std::string element,
                     const std::vector<T> &values) {
    return addConstant(std::move(shape), std::move(element),
                       reinterpret_cast<const char *>(values.data()),
                       values.size() * sizeof(T));
  }

  /// `%n = text : types of operands -> type of result`; `text` is everything
  /// between. With `isCall`, types are written as those of a function.
  Tensor addOp(const std::string &text, const std::vector<Tensor> &operands,
               Tensor result, bool isCall = false);

  void addOutput(Tensor tensor, double tolerance = 0,
                 bool isOfLargest = false) {
    outputs.push_back({std::move(tensor), tolerance, isOfLargest});
  }

  const std::vector<GraphInput> &getInputs() const { return inputs; }
  const std::vector<GraphOutput> &getOutputs() const { return outputs; }

  /// A module of this graph alone.
  std::string print() const;
  /// The same with long constants left out.
  std::string printShort() const;

  friend std::string printModule(const std::vector<GraphText> &graphs);

private:
  Tensor addConstant(Shape shape, std::string element, const char *bytes,
                     size_t size);
  std::string makeName() { return "%" + prefix + std::to_string(count++); }

  std::string prefix;
  std::vector<GraphInput> inputs;
  std::vector<GraphOutput> outputs;
  std::string body, shortBody;
  int64_t count = 0;
};

/// One function `main` that takes the inputs of all graphs, in order, and
/// returns all their outputs.
std::string printModule(const std::vector<GraphText> &graphs);

/// The tensor type of a value that an op makes.
Tensor makeTensor(Shape shape, std::string element);
Tensor makeTensor(Shape shape, Grid grid);

/// ` array<i64: 1, 2>`.
std::string printArray(const Shape &values);
/// So that it reads back as the same number.
std::string printFloat(double value);

} // namespace qcc::numerics_test

#endif // TEST_NUMERICS_GRAPHTEXT_H
