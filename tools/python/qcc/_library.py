# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Finds the table of a compiled library.

import ctypes
import os
import struct

from . import _abi


class Error(RuntimeError):
    """What the library or the compiler said, in one sentence."""


# The files that each path has named so far.
_spellings = {}


def _spell(path):
    """`path` as the loader has not seen it yet, unless the file is the same.

    The loader knows libraries by name first: a library compiled again to the
    path of one still in use would be taken for the old one. `/./` makes
    another name of the same path; one file under two names is still shared.
    """
    folder, name = os.path.split(os.path.abspath(path))
    status = os.stat(path)
    files = _spellings.setdefault((folder, name), [])
    identity = (status.st_dev, status.st_ino, status.st_mtime_ns)
    if identity not in files:
        files.append(identity)
    return os.path.join(folder, "./" * files.index(identity) + name)


def _is_cut_short(path):
    """Whether a 64-bit ELF file ends before what the loader will map.

    The loader takes the header's word for it, and reading what is not there
    ends the process by a signal.
    """
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        header = file.read(64)
        if len(header) < 64 or header[:5] != b"\x7fELF\x02":
            return False
        (start,) = struct.unpack_from("<Q", header, 32)
        (count,) = struct.unpack_from("<H", header, 56)
        file.seek(min(start, size))
        table = file.read(count * 56)
    if len(table) < count * 56:
        return True
    return any(
        kind == 1 and offset + length > size
        for kind, _, offset, _, _, length, _, _ in struct.iter_unpack(
            "<IIQQQQQQ", table
        )
    )


def open_library(path):
    if not os.path.exists(path):
        raise Error(f"{path}: expected a compiled library, but got no file")
    if os.path.isfile(path) and _is_cut_short(path):
        raise Error(
            f"{path}: expected a compiled library, but got the beginning of "
            "one"
        )
    try:
        handle = ctypes.CDLL(_spell(path))
        query = handle.qcc_query
    except (OSError, AttributeError) as error:
        raise Error(
            f"{path}: expected a compiled library, but got another file "
            f"({error})"
        ) from None
    query.restype = ctypes.POINTER(_abi.Library)
    query.argtypes = [ctypes.c_uint32]
    table = query(_abi.VERSION)
    if not table:
        raise Error(
            f"{path}: expected ABI version {_abi.VERSION} or older, but got a "
            "newer one only"
        )
    return handle, table.contents
