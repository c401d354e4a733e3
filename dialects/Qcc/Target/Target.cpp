// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The descriptor table.

#include "dialects/Qcc/Target/Target.h"

#include "qcc/abi.h"

#include <algorithm>

namespace qcc {

// Zen 4 is LLVM's model for every AVX-512 VNNI machine we measured: its costs
// keep the K loop of the micro-kernel as written (Zen 5, 2026-11).
const std::vector<Target> &allTargets() {
  static const std::vector<Target> table = {
      {"avx512bf16", "x86-64-v4", "znver4",
       "+avx512vnni,+avx512vbmi,+avx512bf16,-prefer-256-bit",
       QCC_FEATURE_AVX2 | QCC_FEATURE_AVX512 | QCC_FEATURE_AVX512VNNI |
           QCC_FEATURE_AVX512VBMI | QCC_FEATURE_AVX512BF16,
       16, 32, DotProduct::Vnni512, true, true, 32 << 10, 1 << 20},
      {"avx512", "x86-64-v4", "znver4",
       "+avx512vnni,+avx512vbmi,-prefer-256-bit",
       QCC_FEATURE_AVX2 | QCC_FEATURE_AVX512 | QCC_FEATURE_AVX512VNNI |
           QCC_FEATURE_AVX512VBMI,
       16, 32, DotProduct::Vnni512, true, false, 32 << 10, 1 << 20},
      {"avxvnni", "x86-64-v3", "alderlake", "+avxvnni",
       QCC_FEATURE_AVX2 | QCC_FEATURE_AVXVNNI, 8, 16, DotProduct::Vnni256,
       false, false, 32 << 10, 1 << 20},
      {"avx2", "x86-64-v3", "haswell", "", QCC_FEATURE_AVX2, 8, 16,
       DotProduct::Madd256, false, false, 32 << 10, 256 << 10},
  };
  return table;
}

const Target *findTarget(std::string_view name) {
  for (const Target &target : allTargets())
    if (target.name == name)
      return &target;
  return nullptr;
}

std::string listTargets() {
  std::string text;
  for (const Target &target : allTargets()) {
    if (!text.empty())
      text += ", ";
    text += target.name;
  }
  return text;
}

int64_t Target::panelVectors(int64_t channels) const {
  return channels <= lanes ? 1 : 2;
}

int64_t Target::maxTileRows(int64_t vectors) const {
  // Madd256 widens each activation dword and each weight vector in two.
  int64_t perRow = dot == DotProduct::Madd256 ? 2 : 1;
  int64_t perVector = dot == DotProduct::Madd256 ? 2 : 1;
  int64_t rows = (registers - 1 - perRow - vectors * perVector) / vectors;
  return std::clamp<int64_t>(rows, 1, 28);
}

} // namespace qcc
