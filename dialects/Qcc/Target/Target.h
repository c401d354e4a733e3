// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The machines qcc generates code for: registers, caches and the instruction
// that multiplies u8 by s8. One descriptor drives packing (passes/Pack), tiling
// and emission (passes/LowerCpu) and the features a library asks for at load.

#ifndef DIALECTS_QCC_TARGET_TARGET_H
#define DIALECTS_QCC_TARGET_TARGET_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qcc {

/// How four u8 x s8 products are summed into an i32 lane.
enum class DotProduct {
  Vnni512, // vpdpbusd zmm (AVX512_VNNI)
  Vnni256, // vpdpbusd ymm (AVX_VNNI, VEX)
  Madd256, // two vpmaddwd on bytes widened in place; exact, no saturation
};

struct Target {
  std::string_view name;     // as in --target=
  std::string_view cpu;      // LLVM's -mcpu: what may be emitted
  std::string_view tune;     // LLVM's -mtune: whose costs decide
  std::string_view features; // LLVM's -mattr on top of cpu
  uint64_t runtimeFeatures;  // QCC_FEATURE_* of qcc/abi.h
  int64_t lanes;             // i32 or f32 elements of one vector register
  int64_t registers;         // vector registers
  DotProduct dot;
  bool hasByteTable; // vpermi2b, for 256-entry look-ups
  bool hasBrainDot;  // vdpbf16ps; only where asked for by name
  int64_t l1Bytes;
  int64_t l2Bytes;

  int64_t vectorBytes() const { return lanes * 4; }
  /// Panel width in vectors for `channels` output channels, and the largest
  /// number of rows whose accumulators still fit beside it: rows * vectors +
  /// vectors + 1 <= registers - 1, and no more rows than keep every index of
  /// the K loop in an addressing mode.
  int64_t panelVectors(int64_t channels) const;
  int64_t maxTileRows(int64_t vectors) const;
};

/// The target of that name, or null.
const Target *findTarget(std::string_view name);

/// Best first: the order in which a library tries its variants.
const std::vector<Target> &allTargets();

/// "avx512, avxvnni, ...", for messages.
std::string listTargets();

} // namespace qcc

#endif // DIALECTS_QCC_TARGET_TARGET_H
