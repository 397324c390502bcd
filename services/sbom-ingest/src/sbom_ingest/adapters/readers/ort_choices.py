"""Which branches of licence choices an ORT result says are taken."""

from collections.abc import Iterator, Mapping

from sbom_ingest.adapters.readers.ort_structs import LicenseChoice, LicenseChoices
from sbom_ingest.domain.draft import Draft
from shared.contracts.inventory import ROOT, StatedChoice


def note_choices(written: LicenseChoices, positions: Mapping[str, int], draft: Draft, pointer: str) -> None:
    """Keep the choices that stand at `pointer`; `positions` are those of packages, by their ids."""
    for choice, package, place in _all(written, pointer):
        position = positions.get(package, ROOT) if package else None
        if not choice.choice or position == ROOT:
            draft.warn("choice-ignored", "it names no package of the result, or chooses nothing", place)
            continue
        for value in (choice.choice, choice.given or ""):
            draft.check_field(value, place)
        draft.choices.append(StatedChoice(choice.choice, place, choice.given or None, position))


def _all(written: LicenseChoices, pointer: str) -> Iterator[tuple[LicenseChoice, str, str]]:
    """The choices, each with its package, which is empty for all packages, and its place."""
    for index, choice in enumerate(written.repository_license_choices):
        yield choice, "", f"{pointer}/repository_license_choices/{index}"
    for number, package in enumerate(written.package_license_choices):
        for index, choice in enumerate(package.license_choices):
            place = f"{pointer}/package_license_choices/{number}/license_choices/{index}"
            yield choice, package.package_id or "?", place
