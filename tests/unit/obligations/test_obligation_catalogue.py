"""The shipped catalogue is complete, agrees with the licence catalogue, and its checked clauses exist in the texts."""

import json
import re
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

# What a licence text calls the parts that a clause names before the section sign.
PARTS = {
    "PSF": ("PYTHON SOFTWARE FOUNDATION LICENSE", "BEOPEN.COM LICENSE"),
    "BeOpen": ("BEOPEN.COM LICENSE", "CNRI OPEN SOURCE"),
    "CNRI": ("CNRI OPEN SOURCE", "CWI LICENSE"),
    "GPL": ("\nGNU GENERAL PUBLIC LICENSE", None),
}
SECTION = re.compile(
    r"(?:(?P<part>PSF|BeOpen|CNRI|GPL) )?§(?P<number>\d+(?:\.\d+)?)(?:-(?P<last>\d+))?(?P<points>(?:\(\w+\))*)"
)
NUMBERED = re.compile(r"(?:cl\.|item |cond\.)(\d+)(?:-(\d+))?")
PARAGRAPH = re.compile(r"(?<!CWI )\bpara (\d+)")


def test_there_are_39_generic_obligations_and_two_questions() -> None:
    questions = {RESOLVE_LICENSE, ANALYSE_LICENSE}

    assert len(CATALOGUE.generic) == 39 + len(questions)
    assert questions <= CATALOGUE.generic.keys()


def test_the_catalogue_covers_150_licences_and_30_exceptions() -> None:
    assert len(CATALOGUE.duties) >= 150
    assert len(CATALOGUE.effects) >= 30


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


@pytest.mark.parametrize("license_id", MOST_COMMON)
def test_the_clauses_of_a_checked_licence_exist_in_its_text(license_id: str) -> None:
    text = LICENSES.text(license_id) or ""

    absent = [
        (row.clause, reference)
        for row in CATALOGUE.duties[license_id].rows
        for reference, found in references_in(row.clause, text)
        if not found
    ]

    assert absent == []


@pytest.mark.parametrize("license_id", MOST_COMMON)
def test_every_clause_of_a_checked_licence_points_somewhere(license_id: str) -> None:
    text = LICENSES.text(license_id) or ""

    vague = [row.clause for row in CATALOGUE.duties[license_id].rows if not list(references_in(row.clause, text))]

    assert [clause for clause in vague if clause != "CWI para"] == []


def test_a_clause_that_is_not_in_the_text_is_noticed() -> None:
    text = LICENSES.text("Apache-2.0") or ""

    assert dict(references_in("§4(b), §9", text)) == {"§4(b)": True, "§9": True}
    assert dict(references_in("§4(f), §10", text)) == {"§4(f)": False, "§10": False}


@pytest.mark.parametrize("license_id", [each for each in CATALOGUE.duties if CATALOGUE.duties[each].rows])
def test_sentences_to_acknowledge_with_are_those_of_the_licence(license_id: str) -> None:
    text = " ".join((LICENSES.text(license_id) or "").split())
    sentences = [sentence for row in CATALOGUE.duties[license_id].rows for sentence in row.sentences]

    assert [each for each in sentences if each.removeprefix("This ").rstrip(".") not in text] == []


def references_in(clause: str, text: str) -> list[tuple[str, bool]]:
    """Every section, numbered item and paragraph that the clause names, and whether the text has it."""
    found = [(match.group(), has_section(match, text)) for match in SECTION.finditer(clause)]
    for match in NUMBERED.finditer(clause):
        first, last = int(match[1]), int(match[2] or match[1])
        found.append((match.group(), all(has_number(str(each), text) for each in range(first, last + 1))))
    for match in PARAGRAPH.finditer(clause):
        found.append((match.group(), int(match[1]) <= len(paragraphs(text))))
    return found


def has_section(match: re.Match[str], text: str) -> bool:
    start, end = PARTS.get(match["part"] or "", (None, None))
    scope = text[text.index(start) if start else 0 : text.index(end) if end else None]
    numbers = range(int(match["number"]), int(match["last"]) + 1) if match["last"] else [match["number"]]
    points = re.findall(r"\w+", match["points"])
    return all(any(has_points(part, points) for part in sections(str(each), scope)) for each in numbers)


def sections(number: str, text: str) -> list[str]:
    """The text from every heading of this number to the end of the text or the next heading of the same depth."""
    heading = re.compile(rf"^\s*(?:Section )?{re.escape(number)}(?![\d.]*\d)[.\s]", re.MULTILINE)
    depth = r"[.]\d+" * number.count(".")
    following = re.compile(rf"^(?:Section )?\d+{depth}(?![\d.]*\d)[.\s]", re.MULTILINE)
    found = []
    for start in heading.finditer(text):
        end = following.search(text, start.end())
        found.append(text[start.start() : end.start() if end else None])
    return found


def has_points(section: str, points: list[str]) -> bool:
    """Whether the points, such as (a) and (1) of §3(a)(1), follow each other in the section."""
    at = 0
    for point in points:
        mark = re.compile(rf"^\s*\(?{point}[.)]|[\s(]\(?{point}\)\s", re.MULTILINE).search(section, at)
        if mark is None:
            return False
        at = mark.end() - 1
    return True


def has_number(number: str, text: str) -> bool:
    return re.search(rf"^\s*{number}[.)]", text, re.MULTILINE) is not None


def paragraphs(text: str) -> list[str]:
    """The paragraphs below title and copyright line."""
    return [each for each in re.split(r"\n\s*\n", text) if len(each) > 100]
