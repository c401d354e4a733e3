// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The executor's side: draws inputs, computes outputs, compares.

#include "test/numerics/Program.h"
#include "test/numerics/Random.h"

#include "compiler/Reference/Executor.h"
#include "compiler/RegisterAll.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

#include <cmath>
#include <cstring>

using namespace llvm;

namespace qcc::numerics_test {

static size_t countElements(const Tensor &tensor) {
  size_t count = 1;
  for (int64_t size : tensor.shape)
    count *= size_t(size);
  return count;
}

static size_t getElementBytes(const Tensor &tensor) {
  if (tensor.isQuantized() || tensor.element == "i8")
    return 1;
  return tensor.element == "i64" ? 8 : 4;
}

size_t countBytes(const Tensor &tensor) {
  return countElements(tensor) * getElementBytes(tensor);
}

static float drawFloat(Random &random, Spread spread) {
  switch (spread) {
  case Spread::Positive:
    return float(random.real(0.01, 4));
  case Spread::Whole:
    return float(random.integer(-3, 3));
  case Spread::Special:
    if (random.oneIn(8))
      return random.pick(
          {NAN, INFINITY, -INFINITY, 0.0f, -0.0f, 3e38f, -3e38f, 1e-40f});
    // Ties between the integers of a grid whose scale is a power of two.
    if (random.oneIn(2))
      return float(random.integer(-600, 600)) *
             std::exp2(float(random.integer(-9, 1)));
    return float(random.real(-300, 300));
  default:
    return float(random.real(-4, 4));
  }
}

static void fill(const GraphInput &input, Random &random, char *bytes) {
  size_t count = countElements(input.tensor);
  bool isByte = getElementBytes(input.tensor) == 1;
  // The ends of what u8 or s8 holds.
  char low = input.tensor.grid.isSigned ? char(0x80) : char(0);
  char high = input.tensor.grid.isSigned ? char(0x7f) : char(0xff);
  for (size_t i = 0; i < count; ++i) {
    if (isByte) {
      bytes[i] = input.spread == Spread::Ends ? random.pick({low, high, high})
                                              : char(random.integer(0, 255));
      continue;
    }
    if (input.tensor.element == "f32") {
      float value = drawFloat(random, input.spread);
      std::memcpy(bytes + 4 * i, &value, 4);
      continue;
    }
    int64_t value = random.integer(-1000, 1000);
    size_t size = getElementBytes(input.tensor);
    std::memcpy(bytes + size * i, &value, size);
  }
}

Expected<Expectation> execute(const GraphText &graph, uint64_t seed) {
  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module =
      mlir::parseSourceString<mlir::ModuleOp>(graph.print(), &context);
  if (!module)
    return createStringError("expected a graph that parses");
  auto main = module->lookupSymbol<mlir::func::FuncOp>("main");
  Random random(~seed);
  Expectation expectation;
  std::vector<qcc::Tensor> inputs;
  for (auto [i, input] : enumerate(graph.getInputs())) {
    GuardedBytes &bytes =
        expectation.inputs.emplace_back(countBytes(input.tensor));
    fill(input, random, bytes.data());
    inputs.push_back(
        {mlir::cast<mlir::RankedTensorType>(main.getArgument(i).getType()),
         {bytes.data(), bytes.data() + bytes.size()}});
  }
  Expected<std::vector<qcc::Tensor>> results = qcc::execute(main, inputs);
  if (!results)
    return results.takeError();
  for (qcc::Tensor &result : *results)
    expectation.outputs.push_back(std::move(result.bytes));
  return expectation;
}

static double readElement(const Tensor &tensor, const char *bytes, size_t i) {
  auto read = [&](auto value) {
    std::memcpy(&value, bytes + i * sizeof(value), sizeof(value));
    return double(value);
  };
  if (tensor.isQuantized())
    return tensor.grid.isSigned ? read(int8_t()) : read(uint8_t());
  return tensor.element == "f32"   ? read(float())
         : tensor.element == "i64" ? read(int64_t())
                                   : read(int32_t());
}

static std::string printIndex(const Shape &shape, size_t element) {
  std::string text;
  for (size_t i = shape.size(); i-- > 0;) {
    text = std::to_string(element % size_t(shape[i])) +
           (text.empty() ? "" : ", ") + text;
    element /= size_t(shape[i]);
  }
  return "[" + text + "]";
}

std::string findDifference(const GraphOutput &output, ArrayRef<char> expected,
                           const char *got) {
  const Tensor &tensor = output.tensor;
  if (std::memcmp(expected.data(), got, expected.size()) == 0)
    return "";
  size_t count = countElements(tensor), first = count, different = 0;
  double largest = 0;
  for (size_t i = 0; output.isOfLargest && i < count; ++i)
    largest =
        std::max(largest, std::fabs(readElement(tensor, expected.data(), i)));
  for (size_t i = 0; i < count; ++i) {
    double want = readElement(tensor, expected.data(), i);
    double have = readElement(tensor, got, i);
    double magnitude = output.isOfLargest ? largest : std::fabs(want);
    // Written so that a NaN differs from all but a NaN.
    bool isClose = want == have || (std::isnan(want) && std::isnan(have)) ||
                   std::fabs(want - have) <= output.tolerance * (1 + magnitude);
    if (isClose)
      continue;
    first = std::min(first, i);
    ++different;
  }
  if (different == 0)
    return "";
  char text[160];
  std::snprintf(text, sizeof(text),
                ": expected %.9g, but got %.9g; %zu of %zu elements differ",
                readElement(tensor, expected.data(), first),
                readElement(tensor, got, first), different, count);
  return tensor.name + printIndex(tensor.shape, first) + text;
}

} // namespace qcc::numerics_test
