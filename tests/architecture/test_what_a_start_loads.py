"""A service that is started anew is away until it has loaded its modules: what it does not need to serve stays out."""

import subprocess
import sys
from functools import cache

import pytest

_SLOW = ("alembic", "opentelemetry.sdk", "univers")


@pytest.mark.parametrize("package", ["sbom_ingest", "policy_eval", "obligations", "gateway"])
def test_what_loads_slowly_is_loaded_when_it_is_needed(package: str) -> None:
    said = _loaded(package)
    assert [each for each in _SLOW if each in said] == []


def test_a_gateway_without_token_issuers_loads_no_cryptography() -> None:
    assert "joserfc" not in _loaded("gateway")


@cache
def _loaded(package: str) -> frozenset[str]:
    script = f"import sys, {package}.__main__; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return frozenset(ended.stdout.split())
