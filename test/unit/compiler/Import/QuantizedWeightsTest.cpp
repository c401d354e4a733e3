// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Modules of GPTQ, AWQ and compressed-tensors: what is found out about them,
// what is refused, and what quantization_config says.

#include "compiler/Import/HuggingFace/QuantizedWeights.h"

#include "compiler/Import/Decoder/WeightRows.h"

#include "gtest/gtest.h"

#include <cstring>
#include <map>

using namespace qcc;

namespace {

/// A module of eight rows and eight columns, by the ends of names.
class Module {
public:
  QuantizationConfig config;
  MatrixPart part = wholeMatrix(8, 8);

  template <typename T>
  void add(const std::string &name, TensorType type, std::vector<int64_t> shape,
           std::vector<T> values) {
    std::string &text = bytes[name];
    text.assign(reinterpret_cast<const char *>(values.data()),
                values.size() * sizeof(T));
    tensors[name] = {type, std::move(shape), {text.data(), text.size()}};
  }
  llvm::Expected<Weight> read() const {
    return readQuantizedWeight(
        [&](llvm::StringRef name) -> const SafetensorsTensor * {
          auto it = tensors.find(name.str());
          return it == tensors.end() ? nullptr : &it->second;
        },
        config, part);
  }
  std::string refuse() const {
    llvm::Expected<Weight> weight = read();
    return weight ? "" : llvm::toString(weight.takeError());
  }

private:
  std::map<std::string, SafetensorsTensor> tensors;
  std::map<std::string, std::string> bytes;
};

/// GPTQ with groups of four columns; all zero points are stored as `zero`.
Module makeGptq(uint32_t zero) {
  Module module;
  module.config.method = QuantizationMethod::Gptq;
  module.config.bits = 4;
  module.config.group = 4;
  module.config.zeroOffset = 1;
  module.add<uint32_t>("qweight", TensorType::I32, {1, 8},
                       std::vector<uint32_t>(8, 0x76543210));
  module.add<uint32_t>("qzeros", TensorType::I32, {2, 1}, {zero, zero});
  module.add<uint16_t>("scales", TensorType::F16, {2, 8},
                       std::vector<uint16_t>(16, 0x3c00));
  return module;
}

std::vector<float> firstRow(const Weight &weight) {
  std::vector<float> values(weight.columns);
  decodeWeightRow(weight, 0, values.data());
  return values;
}

} // namespace

TEST(QuantizedWeights, FindsGptqVersionsByTheirZeroPoints) {
  std::vector<float> expected = {-8, -7, -6, -5, -4, -3, -2, -1};
  for (int64_t labelled : {0, 1})
    for (uint32_t stored : {0x77777777u, 0x88888888u}) {
      Module module = makeGptq(stored);
      module.config.zeroOffset = labelled;
      Weight weight = llvm::cantFail(module.read());
      EXPECT_EQ(weight.zeroOffset, stored == 0x77777777u);
      EXPECT_TRUE(weight.isSymmetric);
      EXPECT_EQ(firstRow(weight), expected);
    }
  // Others are what the label says.
  Module other = makeGptq(0x88888887);
  Weight weight = llvm::cantFail(other.read());
  EXPECT_EQ(weight.zeroOffset, 1);
  EXPECT_FALSE(weight.isSymmetric);
  EXPECT_EQ(firstRow(weight), expected); // row 0: 7 + 1
  Module asymmetric = makeGptq(0x88888888);
  asymmetric.config.isSymmetric = false;
  EXPECT_EQ(llvm::cantFail(asymmetric.read()).zeroOffset, 1);
}

TEST(QuantizedWeights, KeepsOrdersOfColumnsThatMatter) {
  Module module = makeGptq(0x77777777);
  module.add<int32_t>("g_idx", TensorType::I32, {8}, {0, 0, 0, 0, 1, 1, 1, 1});
  EXPECT_EQ(llvm::cantFail(module.read()).parts.size(), 3u);
  module.add<int32_t>("g_idx", TensorType::I32, {8}, {1, 0, 0, 0, 1, 1, 0, 1});
  EXPECT_EQ(llvm::cantFail(module.read()).parts.size(), 4u);
  module.add<int32_t>("g_idx", TensorType::I32, {8}, {1, 0, 0, 0, 0, 1, 0, 1});
  EXPECT_EQ(module.refuse(), "g_idx: expected 4 columns in group 0, but got 5");
  module.add<int32_t>("g_idx", TensorType::I32, {8}, {2, 0, 0, 0, 1, 1, 0, 1});
  EXPECT_EQ(module.refuse(), "g_idx: expected groups from 0 to 1, but got 2");
}

