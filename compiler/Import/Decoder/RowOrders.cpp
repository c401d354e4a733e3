// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies norms and gates, which nobody may read any more then; other rows get
// an op of their own.

#include "compiler/Import/Decoder/RowOrders.h"

#include "dialects/Qcc/IR/Qcc.h"

using namespace mlir;

namespace qcc {

Value RowOrders::get(ImplicitLocOpBuilder &b, Value rows, Value order,
                     Value extents) {
  if (!order)
    return rows;
  Value &value = known[{rows.getAsOpaquePointer(), order.getAsOpaquePointer()}];
  if (value)
    return value;
  auto type = cast<RankedTensorType>(rows.getType());
  int64_t columns = cast<RankedTensorType>(order.getType()).getShape()[0];
  auto ordered = RankedTensorType::get({type.getShape()[0], columns},
                                       type.getElementType());
  Operation *maker = rows.getDefiningOp();
  if (auto norm = dyn_cast_or_null<NormRowsOp>(maker)) {
    auto copy = cast<NormRowsOp>(b.clone(*norm));
    copy.getOrderMutable().assign(order);
    copy.getResult().setType(ordered);
    return value = copy;
  }
  if (auto gate = dyn_cast_or_null<GateRowsOp>(maker)) {
    auto copy = cast<GateRowsOp>(b.clone(*gate));
    copy.getOrderMutable().assign(order);
    copy.getResult().setType(ordered);
    return value = copy;
  }
  auto format = RowFormatAttr::get(b.getContext(), RowFormat::Float);
  return value = GateRowsOp::create(b, ordered, rows, extents, Value(), order,
                                    StringAttr(), format);
}

} // namespace qcc
