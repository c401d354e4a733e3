// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Broadcasting, windows, and the messages about shapes.

#include "dialects/Qcc/IR/ShapeRules.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace qcc {

std::string formatShape(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << '[';
  llvm::interleaveComma(shape, stream);
  stream << ']';
  return text;
}

std::optional<SmallVector<int64_t>> getBroadcastShape(ArrayRef<int64_t> lhs,
                                                      ArrayRef<int64_t> rhs) {
  if (lhs.size() < rhs.size())
    std::swap(lhs, rhs);
  SmallVector<int64_t> result(lhs);
  size_t offset = lhs.size() - rhs.size();
  for (auto [i, size] : llvm::enumerate(rhs)) {
    int64_t &other = result[offset + i];
    if (other == 1)
      other = size;
    else if (size != 1 && size != other)
      return std::nullopt;
  }
  return result;
}

int64_t WindowRule::getCount(int64_t size) const {
  int64_t room = size + padLow + padHigh - getSpan();
  return room < 0 ? 0 : room / stride + 1;
}

LogicalResult expectShape(Operation *op, StringRef what,
                          ArrayRef<int64_t> expected, ArrayRef<int64_t> got) {
  if (expected == got)
    return success();
  return op->emitOpError("expected ")
         << what << " shape " << formatShape(expected) << ", but got "
         << formatShape(got);
}

LogicalResult expectRank(Operation *op, StringRef what, int64_t expected,
                         Value value) {
  int64_t rank = cast<ShapedType>(value.getType()).getRank();
  if (rank == expected)
    return success();
  return op->emitOpError("expected ")
         << what << " of rank " << expected << ", but got " << rank;
}

LogicalResult expectElementType(Operation *op, StringRef what, Type expected,
                                Value value) {
  Type got = cast<ShapedType>(value.getType()).getElementType();
  if (got == expected)
    return success();
  return op->emitOpError("expected ")
         << what << " element type " << expected << ", but got " << got;
}

LogicalResult expectEntries(Operation *op, StringRef what,
                            ArrayRef<int64_t> values, int64_t count,
                            int64_t lowest) {
  if (int64_t(values.size()) == count &&
      llvm::all_of(values, [&](int64_t v) { return v >= lowest; }))
    return success();
  return op->emitOpError("expected ")
         << count << " " << what << " of at least " << lowest << ", but got "
         << formatShape(values);
}

} // namespace qcc
