"""What ScanCode found in the files of packages, which say to which package they belong."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec.structs import replace

from sbom_ingest.adapters.readers.common import copyright_lines
from sbom_ingest.adapters.readers.scancode_licenses import Licenses
from sbom_ingest.adapters.readers.scancode_structs import File
from sbom_ingest.domain.draft import Draft
from shared.contracts.inventory import Component, LicenseClaim


@dataclass(slots=True)
class _Found:
    """The licences and the copyright statements of a package's files.

    A licence is told where it was first found, or, where files have texts of it, once with each text.
    """

    claims: dict[str, dict[str | None, LicenseClaim]] = field(default_factory=dict)
    copyright: list[str] = field(default_factory=list)

    def add(self, claim: LicenseClaim) -> None:
        """Add what was found in a file."""
        of_value = self.claims.setdefault(claim.value, {})
        if claim.text is not None:
            of_value.pop(None, None)
        elif of_value:
            return
        of_value.setdefault(claim.text, claim)


class FileFindings:
    """What was found in files, by the `package_uid`s of the packages that they belong to."""

    def __init__(self, files: Iterable[tuple[File, str]], licenses: Licenses) -> None:
        self._by_package: defaultdict[str, _Found] = defaultdict(_Found)
        self._outside: list[str] = []
        for written, pointer in files:
            if not written.for_packages and (written.copyrights or written.licenses or written.license_detections):
                self._outside.append(pointer)
            claims = licenses.of_file(written, pointer) if written.for_packages else []
            for uid in dict.fromkeys(written.for_packages):
                found = self._by_package[uid]
                for claim in claims:
                    found.add(claim)
                found.copyright += copyright_statements(written)

    def warn_of_outside(self, draft: Draft) -> None:
        """Warn of files in which something was found, and which belong to no package."""
        if self._outside:
            message = f"what was found in {len(self._outside)} files is not used: they belong to no package"
            draft.warn("file-outside", message, self._outside[0])

    def applied(self, component: Component) -> Component:
        """The component of a package with what was found in its files, as observed."""
        found = self._by_package.get(component.ref or "")
        if found is None:
            return component
        known = {claim.value for claim in component.licenses if claim.origin == "observed"}
        further = [
            claim
            for value, claims in found.claims.items()
            for claim in claims.values()
            if value not in known or claim.text
        ]
        return replace(
            component,
            licenses=component.licenses + further,
            copyright=copyright_lines([*component.copyright, *found.copyright]),
        )


def copyright_statements(written: File) -> list[str]:
    """The copyright statements of a file, as ScanCode tells them."""
    return [text for each in written.copyrights for text in (each.copyright, each.value, *each.statements) if text]
