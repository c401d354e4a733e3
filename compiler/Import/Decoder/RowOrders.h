// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of activations in the order of a weight's columns. The op that computes
// the rows writes them so: a gather of a row that is in the first cache.

#ifndef COMPILER_IMPORT_DECODER_ROWORDERS_H
#define COMPILER_IMPORT_DECODER_ROWORDERS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <map>
#include <utility>

namespace qcc {

class RowOrders {
public:
  /// The f32 rows of `rows` in `order`, which may be no value: `rows` then.
  /// Products of one order share theirs.
  mlir::Value get(mlir::ImplicitLocOpBuilder &b, mlir::Value rows,
                  mlir::Value order, mlir::Value extents);

private:
  std::map<std::pair<void *, void *>, mlir::Value> known;
};

} // namespace qcc

#endif // COMPILER_IMPORT_DECODER_ROWORDERS_H
