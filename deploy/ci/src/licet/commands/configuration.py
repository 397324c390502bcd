"""Which server, and which key: options, then LICET_URL and LICET_API_KEY, then the file that `licet login` writes.

A key of the file is sent to the server that stands beside it there, and to no other.
"""

import json
import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_config_path

from licet.library import WrongUse


@dataclass(frozen=True, slots=True)
class Configuration:
    """A server and the key for it."""

    url: str
    key: str


def config_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the configuration lies: LICET_CONFIG, else the place that the system has for such files."""
    named = environment.get("LICET_CONFIG")
    return Path(named) if named else user_config_path("licet") / "config.toml"


def configured(url: str | None, key: str | None, path: Path) -> Configuration:
    """Return what to use; raises WrongUse when there is nothing, or the file is not as it must be."""
    stored = _read(path)
    server = url or (stored.url if stored else None)
    if not server:
        raise _missing("address of a server", "LICET_URL")
    if not key and stored and stored.url.rstrip("/") == server.rstrip("/"):
        key = stored.key
    if not key:
        raise _missing("key", "LICET_API_KEY")
    return Configuration(server, key)


def store(configuration: Configuration, path: Path) -> None:
    """Keep it in the file, which nobody else can read; raises WrongUse."""
    # A string of JSON is a basic string of TOML.
    content = f"url = {json.dumps(configuration.url)}\nkey = {json.dumps(configuration.key)}\n"
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(content)
        new.replace(path)
    except OSError as error:
        raise WrongUse(f"The configuration cannot be kept: {error.strerror}", where=str(path)) from error


def _read(path: Path) -> Configuration | None:
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WrongUse(f"The configuration cannot be read: {error.strerror}", where=str(path)) from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise WrongUse("Others may read the key in the configuration.", where=str(path), to_do=f"chmod 600 {path}")
    try:
        stored = tomllib.loads(content.decode())
        return Configuration(_text(stored, "url"), _text(stored, "key"))
    except ValueError as error:
        to_do = "Correct it, or remove it and run `licet login`."
        raise WrongUse(f"The configuration is not as it must be: {error}", where=str(path), to_do=to_do) from error


def _text(stored: dict[str, object], name: str) -> str:
    value = stored.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name}: a text is needed")
    return value


def _missing(what: str, variable: str) -> WrongUse:
    return WrongUse(f"There is no {what}.", where=variable, to_do=f"Set {variable}, or run `licet login`.")
