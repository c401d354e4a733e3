// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The words of the command line and what they mean.

#include "compiler/Pipeline/CompileOptions.h"

#include "runtime/core/features.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace llvm;

namespace {

template <typename Value> struct Word {
  StringLiteral word;
  Value value;
};

constexpr Word<qcc::Precision> kPrecisions[] = {
    {"f32", qcc::Precision::Float32},
    {"bf16", qcc::Precision::BFloat16},
    {"int8", qcc::Precision::Int8},
    {"int4", qcc::Precision::Int4}};

constexpr Word<qcc::Artefact> kArtefacts[] = {
    {"qcc", qcc::Artefact::Graph},    {"quantized", qcc::Artefact::Quantized},
    {"onnx", qcc::Artefact::Onnx},    {"packed", qcc::Artefact::Packed},
    {"loops", qcc::Artefact::Loops},  {"llvm", qcc::Artefact::Llvm},
    {"asm", qcc::Artefact::Assembly}, {"obj", qcc::Artefact::Object},
    {"lib", qcc::Artefact::Library}};

} // namespace

/// expected a, b or c, but got 'text'
static Error unexpected(ArrayRef<StringRef> words, StringRef text) {
  std::string list;
  for (auto [i, word] : enumerate(words)) {
    if (i > 0)
      list += i + 1 == words.size() ? " or " : ", ";
    list += word;
  }
  return createStringError("expected " + list + ", but got '" + text + "'");
}

template <typename Value, size_t size>
static Expected<Value> parseWord(const Word<Value> (&words)[size],
                                 StringRef text) {
  SmallVector<StringRef> known;
  for (const Word<Value> &entry : words) {
    if (entry.word == text)
      return entry.value;
    known.push_back(entry.word);
  }
  return unexpected(known, text);
}

template <typename Value, size_t size>
static StringRef printWord(const Word<Value> (&words)[size], Value value) {
  for (const Word<Value> &entry : words)
    if (entry.value == value)
      return entry.word;
  llvm_unreachable("a value without a word");
}

namespace qcc {

Expected<Precision> parsePrecision(StringRef text) {
  return parseWord(kPrecisions, text);
}
Expected<Artefact> parseArtefact(StringRef text) {
  return parseWord(kArtefacts, text);
}
StringRef getName(Precision precision) {
  return printWord(kPrecisions, precision);
}
StringRef getName(Artefact artefact) { return printWord(kArtefacts, artefact); }

Expected<Phase> parsePhase(StringRef text) {
  SmallVector<StringRef> known;
  for (const PhaseInfo &phase : allPhases()) {
    if (phase.name == text)
      return phase.phase;
    known.push_back(phase.name);
  }
  return unexpected(known, text);
}

Expected<const Target *> findNativeTarget() {
  uint64_t present = qcc_rt_machine_features();
  for (const Target &target : allTargets())
    // Only one kind of product pays with it, so it is asked for by name.
    if (!target.hasBrainDot &&
        !qcc_rt_missing_feature(target.runtimeFeatures, present))
      return &target;
  const Target &least = allTargets().back();
  return createStringError(
      "expected a machine with one of " + Twine(listTargets()) +
      ", but got one without " +
      qcc_rt_missing_feature(least.runtimeFeatures, present));
}

Expected<std::vector<const Target *>> parseTargets(StringRef text) {
  SmallVector<StringRef> names;
  text.split(names, ',');
  std::vector<const Target *> targets;
  for (StringRef name : names) {
    const Target *target = nullptr;
    if (name == "native") {
      Expected<const Target *> native = findNativeTarget();
      if (!native)
        return native.takeError();
      target = *native;
    } else if (!(target = findTarget(name))) {
      SmallVector<StringRef> known;
      for (const Target &each : allTargets())
        known.push_back(each.name);
      known.push_back("native");
      return unexpected(known, name);
    }
    if (!is_contained(targets, target))
      targets.push_back(target);
  }
  // The table is in order of preference, and so is a library's.
  llvm::sort(targets);
  return targets;
}

} // namespace qcc
