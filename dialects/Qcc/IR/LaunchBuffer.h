// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the buffers of a qcc.launch lie: bytes behind an argument of main.

#ifndef DIALECTS_QCC_IR_LAUNCHBUFFER_H
#define DIALECTS_QCC_IR_LAUNCHBUFFER_H

#include "dialects/Qcc/IR/Qcc.h"

#include <optional>

namespace qcc {

/// Bytes [offset, offset + size) behind one argument of main.
struct LaunchBuffer {
  mlir::BlockArgument base;
  int64_t offset = 0;
  int64_t size = 0;

  /// Of an argument or a view of one by a constant; nothing for other values.
  static std::optional<LaunchBuffer> of(mlir::Value value);

  bool overlaps(const LaunchBuffer &other) const {
    return base == other.base && offset < other.offset + other.size &&
           other.offset < offset + size;
  }
};

/// Whether the numbers of tasks of `a` and `b` depend on one number in one
/// place, or on none. Their buffers lie in arguments of main.
bool haveSameExtent(LaunchOp a, LaunchOp b);

} // namespace qcc

#endif // DIALECTS_QCC_IR_LAUNCHBUFFER_H
