# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A compiled language model as a Python object: one sequence of one session.

import ctypes
import json
import math
import os
import threading
from ctypes import byref

import numpy

from . import _abi, _language_abi
from ._library import Error, open_library
from ._tokenizer import Tokenizer, to_ids

# As in qcc-run: caches of a hundred thousand tokens take gigabytes.
_DEFAULT_CONTEXT = 4096

# Keywords of generate(), and the fields that they set.
_SAMPLING = {
    "temperature": "temperature",
    "top_k": "top_k",
    "top_p": "top_p",
    "min_p": "min_p",
    "repeat_penalty": "repetition_penalty",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
    "repeat_last_n": "penalty_last_n",
    "seed": "seed",
}


def _floats(array):
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_float))


def _tokens(array):
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))


def _set(struct, field, name, value):
    """Sets a field; ctypes would cut an integer that does not fit."""
    setattr(struct, field, value)
    if isinstance(value, int) and getattr(struct, field) != value:
        raise ValueError(f"expected {name} of another size, but got {value}")


class _Sampler:
    _handle = None

    def __init__(self, model, options):
        unknown = options.keys() - _SAMPLING.keys()
        if unknown:
            raise TypeError(
                f"expected options of {', '.join(_SAMPLING)}, but got "
                f"{unknown.pop()!r}"
            )
        self._model = model
        given = _language_abi.Sampling()
        for name, value in options.items():
            _set(given, _SAMPLING[name], name, value)
        handle = ctypes.c_void_p()
        model._call("sampler_create", byref(given), byref(handle))
        self._handle = handle

    def __del__(self):
        if self._handle is not None:
            self._model._language.sampler_destroy(self._handle)
            self._handle = None

    def accept(self, tokens):
        for token in tokens:
            self._model._call("sampler_accept", self._handle, int(token))

    def sample(self, logits):
        token = ctypes.c_int32()
        self._model._call(
            "sampler_sample", self._handle, _floats(logits), byref(token)
        )
        return token.value


class _StopText:
    """Holds text back that may be the beginning of what ends it."""

    def __init__(self, stop):
        stops = [stop] if isinstance(stop, str) else stop or []
        self._stops = [text for text in stops if text]
        self._held = ""

    def push(self, piece):
        """The text that is safe, and whether it has ended."""
        text = self._held + piece
        ends = [text.find(stop) for stop in self._stops]
        ends = [end for end in ends if end >= 0]
        if ends:
            self._held = ""
            return text[: min(ends)], True
        keep = max(
            (
                size
                for stop in self._stops
                for size in range(1, len(stop))
                if text.endswith(stop[:size])
            ),
            default=0,
        )
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep], False

    def rest(self):
        return self._held


