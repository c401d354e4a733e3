// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layers that were ops of integers in the model they come from. Their
// multipliers are rounded as those ops round them (docs/numerics.md *requantize
// of imported ops*), which an attribute without influence on types notes.

#ifndef DIALECTS_QCC_IR_IMPORTEDPRODUCTS_H
#define DIALECTS_QCC_IR_IMPORTEDPRODUCTS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"

namespace qcc {

inline constexpr llvm::StringLiteral kImportedProduct = "qcc.imported_product";

inline bool isImportedProduct(mlir::Operation *op) {
  return op->hasAttr(kImportedProduct);
}

inline void markImportedProduct(mlir::Operation *op) {
  op->setDiscardableAttr(kImportedProduct,
                         mlir::UnitAttr::get(op->getContext()));
}

} // namespace qcc

#endif // DIALECTS_QCC_IR_IMPORTEDPRODUCTS_H
