"""Files of the OSS Review Toolkit that hold decisions on licences, read row by row.

Three of them: package curations (`curations.yml`), licence classifications (`license-classifications.yml`) and the
licence choices of a repository (`.ort.yml`). Source of their fields: ORT's documentation
(https://oss-review-toolkit.org/ort/docs/configuration/). A row that cannot be taken is told with its line, and does not
stop the others.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from policy_eval.adapters.policy_source import UnreadablePolicy, read_yaml
from policy_eval.application.exchange_ort import OrtKind, OrtRow
from policy_eval.domain.categories import CATEGORIES
from policy_eval.domain.curation_source import of_comment
from policy_eval.domain.ort_packages import NotTold, package_of
from shared.errors import ErrorAt, InvalidInput

_DEFAULT_REASON: Final = "imported from a file of ORT"
_LICENSE_FIELDS: Final = ("concluded_license", "declared_license_mapping")


def read_ort_file(kind: OrtKind, text: str, categories: Mapping[str, str]) -> list[OrtRow]:
    """The rows of a file; `categories` gives ours for the file's own words. Raises InvalidInput for what is no such file."""
    try:
        root, document = read_yaml(text.removeprefix("\ufeff"))
    except UnreadablePolicy as error:
        at = f"line {error.problem.line}, column {error.problem.column}"
        message = error.problem.message
        raise InvalidInput(f"{at}: {message}", errors=(ErrorAt(at, message),)) from error
    readers: dict[OrtKind, Callable[[], Iterator[OrtRow]]] = {
        "curation": lambda: _curations(root, document),
        "license-choice": lambda: _choices(root, document),
        "license-classification": lambda: _classifications(root, document, categories),
    }
    return list(readers[kind]())


def _curations(root: Any, document: Any) -> Iterator[OrtRow]:
    for line, entry in _listed(root, document, "a list of curations, each with id and curations"):
        identifier, said = _field(entry, "id"), _field(entry, "curations")
        if not isinstance(identifier, str) or not isinstance(said, dict):
            yield OrtRow(line, str(identifier or ""), problem="an entry has the fields id and curations")
            continue
        yield from _curation(line, identifier, said)


def _curation(line: int, identifier: str, said: dict[Any, Any]) -> Iterator[OrtRow]:
    ignored = tuple(sorted(str(each) for each in said if each not in (*_LICENSE_FIELDS, "comment")))
    if not any(name in said for name in _LICENSE_FIELDS):
        yield OrtRow(line, identifier, ignored=ignored or ("comment",))
        return
    about = _about(said.get("comment"))
    for ours, theirs in (("license", "concluded_license"), ("mapping", "declared_license_mapping")):
        if theirs in said:
            yield _on_package(line, identifier, {ours: said[theirs], **about}, ignored)
            ignored = ()


def _on_package(line: int, identifier: str, body: dict[str, Any], ignored: tuple[str, ...] = ()) -> OrtRow:
    try:
        package = package_of(identifier)
    except NotTold as error:
        return OrtRow(line, identifier, problem=str(error))
    versions = {"versions": package.versions} if package.versions else {}
    return OrtRow(line, identifier, body={"purl": package.purl, **versions, **body}, ignored=ignored)


def _classifications(root: Any, document: Any, categories: Mapping[str, str]) -> Iterator[OrtRow]:
    node, value = _member(root, document, "categorizations")
    for line, entry in _listed(node, value, "categorizations: a list, each with id and categories"):
        license_, given = _field(entry, "id"), _field(entry, "categories")
        if not isinstance(license_, str) or not isinstance(given, list):
            yield OrtRow(line, str(license_ or ""), problem="an entry has the fields id and categories")
            continue
        meant = {categories.get(str(each), str(each)) for each in given}
        known = sorted(meant & set(CATEGORIES))
        if len(known) == 1:
            body = {"license": license_, "category": known[0], "reason": _DEFAULT_REASON}
            yield OrtRow(line, license_, body=body, ignored=tuple(sorted(meant - set(CATEGORIES))))
        else:
            yield OrtRow(line, license_, problem=_no_category(given, known))


def _no_category(given: list[Any], known: list[str]) -> str:
    if known:
        return f"{' and '.join(known)} are two categories, and a licence has one"
    words = ", ".join(str(each)[:80] for each in given[:10])
    return f"none of its categories ({words}) is one of Licet; say what it means by category=theirs:ours"


def _choices(root: Any, document: Any) -> Iterator[OrtRow]:
    node, value = _member(root, document, "license_choices")
    for key, _ in root.value if isinstance(document, dict) else ():
        if key.value != "license_choices":
            yield OrtRow(key.start_mark.line + 1, "", ignored=(str(key.value)[:80],))
    repository, of_repository = _member(node, value, "repository_license_choices")
    yield from _choices_of(repository, of_repository, None)
    packages, of_packages = _member(node, value, "package_license_choices")
    for (line, entry), each in zip(
        _listed(packages, of_packages, "package_license_choices: a list"), _nodes(packages), strict=True
    ):
        identifier = _field(entry, "package_id")
        if not isinstance(identifier, str):
            yield OrtRow(line, "", problem="an entry has the fields package_id and license_choices")
            continue
        yield from _choices_of(*_member(each, entry, "license_choices"), identifier)


def _choices_of(node: Any, value: Any, identifier: str | None) -> Iterator[OrtRow]:
    for line, entry in _listed(node, value, "a list of choices, each with given and choice"):
        given, chosen = _field(entry, "given"), _field(entry, "choice")
        label = identifier or str(given or "")
        if not isinstance(given, str) or not isinstance(chosen, str):
            yield OrtRow(
                line, label, problem="given and choice are wanted: the expression, and the branch to take of it"
            )
            continue
        body = {"license": given, "chosen": chosen, "reason": _DEFAULT_REASON}
        yield OrtRow(line, label, body=body) if identifier is None else _choice_on_package(line, identifier, body)


def _choice_on_package(line: int, identifier: str, body: dict[str, Any]) -> OrtRow:
    row = _on_package(line, identifier, body)
    if row.body is not None and "versions" in row.body:
        return OrtRow(line, identifier, problem="a choice is about one version of a package, or about all")
    return row


def _listed(node: Any, value: Any, wanted: str) -> Iterator[tuple[int, Any]]:
    """The line and the value of each item of a list; nothing where there is none."""
    if value is None:
        return
    if not isinstance(value, list):
        at = f"line {node.start_mark.line + 1}"
        raise InvalidInput(f"{at}: {wanted}", errors=(ErrorAt(at, wanted),))
    for each, item in zip(_nodes(node), value, strict=True):
        yield each.start_mark.line + 1, item


def _nodes(node: Any) -> list[Any]:
    return list(node.value) if node is not None and isinstance(node.value, list) else []


def _member(node: Any, value: Any, name: str) -> tuple[Any, Any]:
    """The node and the value of a field of a mapping; None for both where it is not there."""
    if value is None:
        return None, None
    if not isinstance(value, dict):
        at = f"line {node.start_mark.line + 1}"
        raise InvalidInput(f"{at}: a mapping with {name} is wanted", errors=(ErrorAt(at, f"a mapping with {name}"),))
    found = next((each for key, each in node.value if key.value == name), None)
    return found, value.get(name)


def _field(entry: Any, name: str) -> Any:
    return entry.get(name) if isinstance(entry, dict) else None


def _about(comment: Any) -> dict[str, Any]:
    """The reason of a curation, and the source where the comment names one."""
    reason, source = of_comment(comment) if isinstance(comment, str) else ("", {})
    return {"reason": reason or _DEFAULT_REASON} | ({"source": source} if source else {})
