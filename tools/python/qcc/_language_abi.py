# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# runtime/include/qcc/language.h for ctypes: the same structs, in the same
# order.

import ctypes
from ctypes import (
    CFUNCTYPE,
    POINTER,
    c_char_p,
    c_float,
    c_int32,
    c_int64,
    c_uint8,
    c_uint32,
    c_uint64,
    c_void_p,
)

from ._abi import ProfileEntry, Status

ADD_SPECIAL = 1
PARSE_SPECIAL = 2
SHOW_SPECIAL = 4
CONTINUES = 8


class Info(ctypes.Structure):
    _fields_ = [
        ("family", c_char_p),
        ("vocabulary", c_int32),
        ("max_tokens", c_int32),
        ("batch_tokens", c_int32),
        ("batch_outputs", c_int32),
        ("token_size_bytes", c_int64),
        ("tokenizer_size_bytes", c_int64),
    ]


class SessionOptions(ctypes.Structure):
    _fields_ = [
        ("threads", c_int32),
        ("target", c_int32),
        ("cache_tokens", c_int32),
        ("sequences", c_int32),
    ]


class Text(ctypes.Structure):
    _fields_ = [("data", c_char_p), ("size", c_int64)]


class Ids(ctypes.Structure):
    _fields_ = [
        ("data", POINTER(c_int32)),
        ("capacity", c_int64),
        ("count", c_int64),
    ]


class Buffer(ctypes.Structure):
    _fields_ = [("data", c_void_p), ("capacity", c_int64), ("size", c_int64)]


class TokenizerInfo(ctypes.Structure):
    _fields_ = [
        ("vocabulary", c_int32),
        ("bos", c_int32),
        ("eos", c_int32),
        ("eot", c_int32),
        ("unknown", c_int32),
        ("pad", c_int32),
        ("num_end_ids", c_int32),
        ("reserved", c_int32),
        ("end_ids", POINTER(c_int32)),
        ("chat_template", c_void_p),
        ("chat_template_size", c_int64),
    ]


class TextStream(ctypes.Structure):
    _fields_ = [
        ("flags", c_uint32),
        ("num_pending", c_uint32),
        ("pending", c_uint8 * 8),
        ("decoder", c_uint64 * 2),
    ]


class Message(ctypes.Structure):
    _fields_ = [("role", Text), ("content", Text)]


class Chat(ctypes.Structure):
    _fields_ = [
        ("messages", POINTER(Message)),
        ("num_messages", c_int64),
        ("add_generation_prompt", c_int32),
        ("reserved", c_int32),
        ("chat_template", Text),
        ("variables", Text),
        ("now_s", c_int64),
    ]


class Sampling(ctypes.Structure):
    _fields_ = [
        ("temperature", c_float),
        ("top_k", c_int32),
        ("top_p", c_float),
        ("min_p", c_float),
        ("repetition_penalty", c_float),
        ("frequency_penalty", c_float),
        ("presence_penalty", c_float),
        ("penalty_last_n", c_int32),
        ("seed", c_uint64),
    ]


_status = POINTER(Status)
_tokens = POINTER(c_int32)
_floats = POINTER(c_float)


def _call(*types):
    """A function that ends in a status and returns its code."""
    return CFUNCTYPE(c_int32, *types, _status)


class Language(ctypes.Structure):
    _fields_ = [
        ("version", c_uint32),
        ("info", CFUNCTYPE(POINTER(Info))),
        ("create", _call(POINTER(SessionOptions), POINTER(c_void_p))),
        ("destroy", CFUNCTYPE(None, c_void_p)),
        ("threads", CFUNCTYPE(c_int32, c_void_p)),
        ("cache_tokens", CFUNCTYPE(c_int32, c_void_p)),
        ("sequences", CFUNCTYPE(c_int32, c_void_p)),
        ("length", CFUNCTYPE(c_int32, c_void_p, c_int32)),
        (
            "append",
            _call(c_void_p, c_int32, _tokens, c_int32, c_int32, _floats),
        ),
        ("append_each", _call(c_void_p, _tokens, _tokens, c_int32, _floats)),
        ("truncate", _call(c_void_p, c_int32, c_int32)),
        ("fork", _call(c_void_p, c_int32, c_int32)),
        ("saved_size_bytes", CFUNCTYPE(c_int64, c_void_p, c_int32)),
        ("save", _call(c_void_p, c_int32, c_void_p, c_int64)),
        ("restore", _call(c_void_p, c_int32, c_void_p, c_int64)),
        ("set_profile", _call(c_void_p, c_int32)),
        ("profile_entry", _call(c_void_p, c_int32, POINTER(ProfileEntry))),
        ("tokenizer_create", _call(POINTER(c_void_p))),
        ("tokenizer_destroy", CFUNCTYPE(None, c_void_p)),
        ("tokenizer_info", _call(c_void_p, POINTER(TokenizerInfo))),
        ("tokenize", _call(c_void_p, POINTER(Text), c_uint32, POINTER(Ids))),
        (
            "detokenize",
            _call(c_void_p, _tokens, c_int64, c_uint32, POINTER(Buffer)),
        ),
        (
            "stream",
            _call(
                c_void_p,
                POINTER(TextStream),
                _tokens,
                c_int64,
                POINTER(Buffer),
            ),
        ),
        ("token_text", CFUNCTYPE(Text, c_void_p, c_int32)),
        ("token_is_special", CFUNCTYPE(c_int32, c_void_p, c_int32)),
        ("render_chat", _call(c_void_p, POINTER(Chat), POINTER(Buffer))),
        ("sampler_create", _call(POINTER(Sampling), POINTER(c_void_p))),
        ("sampler_destroy", CFUNCTYPE(None, c_void_p)),
        ("sampler_reset", CFUNCTYPE(None, c_void_p)),
        ("sampler_accept", _call(c_void_p, c_int32)),
        ("sampler_sample", _call(c_void_p, _floats, _tokens)),
    ]
