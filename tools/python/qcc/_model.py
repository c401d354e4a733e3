# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A compiled library as a Python callable. What a call needs beside its outputs
# is made once, since a small model runs in tens of microseconds.

import ctypes
import json
import os
import threading
from ctypes import byref
from typing import NamedTuple

import numpy

from . import _abi
from ._library import Error, open_library


class TensorInfo(NamedTuple):
    """An input or output. Only shape[0] may be -1: a batch of any size."""

    name: str
    dtype: numpy.dtype
    shape: tuple


class ProfileEntry(NamedTuple):
    """One op, summed over the runs since profiling was switched on."""

    name: str
    kind: str
    kernel: str
    macs: int
    bytes: int
    is_int8: bool
    nanoseconds: int
    calls: int


def _read_tensor_infos(describe):
    count = ctypes.c_int32()
    infos = describe(byref(count))
    return [
        TensorInfo(
            infos[i].name.decode(),
            _abi.NUMPY_TYPES[infos[i].dtype],
            tuple(infos[i].shape[: infos[i].rank]),
        )
        for i in range(count.value)
    ]


def _may_convert(given, wanted):
    """Narrower floats lose digits only; all else must keep every value."""
    if given.kind == wanted.kind == "f":
        return True
    return given.kind == wanted.kind and numpy.can_cast(given, wanted)


def _holds_exactly(array, wanted):
    """Whether numbers out of a Python list mean the same in this type."""
    if array.dtype.kind not in "biuf":
        return False
    with numpy.errstate(all="ignore"):
        return wanted.kind == "f" or (array.astype(wanted) == array).all()


