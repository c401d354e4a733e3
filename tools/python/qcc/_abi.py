# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# runtime/include/qcc/abi.h for ctypes: the same structs, in the same order.

import ctypes
from ctypes import (
    CFUNCTYPE,
    POINTER,
    c_char,
    c_char_p,
    c_float,
    c_int32,
    c_int64,
    c_uint32,
    c_uint64,
    c_void_p,
)

import numpy

VERSION = 2
OK = 0
CPU = 1
BEST_TARGET = -1


def _dtype(kind, bits):
    return kind | bits << 8 | 1 << 16


# NumPy has no bf16: such tensors are their bit patterns in uint16.
BF16 = _dtype(4, 16)
NUMPY_TYPES = {
    _dtype(0, 8): numpy.dtype(numpy.int8),
    _dtype(0, 16): numpy.dtype(numpy.int16),
    _dtype(0, 32): numpy.dtype(numpy.int32),
    _dtype(0, 64): numpy.dtype(numpy.int64),
    _dtype(1, 8): numpy.dtype(numpy.uint8),
    _dtype(1, 16): numpy.dtype(numpy.uint16),
    _dtype(1, 32): numpy.dtype(numpy.uint32),
    _dtype(1, 64): numpy.dtype(numpy.uint64),
    _dtype(2, 16): numpy.dtype(numpy.float16),
    _dtype(2, 32): numpy.dtype(numpy.float32),
    _dtype(2, 64): numpy.dtype(numpy.float64),
    BF16: numpy.dtype(numpy.uint16),
    _dtype(6, 8): numpy.dtype(numpy.bool_),
}


def code_of(dtype):
    """The ABI's number for a NumPy type; 0, which is none, if it has none."""
    for code, known in NUMPY_TYPES.items():
        if known == dtype:
            return code
    return 0


class Status(ctypes.Structure):
    _fields_ = [("code", c_int32), ("message", c_char * 508)]


class TensorInfo(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p),
        ("dtype", c_uint32),
        ("rank", c_int32),
        ("shape", POINTER(c_int64)),
    ]


class Tensor(ctypes.Structure):
    _fields_ = [
        ("data", c_void_p),
        ("device_type", c_int32),
        ("device_id", c_int32),
        ("rank", c_int32),
        ("dtype", c_uint32),
        ("shape", POINTER(c_int64)),
        ("strides", POINTER(c_int64)),
        ("byte_offset", c_uint64),
    ]


class TargetInfo(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p),
        ("features", c_uint64),
        ("is_supported", c_int32),
        ("num_ops", c_int32),
        ("num_observed", c_int32),
        ("reserved", c_int32),
        ("arena_size_bytes", c_int64),
        ("weights_size_bytes", c_int64),
    ]


class ContextOptions(ctypes.Structure):
    _fields_ = [
        ("threads", c_int32),
        ("target", c_int32),
        ("arena", c_void_p),
        ("arena_size_bytes", c_int64),
    ]


class ProfileEntry(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p),
        ("kind", c_char_p),
        ("kernel", c_char_p),
        ("macs", c_int64),
        ("bytes", c_int64),
        ("is_int8", c_int32),
        ("reserved", c_int32),
        ("nanoseconds", c_int64),
        ("calls", c_int64),
    ]


class ObservedInfo(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p),
        ("dtype", c_uint32),
        ("rank", c_int32),
        ("shape", POINTER(c_int64)),
        ("strides", POINTER(c_int64)),
        ("data", c_void_p),
        ("scale", c_float),
        ("zero_point", c_int32),
    ]


_status = POINTER(Status)
_describe = CFUNCTYPE(POINTER(TensorInfo), POINTER(c_int32))


class Library(ctypes.Structure):
    _fields_ = [
        ("version", c_uint32),
        ("name", CFUNCTYPE(c_char_p)),
        ("info_json", CFUNCTYPE(c_char_p)),
        ("inputs", _describe),
        ("outputs", _describe),
        ("num_targets", CFUNCTYPE(c_int32)),
        (
            "target_info",
            CFUNCTYPE(c_int32, c_int32, POINTER(TargetInfo), _status),
        ),
        (
            "context_create",
            CFUNCTYPE(
                c_int32, POINTER(ContextOptions), POINTER(c_void_p), _status
            ),
        ),
        ("context_destroy", CFUNCTYPE(None, c_void_p)),
        ("context_target", CFUNCTYPE(c_int32, c_void_p)),
        ("context_threads", CFUNCTYPE(c_int32, c_void_p)),
        ("set_threads", CFUNCTYPE(c_int32, c_void_p, c_int32, _status)),
        (
            "run",
            CFUNCTYPE(
                c_int32,
                c_void_p,
                POINTER(Tensor),
                POINTER(Tensor),
                c_int64,
                _status,
            ),
        ),
        (
            "run_unchecked",
            CFUNCTYPE(
                c_int32,
                c_void_p,
                POINTER(c_void_p),
                POINTER(c_void_p),
                c_int64,
                _status,
            ),
        ),
        ("set_profile", CFUNCTYPE(c_int32, c_void_p, c_int32, _status)),
        (
            "profile_entry",
            CFUNCTYPE(
                c_int32, c_void_p, c_int32, POINTER(ProfileEntry), _status
            ),
        ),
        (
            "observed",
            CFUNCTYPE(
                c_int32, c_void_p, c_int32, POINTER(ObservedInfo), _status
            ),
        ),
        # Version 2: runtime/include/qcc/language.h, or NULL.
        ("language", CFUNCTYPE(c_void_p)),
    ]
