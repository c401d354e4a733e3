// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Packs the weights of convolutions and linear layers at compile time, so that
// a kernel reads one stream of whole registers and activations are never
// packed. docs/packing.md draws the layouts.

#include "passes/Pack/Passes.h"

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Target/PanelLayout.h"
#include "dialects/Qcc/Target/Target.h"
#include "passes/Pack/Layer.h"

#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <map>

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_PACKWEIGHTS
#include "passes/Pack/Passes.h.inc"
} // namespace qcc

namespace {

using qcc::Layer;
using qcc::Scaling;

/// Spreads per-channel values to panel order, padding channels with zero.
template <typename T>
std::vector<T> toPanels(ArrayRef<T> perChannel, int64_t groups, int64_t panels,
                        qcc::PanelsAttr layout) {
  int64_t width = layout.getVectors() * layout.getLanes();
  int64_t perGroup = perChannel.size() / groups;
  std::vector<T> result(groups * panels * width, T(0));
  for (int64_t g = 0; g < groups; ++g)
    for (int64_t slot = 0; slot < panels * width; ++slot) {
      int64_t lane = slot % layout.getLanes();
      int64_t vector = slot / layout.getLanes() % layout.getVectors();
      int64_t inPanel =
          layout.getOrder() == qcc::PanelOrder::Interleaved
              ? qcc::interleavedChannel(layout.getVectors(), vector, lane)
              : vector * layout.getLanes() + lane;
      int64_t channel = slot / width * width + inPanel;
      if (channel < perGroup)
        result[g * panels * width + slot] = perChannel[g * perGroup + channel];
    }
  return result;
}

/// Channel of lane `slot` of the four registers of sums of `block`.
int64_t channelOfSlot(const qcc::ChannelBlock &block, int64_t slot) {
  int64_t quarter = block.bytes / 4;
  return block.offset +
         qcc::interleavedChannel(4, slot / quarter, slot % quarter);
}

struct PackWeights : qcc::impl::PackWeightsBase<PackWeights> {
  using PackWeightsBase::PackWeightsBase;

  void runOnOperation() override {
    machine = qcc::findTarget(target);
    if (!machine) {
      getOperation()->emitError("expected target ")
          << qcc::listTargets() << ", but got " << target;
      return signalPassFailure();
    }
    SmallVector<Operation *> layers;
    getOperation()->walk([&](Operation *op) {
      if (isa<qcc::ConvOp, qcc::LinearOp>(op))
        layers.push_back(op);
    });
    for (Operation *op : layers)
      if (failed(pack(op)))
        return signalPassFailure();
  }

private:
  LogicalResult pack(Operation *op) {
    FailureOr<Layer> layer = qcc::describeLayer(op);
    if (failed(layer))
      return failure();
    FailureOr<Scaling> scaling = qcc::foldScales(*layer);
    if (failed(scaling))
      return failure();
    OpBuilder builder(op);
    Operation *packed = layer->isDepthwise()
                            ? packDepthwise(builder, *layer, *scaling)
                            : packPanels(builder, *layer, *scaling);
    op->getResult(0).replaceAllUsesWith(packed->getResult(0));
    op->erase();
    return success();
  }

  /// Channels of the first layers do not fill steps of four; where pixels are
  /// dense a kernel row is one contiguous run of bytes, which does.
  bool useRowTaps(const Layer &layer) const {
    return layer.group == 1 && layer.channels % 4 != 0 && layer.channels < 16 &&
           layer.width > 1 && layer.dilations[1] == 1;
  }

  Operation *packPanels(OpBuilder &builder, const Layer &layer,
                        const Scaling &scaling) {
    int64_t perGroup = layer.outputs / layer.group;
    bool interleaved = layer.isInteger() && layer.resultGrid;
    auto layout = qcc::PanelsAttr::get(
        builder.getContext(), machine->lanes, machine->panelVectors(perGroup),
        layer.isInteger() ? 4 : 1,
        interleaved ? qcc::PanelOrder::Interleaved : qcc::PanelOrder::Natural);
    bool rowTaps = useRowTaps(layer);
    int64_t panels =
        llvm::divideCeil(perGroup, layout.getVectors() * layout.getLanes());
    // Trips of a loop share their weights.
    Attribute constant;
    matchPattern(layer.op->getOperand(1), m_Constant(&constant));
    Value &weight = packed[{constant.getAsOpaquePointer(),
                            layout.getAsOpaquePointer(), layer.group, rowTaps}];
    if (!weight)
      weight = layer.isInteger()
                   ? packPanelWeights<int8_t>(builder, layer, layout, panels,
                                              rowTaps)
                   : packPanelWeights<float>(builder, layer, layout, panels,
                                             rowTaps);
    auto [start, multiplier] =
        makeScaling(builder, layer, scaling, [&](auto values) {
          return toPanels(values, layer.group, panels, layout);
        });
    auto array = [&](ArrayRef<int64_t> values) {
      return builder.getDenseI64ArrayAttr(values);
    };
    return qcc::PackedConvOp::create(
        builder, layer.op->getLoc(), layer.op->getResult(0).getType(),
        layer.input, weight, start, multiplier, layer.residual,
        array({layer.height, layer.width}), array(layer.strides),
        array(layer.pads), array(layer.dilations),
        builder.getI64IntegerAttr(layer.group), layer.lower, layer.upper,
        rowTaps ? builder.getUnitAttr() : UnitAttr(),
        scaling.bounded ? builder.getUnitAttr() : UnitAttr());
  }

