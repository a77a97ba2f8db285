"""Serve with Granian, loaded before it makes its workers: `python -m course.serving OPTIONS wsgi:application`.

The options are Granian's. Workers are forks, so what the first process has loaded is in memory once for all of them;
Granian by itself would have each worker load the course anew.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import sys
from importlib import import_module
from runpy import run_module

_M_ARENA_MAX = -8


def main() -> None:
    multiprocessing.set_start_method("fork")
    _allocate_in_one_place()
    # An application beside the folder that it is started in is found, as Granian would find it.
    sys.path.insert(0, "")
    import_module(sys.argv[-1].partition(":")[0])
    # What is there now stays for ever. The collector must not touch it: each touched page would be copied.
    gc.collect()
    gc.freeze()
    run_module("granian", run_name="__main__", alter_sys=True)


def _allocate_in_one_place() -> None:
    """The system's allocator keeps a pool for each of our sixteen threads, although Python lets one run at a time."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


if __name__ == "__main__":
    main()
