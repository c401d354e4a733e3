// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function for each part of a decoder. Nothing here knows a family.

#include "compiler/Import/Decoder/DecoderBuilder.h"

#include "compiler/Import/Decoder/RowOrders.h"
#include "compiler/Import/Decoder/WeightConstants.h"
#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Numerics/CacheFormat.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using llvm::Error;

namespace {

// Queries of a key head that attention computes in a task: a block of keys and
// values that is in the first-level cache meets all of them.
constexpr int64_t kSpanQueries = 32;
// Positions that are worth a task of their own, whole blocks of the kernel, and
// rows that attention has room for where it cuts positions in parts.
constexpr int64_t kPartPositions = 256, kPartSlots = 64;
// Arguments of main before the caches.
enum {
  kIds,
  kPositions,
  kPlaces,
  kSpans,
  kMerges,
  kSelect,
  kExtents,
  kParts,
  kFixed
};

class DecoderBuilder {
public:
  DecoderBuilder(MLIRContext &context, const qcc::Decoder &decoder,
                 const qcc::DecoderSizes &sizes)
      : b(UnknownLoc::get(&context), &context), decoder(decoder), sizes(sizes) {
  }

  llvm::Expected<OwningOpRef<ModuleOp>> build();

private:
  void createMain();
  Value embed();
  Value addLayer(Value x, const qcc::DecoderLayer &layer, size_t number);
  Value attend(Value x, const qcc::Attention &attention, size_t number);
  Value addBranch(Value x, Value rows, const qcc::Linear &linear,
                  const qcc::Norm &after, float scale);
  Value gate(Value x, const qcc::FeedForward &layer);
  Value runFeedForward(Value x, const qcc::FeedForward &layer) {
    return multiply(gate(x, layer), layer.down);
  }
  Value mixExperts(Value x, const qcc::Experts &experts, Value residual,
                   float scale);
  Value multiplyExperts(Value x, const qcc::Experts &experts,
                        qcc::Linear qcc::FeedForward::*part, Value groups);
  Value normalize(Value x, const qcc::Norm &norm, Value residual = {},
                  Value select = {});
  Value multiply(Value x, const qcc::Linear &linear, Value residual = {},
                 float scale = 1);
  Value makeWeight(const qcc::Weight &weight) { return weights->get(weight); }
  Value orderFor(const qcc::Weight &weight, Value rows) {
    return orders.get(b, rows, weights->getOrder(weight), argument(kExtents));
  }
  Value makeVector(ArrayRef<float> values);
  Value rotationsOf(int64_t rotary);
  void describe();

  RankedTensorType floats(ArrayRef<int64_t> shape) {
    return RankedTensorType::get(shape, b.getF32Type());
  }
  RankedTensorType integers(ArrayRef<int64_t> shape) {
    return RankedTensorType::get(shape, b.getI64Type());
  }
  Type cacheElement() {
    return sizes.cacheType == "f32"    ? Type(b.getF32Type())
           : sizes.cacheType == "bf16" ? Type(b.getBF16Type())
           : sizes.cacheType == "int8" ? Type(b.getI8Type())
                                       : Type(b.getF16Type());
  }
  /// Of one place and head.
  int64_t cacheNumbers(const qcc::Attention &attention) {
    return qcc::CacheFormat::countNumbers(attention.headSize,
                                          sizes.cacheType == "int8");
  }
  int64_t spanRows(const qcc::Attention &attention) {
    int64_t rows = kSpanQueries * attention.kvHeads / attention.heads;
    return std::clamp<int64_t>(rows, 1, sizes.rows);
  }
  int64_t spans() const { return std::max(sizes.rows, kPartSlots); }
  /// Of a row of parts, in the layer that needs most.
  int64_t partNumbers() {
    int64_t most = 1;
    for (const qcc::DecoderLayer &layer : decoder.layers)
      most = std::max(most,
                      layer.attention.heads * (layer.attention.headSize + 2));
    return most;
  }
  int64_t capacity() const { return llvm::alignTo(decoder.maxTokens, 16); }
  int64_t rowsOf(Value x) {
    return cast<RankedTensorType>(x.getType()).getShape()[0];
  }
  Value argument(unsigned i) { return main.getArgument(i); }
  qcc::RowFormatAttr floatRows() {
    return qcc::RowFormatAttr::get(b.getContext(), qcc::RowFormat::Float);
  }
  void name(const Twine &text) {
    b.setLoc(NameLoc::get(b.getStringAttr(text)));
  }

