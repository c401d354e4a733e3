// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The syntax of the dialect, as far as tests write it.

#include "test/numerics/GraphText.h"

#include <cstdio>

namespace qcc::numerics_test {

std::string printFloat(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.9e", value);
  return text;
}

std::string printArray(const Shape &values) {
  std::string text = "array<i64";
  for (size_t i = 0; i < values.size(); ++i)
    text += (i == 0 ? ": " : ", ") + std::to_string(values[i]);
  return text + ">";
}

std::string Grid::print() const {
  return std::string("!qcc.quant<") + (isSigned ? "i8" : "u8") + ", " +
         printFloat(scale) + ", " + std::to_string(zeroPoint) + ">";
}

std::string Tensor::type() const {
  std::string text = "tensor<";
  for (int64_t size : shape)
    text += std::to_string(size) + "x";
  return text + element + ">";
}

Tensor makeTensor(Shape shape, std::string element) {
  return {"", std::move(shape), std::move(element), {}};
}

Tensor makeTensor(Shape shape, Grid grid) {
  return {"", std::move(shape), grid.print(), grid};
}

Tensor GraphText::addInput(Shape shape, std::string element, Spread spread) {
  Tensor tensor = makeTensor(std::move(shape), std::move(element));
  tensor.name = makeName();
  inputs.push_back({tensor, spread});
  return tensor;
}

Tensor GraphText::addInput(Shape shape, Grid grid, Spread spread) {
  Tensor tensor = makeTensor(std::move(shape), grid);
  tensor.name = makeName();
  inputs.push_back({tensor, spread});
  return tensor;
}

/// Bytes as MLIR's hexadecimal form of dense elements.
static std::string printBytes(const char *bytes, size_t size) {
  static const char digits[] = "0123456789ABCDEF";
  std::string text = "\"0x";
  for (size_t i = 0; i < size; ++i) {
    text += digits[static_cast<unsigned char>(bytes[i]) >> 4];
    text += digits[bytes[i] & 15];
  }
  return text + "\"";
}

Tensor GraphText::addConstant(Shape shape, std::string element,
                              const char *bytes, size_t size) {
  constexpr size_t shownBytes = 64;
  Tensor tensor = makeTensor(std::move(shape), std::move(element));
  tensor.name = makeName();
  std::string start = "  " + tensor.name + " = arith.constant dense<";
  std::string end = "> : " + tensor.type() + "\n";
  std::string text = printBytes(bytes, size);
  body += start + text + end;
  shortBody += start + (size > shownBytes ? "..." : text) + end;
  return tensor;
}

Tensor GraphText::addOp(const std::string &text,
                        const std::vector<Tensor> &operands, Tensor result,
                        bool isCall) {
  result.name = makeName();
  std::string types;
  for (const Tensor &operand : operands)
    types += (types.empty() ? "" : ", ") + operand.type();
  if (isCall)
    types = "(" + types + ")";
  std::string line = "  " + result.name + " = qcc." + text + " : " + types +
                     " -> " + result.type() + "\n";
  body += line;
  shortBody += line;
  return result;
}

namespace {

/// A module in the making: the parts of `main`.
struct Main {
  std::string arguments, types, values, lines;

  void addInterface(const std::vector<GraphInput> &inputs,
                    const std::vector<GraphOutput> &outputs) {
    for (const GraphInput &input : inputs)
      arguments += (arguments.empty() ? "" : ", ") + input.tensor.name + ": " +
                   input.tensor.type();
    for (const GraphOutput &output : outputs) {
      types += (types.empty() ? "" : ", ") + output.tensor.type();
      values += (values.empty() ? "" : ", ") + output.tensor.name;
    }
  }

  std::string print() const {
    return "func.func @main(" + arguments + ") -> (" + types + ") {\n" + lines +
           "  return " + values + " : " + types + "\n}\n";
  }
};

} // namespace

std::string GraphText::print() const { return printModule({*this}); }

std::string GraphText::printShort() const {
  Main main;
  main.addInterface(inputs, outputs);
  main.lines = shortBody;
  return main.print();
}

std::string printModule(const std::vector<GraphText> &graphs) {
  Main main;
  for (const GraphText &graph : graphs) {
    main.addInterface(graph.inputs, graph.outputs);
    main.lines += graph.body;
  }
  return main.print();
}

} // namespace qcc::numerics_test
