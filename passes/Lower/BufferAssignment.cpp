// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Problem: kernels read images channels-last, in whole vectors, with a border
// already padded; the graph slices, joins and transposes tensors in between.
// Choice: strides make most of those ops free. A value either owns a buffer (a
// kernel wrote it) or views one. A view that a convolution cannot read as it
// is, is written out by a kernel of its own ("materialized"); a value that
// owns nothing suitable is copied. Concat operands are written in place, so a
// concat costs nothing, halo included: its parts share the border's rows.

#include "passes/Lower/BufferAssignment.h"

#include "passes/Lower/ImageValues.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace qcc {

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static bool isConstant(Value value) {
  Operation *op = value.getDefiningOp();
  return matchPattern(value, m_Constant()) || (op && isLazyWeight(op));
}

bool isReadAsImage(OpOperand &use) {
  Operation *user = use.getOwner();
  if (!isa<PackedConvOp, PackedDepthwiseOp>(user))
    return false;
  Value residual = isa<PackedConvOp>(user)
                       ? cast<PackedConvOp>(user).getResidual()
                       : cast<PackedDepthwiseOp>(user).getResidual();
  return use.getOperandNumber() == 0 || use.get() == residual;
}

/// True for the image that a pool or resize reads: of many channels, it is read
/// in vectors of them, from an image or a slice of one.
static bool isPooled(OpOperand &use) {
  ArrayRef<int64_t> shape = shapeOf(use.get());
  return isa<MaxPoolOp, AveragePoolOp, ResizeOp>(use.getOwner()) &&
         shape.size() == 4 && shape[1] > 1;
}

/// A slice that keeps whole images and takes some of their channels.
static bool isChannelSlice(Operation *op) {
  auto slice = dyn_cast_or_null<SliceOp>(op);
  if (!slice || shapeOf(slice.getResult()).size() != 4)
    return false;
  for (int64_t i = 0; i < 4; ++i) {
    if (slice.getSteps()[i] != 1)
      return false;
    if (i != 1 &&
        (slice.getStarts()[i] != 0 ||
         shapeOf(slice.getInput())[i] != shapeOf(slice.getResult())[i]))
      return false;
  }
  return true;
}

bool BufferAssignment::isView(Operation *op) const {
  if (!op || materialized.contains(op))
    return false;
  if (auto slice = dyn_cast<SliceOp>(op))
    return llvm::all_of(slice.getSteps(), [](int64_t s) { return s > 0; }) &&
           !isConstant(slice.getInput());
  return isa<TransposeOp, ReshapeOp>(op) && !isConstant(op->getOperand(0));
}

bool BufferAssignment::ownsBuffer(Value value) const {
  Operation *op = value.getDefiningOp();
  return op && !isConstant(value) && !isView(op);
}

/// The value whose buffer carries the halo of `value`: through channel slices
/// and in-place concats along channels.
Value BufferAssignment::haloOwner(Value value) const {
  while (true) {
    Operation *op = value.getDefiningOp();
    if (op && isView(op) && isChannelSlice(op)) {
      value = op->getOperand(0);
      continue;
    }
    auto parent = parents.find(value);
    if (parent == parents.end())
      return value;
    ConcatOp concat = parent->second.first;
    value = concat.getResult();
  }
}

/// True if the buffer of `value` may be channels-last with a halo.
bool BufferAssignment::canHoldHalo(Value value) const {
  while (true) {
    Operation *op = value.getDefiningOp();
    if (op && isView(op)) {
      if (!isChannelSlice(op))
        return false;
      value = op->getOperand(0);
      continue;
    }
    if (!ownsBuffer(value))
      return false;
    auto parent = parents.find(value);
    if (parent == parents.end())
      return true;
    ConcatOp concat = parent->second.first;
    if (concat.getAxis() != 1 || shapeOf(value).size() != 4)
      return false;
    value = concat.getResult();
  }
}

Value BufferAssignment::insertCopy(OpOperand &use) {
  OpBuilder builder(use.getOwner());
  Value copy = ExpandOp::create(builder, use.get().getLoc(),
                                use.get().getType(), use.get());
  use.set(copy);
  return copy;
}

/// Views that a kernel cannot read, or that go straight into a concat or out
/// of the function, are written out by kernels of their own.
void BufferAssignment::materializeViews() {
  for (Operation &op : func.getBody().front()) {
    if (!isView(&op))
      continue;
    Value result = op.getResult(0);
    bool readAsIs = isChannelSlice(&op) && canHoldHalo(op.getOperand(0));
    for (OpOperand &use : result.getUses()) {
      Operation *user = use.getOwner();
      bool image = isReadAsImage(use) && !readAsIs;
      // A matrix row that stays contiguous can be read where it is.
      if (image && shapeOf(result).size() == 2 && isa<ReshapeOp>(op))
        image = false;
      image |= isPooled(use) && !isa<SliceOp>(op);
      if (image || isa<ConcatOp, func::ReturnOp>(user))
        materialized.insert(&op);
    }
  }
}

