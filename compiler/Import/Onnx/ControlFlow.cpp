// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bodies taken apart.

#include "compiler/Import/Onnx/ControlFlow.h"

using namespace mlir;

namespace qcc::onnx_import {

// More would make graphs that no one wants to wait for.
static constexpr int64_t kMaxTrips = 4096;

using Values = SmallVector<Value>;

//===-- If ----------------------------------------------------------------===//

/// One element may be a scalar in one branch and a vector of one in the other.
static void matchRanks(GraphBuilder &build, Value &a, Value &b) {
  if (typeOf(a).getNumElements() != 1 || typeOf(b).getNumElements() != 1)
    return;
  Value &lower = rankOf(a) < rankOf(b) ? a : b;
  lower = build.reshape(lower, shapeOf(&lower == &a ? b : a));
}

void importIf(Node &node, BodyImporter importBody) {
  GraphBuilder &build = node.build;
  Value condition = node.input(0);
  onnx::GraphProto *then = node.getBody("then_branch");
  onnx::GraphProto *other = node.getBody("else_branch");
  if (!then || !other)
    return;
  if (typeOf(condition).getNumElements() != 1) {
    node.fail("expected one condition, but got " +
              describe(shapeOf(condition)));
    return;
  }
  if (auto holds = getConstantIntegers(constantOf(condition))) {
    auto results = importBody(holds->front() ? *then : *other, {});
    for (size_t i = 0; results && i < results->size(); ++i)
      node.setOutput(i, (*results)[i]);
    return;
  }
  auto first = importBody(*then, {}), second = importBody(*other, {});
  if (!first || !second)
    return;
  if (first->size() != second->size()) {
    node.fail("expected branches with as many results, but got " +
              Twine(first->size()) + " and " + Twine(second->size()));
    return;
  }
  condition = build.reshape(condition, {});
  for (size_t i = 0; i < first->size(); ++i) {
    matchRanks(build, (*first)[i], (*second)[i]);
    if ((*first)[i].getType() != (*second)[i].getType()) {
      node.fail("expected branches of one type for a condition that is "
                "computed, but got " +
                describe((*first)[i].getType()) + " and " +
                describe((*second)[i].getType()));
      return;
    }
    node.setOutput(i, build.select(condition, (*first)[i], (*second)[i]));
  }
}

//===-- Results of all trips ----------------------------------------------===//

/// What the trips give, one after the other along a new dimension `axis`.
static Value stack(Node &node, ArrayRef<Value> trips, int64_t axis,
                   bool isReversed) {
  if (trips.empty())
    return node.fail("expected at least one trip, but got none");
  auto place = node.normalizeAxis(axis, rankOf(trips.front()) + 1);
  if (!place)
    return {};
  Values parts;
  for (Value trip : trips) {
    SmallVector<int64_t> shape(shapeOf(trip));
    if (*place > int64_t(shape.size()))
      return node.fail("expected trips of one shape, but got " +
                       describe(shape));
    shape.insert(shape.begin() + *place, 1);
    parts.push_back(node.build.reshape(trip, shape));
  }
  if (isReversed)
    std::reverse(parts.begin(), parts.end());
  return node.build.concat(parts, *place);
}

/// Splits what a trip gives into `states`, and a list for each of the others.
static bool takeResults(Node &node, ArrayRef<Value> results, Values &states,
                        std::vector<Values> &trips) {
  if (results.size() < states.size()) {
    node.fail("expected a body with at least " + Twine(states.size()) +
              " results, but got " + Twine(results.size()));
    return false;
  }
  trips.resize(results.size() - states.size());
  for (size_t i = 0; i < results.size(); ++i)
    if (i < states.size())
      states[i] = results[i];
    else
      trips[i - states.size()].push_back(results[i]);
  return true;
}

//===-- Loop --------------------------------------------------------------===//

void importLoop(Node &node, BodyImporter importBody) {
  GraphBuilder &build = node.build;
  onnx::GraphProto *body = node.getBody("body");
  if (!body)
    return;
  std::optional<int64_t> limit = kMaxTrips + 1, goesOn = 1;
  if (node.hasInput(0))
    limit = node.constantInteger(0, "trip count");
  if (node.hasInput(1))
    goesOn = node.constantInteger(1, "condition");
  if (!limit || !goesOn)
    return;
  Values states(
      node.getInputs().drop_front(std::min<size_t>(2, node.getNumInputs())));
  std::vector<Values> trips;
  Value condition = build.scalar(1, IntegerType::get(build.getContext(), 1));
  for (int64_t trip = 0; trip < *limit && *goesOn; ++trip) {
    if (trip == kMaxTrips) {
      node.fail("expected at most " + Twine(kMaxTrips) +
                " trips, but got more");
      return;
    }
    Values inputs{build.reshape(build.integers(trip), {}), condition};
    inputs.append(states.begin(), states.end());
    auto results = importBody(*body, inputs);
    if (!results)
      return;
    auto next = results->empty()
                    ? std::nullopt
                    : getConstantIntegers(constantOf(results->front()));
    if (!next || next->size() != 1) {
      node.fail("expected a condition that is known, but got a computed value");
      return;
    }
    goesOn = next->front();
    if (!takeResults(node, ArrayRef<Value>(*results).drop_front(), states,
                     trips))
      return;
  }
  for (size_t i = 0; i < node.getNumOutputs(); ++i)
    if (i < states.size())
      node.setOutput(i, states[i]);
    else if (i - states.size() < trips.size())
      node.setOutput(i, stack(node, trips[i - states.size()], 0, false));
}

//===-- Scan --------------------------------------------------------------===//

/// Entry `i` of a list, `absent` behind its end.
static int64_t entryOf(ArrayRef<int64_t> list, size_t i) {
  return i < list.size() ? list[i] : 0;
}

/// Element `trip` of `value` along `axis`, which is dropped.
static Value takeSlice(GraphBuilder &build, Value value, int64_t axis,
                       int64_t trip) {
  SmallVector<int64_t> starts(rankOf(value), 0), steps(rankOf(value), 1);
  SmallVector<int64_t> sizes(shapeOf(value));
  starts[axis] = trip;
  sizes[axis] = 1;
  return build.dropDimensions(build.slice(value, starts, sizes, steps), axis);
}

void importScan(Node &node, BodyImporter importBody) {
  onnx::GraphProto *body = node.getBody("body");
  int64_t count = node.getInteger("num_scan_inputs", 0);
  if (!body)
    return;
  int64_t inputs = node.getNumInputs();
  if (node.opset < 9 || count < 1 || count > inputs) {
    node.fail("expected operator set 9 or newer and from 1 to " +
              Twine(inputs) + " scan inputs, but got " + Twine(node.opset) +
              " and " + Twine(count));
    return;
  }
  Values states(node.getInputs().drop_back(count));
  ArrayRef<Value> scanned = node.getInputs().take_back(count);
  auto axes = node.getIntegers("scan_input_axes", {});
  auto directions = node.getIntegers("scan_input_directions", {});
  int64_t length = -1;
  for (auto [i, value] : llvm::enumerate(scanned)) {
    auto axis = value ? node.normalizeAxis(entryOf(axes, i), rankOf(value))
                      : std::nullopt;
    if (!axis)
      return;
    axes.resize(std::max(axes.size(), i + 1), 0);
    axes[i] = *axis;
    int64_t size = shapeOf(value)[*axis];
    if (size > kMaxTrips || (length >= 0 && size != length)) {
      node.fail("expected scan inputs of one length, at most " +
                Twine(kMaxTrips) + ", but got " + Twine(size));
      return;
    }
    length = size;
  }
  std::vector<Values> trips;
  for (int64_t trip = 0; trip < length; ++trip) {
    Values arguments(states);
    for (auto [i, value] : llvm::enumerate(scanned))
      arguments.push_back(
          takeSlice(node.build, value, axes[i],
                    entryOf(directions, i) ? length - 1 - trip : trip));
    auto results = importBody(*body, arguments);
    if (!results || !takeResults(node, *results, states, trips))
      return;
  }
  auto outputAxes = node.getIntegers("scan_output_axes", {});
  auto outputDirections = node.getIntegers("scan_output_directions", {});
  for (size_t i = 0; i < node.getNumOutputs(); ++i) {
    size_t j = i - states.size();
    if (i < states.size())
      node.setOutput(i, states[i]);
    else if (j < trips.size())
      node.setOutput(i, stack(node, trips[j], entryOf(outputAxes, j),
                              entryOf(outputDirections, j)));
  }
}

} // namespace qcc::onnx_import
