"""Reads ScanCode-toolkit's JSON: https://scancode-toolkit.readthedocs.io/."""

from collections.abc import Iterator, Sequence

from msgspec import Raw

from sbom_ingest.adapters.readers.common import add_element, check_purl, copyright_lines, read_time
from sbom_ingest.adapters.readers.content import Content
from sbom_ingest.adapters.readers.json_document import JsonObject
from sbom_ingest.adapters.readers.scancode_files import FileFindings, copyright_statements
from sbom_ingest.adapters.readers.scancode_licenses import Licenses
from sbom_ingest.adapters.readers.scancode_structs import Dependency, DetectedLicense, File, Header, Package, Rule
from sbom_ingest.adapters.readers.scancode_texts import MatchedTexts
from sbom_ingest.adapters.readers.scope_names import scope_of
from sbom_ingest.adapters.readers.scoped_uses import ScopeUse, Uses
from sbom_ingest.adapters.readers.tolerant import Fault, TolerantDecoder
from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refused
from shared.contracts.inventory import ROOT, Component, Party, Reference

READS = "ScanCode-toolkit results in JSON"

_ALGORITHMS = ("md5", "sha1", "sha256", "sha512")
_SOURCE_SCHEMES = ("git+", "hg+", "svn+", "bzr+", "git://")
_DECIDING = (
    "name",
    "purl",
    "declared_license_expression",
    "declared_license_expression_spdx",
    "license_expression",
    "detected_license_expression",
    "detected_license_expression_spdx",
    "license_expressions",
    "packages",
)


def _element_matters(fault: Fault) -> bool:
    return fault.path[0] in _DECIDING


def _never_matters(fault: Fault) -> bool:
    return False


_HEADERS = TolerantDecoder(Header, _never_matters)
_REFERENCES = TolerantDecoder(DetectedLicense, _never_matters)
_RULES = TolerantDecoder(Rule, _never_matters)
_PACKAGES = TolerantDecoder(Package, _element_matters)
_FILES = TolerantDecoder(File, _element_matters)
_DEPENDENCIES = TolerantDecoder(Dependency, _never_matters)


def recognises(content: Content) -> bool:
    """Whether the headers name ScanCode, or the members are there that its older versions write."""
    members = content.json.members if content.json else {}
    if "headers" in members and {"files", "packages"} & members.keys():
        return b"scancode" in bytes(members["headers"]).lower()
    return "files" in members and bool({"scancode_notice", "scancode_version"} & members.keys())


def read(content: Content, limits: Limits) -> Draft:
    """The facts of a scan."""
    assert content.json is not None
    scan = content.json
    draft = content.draft("scancode", "json", None, limits)
    _read_head(scan, draft)
    reading = _Reading(scan, draft)
    reading.add_elements()
    reading.add_dependencies()
    return draft


def _read_head(scan: JsonObject, draft: Draft) -> None:
    headers = [_HEADERS.decode(raw, draft, pointer) for raw, pointer in _entries(scan, "headers")]
    # The last header is of the tool that wrote the document, from what tools before it had found.
    header = headers[-1] if headers else Header("scancode-toolkit", scan.text("scancode_version"))
    draft.spec_version = header.tool_version or None
    place = f"{scan.pointer}/headers/{len(headers) - 1}/end_timestamp"
    draft.created = read_time(header.end_timestamp or "", "ISO 8601", draft, place)
    draft.tool = [f"{header.tool_name} {header.tool_version or ''}".strip()]


def _entries(scan: JsonObject, key: str) -> Iterator[tuple[Raw, str]]:
    for index, raw in enumerate(scan.elements(key)):
        yield raw, f"{scan.pointer}/{key}/{index}"


