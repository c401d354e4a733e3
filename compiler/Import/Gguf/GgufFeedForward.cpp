// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Feed-forward networks of a layer in a GGUF file, and experts, which are
// stacked in one tensor or, in older files, tensors of their own.

#include "compiler/Import/Gguf/GgufFeedForward.h"

using llvm::StringRef;
using llvm::Twine;

namespace qcc {

// More than any model has; an expert takes a kilobyte of memory.
static constexpr int64_t kMaxExperts = 1 << 10;

/// Tensors are called ffn_up and so on, with `suffix`.
FeedForward GgufFeedForwardReader::read(const Twine &suffix, int64_t hidden) {
  FeedForward result;
  result.function = family.function;
  result.down = source.getLinear(in("ffn_down" + suffix), width, hidden);
  if (!family.isGated) {
    result.up = source.getLinear(in("ffn_up" + suffix), hidden, width);
  } else if (source.hasTensor(in("ffn_gate" + suffix + ".weight"))) {
    result.gate = source.getLinear(in("ffn_gate" + suffix), hidden, width);
    result.up = source.getLinear(in("ffn_up" + suffix), hidden, width);
  } else {
    Linear fused = source.getLinear(in("ffn_up" + suffix), 2 * hidden, width);
    if (source.hasFailed())
      return result;
    result.gate = sliceRows(fused, 0, hidden);
    result.up = sliceRows(fused, hidden, hidden);
  }
  return result;
}

/// Matrix of one expert: a part of `name`_exps, or, in older files, `name`.3.
Linear
GgufFeedForwardReader::readExpertMatrix(StringRef name, int64_t expert,
                                        int64_t count,
                                        std::pair<int64_t, int64_t> shape) {
  Linear linear;
  std::string single = in(name + "." + Twine(expert) + ".weight");
  linear.weight = source.hasTensor(single)
                      ? source.getMatrix(single, shape.first, shape.second)
                      : source.getMatrixOf(in(name + "_exps.weight"), expert,
                                           count, shape.first, shape.second);
  std::string bias = in(name + "_exps.bias");
  if (source.hasTensor(bias))
    linear.bias = source.getVectorOf(bias, expert, count, shape.first);
  return linear;
}

/// How scores become weights. A file without the key means what its family's
/// files did before there was one.
void GgufFeedForwardReader::readChoice(Experts &experts, int64_t count) {
  enum { kSoftmax = 1, kSigmoid = 2, kSoftmaxOfChosen = 3 };
  int64_t usual = family.isSigmoid        ? kSigmoid
                  : family.isSoftmaxFirst ? kSoftmax
                                          : kSoftmaxOfChosen;
  int64_t gating = usual;
  if (source.getNumber("expert_gating_func", 0) != 0)
    gating = source.getSize("expert_gating_func");
  // Softmax over all, of files whose family picks first, is that of the picked.
  if (gating == kSoftmax && usual == kSoftmaxOfChosen)
    gating = usual;
  if (gating > kSoftmaxOfChosen)
    source.failKey("expert_gating_func",
                   "1 for softmax, 2 for sigmoid or 3 for softmax of those "
                   "picked",
                   Twine(gating));
  experts.isSigmoid = gating == kSigmoid;
  experts.isSoftmaxFirst = gating == kSoftmax;
  experts.isNormalized =
      source.getBool("expert_weights_norm", family.isNormalized);
  if (double scale = source.getNumber("expert_weights_scale", 0))
    experts.scale = static_cast<float>(scale);
  if (source.hasTensor(in("exp_probs_b.bias")))
    experts.choiceBias = source.getVector(in("exp_probs_b.bias"), count);
  if (source.getNumber("expert_group_count", 1) > 1)
    source.failKey("expert_group_count", "experts that are picked one by one",
                   "groups of them");
}

Experts GgufFeedForwardReader::readExperts(int64_t index) {
  Experts result;
  int64_t count = source.getSize("expert_count");
  result.used = source.getLayerSize("expert_used_count", index);
  if (count > kMaxExperts)
    source.failKey("expert_count", "at most " + Twine(kMaxExperts),
                   Twine(count));
  if (result.used > count)
    source.failKey("expert_used_count",
                   "at most the " + Twine(count) + " that there are",
                   Twine(result.used));
  readChoice(result, count);
  result.router = source.getLinear(in("ffn_gate_inp"), count, width);
  int64_t dense = source.getLayerSize("feed_forward_length", index, 1);
  int64_t hidden = source.getSize("expert_feed_forward_length", dense);
  std::pair inner(hidden, width), outer(width, hidden);
  for (int64_t i = 0; i < count && !source.hasFailed(); ++i) {
    FeedForward &expert = result.experts.emplace_back();
    expert.function = family.function;
    expert.gate = readExpertMatrix("ffn_gate", i, count, inner);
    expert.up = readExpertMatrix("ffn_up", i, count, inner);
    expert.down = readExpertMatrix("ffn_down", i, count, outer);
  }
  int64_t shared = hidden * source.getSize("expert_shared_count", 1);
  if (source.hasTensor(in("ffn_up_shexp.weight")))
    result.shared = read(
        "_shexp", source.getSize("expert_shared_feed_forward_length", shared));
  if (source.hasTensor(in("ffn_gate_inp_shexp.weight")))
    result.sharedGate = source.getLinear(in("ffn_gate_inp_shexp"), 1, width);
  return result;
}

} // namespace qcc
