// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Activations that have parameters.

#include "compiler/Import/Onnx/Nodes.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace qcc::onnx_import {

namespace {

/// A function and ONNX's defaults of its parameters.
struct Activation {
  UnaryKind kind;
  float alpha = 0, beta = 0;
  StringRef betaName = "beta";
};

} // namespace

void importActivation(Node &node) {
  auto activation =
      llvm::StringSwitch<std::optional<Activation>>(node.getType())
          .Case("Celu", Activation{UnaryKind::Celu, 1.0f})
          .Case("Elu", Activation{UnaryKind::Elu, 1.0f})
          .Case("HardSigmoid", Activation{UnaryKind::HardSigmoid, 0.2f, 0.5f})
          .Case("HardSwish", Activation{UnaryKind::HardSwish})
          .Case("LeakyRelu", Activation{UnaryKind::LeakyRelu, 0.01f})
          .Case("Mish", Activation{UnaryKind::Mish})
          .Case("Selu", Activation{UnaryKind::Selu, 1.67326319217681884765625f,
                                   1.05070102214813232421875f, "gamma"})
          .Case("ThresholdedRelu", Activation{UnaryKind::ThresholdedRelu, 1.0f})
          .Default(std::nullopt);
  assert(activation && "the op table names a function that is not above");
  float alpha = node.getFloat("alpha", activation->alpha);
  float beta = node.getFloat(activation->betaName, activation->beta);
  node.setOutput(
      0, node.build.unary(activation->kind, node.input(0), alpha, beta));
}

void importGelu(Node &node) {
  StringRef form = node.getString("approximate", "none");
  if (form != "none" && form != "tanh") {
    node.fail("expected approximate none or tanh, but got '" + form + "'");
    return;
  }
  UnaryKind kind = form == "tanh" ? UnaryKind::GeluTanh : UnaryKind::Gelu;
  node.setOutput(0, node.build.unary(kind, node.input(0)));
}

/// x * sigmoid(alpha * x), silu where alpha is 1
static Value swish(GraphBuilder &build, Value x, float alpha) {
  if (alpha == 1.0f)
    return build.unary(UnaryKind::Silu, x);
  Value gate =
      build.unary(UnaryKind::Sigmoid, build.binary(BinaryKind::Mul, x, alpha));
  return build.binary(BinaryKind::Mul, x, gate);
}

void importSwish(Node &node) {
  node.setOutput(
      0, swish(node.build, node.input(0), node.getFloat("alpha", 1.0f)));
}

// SwiGLU(a, b) -> swish(a) * b
void importSwiGlu(Node &node) {
  if (shapeOf(node.input(0)) != shapeOf(node.input(1))) {
    node.fail("expected inputs of one shape, but got " +
              describe(shapeOf(node.input(0))) + " and " +
              describe(shapeOf(node.input(1))));
    return;
  }
  Value gate = swish(node.build, node.input(0), node.getFloat("alpha", 1.0f));
  node.setOutput(0, node.build.binary(BinaryKind::Mul, gate, node.input(1)));
}

void importPRelu(Node &node) {
  Value x = node.input(0), slope = node.input(1);
  auto shape = node.build.broadcast(shapeOf(x), shapeOf(slope));
  if (!shape)
    return;
  if (Shape(*shape) != shapeOf(x)) {
    node.fail("expected a slope that broadcasts to " + describe(shapeOf(x)) +
              ", but got " + describe(shapeOf(slope)));
    return;
  }
  node.setOutput(0, node.build.binary(BinaryKind::Prelu, x, slope));
}

/// Limits `x` by values that are computed, or of integers, which a clamp with
/// float bounds would round.
static Value clipByValues(Node &node, Value x) {
  for (auto [i, kind] :
       {std::pair(1, BinaryKind::Max), std::pair(2, BinaryKind::Min)}) {
    if (!node.hasInput(i))
      continue;
    if (typeOf(node.input(i)).getNumElements() != 1)
      return node.fail("expected one number as bound, but got " +
                       describe(shapeOf(node.input(i))));
    x = node.build.binary(kind, x, node.build.reshape(node.input(i), {}));
  }
  return x;
}

void importClip(Node &node) {
  Value x = node.input(0);
  std::optional<float> bounds[2];
  if (node.opset < 11) {
    if (node.hasAttribute("min"))
      bounds[0] = node.getFloat("min", 0);
    if (node.hasAttribute("max"))
      bounds[1] = node.getFloat("max", 0);
  } else {
    for (int i : {1, 2}) {
      if (!node.hasInput(i))
        continue;
      if (!elementOf(x).isF32() || !constantOf(node.input(i))) {
        node.setOutput(0, clipByValues(node, x));
        return;
      }
      auto bound = node.constantScalar(i, "bound");
      if (!bound)
        return;
      bounds[i - 1] = *bound;
    }
  }
  node.setOutput(0, node.build.clamp(x, bounds[0], bounds[1]));
}

} // namespace qcc::onnx_import
