// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops about the places of elements.

#include "test/numerics/Generators.h"

#include <algorithm>

namespace qcc::numerics_test {

static void addTopK(GraphText &graph, Random &random) {
  Shape shape = drawShape(random, random.integer(1, 4), 2000);
  size_t axis = size_t(random.integer(0, int64_t(shape.size()) - 1));
  std::string element = random.pick({"f32", "f32", "i64", "i8"});
  // Whole numbers from -3 to 3 give many equal ones.
  Spread spread =
      element == "f32" && random.oneIn(2) ? Spread::Whole : Spread::Even;
  Tensor x = graph.addInput(shape, element, spread);
  shape[axis] = random.integer(1, shape[axis]);
  std::string text =
      "top_k " + x.name + " {axis = " + std::to_string(axis) +
      " : i64, largest = " + (random.oneIn(2) ? "true" : "false") + "}";
  graph.addOutput(graph.addOp(text, {x}, makeTensor(shape, "i64")));
}

static void addScatter(GraphText &graph, Random &random) {
  Shape shape = drawShape(random, random.integer(1, 4), 2000);
  std::vector<int64_t> indices(size_t(random.integer(1, 12)));
  // Some are left out.
  for (int64_t &index : indices)
    index = random.integer(-shape[0] - 1, shape[0]);
  std::string kind = random.pick({"set", "set", "add", "mul", "max", "min"});
  std::string element = random.pick({"f32", "f32", "i32"});
  Tensor x = graph.addInput(shape, element);
  Shape updated = shape;
  updated[0] = int64_t(indices.size());
  Tensor places = graph.addConstant({updated[0]}, "i64", indices);
  Tensor updates = graph.addInput(updated, element);
  graph.addOutput(graph.addOp("scatter " + kind + " " + x.name + ", " +
                                  places.name + ", " + updates.name,
                              {x, places, updates}, makeTensor(shape, element),
                              /*isCall=*/true),
                  element == "f32" ? 1e-5 : 0);
}

static void addSuppression(GraphText &graph, Random &random) {
  int64_t images = random.integer(1, 2), classes = random.integer(1, 4);
  int64_t count = random.integer(1, 40), most = random.integer(1, 20);
  Tensor boxes = graph.addInput({images, count, 4}, "f32");
  Tensor scores = graph.addInput({images, classes, count}, "f32");
  std::string text =
      "non_max_suppression " + boxes.name + ", " + scores.name +
      " {boxes_per_class = " + std::to_string(most) +
      " : i64, iou_threshold = " + printFloat(random.real(0, 1)) + " : f32";
  if (random.oneIn(2))
    text += ", score_threshold = " + printFloat(random.real(-4, 4)) + " : f32";
  if (random.oneIn(2))
    text += ", centered = true";
  Shape rows{images * classes * std::min(most, count), 3};
  graph.addOutput(graph.addOp(text + "}", {boxes, scores},
                              makeTensor(rows, "i64"), /*isCall=*/true));
}

void addPlaces(GraphText &graph, Random &random) {
  switch (random.integer(0, 2)) {
  case 0:
    return addTopK(graph, random);
  case 1:
    return addScatter(graph, random);
  default:
    return addSuppression(graph, random);
  }
}

} // namespace qcc::numerics_test