  template <typename T>
  Value packPanelWeights(OpBuilder &builder, const Layer &layer,
                         qcc::PanelsAttr layout, int64_t panels, bool rowTaps) {
    int64_t perGroup = layer.outputs / layer.group;
    int64_t taps = rowTaps ? layer.height : layer.taps();
    int64_t run = rowTaps ? layer.width * layer.channels : layer.channels;
    int64_t step = layout.getStep(), lanes = layout.getLanes();
    int64_t steps = llvm::divideCeil(run, step);
    int64_t panelWidth = layout.getVectors() * lanes;
    SmallVector<int64_t> shape{layer.group,         panels,      taps, steps,
                               layout.getVectors(), lanes * step};
    std::vector<T> packed(ShapedType::getNumElements(shape), T(0));
    for (int64_t g = 0; g < layer.group; ++g)
      for (int64_t o = 0; o < perGroup; ++o) {
        // Where channel `inPanel` lies in its panel.
        int64_t inPanel = o % panelWidth, vector, lane;
        if (layout.getOrder() == qcc::PanelOrder::Interleaved) {
          int64_t perLane = 4 * layout.getVectors();
          vector = inPanel % perLane / 4;
          lane = inPanel / perLane * 4 + inPanel % 4;
        } else {
          vector = inPanel / lanes;
          lane = inPanel % lanes;
        }
        T *panel = packed.data() + (g * panels + o / panelWidth) * taps *
                                       steps * panelWidth * step;
        for (int64_t tap = 0; tap < taps; ++tap)
          for (int64_t k = 0; k < run; ++k) {
            int64_t y = rowTaps ? tap : tap / layer.width;
            int64_t x = rowTaps ? k / layer.channels : tap % layer.width;
            int64_t at =
                ((tap * steps + k / step) * layout.getVectors() + vector) *
                    lanes * step +
                lane * step + k % step;
            panel[at] =
                layer.weightAt<T>(g * perGroup + o, k % layer.channels, y, x);
          }
      }
    Type element = layer.weight.type.getElementType();
    return qcc::makeConstant(builder, layer.op->getLoc(),
                             RankedTensorType::get(shape, element, layout),
                             packed);
  }

  Operation *packDepthwise(OpBuilder &builder, const Layer &layer,
                           const Scaling &scaling) {
    std::vector<qcc::ChannelBlock> blocks = qcc::channelBlocks(
        layer.outputs,
        layer.isInteger() ? machine->vectorBytes() : machine->lanes);
    int64_t tile = layer.isInteger()
                       ? qcc::depthwiseTile(
                             layer.width, layer.strides[1], layer.dilations[1],
                             layer.outputWidth(), machine->registers)
                       : 4;
    bool rowPairs = isForRowPairs(layer);
    Value weight = rowPairs ? packRowPairs(builder, layer, blocks)
                   : layer.isInteger()
                       ? packDepthwiseBytes(builder, layer, blocks, tile)
                       : packDepthwiseFloats(builder, layer);
    auto toBlocks = [&](auto values) {
      using T = std::decay_t<decltype(values[0])>;
      if (!layer.isInteger()) {
        std::vector<T> result(llvm::alignTo(layer.outputs, machine->lanes),
                              T(0));
        llvm::copy(values, result.begin());
        return result;
      }
      std::vector<T> result;
      for (const qcc::ChannelBlock &block : blocks)
        for (int64_t slot = 0; slot < block.bytes; ++slot) {
          int64_t channel = channelOfSlot(block, slot);
          result.push_back(channel < layer.outputs ? values[channel] : T(0));
        }
      return result;
    };
    auto [start, multiplier] = makeScaling(builder, layer, scaling, toBlocks);
    auto array = [&](ArrayRef<int64_t> values) {
      return builder.getDenseI64ArrayAttr(values);
    };
    return qcc::PackedDepthwiseOp::create(
        builder, layer.op->getLoc(), layer.op->getResult(0).getType(),
        layer.input, weight, start, multiplier, layer.residual,
        array({layer.height, layer.width}), array(layer.strides),
        array(layer.pads), array(layer.dilations), layer.lower, layer.upper,
        builder.getI64IntegerAttr(tile),
        rowPairs ? builder.getUnitAttr() : UnitAttr(),
        scaling.bounded ? builder.getUnitAttr() : UnitAttr());
  }