  ImplicitLocOpBuilder b;
  const qcc::Decoder &decoder;
  const qcc::DecoderSizes &sizes;
  OwningOpRef<ModuleOp> module;
  func::FuncOp main;
  SmallVector<Value> rotations;
  std::optional<qcc::WeightConstants> weights;
  qcc::RowOrders orders;
};

} // namespace

void DecoderBuilder::createMain() {
  int64_t rows = sizes.rows;
  SmallVector<Type> types = {RankedTensorType::get({rows}, b.getI32Type()),
                             integers({rows}),
                             integers({rows}),
                             integers({spans(), 7}),
                             integers({kPartSlots / 2, 4}),
                             integers({sizes.outputs}),
                             integers({5}),
                             floats({kPartSlots, partNumbers()})};
  SmallVector<std::string> names = {"ids",    "positions", "places",  "spans",
                                    "merges", "select",    "extents", "parts"};
  for (auto [i, layer] : llvm::enumerate(decoder.layers)) {
    const qcc::Attention &attention = layer.attention;
    types.push_back(RankedTensorType::get(
        {2, attention.kvHeads, capacity(), cacheNumbers(attention)},
        cacheElement()));
    names.push_back("cache." + std::to_string(i));
  }
  module = ModuleOp::create(b.getLoc());
  b.setInsertionPointToStart(module->getBody());
  Type logits = floats({sizes.outputs, decoder.vocabulary});
  main = func::FuncOp::create(b, "main", b.getFunctionType(types, {logits}));
  for (auto [i, text] : llvm::enumerate(names))
    main.setArgAttr(i, "qcc.name", b.getStringAttr(text));
  main.setResultAttr(0, "qcc.name", b.getStringAttr("logits"));
  Block *entry = main.addEntryBlock();
  weights.emplace(*entry, decoder.files);
  b.setInsertionPointToEnd(entry);
}

Value DecoderBuilder::makeVector(ArrayRef<float> values) {
  if (values.empty())
    return {};
  return qcc::makeConstant(b, b.getLoc(), floats({int64_t(values.size())}),
                           std::vector<float>(values.begin(), values.end()));
}

Value DecoderBuilder::embed() {
  name("embedding");
  Value addend;
  auto type = floats({sizes.rows, decoder.width});
  if (decoder.positions.exists()) {
    Value ids = qcc::CastOp::create(
        b, RankedTensorType::get({sizes.rows}, b.getI32Type()),
        argument(kPositions));
    addend =
        qcc::EmbedOp::create(b, type, ids, makeWeight(decoder.positions),
                             argument(kExtents), Value(), b.getF32FloatAttr(1));
  }
  return qcc::EmbedOp::create(
      b, type, argument(kIds), makeWeight(decoder.embedding),
      argument(kExtents), addend, b.getF32FloatAttr(decoder.embeddingScale));
}

Value DecoderBuilder::normalize(Value x, const qcc::Norm &norm, Value residual,
                                Value select) {
  if (!norm.exists() && !select)
    return x;
  int64_t rows = select ? sizes.outputs : rowsOf(x);
  auto type = floats({rows, decoder.width});
  return qcc::NormRowsOp::create(
      b, type, x, argument(kExtents), makeVector(norm.weight),
      makeVector(norm.bias), residual, select, /*order=*/Value(),
      b.getF32FloatAttr(norm.epsilon), floatRows(),
      norm.isLayerNorm ? b.getUnitAttr() : UnitAttr());
}

