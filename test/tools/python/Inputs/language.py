# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Checks qcc.LanguageModel: a model with a tokenizer, the same one without, and
# a library of another model.

import ctypes
import math
import sys

import numpy
import qcc
from qcc import _abi

tiny = qcc.LanguageModel(sys.argv[1], threads=2)
bare = qcc.LanguageModel(sys.argv[2], threads=1)


def check_error(kind, sentence, call):
    try:
        call()
    except kind as error:
        assert sentence in str(error), str(error)
    else:
        raise AssertionError(f"expected an error with {sentence!r}")


def check_text():
    ids = tiny.tokenize("the cat")
    assert ids == [1, 259, 260], ids
    assert tiny.detokenize(ids) == "the cat"
    assert tiny.detokenize(ids, special=True).startswith("<s>")
    assert tiny.tokenize("the", special=False) == [259]
    assert tiny.tokenize("</s>", special=True)[1:] == [2]
    text = "Ünïcode 🦙"
    assert tiny.detokenize(tiny.tokenize(text)) == text
    prompt = tiny.render_chat([{"role": "user", "content": "cat"}])
    assert prompt == "<s>user: cat\nassistant:", prompt
    # What is more than a role and a text reaches the template, too.
    parts = [{"type": "text", "text": "cat"}]
    prompt = tiny.render_chat([{"role": "user", "content": parts}])
    assert "'text': 'cat'" in prompt, prompt


def check_generation():
    ids = tiny.tokenize("the cat")
    given = bare.generate(ids, max_tokens=12)
    assert len(given) == 12 or given[-1] in tiny.tokenizer.end_ids
    greedy = list(ids)
    for token in given:
        assert tiny.logits(greedy)[-1].argmax() == token
        greedy.append(token)
    text = tiny.generate("the cat", max_tokens=12)
    assert text == "".join(tiny.stream(ids, max_tokens=12)), text
    one = tiny.generate("dog", temperature=1.5, top_k=50, seed=1)
    assert one == tiny.generate("dog", temperature=1.5, top_k=50, seed=1)
    assert one != tiny.generate("dog", temperature=1.5, top_k=50, seed=2)
    stop = one[5:8]
    stopped = tiny.generate(
        "dog", stop=stop, temperature=1.5, top_k=50, seed=1
    )
    assert stopped == one[: one.index(stop)], (stopped, one)
    assert len(bare.generate([1], max_tokens=500)) == bare.ctx


def check_measures():
    ids = numpy.arange(3, 99)
    logits = tiny.logits(ids)
    assert logits.shape == (96, tiny.vocabulary)
    numpy.testing.assert_allclose(
        logits[:40], tiny.logits(ids[:40]), rtol=2e-3, atol=2e-3
    )
    value = tiny.perplexity(ids, ctx=32)
    assert 1 < value < math.inf
    assert abs(value - bare.perplexity(ids, ctx=32)) < 1e-3 * value
    info = tiny.info["language"]
    assert info["family"] == "llama" and info["max_tokens"] == 128


def check_errors():
    check_error(
        qcc.Error,
        "expected at most 128 more tokens, which the cache of 128 has room "
        "for, but got 200",
        lambda: tiny.logits([1] * 200),
    )
    check_error(
        qcc.Error,
        "expected tokens from 0 to 297, but got 298",
        lambda: tiny.logits([298]),
    )
    check_error(
        qcc.Error,
        "expected a model with a tokenizer, but got one that was compiled "
        "from a file without",
        lambda: bare.generate("the"),
    )
    check_error(
        qcc.Error,
        "expected a language model, but got a library of another model",
        lambda: qcc.LanguageModel(sys.argv[3]),
    )
    check_error(ValueError, "but got none", lambda: tiny.generate([]))
    check_error(
        TypeError, "but got 'heat'", lambda: tiny.generate("the", heat=1)
    )
    for wrong in ([[1, 2], [3, 4]], [1.5], b"the", 7, [2**32 + 5]):
        check_error(ValueError, "but got", lambda: tiny.logits(wrong))
        check_error(ValueError, "but got", lambda: tiny.generate(wrong))
        check_error(ValueError, "but got", lambda: tiny.detokenize(wrong))
    check_error(ValueError, "but got none", lambda: tiny.logits([]))
    check_error(ValueError, "a text", lambda: tiny.tokenize(5))
    for name in ("max_tokens", "seed"):
        wrong = {name: -1}
        check_error(ValueError, name, lambda: tiny.generate("the", **wrong))
    check_error(
        ValueError,
        "threads of another size, but got 4294967297",
        lambda: qcc.LanguageModel(sys.argv[1], threads=2**32 + 1),
    )
    check_error(ValueError, "a role", lambda: tiny.render_chat([{}]))
    running = tiny.stream("the", temperature=1, seed=3)
    next(running)
    tiny.logits([1])
    check_error(qcc.Error, "one call at a time", lambda: list(running))


def check_null_pointers():
    """What hosts in C get for them, with and without a status."""
    status = _abi.Status()
    functions = tiny._language
    for call in (
        lambda s: functions.tokenizer_create(None, s),
        lambda s: functions.tokenizer_info(None, None, s),
        lambda s: functions.tokenize(None, None, 0, None, s),
        lambda s: functions.detokenize(None, None, 0, 0, None, s),
        lambda s: functions.stream(None, None, None, 0, None, s),
        lambda s: functions.render_chat(None, None, None, s),
        lambda s: functions.sampler_create(None, None, s),
        lambda s: functions.sampler_accept(None, 0, s),
        lambda s: functions.sampler_sample(None, None, None, s),
    ):
        assert call(ctypes.byref(status)) == call(None) == 1
        assert b"but got a null pointer" in status.message
    functions.tokenizer_destroy(None)
    functions.sampler_destroy(None)
    functions.sampler_reset(None)
    assert functions.token_text(None, 0).size == 0


check_text()
check_generation()
check_measures()
check_errors()
check_null_pointers()
