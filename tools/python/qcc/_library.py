# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Finds the table of a compiled library.

import ctypes
import os

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


def open_library(path):
    if not os.path.exists(path):
        raise Error(f"{path}: expected a compiled library, but got no file")
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
