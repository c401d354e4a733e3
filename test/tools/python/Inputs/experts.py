# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Computes the logits of the tiny model with experts, whose attention adds
# nothing: each token is on its own. WEIGHTS.npz LIBRARY TOLERANCE.

import sys

import numpy
import qcc

weights = numpy.load(sys.argv[1])
model = qcc.LanguageModel(sys.argv[2], threads=2)
tolerance = float(sys.argv[3])
USED = 2


def layer(name):
    return weights[f"blk.0.{name}.weight"].astype(float)


def normalize(x):
    return x / numpy.sqrt((x * x).mean() + 1e-6)


def run_experts(x):
    scores = layer("ffn_gate_inp") @ x
    chosen = numpy.argsort(-scores, kind="stable")[:USED]
    shares = numpy.exp(scores[chosen] - scores.max())
    total = numpy.zeros_like(x)
    for expert, share in zip(chosen, shares / shares.sum()):
        gate = layer("ffn_gate_exps")[expert] @ x
        up = layer("ffn_up_exps")[expert] @ x
        hidden = gate / (1 + numpy.exp(-gate)) * up
        total += share * (layer("ffn_down_exps")[expert] @ hidden)
    # How far the best that was not picked is from being so.
    order = numpy.sort(scores)
    return total, order[-USED] - order[-USED - 1]


def expect(token):
    x = weights["token_embd.weight"][token].astype(float)
    added, margin = run_experts(normalize(x))
    head = weights["output.weight"].astype(float)
    return head @ normalize(x + added), margin


# Tokens that rounding does not give to another expert.
tokens = [t for t in range(3, 290) if expect(t)[1] > 0.05][:100]
assert len(tokens) == 100
expected = numpy.stack([expect(token)[0] for token in tokens])
print("spread", expected.std())
got = model.logits(tokens)
assert abs(got - expected).max() < tolerance, abs(got - expected).max()
for i in range(8):
    got = model.logits(tokens[i : i + 1])[-1]
    assert abs(got - expected[i]).max() < tolerance, i
for i, count in enumerate((2, 5, 9, 17)):
    got = model.logits(tokens[:count])
    assert abs(got - expected[:count]).max() < tolerance, count
