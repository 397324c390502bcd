"""Sends one document again and again: `python -m tools.bench.uploader URL KEY DOCUMENT SECONDS`."""

import sys
import time
from pathlib import Path

from tools.bench.uploads import uploader

if __name__ == "__main__":
    _, url, key, document, seconds = sys.argv
    send = uploader(url, key, Path(document))
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        send()
