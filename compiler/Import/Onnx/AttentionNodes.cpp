// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attention and RotaryEmbedding as ONNX defines them from operator set 23 on,
// written out in matrix products, masks and a softmax.

#include "compiler/Import/Onnx/Indices.h"
#include "compiler/Import/Onnx/Nodes.h"

#include <cmath>

using namespace mlir;

namespace qcc::onnx_import {

namespace {

class AttentionImporter {
public:
  explicit AttentionImporter(Node &node) : node(node), build(node.build) {}

  void import();

private:
  Value add(Value a, Value b) { return build.binary(BinaryKind::Add, a, b); }
  /// 0 where `allowed`, else minus infinity.
  Value asBias(Value allowed) {
    Type f32 = build.getFloat();
    return build.select(allowed, build.scalar(0, f32),
                        build.scalar(-INFINITY, f32));
  }
  void addBias(Value more) { bias = bias ? add(bias, more) : more; }

  Value splitHeads(Value x, int64_t heads);
  Value repeatHeads(Value x);
  bool readHeads();
  void addMask();
  void addWindow();
  void addLengths();
  Value weigh(Value scores);

  Node &node;
  GraphBuilder &build;
  Value q, k, v, bias;
  int64_t past = 0;
};

} // namespace

/// [N, S, heads * D] as [N, heads, S, D].
Value AttentionImporter::splitHeads(Value x, int64_t heads) {
  if (rankOf(x) == 4)
    return x;
  Shape shape = shapeOf(x);
  if (shape.size() != 3 || heads < 1 || shape[2] % heads)
    return build.fail("expected [N, S, heads * D] or [N, heads, S, D] with " +
                      Twine(heads) + " heads, but got " + describe(shape));
  return build.transpose(
      build.reshape(x, {shape[0], shape[1], heads, shape[2] / heads}),
      {0, 2, 1, 3});
}

/// Each head of keys or values as often as queries share it.
Value AttentionImporter::repeatHeads(Value x) {
  if (!x)
    return {};
  SmallVector<int64_t> shape(shapeOf(x));
  int64_t heads = shapeOf(q)[1], times = shape[1] ? heads / shape[1] : 0;
  if (times * shape[1] != heads)
    return build.fail("expected query heads that are a multiple of " +
                      Twine(shape[1]) + ", but got " + Twine(heads));
  if (times == 1)
    return x;
  Value wide = build.expand(
      build.reshape(x, {shape[0], shape[1], 1, shape[2], shape[3]}),
      {shape[0], shape[1], times, shape[2], shape[3]});
  return build.reshape(wide, {shape[0], heads, shape[2], shape[3]});
}

bool AttentionImporter::readHeads() {
  q = splitHeads(node.input(0), node.getInteger("q_num_heads", 0));
  k = splitHeads(node.input(1), node.getInteger("kv_num_heads", 0));
  v = splitHeads(node.input(2), node.getInteger("kv_num_heads", 0));
  if (!q || !k || !v)
    return false;
  if (node.hasInput(4) && node.hasInput(5)) {
    if (rankOf(node.input(4)) != 4 || rankOf(node.input(5)) != 4) {
      node.fail("expected past keys and values of rank 4, but got " +
                describe(shapeOf(node.input(4))) + " and " +
                describe(shapeOf(node.input(5))));
      return false;
    }
    past = shapeOf(node.input(4))[2];
    k = build.concat({node.input(4), k}, 2);
    v = build.concat({node.input(5), v}, 2);
  }
  node.setOutput(1, k);
  node.setOutput(2, v);
  k = repeatHeads(k);
  v = repeatHeads(v);
  return k && v;
}

/// The mask that is given; keys behind its end are not attended.
void AttentionImporter::addMask() {
  Value mask = node.input(3);
  int64_t rank = rankOf(mask);
  if (rank < 1 || shapeOf(mask)[rank - 1] > shapeOf(k)[2]) {
    node.fail("expected a mask for " + Twine(shapeOf(k)[2]) +
              " keys, but got " + describe(shapeOf(mask)));
    return;
  }
  if (elementOf(mask).isInteger(1))
    mask = asBias(mask);
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  high.back() = shapeOf(k)[2] - shapeOf(node.input(3))[rank - 1];
  addBias(build.pad(mask, low, high, PadMode::Constant, -INFINITY));
}

/// Which keys lie before and around each query: `is_causal` and the window.
void AttentionImporter::addWindow() {
  int64_t left = node.getInteger("left_window_size", -1);
  int64_t right = node.getInteger("right_window_size", -1);
  bool isCausal = node.getInteger("is_causal", 0);
  if (!isCausal && left < 0 && right < 0)
    return;
  Value queries = makeNumbers(build, shapeOf(q)[2], 0, 2);
  Value keys = makeNumbers(build, shapeOf(k)[2], 1, 2);
  if (!queries || !keys)
    return;
  queries = build.binary(BinaryKind::Add, queries, double(past));
  if (node.hasInput(6)) {
    // The last query stands at the last key that counts.
    Value first = build.binary(BinaryKind::Sub,
                               build.convert(node.input(6), elementOf(queries)),
                               double(shapeOf(q)[2]));
    queries = add(queries,
                  build.reshape(first, {shapeOf(node.input(6))[0], 1, 1, 1}));
  }
  Value distance = build.binary(BinaryKind::Sub, keys, queries);
  if (!distance)
    return;
  if (isCausal)
    addBias(asBias(build.binary(BinaryKind::LessOrEqual, distance, 0)));
  if (left >= 0)
    addBias(asBias(
        build.binary(BinaryKind::GreaterOrEqual, distance, double(-left))));
  if (right >= 0)
    addBias(
        asBias(build.binary(BinaryKind::LessOrEqual, distance, double(right))));
}

/// Keys behind the length of each sequence are not attended.
void AttentionImporter::addLengths() {
  Value lengths = node.input(6);
  if (shapeOf(lengths) != shapeOf(k).take_front(1)) {
    node.fail("expected " + Twine(shapeOf(k)[0]) + " lengths, but got " +
              describe(shapeOf(lengths)));
    return;
  }
  Value keys = makeNumbers(build, shapeOf(k)[2], 3, 4);
  lengths = build.reshape(
      build.convert(lengths, IntegerType::get(build.getContext(), 64)),
      {shapeOf(k)[0], 1, 1, 1});
  addBias(asBias(build.binary(BinaryKind::Less, keys, lengths)));
}

/// The softmax, 0 for queries that may attend no key.
Value AttentionImporter::weigh(Value scores) {
  Value weights = build.softmax(scores, 3, /*isLog=*/false);
  if (!bias || !weights)
    return weights;
  Value most = build.reduce(ReduceKind::Max, bias, rankOf(bias) - 1, true);
  Value zero = build.scalar(0, build.getFloat());
  return build.select(most ? build.binary(BinaryKind::Equal, most, -INFINITY)
                           : Value(),
                      zero, weights);
}

void AttentionImporter::import() {
  if (!readHeads())
    return;
  if (node.hasInput(3))
    addMask();
  addWindow();
  if (node.hasInput(6))
    addLengths();
  if (build.hasProblem())
    return;
  double scale = node.hasAttribute("scale")
                     ? node.getFloat("scale", 1)
                     : 1 / std::sqrt(double(shapeOf(q)[3]));
  double root = std::sqrt(scale);
  Value scores = build.matmul(
      build.binary(BinaryKind::Mul, q, root),
      build.binary(BinaryKind::Mul, build.transpose(k, {0, 1, 3, 2}), root));
  SmallVector<Value> stages{scores};
  if (double cap = node.getFloat("softcap", 0); cap > 0)
    scores =
        build.binary(BinaryKind::Mul,
                     build.unary(UnaryKind::Tanh,
                                 build.binary(BinaryKind::Div, scores, cap)),
                     cap);
  stages.push_back(scores);
  if (bias)
    scores = add(scores, bias);
  stages.push_back(scores);
  stages.push_back(weigh(scores));
  Value result = build.matmul(stages.back(), v);
  if (rankOf(node.input(0)) == 3 && result) {
    Shape shape = shapeOf(result);
    int64_t width = shape[1] * shape[3];
    result = build.reshape(build.transpose(result, {0, 2, 1, 3}),
                           {shape[0], shape[2], width});
  }
  int64_t stage = node.getInteger("qk_matmul_output_mode", 0);
  node.setOutput(0, result);
  node.setOutput(3, stages[std::clamp<int64_t>(stage, 0, 3)]);
}

void importAttention(Node &node) { AttentionImporter(node).import(); }

/// A cache of sines or cosines as [N, S, 1, D / 2].
static Value readCache(Node &node, size_t i) {
  GraphBuilder &build = node.build;
  Value cache = node.input(i);
  if (node.hasInput(3))
    cache = build.gather(cache, node.input(3), 0);
  if (!cache)
    return {};
  Shape shape = shapeOf(cache);
  if (shape.size() != 3)
    return node.fail("expected a cache for each place of each sequence, but "
                     "got " +
                     describe(shape));
  return build.reshape(cache, {shape[0], shape[1], 1, shape[2]});
}

// RotaryEmbedding -> pairs of elements turned by the angles of the caches
void importRotaryEmbedding(Node &node) {
  GraphBuilder &build = node.build;
  Value input = node.input(0);
  Shape original = shapeOf(input);
  bool isPlanar = original.size() == 3;
  int64_t heads = node.getInteger("num_heads", 0);
  if (!isPlanar && original.size() != 4) {
    node.fail("expected an input of rank 3 or 4, but got " +
              describe(original));
    return;
  }
  if (isPlanar && (heads < 1 || original[2] % heads)) {
    node.fail("expected heads that divide " + describe(original) +
              ", but got " + Twine(heads));
    return;
  }
  // [N, S, heads, D]
  Value x = isPlanar ? build.reshape(input, {original[0], original[1], heads,
                                             original[2] / heads})
                     : build.transpose(input, {0, 2, 1, 3});
  Value cosine = readCache(node, 1), sine = readCache(node, 2);
  if (!x || !cosine || !sine)
    return;
  SmallVector<int64_t> sizes(shapeOf(x));
  int64_t width = sizes[3];
  int64_t turned = node.getInteger("rotary_embedding_dim", 0);
  turned = turned > 0 ? std::min(turned, width) : width;
  int64_t half = turned / 2;
  bool isInterleaved = node.getInteger("interleaved", 0);
  auto part = [&](int64_t start, int64_t size, int64_t step) {
    sizes[3] = size;
    return build.slice(x, {0, 0, 0, start}, sizes, {1, 1, 1, step});
  };
  Value first = part(0, half, isInterleaved ? 2 : 1);
  Value second = isInterleaved ? part(1, half, 2) : part(half, half, 1);
  auto mul = [&](Value a, Value b) {
    return build.binary(BinaryKind::Mul, a, b);
  };
  Value real =
      build.binary(BinaryKind::Sub, mul(cosine, first), mul(sine, second));
  Value imaginary =
      build.binary(BinaryKind::Add, mul(sine, first), mul(cosine, second));
  if (isInterleaved) {
    SmallVector<int64_t> single(shapeOf(first));
    single.push_back(1);
    real = build.concat(
        {build.reshape(real, single), build.reshape(imaginary, single)}, 4);
    sizes[3] = turned;
    real = build.reshape(real, sizes);
  } else {
    real = build.concat({real, imaginary}, 3);
  }
  if (turned < width)
    real = build.concat({real, part(turned, width - turned, 1)}, 3);
  node.setOutput(0, isPlanar ? build.reshape(real, original)
                             : build.transpose(real, {0, 2, 1, 3}));
}

} // namespace qcc::onnx_import
