// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The executor on small functions whose results a reader can work out.

#include "compiler/Reference/Executor.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstring>

using namespace mlir;

namespace {

/// A function parsed from text, and calls of it with typed elements.
class Program {
public:
  explicit Program(const char *text) {
    DialectRegistry registry;
    registry.insert<qcc::QccDialect, arith::ArithDialect, func::FuncDialect>();
    context.appendDialectRegistry(registry);
    module = parseSourceString<ModuleOp>(text, &context);
  }

  func::FuncOp getMain() { return module->lookupSymbol<func::FuncOp>("main"); }

  /// The input that argument `index` takes.
  template <typename T>
  qcc::Tensor makeInput(unsigned index, std::vector<T> elements) {
    const char *bytes = reinterpret_cast<const char *>(elements.data());
    return {cast<RankedTensorType>(getMain().getArgument(index).getType()),
            {bytes, bytes + elements.size() * sizeof(T)}};
  }

  /// The elements of the first result, or none on an error.
  template <typename T> std::vector<T> run(std::vector<qcc::Tensor> inputs) {
    llvm::Expected<std::vector<qcc::Tensor>> results =
        qcc::execute(getMain(), inputs);
    if (!results) {
      ADD_FAILURE() << toString(results.takeError());
      return {};
    }
    const std::vector<char> &bytes = results->front().bytes;
    std::vector<T> elements(bytes.size() / sizeof(T));
    std::memcpy(elements.data(), bytes.data(), bytes.size());
    return elements;
  }