void BufferAssignment::joinConcats() {
  SmallVector<ConcatOp> concats;
  func.walk([&](ConcatOp op) { concats.push_back(op); });
  for (ConcatOp concat : concats) {
    int64_t at = 0;
    for (OpOperand &use : concat->getOpOperands()) {
      Value operand = use.get();
      int64_t size = shapeOf(operand)[concat.getAxis()];
      bool returned = llvm::any_of(operand.getUsers(), [](Operation *user) {
        return isa<func::ReturnOp>(user);
      });
      if (!ownsBuffer(operand) || parents.count(operand) || returned)
        operand = insertCopy(use);
      parents[operand] = {concat, at};
      at += size;
    }
  }
}

/// True where a kernel that reads `use` would touch bytes behind a caller's
/// tensor, which has no room there as the arena has: steps of four bytes along
/// rows, and residuals in whole registers.
bool BufferAssignment::readsBeyondInput(OpOperand &use) const {
  Value value = use.get();
  if (!isInput(value))
    return false;
  bool isResidual = use.getOperandNumber() != 0;
  return isResidual ||
         (getQuantType(value.getType()) && shapeOf(use.get()).back() % 4 != 0);
}

/// True if `value` is a caller's tensor or a view of one.
bool BufferAssignment::isInput(Value value) const {
  while (isView(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return isa<BlockArgument>(value);
}

void BufferAssignment::copyForImages() {
  SmallVector<OpOperand *> uses;
  func.walk([&](Operation *op) {
    for (OpOperand &use : op->getOpOperands())
      if (isReadAsImage(use) || isPooled(use))
        uses.push_back(&use);
  });
  DenseMap<Value, Value> copies;
  for (OpOperand *use : uses) {
    Value value = use->get();
    bool fits = isPooled(*use) ? !isInput(value)
                : shapeOf(value).size() != 4
                    ? !isConstant(value) && !readsBeyondInput(*use)
                    : canHoldHalo(value);
    auto conv = dyn_cast<PackedConvOp>(use->getOwner());
    // A kernel row is one run of bytes only where pixels are dense.
    if (fits && conv && conv.getRowTaps())
      fits = ownsBuffer(value) && !parents.count(value);
    if (fits)
      continue;
    if (Value known = copies.lookup(value))
      use->set(known);
    else
      copies[value] = insertCopy(*use);
  }
}

/// True where someone needs the buffer of `value`, or a view of it, to be in
/// the arena: images have a layout of their own, and what is observed stays.
bool BufferAssignment::hasArenaReader(Value value) const {
  return llvm::any_of(value.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    return isReadAsImage(use) || isa<ObserveOp>(user) ||
           (isView(user) && hasArenaReader(user->getResult(0)));
  });
}

void BufferAssignment::copyForOutputs() {
  Operation *terminator = func.getBody().front().getTerminator();
  for (OpOperand &use : terminator->getOpOperands()) {
    Value value = use.get();
    Operation *op = value.getDefiningOp();
    bool writesRows = !isa_and_nonnull<PackedConvOp, PackedDepthwiseOp>(op) ||
                      shapeOf(value).size() == 2;
    if (isa_and_nonnull<MaxPoolOp, AveragePoolOp, ResizeOp>(op))
      writesRows = shapeOf(value).size() != 4 || shapeOf(value)[1] == 1;
    if (!ownsBuffer(value) || isa<ConcatOp>(op) || parents.count(value) ||
        !writesRows || hasArenaReader(value) || outputs.count(value))
      value = insertCopy(use);
    outputs[value] = use.getOperandNumber();
  }
}

/// What is observed must be in the arena.
void BufferAssignment::copyForObservers() {
  SmallVector<ObserveOp> observers;
  func.walk([&](ObserveOp op) { observers.push_back(op); });
  for (ObserveOp op : observers)
    if (isa<BlockArgument>(op.getInput()) || isConstant(op.getInput()))
      insertCopy(op.getInputMutable());
}

/// Rows and columns that `conv` reads outside an image of `shape`.
template <typename Conv>
static Halo readHalo(Conv conv, ArrayRef<int64_t> shape,
                     ArrayRef<int64_t> result) {
  Halo halo = {conv.getPads()[0], conv.getPads()[1], 0, 0};
  for (int i = 0; i < 2; ++i) {
    int64_t lastRead = (result[2 + i] - 1) * conv.getStrides()[i] +
                       (conv.getKernel()[i] - 1) * conv.getDilations()[i] -
                       conv.getPads()[i];
    halo[2 + i] = std::max<int64_t>(0, lastRead - (shape[2 + i] - 1));
  }
  return halo;
}

void BufferAssignment::collectHalos() {
  auto add = [&](auto conv) {
    ArrayRef<int64_t> shape = shapeOf(conv.getInput());
    if (shape.size() != 4)
      return;
    Halo read = readHalo(conv, shape, shapeOf(conv.getResult()));
    Halo &halo = halos[haloOwner(conv.getInput())];
    for (int i = 0; i < 4; ++i)
      halo[i] = std::max(halo[i], read[i]);
  };
  func.walk([&](Operation *op) {
    if (auto conv = dyn_cast<PackedConvOp>(op))
      add(conv);
    else if (auto conv = dyn_cast<PackedDepthwiseOp>(op))
      add(conv);
  });
}

void BufferAssignment::prepare() {
  copyForObservers();
  materializeViews();
  joinConcats();
  copyForImages();
  copyForOutputs();
  collectHalos();
  images = findImages(func);
}

Placement BufferAssignment::makeRoot(Value value) {
  RootBuffer root;
  root.shape.assign(shapeOf(value).begin(), shapeOf(value).end());
  root.elementBytes =
      getElementBytes(cast<RankedTensorType>(value.getType()).getElementType());
  root.space = BufferSpace::Arena;
  bool rows = !images.contains(value);
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    root.space = BufferSpace::Input;
    root.index = argument.getArgNumber();
    rows = true;
  } else if (auto output = outputs.find(value); output != outputs.end()) {
    root.space = BufferSpace::Output;
    root.index = output->second;
    rows = true;
  } else {
    root.halo = halos.lookup(value);
  }
  Placement placement;
  placement.root = roots.size();
  placement.elements =
      rows ? rowMajor(root.shape) : channelsLast(root.shape, root.halo);
  roots.push_back(root);
  return placement;
}

