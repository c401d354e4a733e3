// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A builder for kernel bodies: index arithmetic that folds as it goes, counted
// loops, and vectors in and out of flat buffers. Kernels see every tensor as a
// one-dimensional memref and compute offsets themselves, since strides, halos
// and tails are all known when they are emitted.

#ifndef PASSES_LOWERCPU_KERNELEMITTER_H
#define PASSES_LOWERCPU_KERNELEMITTER_H

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Target/Target.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace qcc {

class KernelEmitter : public mlir::ImplicitLocOpBuilder {
public:
  KernelEmitter(mlir::Location loc, mlir::OpBuilder builder,
                const Target &target)
      : ImplicitLocOpBuilder(loc, builder), target(target) {}

  const Target &target;

  // --- index arithmetic -----------------------------------------------------
  mlir::Value index(int64_t value);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value add(mlir::Value a, int64_t b);
  mlir::Value mul(mlir::Value a, int64_t b);
  mlir::Value div(mlir::Value a, int64_t b);
  mlir::Value rem(mlir::Value a, int64_t b);
  mlir::Value min(mlir::Value a, mlir::Value b);
  mlir::Value max(mlir::Value a, mlir::Value b);

  // --- constants ------------------------------------------------------------
  mlir::Value constant(mlir::Type type, double value);
  mlir::Value constantInt(mlir::Type type, int64_t value);

  // --- loops ----------------------------------------------------------------
  /// for (iv = low; iv < high; iv += step) body(iv)
  /// `keepRolled` forbids LLVM to unroll or vectorize it.
  void loop(mlir::Value low, mlir::Value high, int64_t step,
            llvm::function_ref<void(mlir::Value)> body,
            bool keepRolled = false);
  void loop(int64_t count, llvm::function_ref<void(mlir::Value)> body) {
    loop(index(0), index(count), 1, body);
  }
  /// The same carrying values.
  llvm::SmallVector<mlir::Value> reduceLoop(
      mlir::Value low, mlir::Value high, int64_t step, mlir::ValueRange inits,
      llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value,
                                                        mlir::ValueRange)>
          body,
      bool keepRolled = false);
  void ifThen(mlir::Value condition, llvm::function_ref<void()> body);
  void ifThenElse(mlir::Value condition, llvm::function_ref<void()> body,
                  llvm::function_ref<void()> otherwise);

  // --- memory ---------------------------------------------------------------
  mlir::VectorType vectorOf(mlir::Type element, int64_t count);
  mlir::Value load(mlir::Value buffer, mlir::Value at);
  void store(mlir::Value value, mlir::Value buffer, mlir::Value at);
  mlir::Value loadVector(mlir::Value buffer, mlir::Value at, int64_t count);
  /// Loads the first `valid` elements and touches no others; the rest is zero.
  mlir::Value loadPart(mlir::Value buffer, mlir::Value at, int64_t count,
                       mlir::Value valid);
  void storeVector(mlir::Value vector, mlir::Value buffer, mlir::Value at);
  /// Stores the first `valid` elements.
  void storePart(mlir::Value vector, mlir::Value buffer, mlir::Value at,
                 mlir::Value valid);
  /// The same for elements `stride` apart: 0 repeats one, 1 are neighbours,
  /// others are gathered or scattered one by one.
  mlir::Value loadStrided(mlir::Value buffer, mlir::Value at, int64_t stride,
                          int64_t count, int64_t valid);
  void storeStrided(mlir::Value vector, mlir::Value buffer, mlir::Value at,
                    int64_t stride, int64_t valid);
  /// The first `valid` elements at `at` + `places`, a vector of integers; the
  /// rest is zero.
  mlir::Value gather(mlir::Value buffer, mlir::Value at, mlir::Value places,
                     int64_t valid);
  /// Whether that is one instruction for elements of `element`.
  bool hasGather(mlir::Type element) const;
  /// Asks for the line of `at` in the second-level cache; any address is fine.
  void prefetch(mlir::Value buffer, mlir::Value at);
  /// Asks for the lines that many bytes behind `at` in the first-level cache,
  /// and in no other, where `value`, a register, is known: returns it.
  /// Prefetches that no data tie down end up in a bunch at the start of their
  /// loop.
  mlir::Value prefetchWith(mlir::Value value, mlir::Value buffer,
                           mlir::Value at, llvm::ArrayRef<int64_t> aheads);
  /// Four bytes at `at` repeated over a register of bytes.
  mlir::Value broadcastDword(mlir::Value buffer, mlir::Value at);

  // --- vectors --------------------------------------------------------------
  mlir::Value splat(mlir::Value scalar, int64_t count);
  mlir::Value shuffle(mlir::Value a, mlir::Value b,
                      llvm::ArrayRef<int64_t> mask);
  mlir::Value bitcast(mlir::Value vector, mlir::Type element);
  mlir::Value intrinsic(llvm::StringRef name, mlir::Type result,
                        mlir::ValueRange operands);
  /// a < b ? a : b and a > b ? a : b, b where either is NaN (vminps, vmaxps).
  mlir::Value minFloat(mlir::Value a, mlir::Value b);
  mlir::Value maxFloat(mlir::Value a, mlir::Value b);
  /// f32 to i32, round half to even, of a vector of target lanes.
  mlir::Value convertToInt(mlir::Value vector);
};

/// The number an index value was made of, if it is a constant.
std::optional<int64_t> constantIndex(mlir::Value value);

} // namespace qcc

#endif // PASSES_LOWERCPU_KERNELEMITTER_H
