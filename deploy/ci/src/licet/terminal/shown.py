"""How answers and faults read to a person."""

from typing import Final

from rich.text import Text

from licet.library import Fault, Finding, Gate, Refused, Submitted
from licet.terminal.screen import Column, Screen, styled

_MOST_PLACES: Final = 20
_MOST_FINDINGS: Final = 50


def show_fault(screen: Screen, fault: Fault) -> None:
    """Say what went wrong, where, and what to do."""
    screen.note(f"error: {fault.what}", "bold red")
    if fault.where:
        screen.note(f"  where: {fault.where}")
    if isinstance(fault, Refused):
        _show_places(screen, fault)
    if fault.to_do:
        screen.note(f"  to do: {fault.to_do}")


def _show_places(screen: Screen, refused: Refused) -> None:
    places = refused.problem.errors
    for each in places[:_MOST_PLACES]:
        screen.note(f"  {each.pointer or 'body'}: {each.message}")
    if len(places) > _MOST_PLACES:
        screen.note(f"  and {len(places) - _MOST_PLACES} more")
    if refused.problem.service:
        screen.note(f"  service: {refused.problem.service}")
    if refused.request_id:
        screen.note(f"  request id: {refused.request_id}")


def show_submitted(screen: Screen, submitted: Submitted) -> None:
    """Say what the server read in a document."""
    document, buckets, release = submitted.document, submitted.document.buckets, submitted.release
    spec = f" {document.spec_version}" if document.spec_version else ""
    known = ", known already" if submitted.replayed else ""
    screen.say("release  ", f"{release.project} {release.version}", f"({release.id})")
    screen.say(
        "document ",
        f"{document.format}{spec}: {buckets.components} components, {buckets.duplicates} duplicates, "
        f"{buckets.ignored} ignored, {document.warnings_total} warnings{known}",
    )


def show_gate(screen: Screen, gate: Gate, least: str) -> None:
    """Show the verdict and the findings that count, of at least this severity, the worst first."""
    counts = gate.counts
    numbers = f"{_number(counts.error, 'error')}, {_number(counts.warning, 'warning')}, {_number(counts.hint, 'hint')}"
    screen.say("verdict  ", styled(gate.verdict, gate.verdict.upper()), f"by policy {gate.policy.name}", _version(gate))
    screen.say("findings ", numbers)
    shown = [each for each in gate.findings if each.counts and _RANK[each.severity] >= _RANK[least]]
    if shown:
        screen.table((Column("severity"), Column("component"), Column("finding", is_wide=True)), _rows(shown))
    if len(shown) > _MOST_FINDINGS:
        screen.say(f"{len(shown) - _MOST_FINDINGS} more: --json, or a report, has them.")
    if not shown and gate.counts.hint:
        screen.say("--show hint lists the hints.")
    screen.say("details  ", gate.url)


_RANK: Final = {"hint": 0, "warning": 1, "error": 2}


def _rows(findings: list[Finding]) -> list[tuple[Text, str, str]]:
    worst = sorted(findings, key=lambda each: -_RANK[each.severity])[:_MOST_FINDINGS]
    return [
        (styled(each.severity), each.subject.title, f"{each.rule}: {each.message} To do: {each.how_to_fix}")
        for each in worst
    ]


def _version(gate: Gate) -> str:
    return f"version {gate.policy.version}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