Value DecoderBuilder::multiply(Value x, const qcc::Linear &linear,
                               Value residual, float scale) {
  auto type = floats({rowsOf(x), linear.weight.rows});
  return qcc::BlockLinearOp::create(
      b, type, orderFor(linear.weight, x), makeWeight(linear.weight),
      argument(kExtents), makeVector(linear.bias), residual, Value(),
      floatRows(), b.getI64IntegerAttr(1), b.getI64IntegerAttr(0),
      b.getF32FloatAttr(scale), FloatAttr());
}

Value DecoderBuilder::rotationsOf(int64_t rotary) {
  return rotary < 0 ? Value() : rotations[rotary];
}

Value DecoderBuilder::attend(Value x, const qcc::Attention &attention,
                             size_t number) {
  Value query = multiply(x, attention.query), key = multiply(x, attention.key),
        value = multiply(x, attention.value);
  Value cache = argument(kFixed + number);
  bool isInterleaved =
      attention.rotary >= 0 && decoder.rotaries[attention.rotary].isInterleaved;
  Value rotated = qcc::CacheKeysOp::create(
      b, query.getType(), query, key, value, argument(kPlaces), cache,
      argument(kExtents), rotationsOf(attention.rotary),
      makeVector(attention.queryNorm.weight),
      makeVector(attention.keyNorm.weight),
      b.getI64IntegerAttr(attention.kvHeads),
      b.getI64IntegerAttr(attention.headSize),
      b.getF32FloatAttr(attention.queryNorm.epsilon),
      isInterleaved ? b.getUnitAttr() : UnitAttr());
  return qcc::AttendOp::create(
      b, query.getType(), rotated, cache, argument(kSpans), argument(kExtents),
      makeVector(attention.sinks), argument(kParts), argument(kMerges),
      b.getI64IntegerAttr(attention.kvHeads),
      b.getI64IntegerAttr(attention.headSize),
      b.getF32FloatAttr(attention.scale), b.getI64IntegerAttr(attention.window),
      attention.softCap ? b.getF32FloatAttr(attention.softCap) : FloatAttr(),
      b.getI64IntegerAttr(spanRows(attention)));
}

/// x + scale * after(linear(rows)).
Value DecoderBuilder::addBranch(Value x, Value rows, const qcc::Linear &linear,
                                const qcc::Norm &after, float scale) {
  if (!after.exists())
    return multiply(rows, linear, x, scale);
  return normalize(multiply(rows, linear, {}, scale), after, x);
}

static StringRef nameOf(qcc::GateFunction function) {
  static constexpr StringRef kNames[] = {"silu", "gelu_tanh", "gelu", "relu",
                                         "relu_squared"};
  return kNames[size_t(function)];
}

Value DecoderBuilder::gate(Value x, const qcc::FeedForward &layer) {
  Value up = multiply(x, layer.up);
  Value first = layer.gate.exists() ? multiply(x, layer.gate) : up;
  return qcc::GateRowsOp::create(b, up.getType(), first, argument(kExtents),
                                 layer.gate.exists() ? up : Value(),
                                 /*order=*/Value(),
                                 b.getStringAttr(nameOf(layer.function)),
                                 floatRows(), b.getI64IntegerAttr(1));
}

/// The same part of all experts, on the places that each has.
Value DecoderBuilder::multiplyExperts(Value x, const qcc::Experts &experts,
                                      qcc::Linear qcc::FeedForward::*part,
                                      Value groups) {
  SmallVector<const qcc::Weight *> parts;
  std::vector<float> bias;
  for (const qcc::FeedForward &expert : experts.experts) {
    const qcc::Linear &linear = expert.*part;
    parts.push_back(&linear.weight);
    bias.insert(bias.end(), linear.bias.begin(), linear.bias.end());
  }
  auto type = floats({sizes.rows * experts.used, parts.front()->rows});
  return qcc::BlockLinearOp::create(
      b, type, x, weights->getStack(parts), argument(kExtents),
      makeVector(bias), Value(), groups, floatRows(),
      b.getI64IntegerAttr(experts.used), b.getI64IntegerAttr(0),
      b.getF32FloatAttr(1), FloatAttr());
}

