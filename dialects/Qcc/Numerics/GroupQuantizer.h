// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounds rows of floats to groups of integer codes (`int4_g128` and the like of
// PanelFormat.h), each with the scale of the smallest squared error.

#ifndef DIALECTS_QCC_NUMERICS_GROUPQUANTIZER_H
#define DIALECTS_QCC_NUMERICS_GROUPQUANTIZER_H

#include "dialects/Qcc/Numerics/PanelFormat.h"

namespace qcc {

/// Codes and numbers of one group: value = scale * code - minimum, with codes
/// less the format's offset.
struct QuantizedGroup {
  float scale = 0, minimum = 0;
  uint8_t codes[256] = {};
};

/// Finds them for `count` values; codes beyond are those of 0.
void quantizeGroup(const PanelFormat &format, const float *values,
                   int64_t count, QuantizedGroup &group);

/// Writes a block of `format.groups()` groups as it is stored in a row.
void writeGroups(const PanelFormat &format, const QuantizedGroup *groups,
                 uint8_t *block);

/// All groups of a row of `columns` values.
void quantizeRow(const PanelFormat &format, const float *values,
                 int64_t columns, uint8_t *blocks);

} // namespace qcc

#endif // DIALECTS_QCC_NUMERICS_GROUPQUANTIZER_H
