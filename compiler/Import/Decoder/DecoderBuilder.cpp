// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A decoder from its first op to its last, of parts that know no family.

#include "compiler/Import/Decoder/DecoderBuilder.h"

#include "compiler/Import/Decoder/DecoderParts.h"

#include "mlir/IR/Verifier.h"

using namespace mlir;
using llvm::Error;

namespace {

class DecoderBuilder : qcc::DecoderParts {
public:
  DecoderBuilder(MLIRContext &context, const qcc::Decoder &decoder,
                 const qcc::DecoderSizes &sizes)
      : DecoderParts(context, decoder, sizes) {}

  llvm::Expected<OwningOpRef<ModuleOp>> build();

private:
  void createMain();
  Value embed();
  Value addLayer(Value x, const qcc::DecoderLayer &layer, size_t number);
  void describe();

  OwningOpRef<ModuleOp> module;
};

} // namespace

void DecoderBuilder::createMain() {
  int64_t rows = sizes.rows;
  SmallVector<Type> types = {RankedTensorType::get({rows}, b.getI32Type()),
                             integers({rows}),
                             integers({rows}),
                             integers({spans(), 7}),
                             integers({qcc::kPartSlots / 2, 4}),
                             integers({sizes.outputs}),
                             integers({5}),
                             floats({qcc::kPartSlots, partNumbers()})};
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

Value DecoderBuilder::embed() {
  name("embedding");
  Value addend;
  auto type = floats({sizes.rows, decoder.width});
  if (decoder.positions.exists()) {
    Value ids = qcc::CastOp::create(
        b, RankedTensorType::get({sizes.rows}, b.getI32Type()),
        argument(qcc::kPositions));
    addend = qcc::EmbedOp::create(b, type, ids, makeWeight(decoder.positions),
                                  argument(qcc::kExtents), Value(),
                                  b.getF32FloatAttr(1));
  }
  return qcc::EmbedOp::create(b, type, argument(qcc::kIds),
                              makeWeight(decoder.embedding),
                              argument(qcc::kExtents), addend,
                              b.getF32FloatAttr(decoder.embeddingScale));
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
  add("part_positions", qcc::kPartPositions);
  add("part_slots", qcc::kPartSlots);
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
  Value x = normalize(embed(), decoder.embeddingNorm);
  name("rotations");
  for (const qcc::Rotary &rotary : decoder.rotaries) {
    int64_t count = rotary.inverseFrequencies.size();
    rotations.push_back(qcc::RotationsOp::create(
        b, floats({sizes.rows, 2, count}), argument(qcc::kPositions),
        makeVector(rotary.inverseFrequencies), argument(qcc::kExtents),
        b.getF32FloatAttr(rotary.magnitude)));
  }
  for (auto [i, layer] : llvm::enumerate(decoder.layers)) {
    if (llvm::Error error = checkExperts(layer.experts, i))
      return error;
    x = addLayer(x, layer, i);
  }
  name("head");
  Value last = normalize(x, decoder.finalNorm, {}, argument(qcc::kSelect));
  const qcc::Linear &head = decoder.head;
  last = orderFor(head.weight, last);
  Value logits = qcc::BlockLinearOp::create(
      b, floats({sizes.outputs, decoder.vocabulary}), last,
      makeWeight(head.weight), argument(qcc::kExtents), makeVector(head.bias),
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