/// True if a kernel reads rows of `value` in vectors, and `strides` break them.
static bool breaksRows(Value value, ArrayRef<int64_t> strides) {
  if (strides.empty() || strides.back() == 1)
    return false;
  return llvm::any_of(value.getUses(), [&](OpOperand &use) {
    if (isa<MatmulOp>(use.getOwner()))
      return use.getOperandNumber() == 1;
    return isReadAsImage(use) && strides.size() == 2;
  });
}

Placement BufferAssignment::placeView(Operation *op) {
  Value input = op->getOperand(0), result = op->getResult(0);
  Placement placement = placeValue(input);
  Strided &elements = placement.elements;
  if (auto slice = dyn_cast<SliceOp>(op)) {
    for (auto [i, stride] : llvm::enumerate(elements.strides)) {
      elements.offset += slice.getStarts()[i] * stride;
      stride *= slice.getSteps()[i];
    }
    return placement;
  }
  if (auto transpose = dyn_cast<TransposeOp>(op)) {
    SmallVector<int64_t> strides;
    for (int64_t from : transpose.getPermutation())
      strides.push_back(elements.strides[from]);
    if (breaksRows(result, strides)) {
      materialized.insert(op);
      return makeRoot(result);
    }
    elements.strides = strides;
    return placement;
  }
  std::optional<SmallVector<int64_t>> strides =
      reshapeStrides(shapeOf(input), elements.strides, shapeOf(result));
  if (!strides || breaksRows(result, *strides)) {
    materialized.insert(op);
    return makeRoot(result);
  }
  elements.strides = *strides;
  return placement;
}

const Placement &BufferAssignment::placeValue(Value value) {
  auto known = placements.find(value);
  if (known != placements.end())
    return known->second;
  Placement placement;
  auto parent = parents.find(value);
  Operation *op = value.getDefiningOp();
  if (parent != parents.end()) {
    ConcatOp concat = parent->second.first;
    placement = placeValue(concat.getResult());
    placement.elements.offset +=
        parent->second.second * placement.elements.strides[concat.getAxis()];
  } else if (isView(op)) {
    placement = placeView(op);
  } else {
    placement = makeRoot(value);
  }
  return placements[value] = placement;
}

void BufferAssignment::place() {
  for (BlockArgument argument : func.getArguments())
    placeValue(argument);
  for (Operation &op : func.getBody().front())
    for (Value result : op.getResults())
      if (!isConstant(result))
        placeValue(result);
}

} // namespace qcc
