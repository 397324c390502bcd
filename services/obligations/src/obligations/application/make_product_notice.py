"""Make one NOTICE over several releases, from those that were made for each."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Annotated

from msgspec import Meta, Struct

from obligations.application.look_up import LookUp
from obligations.application.ports import ReadNotice
from obligations.domain.notice import Notice
from obligations.domain.product_notice import product_notice
from shared.computation import compute
from shared.errors import NotFound


class ProductQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The releases of a product, and what it is called; by default it has the names of its releases."""

    releases: Annotated[list[str], Meta(min_length=1, max_length=100)]
    project: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class MakeProductNotice:
    """The use case, with what it needs. `headers`: what the notices of a project begin with; `exceptions`:
    the SPDX ids of exceptions."""

    look_up: LookUp
    read_notice: ReadNotice
    headers: Callable[[str], Awaitable[str | None]]
    exceptions: Collection[str]

    async def __call__(self, question: ProductQuestion, projects: Sequence[str]) -> Notice:
        """The NOTICE over the releases, of projects that match the patterns; raises NotFound."""
        contents = [await self._content(each, projects) for each in sorted(set(question.releases))]
        notice = await compute(self._joined, contents, question)
        header = await self.headers(notice.project) if _is_among(notice.project, projects) else None
        return replace(notice, header=header)

    async def _content(self, release_id: str, projects: Sequence[str]) -> bytes:
        record = await self.look_up.reader.record(release_id, None)
        if not _is_among(record.project, projects):
            raise NotFound(f"No obligations are known of the release {release_id!r}, evaluation None.")
        return await self.look_up.content(record.notices["json"])

    def _joined(self, contents: list[bytes], question: ProductQuestion) -> Notice:
        notices = [self.read_notice(each) for each in contents]
        return product_notice(notices, question.project, question.version, self.exceptions)


def _is_among(project: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(project, pattern) for pattern in patterns)
