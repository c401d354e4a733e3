// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parts of a decoder's layers, as ops: norms, products, attention, feed-
// forward, experts. Nothing here knows a family.

#ifndef COMPILER_IMPORT_DECODER_DECODERPARTS_H
#define COMPILER_IMPORT_DECODER_DECODERPARTS_H

#include "compiler/Import/Decoder/DecoderBuilder.h"
#include "compiler/Import/Decoder/RowOrders.h"
#include "compiler/Import/Decoder/WeightConstants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Numerics/CacheFormat.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace qcc {

// Queries of a key head that attention computes in a task: a block of keys and
// values that is in the first-level cache meets all of them.
constexpr int64_t kSpanQueries = 32;
// Positions that are worth a task of their own, whole blocks of the kernel, and
// rows that attention has room for where it cuts positions in parts.
constexpr int64_t kPartPositions = 256, kPartSlots = 64;
// Arguments of main before the caches.
enum DecoderArgument : unsigned {
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

/// Adds ops to `main`, which has the arguments above and then a cache for each
/// layer.
class DecoderParts {
protected:
  DecoderParts(mlir::MLIRContext &context, const Decoder &decoder,
               const DecoderSizes &sizes)
      : b(mlir::UnknownLoc::get(&context), &context), decoder(decoder),
        sizes(sizes) {}

  mlir::Value attend(mlir::Value x, const Attention &attention, size_t number);
  mlir::Value addBranch(mlir::Value x, mlir::Value rows, const Linear &linear,
                        const Norm &after, float scale);
  mlir::Value gate(mlir::Value x, const FeedForward &layer);
  mlir::Value runFeedForward(mlir::Value x, const FeedForward &layer) {
    return multiply(gate(x, layer), layer.down);
  }
  mlir::Value mixExperts(mlir::Value x, const Experts &experts,
                         mlir::Value residual, float scale);
  mlir::Value multiplyExperts(mlir::Value x, const Experts &experts,
                              Linear FeedForward::*part, mlir::Value groups);
  mlir::Value normalize(mlir::Value x, const Norm &norm,
                        mlir::Value residual = {}, mlir::Value select = {});
  mlir::Value multiply(mlir::Value x, const Linear &linear,
                       mlir::Value residual = {}, float scale = 1);
  mlir::Value makeWeight(const Weight &weight) { return weights->get(weight); }
  mlir::Value orderFor(const Weight &weight, mlir::Value rows) {
    return orders.get(b, rows, weights->getOrder(weight), argument(kExtents));
  }
  mlir::Value makeVector(llvm::ArrayRef<float> values);
  mlir::Value rotationsOf(int64_t rotary);

  mlir::RankedTensorType floats(llvm::ArrayRef<int64_t> shape) {
    return mlir::RankedTensorType::get(shape, b.getF32Type());
  }
  mlir::RankedTensorType integers(llvm::ArrayRef<int64_t> shape) {
    return mlir::RankedTensorType::get(shape, b.getI64Type());
  }
  mlir::Type cacheElement() {
    return sizes.cacheType == "f32"    ? mlir::Type(b.getF32Type())
           : sizes.cacheType == "bf16" ? mlir::Type(b.getBF16Type())
           : sizes.cacheType == "int8" ? mlir::Type(b.getI8Type())
                                       : mlir::Type(b.getF16Type());
  }
  /// Of one place and head.
  int64_t cacheNumbers(const Attention &attention) {
    return CacheFormat::countNumbers(attention.headSize,
                                     sizes.cacheType == "int8");
  }
  int64_t spanRows(const Attention &attention) {
    int64_t rows = kSpanQueries * attention.kvHeads / attention.heads;
    return std::clamp<int64_t>(rows, 1, sizes.rows);
  }
  int64_t spans() const { return std::max(sizes.rows, kPartSlots); }
  /// Of a row of parts, in the layer that needs most.
  int64_t partNumbers() {
    int64_t most = 1;
    for (const DecoderLayer &layer : decoder.layers)
      most = std::max(most,
                      layer.attention.heads * (layer.attention.headSize + 2));
    return most;
  }
  int64_t capacity() const { return llvm::alignTo(decoder.maxTokens, 16); }
  int64_t rowsOf(mlir::Value x) {
    return mlir::cast<mlir::RankedTensorType>(x.getType()).getShape()[0];
  }
  mlir::Value argument(unsigned i) { return main.getArgument(i); }
  RowFormatAttr floatRows() {
    return RowFormatAttr::get(b.getContext(), RowFormat::Float);
  }
  void name(const llvm::Twine &text) {
    b.setLoc(mlir::NameLoc::get(b.getStringAttr(text)));
  }

  mlir::ImplicitLocOpBuilder b;
  const Decoder &decoder;
  const DecoderSizes &sizes;
  mlir::func::FuncOp main;
  llvm::SmallVector<mlir::Value> rotations;
  std::optional<WeightConstants> weights;
  RowOrders orders;
};

} // namespace qcc

#endif // COMPILER_IMPORT_DECODER_DECODERPARTS_H
