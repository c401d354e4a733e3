// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes the blocks of a panel apart in registers: codes as the unsigned
// operand of the dot product, scales as floats. One lane is one row of the
// matrix (dialects/Qcc/Numerics/PanelFormat.h draws the layout).

#ifndef PASSES_LOWERCPU_PANELREADER_H
#define PASSES_LOWERCPU_PANELREADER_H

#include "dialects/Qcc/Numerics/PanelFormat.h"
#include "passes/LowerCpu/ByteBuffer.h"

namespace qcc {

class PanelReader {
public:
  PanelReader(KernelEmitter &emitter, const PanelFormat &format,
              mlir::Value buffer)
      : e(emitter), format(format), bytes(emitter, buffer),
        lanes(emitter.target.lanes) {}

  int64_t blockBytes() const { return format.blockBytes(lanes); }

  /// Scale and minimum of a whole block, or of group `group` where groups have
  /// them, f32 of each lane; no value where the format has none.
  mlir::Value loadScale(mlir::Value block, int64_t group = 0);
  mlir::Value loadMinimum(mlir::Value block, int64_t group = 0);

  /// Those of group `group` beside them, integers as f32.
  mlir::Value loadGroupScale(mlir::Value block, int64_t group);
  mlir::Value loadGroupMinimum(mlir::Value block, int64_t group);

  /// Minima of groups `2 * pair` and `2 * pair + 1` as 16-bit halves of a lane,
  /// where the format has number words.
  mlir::Value loadMinimumPair(mlir::Value block, int64_t pair);

  /// The eight steps of 32 columns from `32 * chunk` on: unsigned bytes.
  llvm::SmallVector<mlir::Value> loadCodes(mlir::Value block, int64_t chunk);

  /// The values of 32 columns, f32 of each lane; of a block if the format is
  /// one of floats.
  llvm::SmallVector<mlir::Value> loadValues(mlir::Value block, int64_t chunk);

private:
  llvm::SmallVector<mlir::Value> loadPair(mlir::Value block);
  mlir::Value loadBlockScale(mlir::Value at);
  mlir::Value loadGroupNumber(mlir::Value planes, int64_t group);
  mlir::Value loadNumber(mlir::Value block, int64_t number);
  mlir::Value loadNumberBits(mlir::Value block, int64_t pair, int64_t half,
                             int64_t repeat);
  mlir::Value loadStep(mlir::Value plane, int64_t bits, int64_t step,
                       int64_t shift);
  mlir::Value lookUp(mlir::Value codes);
  mlir::Value bytesOf(uint64_t value, int64_t count);

  KernelEmitter &e;
  const PanelFormat &format;
  ByteBuffer bytes;
  int64_t lanes;
};

} // namespace qcc

#endif // PASSES_LOWERCPU_PANELREADER_H
