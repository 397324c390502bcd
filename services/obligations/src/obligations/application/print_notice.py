"""Print a NOTICE in the form that is asked for: as it was stored, else made from the stored JSON, which says all."""

import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass

from obligations.application.look_up import LookUp
from obligations.application.ports import DerivationRecord, ReadNotice, Renderer
from shared.computation import compute
from shared.errors import ErrorAt, InvalidInput
from shared.persistence.blobs import StoredBytes

Form = tuple[str, str]
"""Format and grouping, such as `("html", "license")`."""
BY_COMPONENT = "component"
_PIECE = 256 * 1024
_CACHED_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Printed:
    sha256: str
    content: bytes


class PrintNotice:
    """The use case. `renderers` prints every form; what was printed lately is kept in memory, 64 MiB at most."""

    def __init__(self, look_up: LookUp, read_notice: ReadNotice, renderers: Mapping[Form, Renderer]) -> None:
        self._look_up = look_up
        self._read_notice = read_notice
        self._renderers = renderers
        self._printed: OrderedDict[tuple[str, Form], _Printed] = OrderedDict()

    async def record(self, release_id: str, evaluation_id: str | None, form: Form) -> DerivationRecord:
        """What is told of the NOTICE; raises InvalidInput for an unknown form, NotFound."""
        check_form(form, self._renderers)
        return await self._look_up.reader.record(release_id, evaluation_id)

    async def digest(self, record: DerivationRecord, form: Form) -> str:
        """The SHA-256 of the printed form, in hex."""
        stored = _stored(record, form)
        return stored or (await self._print(record, form)).sha256

    async def content(self, record: DerivationRecord, form: Form) -> StoredBytes:
        """The printed form; the same derivation always gives the same bytes."""
        stored = _stored(record, form)
        if stored:
            return await self._look_up.stream(stored)
        content = (await self._print(record, form)).content
        return StoredBytes(len(content), _pieces(content))

    async def _print(self, record: DerivationRecord, form: Form) -> _Printed:
        key = (record.notices["json"], form)
        if key not in self._printed:
            source = await self._look_up.content(record.notices["json"])
            self._keep(key, await compute(self._rendered, source, form))
        self._printed.move_to_end(key)
        return self._printed[key]

    def _rendered(self, source: bytes, form: Form) -> _Printed:
        content = self._renderers[form](self._read_notice(source))
        return _Printed(hashlib.sha256(content).hexdigest(), content)

    def _keep(self, key: tuple[str, Form], printed: _Printed) -> None:
        self._printed[key] = printed
        while len(self._printed) > 1 and sum(len(each.content) for each in self._printed.values()) > _CACHED_BYTES:
            self._printed.popitem(last=False)


def check_form(form: Form, known: Iterable[Form]) -> None:
    """Raises InvalidInput, with the known ones, for a format or a grouping that there is not."""
    formats, groups = ({each[place] for each in known} for place in (0, 1))
    for name, asked, ones in (("format", form[0], formats), ("group", form[1], groups)):
        if asked not in ones:
            message = f"one of {', '.join(sorted(ones))}"
            raise InvalidInput(f"{name}: {message}", errors=(ErrorAt(name, message),))


def _stored(record: DerivationRecord, form: Form) -> str | None:
    format_, group = form
    return record.notices.get(format_) if group == BY_COMPONENT else None


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for first in range(0, len(content), _PIECE):
        yield content[first : first + _PIECE]
