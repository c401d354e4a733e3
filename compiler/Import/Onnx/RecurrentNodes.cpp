// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LSTM, GRU and RNN, step by step: the products with the inputs of all steps
// are one linear layer, those with the state are one a step, over the same
// weights. ONNX defines the equations.

#include "compiler/Import/Onnx/Nodes.h"
#include "compiler/Import/Onnx/RecurrentActivations.h"

using namespace mlir;

namespace qcc::onnx_import {

namespace {

// More would make graphs that no one wants to wait for.
constexpr int64_t kMaxSteps = 4096;

/// What a step hands to the next: the hidden state, and an LSTM's cell.
struct State {
  Value hidden, cell;
};

/// A constant or computed matrix, transposed, and what is added to a product.
struct Matrix {
  Value weights, bias;
};

/// The weights of one direction. `fresh` are a GRU's for the new state, which
/// `state` leaves out.
struct Weights {
  Matrix input, state, fresh;
  Value peepholes;
};

class Recurrence {
public:
  Recurrence(Node &node, int64_t gates)
      : node(node), build(node.build), gates(gates) {}

  void import();

private:
  bool readShapes();
  bool readAttributes();
  bool checkInput(size_t i, Shape shape, StringRef what);
  Value runDirection(int64_t direction, State &state);
  State step(const Weights &weights, Value products, State state);
  State stepLstm(const Weights &weights, ArrayRef<Value> gate, State state);
  State stepGru(const Weights &weights, Value products, State state);
  State keepFinished(int64_t time, State next, State before);

  Value activate(size_t i, Value x);
  Value multiply(Value x, const Matrix &matrix);
  Weights readWeights(int64_t direction);
  Value add(Value a, Value b) { return build.binary(BinaryKind::Add, a, b); }
  Value mul(Value a, Value b) { return build.binary(BinaryKind::Mul, a, b); }
  Value takePart(Value value, int64_t axis, int64_t first, int64_t count);
  Value takeDirection(size_t input, int64_t direction);
  Value takeGate(Value value, int64_t gate) {
    return takePart(value, rankOf(value) - 1, gate * hidden, hidden);
  }
  Value swapLayout(Value value, Shape permutation) {
    return isBatchFirst ? build.transpose(value, permutation) : value;
  }