/// residual + scale * (experts of each row of x, and the shared one).
Value DecoderBuilder::mixExperts(Value x, const qcc::Experts &experts,
                                 Value residual, float scale) {
  int64_t count = experts.experts.size(), used = experts.used;
  StringRef function = experts.isSigmoid        ? "sigmoid"
                       : experts.isSoftmaxFirst ? "softmax"
                                                : "softmax_chosen";
  bool isDivided = experts.isNormalized && function != "softmax_chosen";
  Value choices = qcc::ChooseExpertsOp::create(
      b, floats({sizes.rows, 2, used}), multiply(x, experts.router),
      argument(kExtents), makeVector(experts.choiceBias),
      b.getI64IntegerAttr(used), b.getStringAttr(function),
      isDivided ? b.getUnitAttr() : UnitAttr(),
      b.getF32FloatAttr(experts.scale));
  Value groups = qcc::GroupRowsOp::create(
      b, integers({1 + 3 * count + sizes.rows * used}), choices,
      argument(kExtents), b.getI64IntegerAttr(count));
  auto product = [&](Value rows, qcc::Linear qcc::FeedForward::*part) {
    return multiplyExperts(rows, experts, part, groups);
  };
  const qcc::FeedForward &first = experts.experts.front();
  Value up = product(x, &qcc::FeedForward::up), factor, input = up;
  if (first.gate.exists()) {
    factor = up;
    input = product(x, &qcc::FeedForward::gate);
  }
  Value gated = qcc::GateRowsOp::create(
      b, up.getType(), input, argument(kExtents), factor, /*order=*/Value(),
      b.getStringAttr(nameOf(first.function)), floatRows(),
      b.getI64IntegerAttr(used));
  Value shared, opened;
  if (experts.shared.up.exists())
    shared = runFeedForward(x, experts.shared);
  if (experts.sharedGate.exists())
    opened = multiply(x, experts.sharedGate);
  return qcc::MixRowsOp::create(b, floats({sizes.rows, decoder.width}),
                                product(gated, &qcc::FeedForward::down),
                                choices, argument(kExtents), shared, opened,
                                residual, b.getF32FloatAttr(scale));
}

Value DecoderBuilder::addLayer(Value x, const qcc::DecoderLayer &layer,
                               size_t number) {
  name("layer." + Twine(number) + ".attention");
  Value input = normalize(x, layer.beforeAttention);
  Value attended = attend(input, layer.attention, number);
  Value between = addBranch(x, attended, layer.attention.output,
                            layer.afterAttention, layer.residualScale);
  name("layer." + Twine(number) + ".feed_forward");
  const qcc::Norm &before = layer.beforeFeedForward;
  Value rows = layer.isParallel
                   ? (before.exists() ? normalize(x, before) : input)
                   : normalize(between, before);
  if (layer.experts.exists()) {
    const qcc::Norm &after = layer.afterFeedForward;
    Value mixed =
        mixExperts(rows, layer.experts, after.exists() ? Value() : between,
                   layer.residualScale);
    return normalize(mixed, after, after.exists() ? between : Value());
  }
  return addBranch(between, gate(rows, layer.feedForward),
                   layer.feedForward.down, layer.afterFeedForward,
                   layer.residualScale);
}