class _Reading:
    """One scan while its parts are read."""

    def __init__(self, scan: JsonObject, draft: Draft) -> None:
        self._scan = scan
        self._draft = draft
        self._texts = MatchedTexts(draft)
        self._licenses = Licenses(draft, self._texts)
        self._by_purl: dict[str, list[int]] = {}
        self._uses = Uses(draft, {})

    def add_elements(self) -> None:
        """Add packages, or files where no package was found."""
        for raw, pointer in _entries(self._scan, "license_references"):
            self._licenses.add_reference(_REFERENCES.decode(raw, self._draft, pointer), pointer)
        for raw, pointer in _entries(self._scan, "license_rule_references"):
            self._texts.learn(_RULES.decode(raw, self._draft, pointer))
        files = self._files()
        packages = list(_entries(self._scan, "packages")) or list(_packages_of(files))
        self._draft.check_elements(len(packages) or len(files))
        self._draft.files = len(files) if packages else 0
        findings = FileFindings(files if packages else (), self._licenses)
        findings.warn_of_outside(self._draft)
        for raw, pointer in packages:
            try:
                self._add_package(raw, pointer, findings)
            except Refused as refused:
                self._draft.note_fault(refused)
        for written, pointer in () if packages else files:
            add_element(self._file(written, pointer), self._draft)

    def _files(self) -> list[tuple[File, str]]:
        files = []
        for raw, pointer in _entries(self._scan, "files"):
            written = _FILES.decode(raw, self._draft, pointer)
            self._licenses.learn(written.licenses)
            self._texts.take(written, pointer)
            if written.type == "file":
                files.append((written, pointer))
        return files

    def _add_package(self, raw: Raw, pointer: str, findings: FileFindings) -> None:
        written = _PACKAGES.decode(raw, self._draft, pointer)
        position = add_element(findings.applied(self._package(written, pointer)), self._draft)
        if position is None:
            return
        uid = written.package_uid
        if uid and self._uses.positions.setdefault(uid, position) != position:
            self._draft.warn("duplicate-reference", f"the package_uid {uid[:80]!r} is used before", pointer)
        if written.purl:
            for purl in {written.purl, written.purl.partition("?")[0], _without_version(written.purl)}:
                self._by_purl.setdefault(purl, []).append(position)

    def _package(self, written: Package, pointer: str) -> Component:
        for value in (written.name, written.version, written.purl, written.namespace, written.package_uid):
            self._draft.check_field(value or "", pointer)
        check_purl(written.purl or "", self._draft, f"{pointer}/purl")
        notice = written.notice_text
        return Component(
            name=written.name or "",
            pointer=pointer,
            version=written.version or None,
            purl=written.purl or None,
            group=written.namespace or None,
            ref=written.package_uid or None,
            licenses=self._licenses.of_package(written, pointer),
            copyright=copyright_lines([written.copyright or ""]),
            hashes=_hashes(written),
            notices=[self._draft.texts.add(notice, f"{pointer}/notice_text")] if notice else [],
            source_url=written.vcs_url if (written.vcs_url or "").startswith(_SOURCE_SCHEMES) else None,
            parties=tuple(Party(each.role or "", each.name) for each in written.parties if each.name),
            references=_repository(written),
        )

    def _file(self, written: File, pointer: str) -> Component:
        return Component(
            name=written.path,
            pointer=pointer,
            ref=written.path or None,
            type="file",
            licenses=self._licenses.of_file(written, pointer),
            copyright=copyright_lines(copyright_statements(written)),
            hashes=_hashes(written),
        )

    def add_dependencies(self) -> None:
        """Add dependencies between packages that were found; others are requirements, whose versions are not known."""
        unresolved, uses = [], list[tuple[int, int, ScopeUse]]()
        for raw, pointer in _entries(self._scan, "dependencies"):
            written = _DEPENDENCIES.decode(raw, self._draft, pointer)
            target = self._found(written.purl or "")
            if target is None:
                unresolved.append(pointer)
                continue
            source = ROOT
            if written.for_package_uid:
                source = self._uses.positions.get(written.for_package_uid, ROOT)
            self._uses.depend(source, target)
            uses.append((source, target, _use(written)))
        self._settle_uses(uses)
        if unresolved:
            message = f"{len(unresolved)} dependencies are on packages that the scan did not find"
            self._draft.warn("dangling-reference", message, unresolved[0])

    def _settle_uses(self, uses: list[tuple[int, int, ScopeUse]]) -> None:
        """Give packages their scopes; what a dependency needs for its own development says nothing of the whole."""
        dependencies = {target for _, target, _ in uses}
        for source, target, use in uses:
            if use.scope == "runtime" or source not in dependencies:
                self._uses.use(target, use)
        self._uses.settle()

    def _found(self, purl: str) -> int | None:
        """The package that a dependency means: that of its purl, if only one has it."""
        found = self._by_purl.get(purl) or self._by_purl.get(purl.partition("?")[0]) or []
        return found[0] if len(found) == 1 else None


def _packages_of(files: Sequence[tuple[File, str]]) -> Iterator[tuple[Raw, str]]:
    """The packages of older versions, which kept them in the file that states them."""
    for written, pointer in files:
        for index, raw in enumerate(written.packages):
            yield raw, f"{pointer}/packages/{index}"


def _hashes(written: Package | File) -> dict[str, str]:
    digests = {algorithm: getattr(written, algorithm, None) for algorithm in _ALGORITHMS}
    return {algorithm: digest.lower() for algorithm, digest in digests.items() if digest}


def _repository(written: Package) -> tuple[Reference, ...]:
    """The repository, where its address does not say how it is read, and so may be that of a page."""
    if not written.vcs_url or written.vcs_url.startswith(_SOURCE_SCHEMES):
        return ()
    return (Reference("vcs", written.vcs_url),)


def _without_version(purl: str) -> str:
    return purl.partition("?")[0].rpartition("@")[0] or purl


def _use(written: Dependency) -> ScopeUse:
    scope = scope_of(written.scope or "")
    if scope == "runtime" and written.is_optional:
        scope = "optional"
    if scope == "runtime" and written.is_runtime is False:
        scope = "dev"
    return ScopeUse(scope, written.scope or "")