class Model:
    """A compiled library, ready to run.

    y = model(x), or model(name=x): one array, or a tuple in output order.
    Calls from several threads wait for each other; for parallel runs, give
    each thread a Model of its own. Arrays must have the declared shape;
    floats of other widths and arrays that are not contiguous are converted.
    """

    _context = None

    def __init__(self, path, threads=0, target=None):
        """`threads`: 0 for one for each CPU. `target`: one of m.targets."""
        self._handle, self._library = open_library(os.fspath(path))
        self._status = _abi.Status()
        self._lock = threading.Lock()
        self.inputs = _read_tensor_infos(self._library.inputs)
        self.outputs = _read_tensor_infos(self._library.outputs)
        self.targets = [
            self._target_info(i).name.decode()
            for i in range(self._library.num_targets())
        ]
        self._create_context(threads, target)
        self._prepare_calls()

    def __del__(self):
        if self._context is not None:
            self._library.context_destroy(self._context)
            self._context = None

    def __repr__(self):
        return f"<qcc.Model {self.name!r} for {self.target}>"

    @property
    def name(self):
        return self._library.name().decode()

    @property
    def info(self):
        """What the compiler wrote down: plan, precision, accuracy, ..."""
        return json.loads(self._library.info_json())

    @property
    def target(self):
        return self.targets[self._library.context_target(self._context)]

    @property
    def threads(self):
        return self._library.context_threads(self._context)

    @threads.setter
    def threads(self, count):
        self._check(
            self._library.set_threads(self._context, count, self._status)
        )

    # Creation.

    def _check(self, code):
        if code != _abi.OK:
            raise Error(self._status.message.decode())

    def _target_info(self, index):
        info = _abi.TargetInfo()
        self._check(
            self._library.target_info(index, byref(info), self._status)
        )
        return info

    def _create_context(self, threads, target):
        if target is None:
            index = _abi.BEST_TARGET
        elif target in self.targets:
            index = self.targets.index(target)
        else:
            raise ValueError(
                f"expected a target of {self.targets}, but got {target!r}"
            )
        options = _abi.ContextOptions(threads, index, None, 0)
        context = ctypes.c_void_p()
        self._check(
            self._library.context_create(
                byref(options), byref(context), self._status
            )
        )
        self._context = context

    def _prepare_calls(self):
        self._run = self._library.run_unchecked
        self._status_pointer = ctypes.pointer(self._status)
        self._input_pointers = (ctypes.c_void_p * len(self.inputs))()
        self._output_pointers = (ctypes.c_void_p * len(self.outputs))()
        self._positions = {info.name: i for i, info in enumerate(self.inputs)}
        # The shapes for batch 1, and where the batch of a call can be read.
        self._one_sample = [
            tuple(abs(size) for size in info.shape) for info in self.inputs
        ]
        self._is_symbolic = [-1 in info.shape[:1] for info in self.inputs]
        self._output_plans = [
            (info.dtype, info.shape, -1 in info.shape[:1])
            for info in self.outputs
        ]

    # Calls.

    def __call__(self, *arrays, **named):
        if named:
            arrays = self._arrange(arrays, named)
        elif len(arrays) != len(self.inputs):
            raise ValueError(
                f"expected {len(self.inputs)} inputs, but got {len(arrays)}"
            )
        with self._lock:
            return self._run_locked(arrays)

    def _run_locked(self, arrays):
        batch = None
        pointers = self._input_pointers
        kept = []  # converted copies live until the run is over
        for i, array in enumerate(arrays):
            info = self.inputs[i]
            if (
                type(array) is not numpy.ndarray
                or array.dtype != info.dtype
                or not array.flags.c_contiguous
            ):
                array = self._convert(array, i)
            if array.shape != self._one_sample[i] or batch is not None:
                batch = self._check_shape(array, i, batch)
            elif self._is_symbolic[i]:
                batch = 1
            kept.append(array)
            pointers[i] = array.ctypes.data
        batch = 1 if batch is None else batch
        results = []
        for i, (dtype, shape, is_symbolic) in enumerate(self._output_plans):
            if is_symbolic:
                shape = (batch,) + shape[1:]
            result = numpy.empty(shape, dtype)
            self._output_pointers[i] = result.ctypes.data
            results.append(result)
        code = self._run(
            self._context,
            pointers,
            self._output_pointers,
            batch,
            self._status_pointer,
        )
        if code:
            self._check(code)
        return results[0] if len(results) == 1 else tuple(results)

    def _arrange(self, arrays, named):
        """Positional arrays fill the first inputs, names the others."""
        slots = list(arrays) + [None] * (len(self.inputs) - len(arrays))
        for name, array in named.items():
            position = self._positions.get(name)
            if position is None:
                names = ", ".join(repr(info.name) for info in self.inputs)
                raise ValueError(
                    f"expected an input of {names}, but got {name!r}"
                )
            if position < len(arrays):
                raise ValueError(
                    f"expected input {name!r} once, but got it by position "
                    "and by name"
                )
            slots[position] = array
        for info, array in zip(self.inputs, slots):
            if array is None:
                raise ValueError(f"expected input {info.name!r}, but got none")
        if len(slots) != len(self.inputs):
            raise ValueError(
                f"expected {len(self.inputs)} inputs, but got {len(slots)}"
            )
        return slots

    def _convert(self, array, i):
        wanted = self.inputs[i].dtype
        is_typed = isinstance(array, (numpy.ndarray, numpy.generic))
        array = numpy.asarray(array)
        if not is_typed and _holds_exactly(array, wanted):
            return numpy.asarray(array, wanted, order="C")
        if array.dtype != wanted and not _may_convert(array.dtype, wanted):
            self._refuse(array, i, 1)
        return numpy.asarray(array, wanted, order="C")

    def _check_shape(self, array, i, batch):
        """Returns the batch that is known after this input."""
        shape = self.inputs[i].shape
        if not self._is_symbolic[i]:
            if array.shape != shape:
                self._refuse(array, i, 1)
            return batch
        if batch is None and array.ndim == len(shape) and array.shape[0] > 0:
            batch = array.shape[0]
        if array.shape != (batch,) + shape[1:]:
            self._refuse(array, i, batch or 1)
        return batch

    def _refuse(self, array, i, batch):
        """Raises the library's sentence for this one wrong array."""
        tensors = (_abi.Tensor * max(len(self.inputs), 1))()
        shapes = []
        for j, info in enumerate(self.inputs):
            shape = [batch if size < 0 else size for size in info.shape]
            dtype = info.dtype
            if i == j:
                shape, dtype = array.shape, array.dtype
            shapes.append((ctypes.c_int64 * len(shape))(*shape))
            tensors[j].data = 64  # never read: the check fails before
            tensors[j].device_type = _abi.CPU
            tensors[j].rank = len(shape)
            tensors[j].dtype = _abi.code_of(dtype)
            tensors[j].shape = ctypes.cast(
                shapes[j], ctypes.POINTER(ctypes.c_int64)
            )
        self._library.run(self._context, tensors, None, batch, self._status)
        raise ValueError(self._status.message.decode())

    # Looking back.

    def profile(self, enabled=None):
        """Times of each op. True starts from zero, False stops counting.

        Returns what was counted up to this call, in order of execution.
        """
        index = self._library.context_target(self._context)
        entries = []
        if enabled is not True and self._was_profiled:
            for i in range(self._target_info(index).num_ops):
                entries.append(self._profile_entry(i))
        if enabled is not None:
            self._check(
                self._library.set_profile(
                    self._context, int(enabled), self._status
                )
            )
            self._was_profiled = self._was_profiled or enabled
        return entries

    _was_profiled = False

    def _profile_entry(self, index):
        entry = _abi.ProfileEntry()
        self._check(
            self._library.profile_entry(
                self._context, index, byref(entry), self._status
            )
        )
        return ProfileEntry(
            entry.name.decode(),
            entry.kind.decode(),
            entry.kernel.decode(),
            entry.macs,
            entry.bytes,
            bool(entry.is_int8),
            entry.nanoseconds,
            entry.calls,
        )

    def observed(self, name=None, raw=False):
        """A copy of an intermediate tensor of the last run, by layer name.

        Quantized ones come back as the floats they stand for, or as stored
        if `raw`. Without a name: all of them in a dict. Only libraries
        compiled to keep their tensors have any.
        """
        index = self._library.context_target(self._context)
        found = {}
        for i in range(self._target_info(index).num_observed):
            info = _abi.ObservedInfo()
            self._check(
                self._library.observed(
                    self._context, i, byref(info), self._status
                )
            )
            label = info.name.decode()
            if name is None or label == name:
                found[label] = _copy_observed(info, raw)
        if name is None:
            return found
        if name not in found:
            raise KeyError(f"expected an observed tensor, but got {name!r}")
        return found[name]


def _copy_observed(info, raw):
    dtype = _abi.NUMPY_TYPES[info.dtype]
    shape = info.shape[: info.rank]
    strides = info.strides[: info.rank]
    last = sum((n - 1) * step for n, step in zip(shape, strides))
    size = 0 if 0 in shape else (last + 1) * dtype.itemsize
    memory = (ctypes.c_uint8 * size).from_address(info.data)
    values = numpy.lib.stride_tricks.as_strided(
        numpy.frombuffer(memory, dtype),
        shape,
        [step * dtype.itemsize for step in strides],
    ).copy()
    if raw or info.scale == 0:
        return values
    centred = values.astype(numpy.int32) - info.zero_point
    return centred.astype(numpy.float32) * numpy.float32(info.scale)
