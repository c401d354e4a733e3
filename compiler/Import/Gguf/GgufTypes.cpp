// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of ggml_type (ggml-org/ggml, include/ggml.h). Numbers that are not
// here were given up or are newer than this table.

#include "compiler/Import/Gguf/GgufTypes.h"

namespace qcc {

static constexpr GgufTensorType kTypes[] = {
    {0, "F32", 1, 4, BlockFormat::F32},
    {1, "F16", 1, 2, BlockFormat::F16},
    {2, "Q4_0", 32, 18, BlockFormat::Q4_0},
    {3, "Q4_1", 32, 20, BlockFormat::Q4_1},
    {6, "Q5_0", 32, 22, BlockFormat::Q5_0},
    {7, "Q5_1", 32, 24, BlockFormat::Q5_1},
    {8, "Q8_0", 32, 34, BlockFormat::Q8_0},
    {9, "Q8_1", 32, 36, {}},
    {10, "Q2_K", 256, 84, BlockFormat::Q2_K},
    {11, "Q3_K", 256, 110, BlockFormat::Q3_K},
    {12, "Q4_K", 256, 144, BlockFormat::Q4_K},
    {13, "Q5_K", 256, 176, BlockFormat::Q5_K},
    {14, "Q6_K", 256, 210, BlockFormat::Q6_K},
    {15, "Q8_K", 256, 292, {}},
    {16, "IQ2_XXS", 256, 66, {}},
    {17, "IQ2_XS", 256, 74, {}},
    {18, "IQ3_XXS", 256, 98, {}},
    {19, "IQ1_S", 256, 50, {}},
    {20, "IQ4_NL", 32, 18, BlockFormat::IQ4_NL},
    {21, "IQ3_S", 256, 110, {}},
    {22, "IQ2_S", 256, 82, {}},
    {23, "IQ4_XS", 256, 136, BlockFormat::IQ4_XS},
    {24, "I8", 1, 1, {}},
    {25, "I16", 1, 2, {}},
    {26, "I32", 1, 4, {}},
    {27, "I64", 1, 8, {}},
    {28, "F64", 1, 8, {}},
    {29, "IQ1_M", 256, 56, {}},
    {30, "BF16", 1, 2, BlockFormat::BF16},
    {34, "TQ1_0", 256, 54, {}},
    {35, "TQ2_0", 256, 66, {}},
    {39, "MXFP4", 32, 17, BlockFormat::MXFP4},
    {40, "NVFP4", 64, 36, {}},
    {41, "Q1_0", 128, 18, {}},
    {42, "Q2_0", 64, 18, {}},
};

const GgufTensorType *findGgufTensorType(uint32_t id) {
  for (const GgufTensorType &type : kTypes)
    if (type.id == id)
      return &type;
  return nullptr;
}

std::string listGgufTensorTypes() {
  std::string list;
  for (const GgufTensorType &type : kTypes)
    if (type.format)
      list += (list.empty() ? "" : ", ") + type.name.str();
  return list;
}

} // namespace qcc