  Node &node;
  GraphBuilder &build;
  int64_t gates;
  Value x; // [steps, batch, inputs]
  int64_t steps = 0, batch = 0, inputs = 0, hidden = 0, directions = 1;
  bool isReversed = false, isBatchFirst = false, resetsAfter = false;
  bool couplesForget = false;
  std::vector<RecurrentActivation> activations; // of the direction at work
  std::vector<std::vector<RecurrentActivation>> allActivations;
  float clip = 0;
};

} // namespace

Value Recurrence::takePart(Value value, int64_t axis, int64_t first,
                           int64_t count) {
  SmallVector<int64_t> starts(rankOf(value), 0), ones(rankOf(value), 1);
  SmallVector<int64_t> sizes(shapeOf(value));
  starts[axis] = first;
  sizes[axis] = count;
  return build.slice(value, starts, sizes, ones);
}

/// Entry `direction` of an input's first dimension; null where it is absent.
Value Recurrence::takeDirection(size_t input, int64_t direction) {
  if (!node.hasInput(input))
    return {};
  return build.dropDimensions(takePart(node.input(input), 0, direction, 1), 0);
}

bool Recurrence::checkInput(size_t i, Shape shape, StringRef what) {
  if (!node.hasInput(i) || shapeOf(node.input(i)) == shape)
    return true;
  node.fail("expected " + what + " of " + describe(shape) + ", but got " +
            describe(shapeOf(node.input(i))));
  return false;
}

bool Recurrence::readShapes() {
  x = node.input(0);
  isBatchFirst = node.getInteger("layout", 0);
  if (rankOf(x) != 3 || rankOf(node.input(2)) != 3) {
    node.fail("expected an input and weights of rank 3, but got " +
              describe(shapeOf(x)) + " and " +
              describe(shapeOf(node.input(2))));
    return false;
  }
  x = swapLayout(x, {1, 0, 2});
  steps = shapeOf(x)[0];
  batch = shapeOf(x)[1];
  inputs = shapeOf(x)[2];
  hidden = shapeOf(node.input(2))[2];
  if (steps < 1 || steps > kMaxSteps || hidden < 1) {
    node.fail("expected from 1 to " + Twine(kMaxSteps) +
              " steps and a hidden size of at least 1, but got " +
              Twine(steps) + " and " + Twine(hidden));
    return false;
  }
  int64_t rows = gates * hidden;
  SmallVector<int64_t> state{directions, batch, hidden};
  if (isBatchFirst)
    state = {batch, directions, hidden};
  return checkInput(1, {directions, rows, inputs}, "W") &&
         checkInput(2, {directions, rows, hidden}, "R") &&
         checkInput(3, {directions, 2 * rows}, "B") &&
         checkInput(4, {batch}, "sequence_lens") &&
         checkInput(5, state, "initial_h") &&
         checkInput(6, state, "initial_c") &&
         checkInput(7, {directions, 3 * hidden}, "P");
}

bool Recurrence::readAttributes() {
  StringRef direction = node.getString("direction", "forward");
  isReversed = direction == "reverse";
  directions = direction == "bidirectional" ? 2 : 1;
  resetsAfter = node.getInteger("linear_before_reset", 0);
  couplesForget = node.getInteger("input_forget", 0);
  clip = node.getFloat("clip", 0);
  auto read = readRecurrentActivations(node, directions, gates);
  if (read)
    allActivations = std::move(*read);
  return read.has_value();
}

Value Recurrence::multiply(Value x, const Matrix &matrix) {
  auto [weights, bias] = matrix;
  if (isWeight(weights) && (!bias || constantOf(bias)))
    return build.linear(x, weights, bias);
  Value product = build.matmul(x, build.transpose(weights, {1, 0}));
  return bias ? add(product, bias) : product;
}

Weights Recurrence::readWeights(int64_t direction) {
  int64_t rows = gates * hidden, split = gates == 3 ? 2 * hidden : rows;
  auto take = [&](Value value, int64_t first, int64_t end) {
    return value && end > first ? takePart(value, 0, first, end - first)
                                : Value();
  };
  Value state = takeDirection(2, direction), bias = takeDirection(3, direction);
  return {{takeDirection(1, direction), take(bias, 0, rows)},
          {take(state, 0, split), take(bias, rows, rows + split)},
          {take(state, split, rows), take(bias, rows + split, 2 * rows)},
          takeDirection(7, direction)};
}

Value Recurrence::activate(size_t i, Value x) {
  if (clip > 0)
    x = build.clamp(x, -clip, clip);
  return activations[i].apply(build, x);
}

// Gates are input, output, forget, cell.
State Recurrence::stepLstm(const Weights &weights, ArrayRef<Value> gate,
                           State state) {
  auto peep = [&](Value x, int64_t part, Value cell) {
    return weights.peepholes
               ? add(x, mul(takeGate(weights.peepholes, part), cell))
               : x;
  };
  Value input = activate(0, peep(gate[0], 0, state.cell));
  Value one = build.scalar(1, build.getFloat());
  Value forget = couplesForget ? build.binary(BinaryKind::Sub, one, input)
                               : activate(0, peep(gate[2], 2, state.cell));
  Value cell = add(mul(forget, state.cell), mul(input, activate(1, gate[3])));
  Value output = activate(0, peep(gate[1], 1, cell));
  // What is bounded is the input of gates only.
  return {mul(output, activations[2].apply(build, cell)), cell};
}

// Gates are update, reset, hidden.
State Recurrence::stepGru(const Weights &weights, Value products, State state) {
  Value gate = add(takePart(products, 1, 0, 2 * hidden),
                   multiply(state.hidden, weights.state));
  Value update = activate(0, takeGate(gate, 0));
  Value reset = activate(0, takeGate(gate, 1));
  Value recurrent = resetsAfter
                        ? mul(reset, multiply(state.hidden, weights.fresh))
                        : multiply(mul(reset, state.hidden), weights.fresh);
  Value fresh = activate(1, add(takeGate(products, 2), recurrent));
  Value one = build.scalar(1, build.getFloat());
  Value rest = build.binary(BinaryKind::Sub, one, update);
  return {add(mul(rest, fresh), mul(update, state.hidden)), Value()};
}

State Recurrence::step(const Weights &weights, Value products, State state) {
  if (gates == 3)
    return stepGru(weights, products, state);
  Value sum = add(products, multiply(state.hidden, weights.state));
  if (gates == 1)
    return {activate(0, sum), Value()};
  SmallVector<Value> gate;
  for (int64_t i = 0; i < 4; ++i)
    gate.push_back(takeGate(sum, i));
  return stepLstm(weights, gate, state);
}

/// `before` for sequences of the batch that have ended at `time`.
State Recurrence::keepFinished(int64_t time, State next, State before) {
  Value lengths = node.input(4);
  if (!lengths)
    return next;
  auto known = getConstantIntegers(constantOf(lengths));
  if (known && llvm::all_of(*known, [&](int64_t n) { return n >= steps; }))
    return next;
  Value goesOn = build.reshape(
      build.binary(BinaryKind::Greater, lengths, double(time)), {batch, 1});
  return {build.select(goesOn, next.hidden, before.hidden),
          next.cell ? build.select(goesOn, next.cell, before.cell) : Value()};
}

/// The hidden states of all steps, [steps, 1, batch, hidden]; `state` becomes
/// the last one.
Value Recurrence::runDirection(int64_t direction, State &state) {
  Weights weights = readWeights(direction);
  Value products =
      multiply(build.reshape(x, {steps * batch, inputs}), weights.input);
  bool isBackward = isReversed || direction == 1;
  Value zero = build.expand(build.scalar(0, build.getFloat()), {batch, hidden});
  SmallVector<Value> all(steps);
  for (int64_t i = 0; i < steps && !build.hasProblem(); ++i) {
    int64_t time = isBackward ? steps - 1 - i : i;
    State next =
        step(weights, takePart(products, 0, time * batch, batch), state);
    // A sequence that has ended keeps its state and gives zeros.
    Value result = keepFinished(time, next, {zero, zero}).hidden;
    state = keepFinished(time, next, state);
    all[time] = build.reshape(result, {1, 1, batch, hidden});
  }
  return build.hasProblem() ? Value() : build.concat(all, 0);
}

void Recurrence::import() {
  if (!readAttributes() || !readShapes())
    return;
  Value zero = build.expand(build.scalar(0, build.getFloat()), {batch, hidden});
  SmallVector<Value> results, lastHidden, lastCell;
  for (int64_t direction = 0; direction < directions; ++direction) {
    activations = allActivations[direction];
    auto first = [&](size_t i) {
      if (!node.hasInput(i))
        return zero;
      Value all = swapLayout(node.input(i), {1, 0, 2});
      return build.dropDimensions(takePart(all, 0, direction, 1), 0);
    };
    State state{first(5), gates == 4 ? first(6) : Value()};
    results.push_back(runDirection(direction, state));
    if (build.hasProblem())
      return;
    lastHidden.push_back(build.reshape(state.hidden, {1, batch, hidden}));
    if (state.cell)
      lastCell.push_back(build.reshape(state.cell, {1, batch, hidden}));
  }
  node.setOutput(0, swapLayout(build.concat(results, 1), {2, 0, 1, 3}));
  node.setOutput(1, swapLayout(build.concat(lastHidden, 0), {1, 0, 2}));
  if (gates == 4)
    node.setOutput(2, swapLayout(build.concat(lastCell, 0), {1, 0, 2}));
}

void importLstm(Node &node) { Recurrence(node, 4).import(); }
void importGru(Node &node) { Recurrence(node, 3).import(); }
void importRnn(Node &node) { Recurrence(node, 1).import(); }

} // namespace qcc::onnx_import
