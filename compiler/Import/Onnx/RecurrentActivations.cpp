// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names to functions; parameters are taken in the order of the functions that
// have them.

#include "compiler/Import/Onnx/RecurrentActivations.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace qcc::onnx_import {

using Form = RecurrentActivation::Form;

Value RecurrentActivation::apply(GraphBuilder &build, Value x) const {
  if (form == Function)
    return build.unary(kind, x, alpha, beta);
  if (form == Affine)
    return build.binary(BinaryKind::Add,
                        build.binary(BinaryKind::Mul, x, alpha), beta);
  Value tanh =
      build.unary(UnaryKind::Tanh, build.binary(BinaryKind::Mul, x, beta));
  return build.binary(BinaryKind::Mul, tanh, alpha);
}

namespace {

/// A function with ONNX's defaults, and how many of its parameters a model may
/// give.
struct Entry {
  RecurrentActivation activation;
  int parameters;
};

std::optional<Entry> findActivation(StringRef name) {
  auto function = [](UnaryKind kind, float alpha = 0, float beta = 0,
                     int parameters = 0) {
    return Entry{{Form::Function, kind, alpha, beta}, parameters};
  };
  UnaryKind none = UnaryKind::Relu;
  return llvm::StringSwitch<std::optional<Entry>>(name.lower())
      .Case("relu", function(UnaryKind::Relu))
      .Case("tanh", function(UnaryKind::Tanh))
      .Case("sigmoid", function(UnaryKind::Sigmoid))
      .Case("softsign", function(UnaryKind::Softsign))
      .Case("softplus", function(UnaryKind::Softplus))
      .Case("leakyrelu", function(UnaryKind::LeakyRelu, 0.01f, 0, 1))
      .Case("thresholdedrelu", function(UnaryKind::ThresholdedRelu, 1, 0, 1))
      .Case("elu", function(UnaryKind::Elu, 1, 0, 1))
      .Case("hardsigmoid", function(UnaryKind::HardSigmoid, 0.2f, 0.5f, 2))
      .Case("affine", Entry{{Form::Affine, none, 1, 0}, 2})
      .Case("scaledtanh", Entry{{Form::ScaledTanh, none, 1, 1}, 2})
      .Default(std::nullopt);
}

} // namespace

std::optional<std::vector<std::vector<RecurrentActivation>>>
readRecurrentActivations(Node &node, int64_t directions, int64_t gates) {
  std::vector<std::string> defaults{"Sigmoid", "Tanh"};
  if (gates == 4)
    defaults.push_back("Tanh");
  else if (gates == 1)
    defaults = {"Tanh"};
  std::vector<std::string> names = node.getStrings("activations");
  if (names.empty())
    for (int64_t i = 0; i < directions; ++i)
      names.insert(names.end(), defaults.begin(), defaults.end());
  size_t count = defaults.size();
  if (names.size() != count * directions) {
    node.fail("expected " + Twine(count * directions) +
              " activations, but got " + Twine(names.size()));
    return std::nullopt;
  }
  SmallVector<float> alphas = node.getFloats("activation_alpha");
  SmallVector<float> betas = node.getFloats("activation_beta");
  size_t alpha = 0, beta = 0;
  std::vector<std::vector<RecurrentActivation>> result(directions);
  for (auto [i, name] : llvm::enumerate(names)) {
    std::optional<Entry> entry = findActivation(name);
    if (!entry) {
      node.fail("expected an activation like Sigmoid, Tanh or Relu, but got " +
                name);
      return std::nullopt;
    }
    if (entry->parameters > 0 && alpha < alphas.size())
      entry->activation.alpha = alphas[alpha++];
    if (entry->parameters > 1 && beta < betas.size())
      entry->activation.beta = betas[beta++];
    result[i / count].push_back(entry->activation);
  }
  return result;
}

} // namespace qcc::onnx_import
