"""Libraries that few requests need: loaded by the first that does, so that the site starts soon and stays small."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module until something of it is asked for. (The LazyLoader of Python 3.11 is not safe for threads.)

    A type checker is shown the module itself:

        if TYPE_CHECKING:
            import requests
        else:
            requests = Later("requests")
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