  /// Four input rows hold all that two rows of outputs need; images after the
  /// first begin with a pair. 24 accumulators roll along the columns.
  bool isForRowPairs(const Layer &layer) const {
    auto shape =
        cast<RankedTensorType>(layer.op->getResult(0).getType()).getShape();
    auto isOne = [](int64_t number) { return number == 1; };
    return layer.isInteger() && machine->registers >= 32 && layer.height == 3 &&
           layer.width == 3 && llvm::all_of(layer.strides, isOne) &&
           llvm::all_of(layer.dilations, isOne) && shape[2] > 1 &&
           (shape[0] == 1 || shape[2] % 2 == 0);
  }

  /// [block][kernel column][output row of the pair][4 vectors][lanes][4 rows]
  Value packRowPairs(OpBuilder &builder, const Layer &layer,
                     ArrayRef<qcc::ChannelBlock> blocks) {
    std::vector<int8_t> packed;
    for (const qcc::ChannelBlock &block : blocks)
      for (int64_t x = 0; x < layer.width; ++x)
        for (int64_t output = 0; output < 2; ++output)
          for (int64_t slot = 0; slot < block.bytes; ++slot)
            for (int64_t row = 0; row < 4; ++row) {
              int64_t channel = channelOfSlot(block, slot), y = row - output;
              bool inside =
                  channel < layer.outputs && y >= 0 && y < layer.height;
              packed.push_back(inside ? layer.weightAt<int8_t>(channel, 0, y, x)
                                      : 0);
            }
    auto type =
        RankedTensorType::get({int64_t(packed.size())}, builder.getI8Type());
    return qcc::makeConstant(builder, layer.op->getLoc(), type, packed);
  }

  /// [block][kernel row][column group][use][4 vectors][lanes][4 taps]
  Value packDepthwiseBytes(OpBuilder &builder, const Layer &layer,
                           ArrayRef<qcc::ChannelBlock> blocks, int64_t tile) {
    std::vector<int8_t> packed;
    std::vector<qcc::ColumnGroup> groups =
        qcc::columnGroups(layer.width, layer.strides[1], tile);
    auto append = [&](const qcc::ChannelBlock &block, int64_t y,
                      int64_t firstTap) {
      for (int64_t slot = 0; slot < block.bytes; ++slot) {
        int64_t channel = channelOfSlot(block, slot);
        for (int64_t x = firstTap; x < firstTap + 4; ++x) {
          bool inside = channel < layer.outputs && x >= 0 && x < layer.width;
          packed.push_back(inside ? layer.weightAt<int8_t>(channel, 0, y, x)
                                  : 0);
        }
      }
    };
    for (const qcc::ChannelBlock &block : blocks)
      for (int64_t y = 0; y < layer.height; ++y)
        for (const qcc::ColumnGroup &group : groups)
          for (const qcc::ColumnGroupUse &use : group.uses)
            append(block, y, use.firstTap);
    auto type =
        RankedTensorType::get({int64_t(packed.size())}, builder.getI8Type());
    return qcc::makeConstant(builder, layer.op->getLoc(), type, packed);
  }

  /// [kernel row][kernel column][channels, padded to a register]
  Value packDepthwiseFloats(OpBuilder &builder, const Layer &layer) {
    int64_t padded = llvm::alignTo(layer.outputs, machine->lanes);
    std::vector<float> packed(layer.taps() * padded, 0.0f);
    for (int64_t c = 0; c < layer.outputs; ++c)
      for (int64_t tap = 0; tap < layer.taps(); ++tap)
        packed[tap * padded + c] =
            layer.weightAt<float>(c, 0, tap / layer.width, tap % layer.width);
    auto type =
        RankedTensorType::get({int64_t(packed.size())}, builder.getF32Type());
    return qcc::makeConstant(builder, layer.op->getLoc(), type, packed);
  }

  /// The constants for accumulators' start and multipliers, in the order that
  /// `spread` gives them.
  template <typename Spread>
  std::pair<Value, Value> makeScaling(OpBuilder &builder, const Layer &layer,
                                      const Scaling &scaling, Spread spread) {
    Location loc = layer.op->getLoc();
    auto make = [&](auto values, Type element) -> Value {
      auto type = RankedTensorType::get({int64_t(values.size())}, element);
      return qcc::makeConstant(builder, loc, type, values);
    };
    if (!layer.isInteger())
      return {make(spread(ArrayRef<float>(scaling.floatStart)),
                   builder.getF32Type()),
              Value()};
    return {
        make(spread(ArrayRef<int32_t>(scaling.start)), builder.getI32Type()),
        make(spread(ArrayRef<float>(scaling.multiplier)),
             builder.getF32Type())};
  }

  const qcc::Target *machine = nullptr;
  /// Panels by their weights' constant, their layout, groups and row taps.
  std::map<std::tuple<const void *, const void *, int64_t, bool>, Value> packed;
};

} // namespace
