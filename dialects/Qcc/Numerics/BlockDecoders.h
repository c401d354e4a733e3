// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One decoder a format, by family of formats: what the table in Blocks.cpp
// points to.

#ifndef DIALECTS_QCC_NUMERICS_BLOCKDECODERS_H
#define DIALECTS_QCC_NUMERICS_BLOCKDECODERS_H

#include <cstdint>

namespace qcc::blocks {

/// Decodes `count` blocks.
using Decode = void (*)(const uint8_t *blocks, int64_t count, float *values);

// Plain floats, and blocks of 32 with one scale.
void decodeF32(const uint8_t *blocks, int64_t count, float *values);
void decodeF16(const uint8_t *blocks, int64_t count, float *values);
void decodeBF16(const uint8_t *blocks, int64_t count, float *values);
void decodeQ4_0(const uint8_t *blocks, int64_t count, float *values);
void decodeQ4_1(const uint8_t *blocks, int64_t count, float *values);
void decodeQ5_0(const uint8_t *blocks, int64_t count, float *values);
void decodeQ5_1(const uint8_t *blocks, int64_t count, float *values);
void decodeQ8_0(const uint8_t *blocks, int64_t count, float *values);

// Blocks of 256, whose groups have integer scales.
void decodeQ2_K(const uint8_t *blocks, int64_t count, float *values);
void decodeQ3_K(const uint8_t *blocks, int64_t count, float *values);
void decodeQ4_K(const uint8_t *blocks, int64_t count, float *values);
void decodeQ5_K(const uint8_t *blocks, int64_t count, float *values);
void decodeQ6_K(const uint8_t *blocks, int64_t count, float *values);

// Codes that are looked up.
void decodeIQ4_NL(const uint8_t *blocks, int64_t count, float *values);
void decodeIQ4_XS(const uint8_t *blocks, int64_t count, float *values);
void decodeMXFP4(const uint8_t *blocks, int64_t count, float *values);

} // namespace qcc::blocks

#endif // DIALECTS_QCC_NUMERICS_BLOCKDECODERS_H