TEST(QuantizedWeights, RefusesPartsThatDoNotFit) {
  Module module = makeGptq(0x77777777);
  module.config.bits = 8;
  EXPECT_EQ(module.refuse(),
            "qweight: expected I32 [2, 8], but got I32 [1, 8]");
  module.config.bits = 3;
  EXPECT_EQ(module.refuse(),
            "qweight: expected whole words, but got 8 codes of 3 bits");
  module.config.bits = 4;
  module.config.group = 8;
  EXPECT_EQ(module.refuse(), "qzeros: expected I32 [1, 1], but got I32 [2, 1]");
  // Unless modules may differ.
  module.config.mayVary = true;
  EXPECT_EQ(llvm::cantFail(module.read()).group, 4);
  module.add<double>("scales", TensorType::F64, {2, 8},
                     std::vector<double>(16));
  EXPECT_EQ(module.refuse(), "scales: expected F16, BF16 or F32, but got F64");
}

TEST(QuantizedWeights, ReadsCompressedTensors) {
  Module module;
  module.config.method = QuantizationMethod::PackedCodes;
  module.config.bits = 4;
  module.add<uint32_t>("weight_packed", TensorType::I32, {8, 1},
                       std::vector<uint32_t>(8, 0x76543210));
  module.add<float>("weight_scale", TensorType::F32, {8, 1},
                    std::vector<float>(8, 2));
  module.add<int64_t>("weight_shape", TensorType::I64, {2}, {8, 8});
  Weight weight = llvm::cantFail(module.read());
  EXPECT_EQ(weight.group, 8);
  EXPECT_EQ(firstRow(weight),
            std::vector<float>({-16, -14, -12, -10, -8, -6, -4, -2}));
  module.config.isSymmetric = false;
  EXPECT_EQ(module.refuse(), "weight_zero_point: expected I32 [1, 1], but got "
                             "no such tensor");
  module.add<uint32_t>("weight_zero_point", TensorType::I32, {1, 1},
                       {0x44444443});
  EXPECT_EQ(firstRow(llvm::cantFail(module.read()))[0], -6);
  module.add<int64_t>("weight_shape", TensorType::I64, {2}, {8, 7});
  EXPECT_EQ(module.refuse(), "weight_shape: expected [8, 8], but got [8, 7]");
}

/// The message for a quantization_config.
static std::string refuseConfig(const std::string &text) {
  llvm::json::Value value = llvm::cantFail(
      llvm::json::parse("{\"quantization_config\":" + text + "}"));
  ConfigReader config(*value.getAsObject(), "c");
  readQuantizationConfig(config);
  return llvm::toString(config.takeError());
}

TEST(QuantizedWeights, RefusesLayoutsThatItDoesNotKnow) {
  EXPECT_EQ(refuseConfig(R"({"quant_method": "fp8"})"),
            "c: quantization_config: 'quant_method': expected gptq, awq, "
            "compressed-tensors or mxfp4, but got \"fp8\"");
  EXPECT_EQ(refuseConfig(R"({"quant_method": "gptq", "bits": 4,
                             "checkpoint_format": "marlin"})"),
            "c: quantization_config: 'checkpoint_format': expected gptq or "
            "gptq_v2, but got \"marlin\"");
  EXPECT_EQ(refuseConfig(R"({"quant_method": "awq", "bits": 4,
                             "version": "gemv"})"),
            "c: quantization_config: 'version': expected gemm, but got "
            "\"gemv\"");
  EXPECT_EQ(refuseConfig(R"({"quant_method": "compressed-tensors",
                             "format": "nvfp4-pack-quantized"})"),
            "c: quantization_config: 'format': expected pack-quantized or "
            "int-quantized, but got \"nvfp4-pack-quantized\"");
  EXPECT_EQ(refuseConfig(R"({"quant_method": "gptq", "bits": 5})"),
            "c: quantization_config: 'bits': expected 2, 3, 4 or 8, but got "
            "5");
}

TEST(QuantizedWeights, KnowsWhatStaysFloat) {
  QuantizationConfig config;
  config.ignoredNames = {"lm_head"};
  config.ignoredParts = {"visual"};
  EXPECT_TRUE(config.isIgnored("lm_head"));
  EXPECT_TRUE(config.isIgnored("model.visual.0"));
  EXPECT_FALSE(config.isIgnored("model.lm_head"));
}
