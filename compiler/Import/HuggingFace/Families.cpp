// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of families. They are described in Families/, by relationship.

#include "compiler/Import/HuggingFace/Family.h"

#include "llvm/ADT/STLExtras.h"

using llvm::StringRef;

namespace qcc {

static std::vector<Family> makeFamilies() {
  std::vector<Family> all;
  for (const auto &group : {makeCoheres(), makeGemmas(), makeGlms(), makeGpts(),
                            makeLlamas(), makeOlmos(), makeQwens()})
    all.insert(all.end(), group.begin(), group.end());
  llvm::sort(all, [](const Family &a, const Family &b) {
    return a.modelType < b.modelType;
  });
  return all;
}

static const std::vector<Family> &getFamilies() {
  static const std::vector<Family> families = makeFamilies();
  return families;
}

llvm::Expected<Family> findFamily(StringRef modelType) {
  if (modelType.starts_with("deepseek_v") || modelType == "glm4_moe_lite" ||
      modelType.starts_with("kimi_k"))
    return llvm::createStringError(
        "expected a model that caches keys and values of heads, but got '" +
        modelType + "', whose attention is latent");
  std::string known;
  for (const Family &family : getFamilies()) {
    if (family.modelType == modelType)
      return family;
    known += (known.empty() ? "" : ", ") + family.modelType.str();
  }
  return llvm::createStringError("expected a 'model_type' of " + known +
                                 ", but got '" + modelType + "'");
}

std::optional<Family> findInnerFamily(StringRef outerType) {
  for (const Family &family : getFamilies())
    if (!outerType.empty() && family.outerType == outerType)
      return family;
  return std::nullopt;
}

void refuseFlag(const ConfigReader &config, StringRef key, bool fallback,
                bool expected) {
  if (config.flag(key, fallback) != expected)
    config.fail(key, expected ? "expected true, but got false"
                              : "expected false, but got true");
}

} // namespace qcc
