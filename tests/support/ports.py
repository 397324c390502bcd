"""TCP ports on the loopback address that nobody listens on."""

import random
import socket

# Below Linux's range for outgoing connections (net.ipv4.ip_local_port_range starts at 32768). A port inside that
# range can be taken by any client while its server is down, and a client that polls it can even connect to itself.
_FIRST, _LAST = 15_000, 32_000
_ATTEMPTS = 200
_given: set[int] = set()


def free_port() -> int:
    """A port of 127.0.0.1 that was free a moment ago and that this session has not been given before.

    It is not reserved: whoever asked for it binds it soon. Raises OSError if no free port was found.
    """
    chance = random.SystemRandom()
    for _ in range(_ATTEMPTS):
        port = chance.randint(_FIRST, _LAST)
        if port not in _given and _is_free(port):
            _given.add(port)
            return port
    raise OSError(f"no free port between {_FIRST} and {_LAST} in {_ATTEMPTS} attempts")


def _is_free(port: int) -> bool:
    with socket.socket() as attempt:
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
