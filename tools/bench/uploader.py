"""Sends documents again and again, all at once: `python -m tools.bench.uploader URL KEY SECONDS DOCUMENT...`.

It imports little, so that its start disturbs nobody who measures.
"""

import http.client
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

_QUERY = "/api/v1/sboms?project=bench&version=1"


def uploader(url: str, key: str, document: Path) -> Callable[[], None]:
    """Return what sends the document to the address once."""
    where = urlsplit(url)

    def send() -> None:
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        with document.open("rb") as body:
            size = str(document.stat().st_size)
            connection.request("POST", _QUERY, body, {"X-Api-Key": key, "Content-Length": size})
            connection.getresponse().read()
        connection.close()

    return send


def _until(end: float, send: Callable[[], None]) -> None:
    while time.monotonic() < end:
        send()


if __name__ == "__main__":
    _, url, key, seconds, *documents = sys.argv
    end = time.monotonic() + float(seconds)
    senders = [threading.Thread(target=_until, args=(end, uploader(url, key, Path(each)))) for each in documents]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
