"""Loaded by every Python that the tested server starts: writes down each attempt to reach another machine."""

import contextlib
import ipaddress
import os
import socket
import sys
from pathlib import Path

JOURNAL = os.environ.get("OUTBOUND_JOURNAL")
HERE = {None, "", "localhost", socket.gethostname()}  # asked once: the question is itself an audited event


def _elsewhere(host):
    """Whether a host is another machine. A name is one, unless it is this machine's own."""
    if host in HERE:
        return False
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return name not in HERE
    return not (address.is_loopback or address.is_unspecified)


def _witness(event, arguments):
    host = None
    if event == "socket.connect":
        kind, address = arguments
        # Connecting a datagram socket sends nothing; it is how a program asks for its own address.
        if isinstance(address, tuple) and kind.type & socket.SOCK_STREAM:
            host = address[0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    if _elsewhere(host):
        with contextlib.suppress(OSError), Path(JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write(f"{event} {host} from {sys.argv[:3]}\n")


if JOURNAL:
    sys.addaudithook(_witness)
