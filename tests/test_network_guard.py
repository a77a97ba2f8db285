"""The network guard of the tests."""

from __future__ import annotations

import socket
import urllib.request

import pytest

from tests.network_guard import OtherMachine, is_this_machine


def test_another_machine_cannot_be_reached_by_number() -> None:
    with socket.socket() as connection, pytest.raises(OtherMachine, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 80))


def test_another_machine_cannot_be_reached_by_name() -> None:
    with pytest.raises(OtherMachine, match=r"example\.org"):
        urllib.request.urlopen("http://example.org/")


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost", "", None])
def test_loopback_addresses_are_this_machine(host: str | None) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "example.org", "2001:db8::1", "localhost.example.org"])
def test_other_addresses_are_not(host: str) -> None:
    assert not is_this_machine(host)
