"""Tests reach this machine only: whatever tries to look up or to call another one fails at once, with a sentence."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest


class OtherMachine(RuntimeError):
    def __init__(self, host: object) -> None:
        super().__init__(f"a test tried to reach {host}; tests reach this machine only")


def is_this_machine(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_others(address: Any) -> None:
    # A tuple is an internet address; the path of a socket in the file system is text.
    if isinstance(address, tuple) and not is_this_machine(address[0]):
        raise OtherMachine(address[0])


def pytest_configure(config: pytest.Config) -> None:
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_others(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_others(address)
        return connect_ex(self, address)

    def guarded_look_up(host: str | bytes | None, *arguments: Any, **options: Any) -> Any:
        if not is_this_machine(host):
            raise OtherMachine(host)
        return look_up(host, *arguments, **options)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)
