# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A library's tokenizer: text to ids and back, and conversations to prompts.

import ctypes
import json
from ctypes import byref

import numpy

from . import _abi, _language_abi
from ._library import Error


def to_text(text):
    """A str or bytes as the C interface takes it."""
    if not isinstance(text, (str, bytes)):
        raise ValueError(f"expected a text, but got {text!r}")
    data = text.encode() if isinstance(text, str) else text
    return _language_abi.Text(data, len(data))


def to_ids(ids):
    """Ids as the C interface takes them; numbers that are none are refused
    and not cut."""
    array = numpy.asarray(list(ids) if hasattr(ids, "__next__") else ids)
    if array.size == 0 and array.ndim == 1:
        return array.astype(numpy.int32)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise ValueError(f"expected a text or a list of ids, but got {ids!r}")
    cut = numpy.ascontiguousarray(array.astype(numpy.int32))
    if (cut != array).any():
        raise ValueError(
            f"expected ids of 32 bits, but got {array[cut != array][0]}"
        )
    return cut


def _chat(messages, variables):
    """The struct, with all it points to kept alive by it. Messages of more than
    a role and a text, such as calls of tools, are a variable."""
    for message in messages:
        if not isinstance(message, dict) or "role" not in message:
            raise ValueError(
                "expected messages with a role and a content, but got "
                f"{message!r}"
            )
    if any(
        message.keys() != {"role", "content"}
        or not isinstance(message["content"], (str, bytes))
        for message in messages
    ):
        variables = {"messages": messages, **variables}
        messages = []
    items = (_language_abi.Message * max(len(messages), 1))()
    for item, message in zip(items, messages):
        item.role = to_text(message["role"])
        item.content = to_text(message["content"])
    chat = _language_abi.Chat()
    chat.messages = items
    chat.num_messages = len(messages)
    chat.add_generation_prompt = 1
    if variables:
        chat.variables = to_text(json.dumps(variables))
    return chat


class Tokenizer:
    """Any number of threads may use one at once."""

    _handle = None

    def __init__(self, functions):
        self._functions = functions
        handle = ctypes.c_void_p()
        status = _abi.Status()
        self._check(
            functions.tokenizer_create(byref(handle), byref(status)), status
        )
        self._handle = handle
        info = _language_abi.TokenizerInfo()
        functions.tokenizer_info(handle, byref(info), None)
        self.vocabulary, self.bos, self.eos = (
            info.vocabulary,
            info.bos,
            info.eos,
        )
        self.end_ids = set(info.end_ids[: info.num_end_ids])
        self.chat_template = ctypes.string_at(
            info.chat_template or b"", info.chat_template_size
        ).decode(errors="replace")

    def __del__(self):
        if self._handle is not None:
            self._functions.tokenizer_destroy(self._handle)
            self._handle = None

    @staticmethod
    def _check(code, status):
        if code != _abi.OK:
            raise Error(status.message.decode(errors="replace"))

    def encode(self, text, flags):
        given, status = to_text(text), _abi.Status()
        room = given.size + 4
        while True:
            memory = (ctypes.c_int32 * room)()
            ids = _language_abi.Ids(memory, room, 0)
            self._check(
                self._functions.tokenize(
                    self._handle, byref(given), flags, byref(ids), status
                ),
                status,
            )
            if ids.count <= room:
                return memory[: ids.count]
            room = ids.count

    def _collect(self, room, write):
        """Calls `write` with room until a text fits."""
        status = _abi.Status()
        while True:
            memory = ctypes.create_string_buffer(room)
            text = _language_abi.Buffer(
                ctypes.cast(memory, ctypes.c_void_p), room, 0
            )
            self._check(write(byref(text), status), status)
            if text.size <= room:
                return memory.raw[: text.size]
            room = text.size

    def decode(self, ids, flags):
        ids = to_ids(ids)
        given = ids.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
        return self._collect(
            8 * len(ids) + 16,
            lambda text, status: self._functions.detokenize(
                self._handle, given, len(ids), flags, text, status
            ),
        ).decode(errors="replace")

    def stream(self, state, token):
        """The text that one more token completes."""
        if token >= self.vocabulary:
            return ""
        ids = (ctypes.c_int32 * 1)(token)
        return self._collect(
            64,
            lambda text, status: self._functions.stream(
                self._handle, byref(state), ids, 1, text, status
            ),
        ).decode(errors="replace")

    def render(self, messages, variables):
        chat = _chat(messages, variables)
        return self._collect(
            4096,
            lambda text, status: self._functions.render_chat(
                self._handle, byref(chat), text, status
            ),
        ).decode()
