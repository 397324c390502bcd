"""Databases with the newest schema of a service: copies of one that its migrations made, which take a tenth of the time."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.persistence.migrate import migrate
from tests.support.postgresql import ThrowawayPostgres


def sqlite_copy(package: str, file: Path) -> str:
    """Write a database of this service's package into the file; return its URL."""
    file.write_bytes(_sqlite_template(package))
    return _url(file)


def postgres_copy(package: str, postgres: ThrowawayPostgres, name: str) -> str:
    """Make a database of this service's package on the server; return its URL."""
    return postgres.database(name, _postgres_template(package, postgres))


@cache
def _sqlite_template(package: str) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "template.sqlite"
        migrate(package, _url(file))
        copy = shutil.copy(file, Path(folder) / "copy.sqlite")
        return Path(copy).read_bytes()


@cache
def _postgres_template(package: str, postgres: ThrowawayPostgres) -> str:
    name = f"template_{package}"
    migrate(package, postgres.database(name))
    return name


def _url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"
