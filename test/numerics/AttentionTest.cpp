// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keys, values and attention on a cache of three sequences: one token of each,
// or pieces of prompts of which spans have up to eight rows; positions at once,
// or cut in parts.

#include "test/numerics/AttentionCases.h"

#include "gtest/gtest.h"

namespace qcc::numerics_test {
namespace {

constexpr int64_t kRows = AttentionData::kMostRows;

/// The text of an op that is given more and more operands.
struct OpText {
  GraphText &graph;
  std::string text;
  std::vector<Tensor> operands;

  void add(const char *word, const Tensor &tensor) {
    operands.push_back(tensor);
    text += std::string(" ") + word + "(" + tensor.name + ")";
  }
  void addVector(const char *word, const std::vector<float> &values) {
    if (!values.empty())
      add(word, graph.addConstant({int64_t(values.size())}, "f32", values));
  }
  Tensor finish(int64_t columns) {
    Tensor result = makeTensor({kRows, columns}, "f32");
    return graph.addOp(text, operands, result, true);
  }
};

/// Inputs in the order of AttentionData::makeInputs.
struct AttentionInputs {
  Tensor query, key, value, table, places, cache, spans, extents, parts, merges;

  AttentionInputs(GraphText &graph, const AttentionData &data) {
    const AttentionShape &shape = data.shape;
    query = graph.addInput({kRows, shape.heads * shape.size}, "f32");
    key = graph.addInput({kRows, shape.kvHeads * shape.size}, "f32");
    value = graph.addInput({kRows, shape.kvHeads * shape.size}, "f32");
    // A table of no elements has no type: one that nobody reads stands for it.
    int64_t pairs = std::max<int64_t>(shape.rotated / 2, 1);
    table = graph.addInput({kRows, 2, pairs}, "f32");
    places = graph.addInput({kRows}, "i64");
    cache = graph.addInput(
        {2, shape.kvHeads, AttentionData::kCapacity, shape.numbers()},
        shape.cacheType);
    spans = graph.addInput({AttentionData::kSlots, data.spanNumbers()}, "i64");
    extents = graph.addInput({5}, "i64");
    if (!shape.part)
      return;
    parts = graph.addInput({AttentionData::kSlots, shape.partNumbers()}, "f32");
    merges = graph.addInput({kRows, 4}, "i64");
  }
};

void addOps(GraphText &graph, const AttentionData &data) {
  const AttentionShape &shape = data.shape;
  AttentionInputs in(graph, data);
  std::string heads = "head_size = " + std::to_string(shape.size) +
                      " : i64, kv_heads = " + std::to_string(shape.kvHeads) +
                      " : i64, ";
  OpText keys{graph,
              "cache_keys " + in.query.name + ", " + in.key.name + ", " +
                  in.value.name + " to " + in.cache.name + ", " +
                  in.places.name + ", " + in.extents.name,
              {in.query, in.key, in.value, in.places, in.cache, in.extents}};
  if (shape.rotated)
    keys.add("rotate", in.table);
  keys.addVector("query_norm", data.queryNorm);
  keys.addVector("key_norm", data.keyNorm);
  keys.text +=
      " {" + heads + (shape.isInterleaved ? "interleaved, " : "") +
      (shape.isCentered ? "centered, " : "") +
      (shape.norm == HeadNorm::Own ? "by_head, " : "") +
      (shape.rotatesFirst ? "rotates_first, " : "") +
      (shape.clip ? "clip = " + printFloat(shape.clip) + " : f32, " : "") +
      "epsilon = 1.0e-6 : f32}";
  Tensor rotated = keys.finish(shape.heads * shape.size);
  OpText attend{graph,
                "attend " + rotated.name + ", " + in.cache.name + ", " +
                    in.spans.name + ", " + in.extents.name,
                {rotated, in.cache, in.spans, in.extents}};
  attend.addVector("sinks", data.sinks);
  if (shape.part) {
    attend.add("parts", in.parts);
    attend.add("merges", in.merges);
  }
  attend.addVector("slopes", data.slopes);
  attend.text += " {" + heads + "window = " + std::to_string(shape.window) +
                 " : i64, scale = " + printFloat(data.scale) +
                 " : f32, span_rows = " + std::to_string(data.spanRows()) +
                 " : i64";
  if (shape.softCap != 0)
    attend.text += ", soft_cap = " + printFloat(shape.softCap) + " : f32";
  attend.text += "}";
  Tensor attended = attend.finish(shape.heads * shape.size);
  graph.addOutput(rotated);
  graph.addOutput(attended);
}

DecoderCase makeCase(size_t number, const std::string &name,
                     const AttentionShape &shape) {
  auto data = std::make_shared<AttentionData>(shape, number + 1);
  GraphText graph("c" + std::to_string(number % 8) + "_");
  addOps(graph, *data);
  auto inputs = [data](int64_t count) {
    std::vector<Bytes> list = data->makeInputs(count);
    if (list[3].empty())
      list[3].resize(kRows * 2 * sizeof(float));
    return list;
  };
  return {name, graph, inputs,
          [data](const DecoderRun &run) { return data->check(run); }};
}

TEST(Attention, EqualsPlainLoops) {
  std::vector<DecoderCase> cases;
  auto add = [&](const char *name, AttentionShape shape) {
    cases.push_back(makeCase(cases.size(), name, shape));
  };
  add("halves", {4, 4, 16, "f32", 16});
  add("pairs of shared heads", {8, 2, 32, "f16", 32, true});
  add("one key head", {9, 1, 24, "bf16", 24});
  add("a part of a head", {4, 2, 80, "f16", 32});
  add("a part in pairs", {4, 2, 40, "f32", 20, true});
  add("no rotation", {2, 2, 64, "f16"});
  add("norms of heads", {4, 2, 64, "f16", 64, false, HeadNorm::Each});
  add("norms of all heads", {4, 4, 32, "f32", 32, false, HeadNorm::All});
  add("window", {4, 2, 32, "f32", 32, false, HeadNorm::None, 20});
  add("window of a place", {2, 1, 16, "f16", 16, false, HeadNorm::None, 1});
  add("soft cap", {4, 2, 32, "f32", 32, false, HeadNorm::None, 0, 2.5});
  add("sinks", {4, 2, 32, "f32", 32, false, HeadNorm::None, 140, 0, true});
  add("all", {8, 2, 48, "f16", 48, true, HeadNorm::Each, 33, 4, true});
  add("bytes", {4, 2, 64, "i8", 64});
  add("bytes of a part of a group", {6, 2, 40, "i8", 20, true});
  add("bytes of all", {9, 1, 80, "i8", 80, false, HeadNorm::Each, 50, 4, true});
  const int64_t rows[] = {1, 2, 3, 5, 8, 13};
  checkCases(std::move(cases), rows);
}

TEST(Attention, EqualsPlainLoopsOfRareKinds) {
  std::vector<DecoderCase> cases;
  auto add = [&](const char *name, AttentionShape shape,
                 void (*change)(AttentionShape &)) {
    change(shape);
    cases.push_back(makeCase(cases.size(), name, shape));
  };
  using Shape = AttentionShape;
  add("clipped", {4, 2, 24, "f32", 24}, [](Shape &s) { s.clip = 0.4; });
  add("clipped norms", {4, 2, 40, "f16", 20, true, HeadNorm::Each},
      [](Shape &s) { s.clip = 0.3; });
  add("clipped bytes", {4, 2, 40, "i8", 40}, [](Shape &s) { s.clip = 0.25; });
  add("centered", {6, 2, 20, "f32", 8, false, HeadNorm::Each},
      [](Shape &s) { s.isCentered = true; });
  add("centered by head", {6, 3, 36, "f16", 36, true, HeadNorm::Own},
      [](Shape &s) { s.isCentered = true; });
  add("by head", {4, 4, 24, "f32", 0, false, HeadNorm::Own}, [](Shape &) {});
  add("rotated first", {4, 2, 40, "f32", 40, false, HeadNorm::Each},
      [](Shape &s) { s.rotatesFirst = true; });
  add("a part rotated first", {4, 4, 24, "f32", 12, true, HeadNorm::All},
      [](Shape &s) { s.rotatesFirst = true; });
  add("slopes", {6, 6, 16, "f32"}, [](Shape &s) { s.hasSlopes = true; });
  add("slopes and sinks",
      {9, 3, 24, "f16", 0, false, HeadNorm::None, 33, 3, true},
      [](Shape &s) { s.hasSlopes = true; });
  add("slopes in parts", {8, 2, 40, "f32"}, [](Shape &s) {
    s.hasSlopes = s.hasSinks = true;
    s.part = 16;
  });
  const int64_t rows[] = {1, 2, 3, 5, 8, 13};
  checkCases(std::move(cases), rows);
}

TEST(Attention, EqualsPlainLoopsInParts) {
  std::vector<DecoderCase> cases;
  auto add = [&](const char *name, int64_t part, AttentionShape shape) {
    shape.part = part;
    cases.push_back(makeCase(cases.size(), name, shape));
  };
  add("parts of a tile", 16, {4, 4, 16, "f32", 16});
  add("parts", 48, {8, 2, 32, "f16", 32, true});
  add("parts of a block", 128, {9, 1, 24, "bf16", 24});
  add("parts of bytes", 64, {4, 2, 64, "i8", 64});
  add("parts outside of windows", 48,
      {4, 2, 32, "f32", 32, false, HeadNorm::None, 20});
  add("parts with sinks", 32,
      {4, 2, 40, "f32", 0, false, HeadNorm::None, 0, 2.5, true});
  const int64_t rows[] = {1, 2, 3, 5, 8, 13};
  checkCases(std::move(cases), rows);
}

} // namespace
} // namespace qcc::numerics_test