/// What the runtime needs to know to fill the inputs.
void DecoderBuilder::describe() {
  SmallVector<NamedAttribute> facts;
  auto add = [&](StringRef key, int64_t value) {
    facts.push_back(b.getNamedAttr(key, b.getI64IntegerAttr(value)));
  };
  int64_t mostSpanRows = sizes.rows;
  SmallVector<int64_t> cacheElements, headElements;
  for (const qcc::DecoderLayer &layer : decoder.layers) {
    const qcc::Attention &attention = layer.attention;
    mostSpanRows = std::min(mostSpanRows, spanRows(attention));
    int64_t numbers = cacheNumbers(attention);
    cacheElements.push_back(2 * attention.kvHeads * numbers);
    headElements.push_back(numbers);
  }
  add("vocabulary", decoder.vocabulary);
  add("max_tokens", decoder.maxTokens);
  add("rows", sizes.rows);
  add("outputs", sizes.outputs);
  add("span_rows", mostSpanRows);
  add("part_positions", kPartPositions);
  add("part_slots", kPartSlots);
  add("part_numbers", partNumbers());
  add("cache_element_bytes", cacheElement().getIntOrFloatBitWidth() / 8);
  facts.push_back(
      b.getNamedAttr("cache_elements", b.getDenseI64ArrayAttr(cacheElements)));
  facts.push_back(
      b.getNamedAttr("head_elements", b.getDenseI64ArrayAttr(headElements)));
  facts.push_back(b.getNamedAttr("family", b.getStringAttr(decoder.family)));
  facts.push_back(
      b.getNamedAttr("cache_type", b.getStringAttr(sizes.cacheType)));
  (*module)->setAttr("qcc.language", b.getDictionaryAttr(facts));
  (*module)->setAttr("qcc.name", b.getStringAttr(decoder.name));
}

/// Matrices of experts must fit below each other.
static Error checkExperts(const qcc::Experts &experts, size_t layer) {
  if (!experts.exists())
    return Error::success();
  using qcc::FeedForward;
  for (auto part : {&FeedForward::gate, &FeedForward::up, &FeedForward::down}) {
    SmallVector<const qcc::Weight *> parts;
    for (const FeedForward &expert : experts.experts)
      parts.push_back(&(expert.*part).weight);
    if (parts.front()->exists() && qcc::chooseStackFormat(parts).empty())
      return llvm::createStringError(
          "expected experts of one size and format, but got others in layer " +
          Twine(layer) + ", as " + parts.front()->name);
  }
  return Error::success();
}

llvm::Expected<OwningOpRef<ModuleOp>> DecoderBuilder::build() {
  createMain();
  Value x = embed();
  name("rotations");
  for (const qcc::Rotary &rotary : decoder.rotaries) {
    int64_t count = rotary.inverseFrequencies.size();
    rotations.push_back(qcc::RotationsOp::create(
        b, floats({sizes.rows, 2, count}), argument(kPositions),
        makeVector(rotary.inverseFrequencies), argument(kExtents),
        b.getF32FloatAttr(rotary.magnitude)));
  }
  for (auto [i, layer] : llvm::enumerate(decoder.layers)) {
    if (llvm::Error error = checkExperts(layer.experts, i))
      return error;
    x = addLayer(x, layer, i);
  }
  name("head");
  Value last = normalize(x, decoder.finalNorm, {}, argument(kSelect));
  const qcc::Linear &head = decoder.head;
  last = orderFor(head.weight, last);
  Value logits = qcc::BlockLinearOp::create(
      b, floats({sizes.outputs, decoder.vocabulary}), last,
      makeWeight(head.weight), argument(kExtents), makeVector(head.bias),
      Value(), Value(), floatRows(), b.getI64IntegerAttr(1),
      b.getI64IntegerAttr(1), b.getF32FloatAttr(decoder.logitScale),
      decoder.logitSoftCap ? b.getF32FloatAttr(decoder.logitSoftCap)
                           : FloatAttr());
  func::ReturnOp::create(b, logits);
  describe();
  if (failed(verify(*module)))
    return llvm::createStringError("expected a description that makes a valid "
                                   "graph");
  return std::move(module);
}

llvm::Expected<OwningOpRef<ModuleOp>>
qcc::buildDecoder(MLIRContext &context, const Decoder &decoder,
                  const DecoderSizes &sizes) {
  context
      .loadDialect<qcc::QccDialect, arith::ArithDialect, func::FuncDialect>();
  return DecoderBuilder(context, decoder, sizes).build();
}
