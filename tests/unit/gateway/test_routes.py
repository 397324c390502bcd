"""Every row of the table of endpoints is found, and nothing else is."""

import pytest

from gateway.domain.access import ENDPOINTS
from gateway.entrypoints.routes import Routes


@pytest.fixture
def table() -> Routes[str]:
    routes: Routes[str] = Routes()
    for each in ENDPOINTS:
        routes.add(each.method, each.path, f"{each.method} {each.path}")
    return routes


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: f"{each.method} {each.path}")
def test_each_row_is_found_with_its_names(table: Routes[str], endpoint) -> None:
    path = endpoint.path.replace("{", "a-").replace("}", "%2F")

    answer, texts = table.find(endpoint.method, path)

    assert answer == f"{endpoint.method} {endpoint.path}"
    assert texts == {name: f"a-{name}%2F" for name in texts}
    assert len(texts) == endpoint.path.count("{")


@pytest.mark.parametrize("path", ["", "/", "/api/v1", "/api/v1/releases/", "/api/v1//releases", "/api/v1/releases/x/y"])
def test_what_is_not_there_has_no_methods(table: Routes[str], path: str) -> None:
    assert table.find("GET", path) == []


def test_a_path_without_the_method_tells_those_that_it_has(table: Routes[str]) -> None:
    assert table.find("PUT", "/api/v1/keys") == ["GET", "POST"]


def test_a_name_that_only_another_method_knows_is_a_text() -> None:
    routes: Routes[str] = Routes()
    routes.add("POST", "/policies/validate", "validate")
    routes.add("GET", "/policies/{name}", "one")

    assert routes.find("GET", "/policies/validate") == ("one", {"name": "validate"})
    assert routes.find("DELETE", "/policies/validate") == ["GET", "POST"]