class LanguageModel:
    """A compiled language model.

    lm.generate("Once upon a time", max_tokens=64) returns what comes after;
    lm.stream(...) yields it piece by piece. Prompts are text, or ids. Of a
    library without a tokenizer both give ids. There is one sequence: another
    call ends a stream() that is under way with an error.
    """

    _session = None
    _turn = 0

    def __init__(self, path, threads=0, ctx=0):
        """`threads`: 0 for one for each CPU. `ctx`: tokens that prompt and
        answer have room for; 0 for the model's own, but at most 4096."""
        self._handle, self._library = open_library(os.fspath(path))
        table = None
        if self._library.version >= 2:
            table = self._library.language()
        if not table:
            raise Error(
                f"{path}: expected a language model, but got a library of "
                "another model"
            )
        self._language = ctypes.cast(
            table, ctypes.POINTER(_language_abi.Language)
        ).contents
        self._info = self._language.info().contents
        self._lock = threading.Lock()
        options = _language_abi.SessionOptions(target=_abi.BEST_TARGET)
        ctx = ctx or min(self._info.max_tokens, _DEFAULT_CONTEXT)
        _set(options, "threads", "threads", threads)
        _set(options, "cache_tokens", "ctx", ctx)
        options.sequences = 1
        session = ctypes.c_void_p()
        self._call("create", byref(options), byref(session))
        self._session = session
        self.tokenizer = None
        if self._info.tokenizer_size_bytes:
            self.tokenizer = Tokenizer(self._language)

    def __del__(self):
        if self._session is not None:
            self._language.destroy(self._session)
            self._session = None

    def __repr__(self):
        return f"<qcc.LanguageModel {self.name!r}>"

    def _call(self, name, *arguments):
        status = _abi.Status()
        code = getattr(self._language, name)(*arguments, byref(status))
        if code != _abi.OK:
            raise Error(status.message.decode(errors="replace"))

    @property
    def name(self):
        return self._library.name().decode()

    @property
    def info(self):
        """What the compiler wrote down, and facts of the model."""
        info = json.loads(self._library.info_json())
        info["language"] = {
            name: getattr(self._info, name)
            for name, _ in _language_abi.Info._fields_
        }
        info["language"]["family"] = self._info.family.decode()
        return info

    @property
    def vocabulary(self):
        return self._info.vocabulary

    @property
    def ctx(self):
        return self._language.cache_tokens(self._session)

    @property
    def threads(self):
        return self._language.threads(self._session)

    # Text.

    def _need_tokenizer(self):
        if self.tokenizer is None:
            raise Error(
                "expected a model with a tokenizer, but got one that was "
                "compiled from a file without"
            )
        return self.tokenizer

    def tokenize(self, text, special=True):
        """Ids of a text; `special` adds BOS and the like, where the model
        wants them, and takes names of special tokens for the tokens."""
        flags = _language_abi.ADD_SPECIAL | _language_abi.PARSE_SPECIAL
        return self._need_tokenizer().encode(text, flags if special else 0)

    def detokenize(self, ids, special=False):
        """The text of ids; `special` shows names of special tokens, too."""
        flags = _language_abi.SHOW_SPECIAL if special else 0
        return self._need_tokenizer().decode(ids, flags)

    def render_chat(self, messages, **variables):
        """The prompt of [{"role": ..., "content": ...}, ...] by the model's
        template; keywords are further variables of it."""
        return self._need_tokenizer().render(messages, variables)

    # Running.

    def _begin(self):
        """Forgets the sequence; returns the turn that may append to it."""
        with self._lock:
            self._turn += 1
            self._call("truncate", self._session, 0, 0)
            return self._turn

    def _append(self, turn, tokens, wanted):
        with self._lock:
            if turn != self._turn:
                raise Error(
                    "expected the model for one call at a time, but got "
                    "another call before this one ended"
                )
            return self._append_locked(tokens, wanted)

    def _append_locked(self, tokens, wanted):
        logits = numpy.empty((wanted, self.vocabulary), numpy.float32)
        self._call(
            "append",
            self._session,
            0,
            _tokens(tokens),
            len(tokens),
            wanted,
            _floats(logits),
        )
        return logits

    def logits(self, ids):
        """What follows each of these tokens: [tokens, vocabulary], f32."""
        ids = to_ids(ids)
        if not len(ids):
            raise ValueError("expected ids, but got none")
        return self._append(self._begin(), ids, len(ids))

    def _read_prompt(self, prompt):
        """Ids, and how the text after them is joined to it."""
        if not isinstance(prompt, str):
            return to_ids(prompt), 0
        flags = _language_abi.CONTINUES if prompt else 0
        return to_ids(self.tokenize(prompt)), flags

    def _generate_ids(self, ids, max_tokens, options):
        if not len(ids):
            raise ValueError("expected a prompt with tokens, but got none")
        sampler = _Sampler(self, options)
        ends = self.tokenizer.end_ids if self.tokenizer else ()
        turn = self._begin()
        logits = self._append(turn, ids, 1)
        sampler.accept(ids)
        room = self.ctx - len(ids) + 1
        for i in range(min(max_tokens, room)):
            token = sampler.sample(logits)
            if token in ends:
                return
            sampler.accept([token])
            yield token
            if i + 1 < min(max_tokens, room):
                logits = self._append(turn, to_ids([token]), 1)

    def stream(self, prompt, max_tokens=64, stop=None, **sampling):
        """Yields the text after `prompt` as it comes, up to a token that ends
        texts, `max_tokens`, a full cache or a text of `stop`.

        sampling: temperature=0 (greedy), top_k, top_p, min_p, repeat_penalty,
        frequency_penalty, presence_penalty, repeat_last_n, seed.
        """
        if max_tokens < 0:
            raise ValueError(
                f"expected max_tokens from 0, but got {max_tokens}"
            )
        ids, flags = self._read_prompt(prompt)
        state = _language_abi.TextStream(flags)
        text = _StopText(stop)
        for token in self._generate_ids(ids, max_tokens, sampling):
            if self.tokenizer is None:
                yield token
                continue
            piece, has_ended = text.push(self.tokenizer.stream(state, token))
            if piece:
                yield piece
            if has_ended:
                return
        if text.rest():
            yield text.rest()

    def generate(self, prompt, max_tokens=64, stop=None, **sampling):
        """All that stream() yields: a text, or a list of ids."""
        pieces = list(self.stream(prompt, max_tokens, stop, **sampling))
        return pieces if self.tokenizer is None else "".join(pieces)

    def chat(self, messages, max_tokens=64, stop=None, **sampling):
        """The answer to a conversation, by the model's template."""
        prompt = self.render_chat(messages)
        ids = self._need_tokenizer().encode(
            prompt, _language_abi.PARSE_SPECIAL
        )
        return self.generate(ids, max_tokens, stop, **sampling)

    def perplexity(self, text, ctx=512):
        """exp of the mean negative log-likelihood of the second half of each
        window of `ctx` tokens, as llama.cpp measures it. Text or ids."""
        first, beginning = ctx // 2, None
        if isinstance(text, str):
            text = self._need_tokenizer().encode(
                text, _language_abi.ADD_SPECIAL
            )
            added = self.tokenizer.encode("", _language_abi.ADD_SPECIAL)
            if added[:1] == [self.tokenizer.bos]:
                beginning = added[0]
        ids = to_ids(text)
        if ctx < 4 or len(ids) < 2 * ctx:
            raise ValueError(
                f"expected at least two windows of {max(ctx, 4)} tokens, but "
                f"got {len(ids)} tokens"
            )
        total, count = 0.0, 0
        for start in range(0, len(ids) - ctx + 1, ctx):
            window = ids[start : start + ctx].copy()
            if beginning is not None:
                window[0] = beginning
            total += self._score(window, first)
            count += ctx - 1 - first
        return math.exp(total / count)

    def _score(self, window, first):
        """The negative log-likelihood of the tokens after `first`."""
        step, total = self._info.batch_outputs, 0.0
        turn = self._begin()
        self._append(turn, window[:first], 0)
        for i in range(first, len(window) - 1, step):
            part = window[i : min(i + step, len(window) - 1)]
            rows = self._append(turn, part, len(part)).astype(numpy.float64)
            rows -= rows.max(axis=1, keepdims=True)
            chosen = window[i + 1 : i + 1 + len(part)]
            total += numpy.log(numpy.exp(rows).sum(axis=1)).sum()
            total -= rows[numpy.arange(len(part)), chosen].sum()
        return total
