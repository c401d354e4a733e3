// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.non_max_suppression` without memory of its own: each row of the
// result is the best box that comes after the row before it in the order of
// scores and overlaps no row of its class. A box is held against the others
// only if it would be the best, so a row costs little more than one look at
// all scores.

#include "passes/LowerCpu/Kernels.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace qcc {
namespace {

struct Box {
  Value top, left, bottom, right, area;
};

/// What has been found while one class of one image is searched.
struct Found {
  Value count;     // rows of the result, all classes together
  Value score, at; // of the last row
};

class BoxChooser {
public:
  BoxChooser(KernelContext &context, NonMaxSuppressionOp op)
      : context(context), e(context.e), op(op), scores(context.operands[1]) {}

  void emitAll();

private:
  Value sub(Value a, Value b) { return arith::SubFOp::create(e, a, b); }
  Value both(Value a, Value b) { return arith::AndIOp::create(e, a, b); }
  Value pick(Value condition, Value a, Value b) {
    return arith::SelectOp::create(e, condition, a, b);
  }
  Value compare(arith::CmpFPredicate predicate, Value a, Value b) {
    return arith::CmpFOp::create(e, predicate, a, b);
  }
  Value compare(arith::CmpIPredicate predicate, Value a, Value b) {
    return arith::CmpIOp::create(e, predicate, a, b);
  }
  Value zero() { return e.constant(e.getF32Type(), 0); }

  Box readBox(Value image, Value number);
  Value overlaps(const Box &a, const Box &b);
  Value overlapsNone(Value image, Value number, Value first, Value end);
  Value findNext(Value image, Value category, Value first, Found found,
                 Value isOpen);
  Found chooseOne(Value image, Value category, Value first, Found found,
                  Value &isOpen);
  void storeRow(Value row, ArrayRef<Value> numbers);

