"""The export dossier as a page that an officer can sign, and the public export page of a project."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from policy_eval.domain.export.pages import Block, Grid, Heading, Page, Paragraph, Points

_SHOWN_TO_ALL: Final = ["subject", "kind", "functions", "algorithms"]


def dossier_page(dossier: Mapping[str, Any]) -> Page:
    """The whole dossier."""
    release = dossier["release"]
    blocks: list[Block] = [
        Paragraph(f"Evaluation {dossier['evaluation']} of {dossier['evaluated_at']}, judged as of {dossier['as_of']}."),
        Paragraph(f"Destinations: {', '.join(dossier['destinations']) or 'none stated'}. {_blocked(dossier)}"),
        Heading("Verdicts"),
        Grid(
            ["Jurisdiction", "Verdict", "Code", "Rule", "Reference", "Why"],
            [[name, *_texts(each, "verdict", "code", "rule", "reference", "why")] for name, each in _verdicts(dossier)],
        ),
        Heading("Open points"),
        _points(dossier["open_points"], "None."),
        *_cryptography(dossier),
        *_on_file(dossier),
        Heading("Cryptography notice"),
        Paragraph(dossier["crypto_notice"]),
        Heading("Rows of the annual self-classification report"),
        _rows(dossier["self_classification"]),
        Heading("Records"),
        Paragraph(dossier["retention"]),
        Points([f"{part}: {digest}" for part, digest in sorted(dossier["inputs"]["documents"].items())]),
        Heading("Decision of the export officer"),
        Grid(["Decision", "Name", "Date", "Signature"], [["", "", "", ""]]),
    ]
    return Page(f"Export dossier: {release['project']} {release['version']}", blocks)


def public_page(dossier: Mapping[str, Any]) -> Page:
    """What a project tells the public of its export status: its codes, where the source is, what cryptography is in it."""
    release, statement, verdicts = dossier["release"], dossier["statement"], dict(_verdicts(dossier))
    source = statement.get("source_url") or "No public address of the source is on file."
    codes = [f"{each['code'] or each['verdict']}" for each in verdicts.values()]
    detected = [each for each in dossier["items"] if each["detected"]]
    blocks: list[Block] = [
        Paragraph(dossier["crypto_notice"]),
        Heading("Product"),
        Grid(
            ["Product", "Version", *(f"Code ({name})" for name in verdicts), "Controlled source"],
            [[release["project"], release["version"], *codes, source]],
        ),
        Heading("Status"),
        Grid(
            ["Jurisdiction", "Status", "Code", "Reference"],
            [[name, *_texts(each, "verdict", "code", "reference")] for name, each in verdicts.items()],
        ),
        Heading("Cryptography in it"),
        Grid(_SHOWN_TO_ALL, [_texts(each, *_SHOWN_TO_ALL) for each in detected]),
        Heading("Notifications"),
        _points([" ".join(_texts(each, "type", "sent_at", "url")) for each in dossier["notifications"]], "None."),
        Paragraph(f"As of {dossier['as_of']}. This page is information and no legal advice."),
    ]
    return Page(f"Export: {release['project']} {release['version']}", blocks)


def _cryptography(dossier: Mapping[str, Any]) -> list[Block]:
    unknown = [each["purl"] or each["name"] for each in dossier["unknown"]]
    return [
        Heading("Cryptography found"),
        _items(dossier["items"]),
        Heading(f"Packages of which nothing is known: {dossier['unknown_total']}"),
        _points(unknown, "None."),
    ]


def _on_file(dossier: Mapping[str, Any]) -> list[Block]:
    columns = ["jurisdiction", "code", "purl", "method", "by", "date", "valid_to", "basis", "reason"]
    sent = ["type", "sent_at", "recipients", "url", "evidence"]
    return [
        Heading("Classifications in effect"),
        Grid(columns, [_texts(each, *columns) for each in dossier["classifications"]]),
        Heading("Notifications"),
        Grid(sent, [_texts(each, *sent) for each in dossier["notifications"]]),
        Heading("Statement of the project"),
        _points([f"{name}: {_text(value)}" for name, value in dossier["statement"].items()], "None."),
    ]


def _rows(rows: Sequence[Mapping[str, str]]) -> Block:
    return Grid(list(rows[0]), [list(each.values()) for each in rows]) if rows else Paragraph("None.")


def _items(items: Iterable[Mapping[str, Any]]) -> Grid:
    columns = ["subject", "kind", "functions", "algorithms", "source", "confidence", "path"]
    return Grid(columns, [_texts(each, *columns) for each in items])


def _verdicts(dossier: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return list(dossier["verdicts"].items())


def _blocked(dossier: Mapping[str, Any]) -> str:
    return "The release is blocked." if dossier["block_release"] else "Nothing blocks the release."


def _points(points: Iterable[str], none: str) -> Block:
    listed = list(points)
    return Points(listed) if listed else Paragraph(none)


def _texts(row: Mapping[str, Any], *names: str) -> list[str]:
    return [_text(row.get(name)) for name in names]


def _text(value: Any) -> str:
    if value is None or value == []:
        return "-"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