  std::string getError(std::vector<qcc::Tensor> inputs) {
    llvm::Expected<std::vector<qcc::Tensor>> results =
        qcc::execute(getMain(), inputs);
    return results ? "" : toString(results.takeError());
  }

private:
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

TEST(Executor, FloatConvolutionWithBiasAndClamp) {
  Program program(R"(
    func.func @main(%x: tensor<1x1x2x2xf32>) -> tensor<1x2x1x1xf32> {
      %w = arith.constant dense<[[[[1.0, 1.0], [1.0, 1.0]]],
                                 [[[-1.0, 0.0], [0.0, 0.0]]]]>
        : tensor<2x1x2x2xf32>
      %b = arith.constant dense<[0.5, 0.25]> : tensor<2xf32>
      %y = qcc.conv %x, %w bias(%b) {lower = 0.0 : f32}
        : (tensor<1x1x2x2xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>)
          -> tensor<1x2x1x1xf32>
      return %y : tensor<1x2x1x1xf32>
    })");
  EXPECT_EQ(program.run<float>({program.makeInput<float>(0, {1, 2, 3, 4})}),
            (std::vector<float>{10.5f, 0.0f}));
}

TEST(Executor, PaddingOfQuantizedInputIsItsZeroPoint) {
  // One tap of a 3x3 filter sees the image, the others the padding.
  Program program(R"(
    func.func @main(%x: tensor<1x1x1x1x!qcc.quant<u8, 0.5, 100>>)
        -> tensor<1x1x1x1x!qcc.quant<u8, 1.0, 10>> {
      %w = arith.constant dense<3> : tensor<1x1x3x3xi8>
      %s = arith.constant dense<0.5> : tensor<1xf32>
      %b = arith.constant dense<1> : tensor<1xi32>
      %y = qcc.conv %x, %w bias(%b) scales(%s)
          {pads = array<i64: 1, 1, 1, 1>}
        : (tensor<1x1x1x1x!qcc.quant<u8, 0.5, 100>>, tensor<1x1x3x3xi8>,
           tensor<1xi32>, tensor<1xf32>)
          -> tensor<1x1x1x1x!qcc.quant<u8, 1.0, 10>>
      return %y : tensor<1x1x1x1x!qcc.quant<u8, 1.0, 10>>
    })");
  // (103 - 100) * 3 + 1 = 10, times 0.25 is the tie 2.5.
  EXPECT_EQ(program.run<uint8_t>({program.makeInput<uint8_t>(0, {103})}),
            std::vector<uint8_t>{12});
}

TEST(Executor, FusedResidualOfLinear) {
  Program program(R"(
    func.func @main(%x: tensor<1x2x!qcc.quant<i8, 1.0, 0>>,
                    %r: tensor<1x1x!qcc.quant<u8, 0.25, 8>>)
        -> tensor<1x1x!qcc.quant<i8, 1.0, 0>> {
      %w = arith.constant dense<[[1, 2]]> : tensor<1x2xi8>
      %s = arith.constant dense<0.25> : tensor<1xf32>
      %y = qcc.linear %x, %w scales(%s) residual(%r)
        : (tensor<1x2x!qcc.quant<i8, 1.0, 0>>, tensor<1x2xi8>, tensor<1xf32>,
           tensor<1x1x!qcc.quant<u8, 0.25, 8>>)
          -> tensor<1x1x!qcc.quant<i8, 1.0, 0>>
      return %y : tensor<1x1x!qcc.quant<i8, 1.0, 0>>
    })");
  // (3 + 2 * 1) * 0.25 + (9 - 8) * 0.25 = 1.5, a tie.
  EXPECT_EQ(program.run<int8_t>({program.makeInput<int8_t>(0, {3, 1}),
                                 program.makeInput<uint8_t>(1, {9})}),
            std::vector<int8_t>{2});
}

TEST(Executor, QuantizedConvolutionMayLeaveFloats) {
  Program program(R"(
    func.func @main(%x: tensor<1x1x!qcc.quant<u8, 0.5, 0>>)
        -> tensor<1x1xf32> {
      %w = arith.constant dense<3> : tensor<1x1xi8>
      %s = arith.constant dense<0.25> : tensor<1xf32>
      %y = qcc.linear %x, %w scales(%s)
        : (tensor<1x1x!qcc.quant<u8, 0.5, 0>>, tensor<1x1xi8>, tensor<1xf32>)
          -> tensor<1x1xf32>
      return %y : tensor<1x1xf32>
    })");
  EXPECT_EQ(program.run<float>({program.makeInput<uint8_t>(0, {5})}),
            std::vector<float>{1.875f});
}

TEST(Executor, PoolsKeepTheGridOrChangeIt) {
  Program program(R"(
    func.func @main(%x: tensor<1x1x2x2x!qcc.quant<u8, 0.5, 4>>)
        -> tensor<2x!qcc.quant<u8, 0.5, 4>> {
      %m = qcc.max_pool %x {kernel = array<i64: 2, 2>}
        : tensor<1x1x2x2x!qcc.quant<u8, 0.5, 4>>
          -> tensor<1x1x1x1x!qcc.quant<u8, 0.5, 4>>
      %a = qcc.reduce mean %x {axes = array<i64: 2, 3>}
        : tensor<1x1x2x2x!qcc.quant<u8, 0.5, 4>>
          -> tensor<1x1x1x1x!qcc.quant<u8, 0.5, 4>>
      %c = qcc.concat %m, %a {axis = 0 : i64}
        : (tensor<1x1x1x1x!qcc.quant<u8, 0.5, 4>>,
           tensor<1x1x1x1x!qcc.quant<u8, 0.5, 4>>)
          -> tensor<2x1x1x1x!qcc.quant<u8, 0.5, 4>>
      %y = qcc.reshape %c : tensor<2x1x1x1x!qcc.quant<u8, 0.5, 4>>
        -> tensor<2x!qcc.quant<u8, 0.5, 4>>
      return %y : tensor<2x!qcc.quant<u8, 0.5, 4>>
    })");
  // The mean of -4, 0, 4, 10 steps is the tie 2.5.
  EXPECT_EQ(
      program.run<uint8_t>({program.makeInput<uint8_t>(0, {0, 4, 8, 14})}),
      (std::vector<uint8_t>{14, 6}));
}

TEST(Executor, QuantizeAndBackThroughATable) {
  Program program(R"(
    func.func @main(%x: tensor<3xf32>) -> tensor<3xf32> {
      %q = qcc.quantize %x
        : tensor<3xf32> -> tensor<3x!qcc.quant<u8, 0.5, 128>>
      %t = qcc.unary abs %q : tensor<3x!qcc.quant<u8, 0.5, 128>>
        -> tensor<3x!qcc.quant<u8, 1.0, 0>>
      %y = qcc.dequantize %t
        : tensor<3x!qcc.quant<u8, 1.0, 0>> -> tensor<3xf32>
      return %y : tensor<3xf32>
    })");
  // 2.5 and 3.5 are ties of the table; NaN is the lowest, -64.
  EXPECT_EQ(program.run<float>(
                {program.makeInput<float>(0, {-2.5f, 3.5f, std::nanf("")})}),
            (std::vector<float>{2.0f, 4.0f, 64.0f}));
}

TEST(Executor, SoftmaxAndResize) {
  Program program(R"(
    func.func @main(%x: tensor<1x2xf32>) -> tensor<1x4xf32> {
      %s = qcc.softmax %x {axis = 1 : i64} : tensor<1x2xf32> -> tensor<1x2xf32>
      %y = qcc.resize nearest %s {scales = array<f64: 1.0, 2.0>}
        : tensor<1x2xf32> -> tensor<1x4xf32>
      return %y : tensor<1x4xf32>
    })");
  EXPECT_EQ(program.run<float>({program.makeInput<float>(0, {7, 7})}),
            std::vector<float>(4, 0.5f));
}

TEST(Executor, ObserverSeesEachValueOnce) {
  Program program(R"(
    func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
      %a = qcc.unary neg %x : tensor<2xf32> -> tensor<2xf32>
      qcc.observe %a, "a" : tensor<2xf32>
      %b = qcc.binary add %a, %a
        : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      return %b : tensor<2xf32>
    })");
  std::vector<std::string> seen;
  auto observe = [&](Value value, const qcc::Tensor &tensor) {
    seen.push_back(value.getDefiningOp()->getName().getStringRef().str());
    EXPECT_EQ(tensor.bytes.size(), 8u);
  };
  llvm::Expected<std::vector<qcc::Tensor>> results = qcc::execute(
      program.getMain(), {program.makeInput<float>(0, {1, 2})}, observe);
  ASSERT_TRUE(bool(results));
  EXPECT_EQ(seen, (std::vector<std::string>{"qcc.unary", "qcc.binary"}));
}

TEST(Executor, ErrorsSayWhatWasExpected) {
  Program program(R"(
    func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
      %y = arith.negf %x : tensor<2xf32>
      return %y : tensor<2xf32>
    })");
  EXPECT_EQ(program.getError({}), "expected 1 inputs, but got 0");
  qcc::Tensor input = program.makeInput<float>(0, {1, 2});
  EXPECT_EQ(program.getError({input}),
            "expected an op of the graph or quantized graph, but got "
            "arith.negf");
  input.bytes.pop_back();
  EXPECT_EQ(program.getError({input}),
            "expected 8 bytes of input, but got 7");
}

TEST(Executor, GatherOutsideIsAnError) {
  Program program(R"(
    func.func @main(%x: tensor<2xf32>, %i: tensor<1xi64>) -> tensor<1xf32> {
      %y = qcc.gather %x, %i {axis = 0 : i64}
        : (tensor<2xf32>, tensor<1xi64>) -> tensor<1xf32>
      return %y : tensor<1xf32>
    })");
  EXPECT_EQ(program.getError({program.makeInput<float>(0, {1, 2}),
                              program.makeInput<int64_t>(1, {2})}),
            "expected indices inside the input of qcc.gather, but got others");
}

} // namespace