  KernelContext &context;
  KernelEmitter &e;
  NonMaxSuppressionOp op;
  const TensorArgument &scores;
};

Box BoxChooser::readBox(Value image, Value number) {
  const TensorArgument &boxes = context.operands[0];
  SmallVector<Value> c;
  for (int64_t i = 0; i < 4; ++i)
    c.push_back(e.load(boxes.buffer, boxes.at(e, {image, number, e.index(i)})));
  Box box;
  if (op.getCentered()) {
    Value half = e.constant(e.getF32Type(), 0.5);
    Value halfWidth = arith::MulFOp::create(e, c[2], half);
    Value halfHeight = arith::MulFOp::create(e, c[3], half);
    box = {sub(c[1], halfHeight), sub(c[0], halfWidth),
           arith::AddFOp::create(e, c[1], halfHeight),
           arith::AddFOp::create(e, c[0], halfWidth), Value()};
  } else {
    box = {e.minFloat(c[0], c[2]), e.minFloat(c[1], c[3]),
           e.maxFloat(c[0], c[2]), e.maxFloat(c[1], c[3]), Value()};
  }
  box.area = arith::MulFOp::create(e, sub(box.bottom, box.top),
                                   sub(box.right, box.left));
  return box;
}

Value BoxChooser::overlaps(const Box &a, const Box &b) {
  Value height = sub(e.minFloat(a.bottom, b.bottom), e.maxFloat(a.top, b.top));
  Value width = sub(e.minFloat(a.right, b.right), e.maxFloat(a.left, b.left));
  Value shared = arith::MulFOp::create(e, e.maxFloat(height, zero()),
                                       e.maxFloat(width, zero()));
  Value together = sub(arith::AddFOp::create(e, a.area, b.area), shared);
  Value limit =
      e.constant(e.getF32Type(), op.getIouThreshold().convertToDouble());
  // Boxes of negative size share nothing.
  return both(compare(arith::CmpFPredicate::OGT, shared, zero()),
              compare(arith::CmpFPredicate::OGT, shared,
                      arith::MulFOp::create(e, limit, together)));
}

/// True where box `number` overlaps no row from `first` to before `end`.
Value BoxChooser::overlapsNone(Value image, Value number, Value first,
                               Value end) {
  Box box = readBox(image, number);
  Value yes = e.constantInt(e.getI1Type(), 1);
  return e.reduceLoop(
      first, end, 1, yes, [&](Value row, ValueRange so) -> SmallVector<Value> {
        const TensorArgument &rows = context.result;
        Value other = arith::IndexCastOp::create(
            e, e.getIndexType(),
            e.load(rows.buffer, rows.at(e, {row, e.index(2)})));
        Value hit = overlaps(box, readBox(image, other));
        return {pick(hit, e.constantInt(e.getI1Type(), 0), so[0])};
      })[0];
}

/// The number of the best box after `found.at`, or -1; looks at none unless
/// `isOpen`.
Value BoxChooser::findNext(Value image, Value category, Value first,
                           Found found, Value isOpen) {
  int64_t count = scores.shape[2];
  Value none = e.index(-1), lowest = e.constant(e.getF32Type(), -HUGE_VAL);
  auto read = [&](Value number) {
    return e.load(scores.buffer, scores.at(e, {image, category, number}));
  };
  return e.reduceLoop(
      e.index(0), pick(isOpen, e.index(count), e.index(0)), 1, {none, lowest},
      [&](Value number, ValueRange so) -> SmallVector<Value> {
        Value score = read(number);
        // Behind the last row: a lower score, or the same further on.
        Value isLater =
            both(compare(arith::CmpFPredicate::OEQ, score, found.score),
                 compare(arith::CmpIPredicate::sgt, number, found.at));
        Value fits = arith::OrIOp::create(
            e, compare(arith::CmpFPredicate::OLT, score, found.score), isLater);
        if (auto threshold = op.getScoreThreshold())
          fits = both(fits, compare(arith::CmpFPredicate::OGT, score,
                                    e.constant(e.getF32Type(),
                                               threshold->convertToDouble())));
        Value isFirst = compare(arith::CmpIPredicate::eq, so[0], none);
        Value isBest = compare(arith::CmpFPredicate::OGT, score, so[1]);
        fits = both(fits, arith::OrIOp::create(e, isFirst, isBest));
        // No row to look at is no overlap, so the loop is left out.
        Value end = pick(fits, found.count, first);
        Value isFree = both(fits, overlapsNone(image, number, first, end));
        return {pick(isFree, number, so[0]), pick(isFree, score, so[1])};
      })[0];
}

void BoxChooser::storeRow(Value row, ArrayRef<Value> numbers) {
  for (auto [i, number] : llvm::enumerate(numbers))
    e.store(arith::IndexCastOp::create(e, e.getI64Type(), number),
            context.result.buffer, context.result.at(e, {row, e.index(i)}));
}

Found BoxChooser::chooseOne(Value image, Value category, Value first,
                            Found found, Value &isOpen) {
  Value next = findNext(image, category, first, found, isOpen);
  Value isFound = compare(arith::CmpIPredicate::sge, next, e.index(0));
  e.ifThen(isFound, [&] { storeRow(found.count, {image, category, next}); });
  Value place = e.max(next, e.index(0));
  Value score = e.load(scores.buffer, scores.at(e, {image, category, place}));
  isOpen = isFound;
  return {pick(isFound, e.add(found.count, 1), found.count), score, place};
}

void BoxChooser::emitAll() {
  int64_t classes = scores.shape[1], pairs = scores.shape[0] * classes;
  int64_t most = std::min<int64_t>(op.getBoxesPerClass(), scores.shape[2]);
  Value zero = e.index(0);
  Value count = e.reduceLoop(
      zero, e.index(pairs), 1, zero,
      [&](Value pair, ValueRange so) -> SmallVector<Value> {
        Value image = e.div(pair, classes), category = e.rem(pair, classes);
        Value first = so[0];
        return {e.reduceLoop(
            zero, e.index(most), 1,
            {first, e.constant(e.getF32Type(), HUGE_VAL), e.index(-1),
             e.constantInt(e.getI1Type(), 1)},
            [&](Value, ValueRange state) -> SmallVector<Value> {
              Value isOpen = state[3];
              Found found = chooseOne(image, category, first,
                                      {state[0], state[1], state[2]}, isOpen);
              return {found.count, found.score, found.at, isOpen};
            })[0]};
      })[0];
  Value none = e.index(-1);
  e.loop(count, e.index(context.result.shape[0]), 1,
         [&](Value row) { storeRow(row, {none, none, none}); });
}

} // namespace

int64_t emitNonMaxSuppression(KernelContext &context, NonMaxSuppressionOp op) {
  BoxChooser(context, op).emitAll();
  return 1;
}

} // namespace qcc
