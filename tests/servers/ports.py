"""A port on loopback that nobody listens on."""

import socket


def free_port() -> int:
    """Return a port that was free just now; whoever starts a server on it should do so at once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
