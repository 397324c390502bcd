"""The shipped catalogue is complete, agrees with the licence catalogue, and its checked clauses exist in the texts."""

import json
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest
import yaml

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.domain.catalogue import ANALYSE_LICENSE, RESOLVE_LICENSE

CATALOGUE = load_obligation_catalogue()
LICENSES = CATALOGUE.licenses

MOST_COMMON = [
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MPL-2.0",
    "EPL-2.0",
    "LGPL-2.1-only",
    "LGPL-2.1-or-later",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "EUPL-1.2",
    "Zlib",
    "0BSD",
    "Unlicense",
    "CC0-1.0",
    "BSL-1.0",
    "PSF-2.0",
    "Python-2.0",
    "CC-BY-4.0",
    "OFL-1.1",
]
CHECKED_EXCEPTIONS = ("Classpath-exception-2.0", "GCC-exception-3.1", "LLVM-exception", "Linux-syscall-note")


def test_there_are_39_generic_obligations_and_two_questions() -> None:
    questions = {RESOLVE_LICENSE, ANALYSE_LICENSE}

    assert len(CATALOGUE.generic) == 39 + len(questions)
    assert questions <= CATALOGUE.generic.keys()


def test_150_licences_and_30_exceptions_are_checked() -> None:
    licenses = [each.id for each in CATALOGUE.duties.values() if each.status == "checked" and each.checked_on]
    exceptions = [each.id for each in CATALOGUE.effects.values() if each.status == "checked" and each.checked_on]

    assert len(licenses) >= 150
    assert len(exceptions) >= 30


@pytest.mark.parametrize("name", ["obligations", "licenses", "exceptions"])
def test_every_file_keeps_to_the_schema(name: str) -> None:
    folder = files("obligations").joinpath("catalogue")
    schema = json.loads(folder.joinpath("schema.json").read_bytes())
    document = yaml.safe_load(folder.joinpath(f"{name}.yaml").read_bytes())
    as_json = json.loads(json.dumps(document, default=str))

    validator = jsonschema_rs.validator_for({**schema, "$ref": f"#/$defs/{name}"})

    assert [str(error) for error in validator.iter_errors(as_json)] == []


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "X", "status": "draft"},
        {"id": "X", "status": "sure", "obligations": []},
        {"id": "X", "status": "checked", "obligations": []},
        {
            "id": "X",
            "status": "draft",
            "obligations": [{"obligation": "disclaimer", "trigger": ["post"], "clause": "1"}],
        },
        {"id": "X", "status": "draft", "obligations": [{"obligation": "disclaimer", "trigger": [], "clause": "1"}]},
        {"id": "X", "status": "draft", "obligations": [{"obligation": "disclaimer", "trigger": ["source"]}]},
    ],
)
def test_the_schema_refuses_an_entry_that_says_too_little_or_something_else(broken: dict[str, Any]) -> None:
    schema = json.loads(files("obligations").joinpath("catalogue", "schema.json").read_bytes())
    validator = jsonschema_rs.validator_for({**schema, "$ref": "#/$defs/licenses"})

    assert not validator.is_valid({"analysed_by": "me", "licenses": [broken]})


def test_every_row_names_a_generic_obligation() -> None:
    added = (row for effect in CATALOGUE.effects.values() for row in effect.adds)
    rows = [*added, *(row for duties in CATALOGUE.duties.values() for row in duties.rows)]

    named = {row.obligation for row in rows} | {row.alternative_to for row in rows if row.alternative_to}
    lifted = {each for effect in CATALOGUE.effects.values() for lift in effect.lifts for each in lift.obligations}

    assert named | lifted <= CATALOGUE.generic.keys()


def test_every_licence_with_duties_has_a_category_in_the_licence_catalogue() -> None:
    unknown = [each for each in CATALOGUE.duties if (LICENSES.license(each) or None) is None]
    uncategorised = [
        each for each in CATALOGUE.duties if (known := LICENSES.license(each)) and known.category_source == "none"
    ]

    assert (unknown, uncategorised) == ([], [])


def test_every_exception_with_an_effect_stands_with_some_licence() -> None:
    without_pair = [
        exception
        for exception in CATALOGUE.effects
        if not any(LICENSES.pair_category(each.id, exception) for each in LICENSES.licenses)
    ]

    assert without_pair == []


@pytest.mark.parametrize("license_id", MOST_COMMON)
def test_the_most_common_licences_are_checked(license_id: str) -> None:
    duties = CATALOGUE.duties[license_id]

    assert duties.status == "checked"
    assert duties.checked_on is not None


@pytest.mark.parametrize("exception", CHECKED_EXCEPTIONS)
def test_the_most_common_exceptions_are_checked(exception: str) -> None:
    effect = CATALOGUE.effects[exception]

    assert effect.status == "checked"
    assert effect.checked_on is not None
