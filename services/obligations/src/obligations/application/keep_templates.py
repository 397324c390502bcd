"""Keep the header and the templates of a project's notices, and print by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from obligations.application.template_ports import HEADER, KINDS, StoredTemplate, TemplateEngine, Templates
from obligations.domain.notice import Notice
from shared.clock import Clock, timestamp
from shared.computation import compute
from shared.errors import ErrorAt, InvalidInput, NotFound, OverLimit
from shared.persistence.blobs import Blobs

_LONGEST_HEADER = 8 * 1024


@dataclass(frozen=True, slots=True)
class KeepTemplates:
    """The use case, with what it needs."""

    templates: Templates
    engine: TemplateEngine
    blobs: Blobs
    clock: Clock

    async def put(self, project: str, kind: str, source: str, subject: str) -> dict[str, Any]:
        """Store the next version; raises InvalidInput with the line where a template is broken, OverLimit."""
        _check_kind(kind, KINDS)
        if kind != HEADER:
            await compute(self.engine.check, kind, source)
        elif len(source) > _LONGEST_HEADER:
            raise OverLimit(f"A header has {_LONGEST_HEADER:,} letters at most.", limit="header")
        sha256 = await self.blobs.put(source.encode("utf-8"))
        stored = StoredTemplate(project, kind, 0, subject, timestamp(self.clock.now()), sha256)
        return _shown(await self.templates.add(stored))

    async def listed(self, project: str) -> list[dict[str, Any]]:
        """All versions of all kinds."""
        return [_shown(each) for each in await self.templates.of(project)]

    async def source(self, project: str, kind: str, version: int | None) -> str:
        """The source of a version, of the newest without a number; raises NotFound, InvalidInput."""
        _check_kind(kind, KINDS)
        stored = await self.templates.one(project, kind, version)
        return (await self.blobs.get(stored.sha256)).decode("utf-8")

    async def header(self, project: str) -> str | None:
        """What the project's notices begin with; an empty header is none."""
        try:
            return await self.source(project, HEADER, None) or None
        except NotFound:
            return None


@dataclass(frozen=True, slots=True)
class PrintByTemplate:
    """Prints a NOTICE by a template of the project that it is called after."""

    keep: KeepTemplates

    async def __call__(self, notice: Notice, kind: str, version: int | None) -> bytes:
        """The document; the same NOTICE and version give the same bytes. Raises NotFound, InvalidInput, OverLimit."""
        _check_kind(kind, KINDS[1:])
        source = await self.keep.source(notice.project, kind, version)
        return await compute(self.keep.engine.render, kind, source, notice)


def check_project(project: str, patterns: Sequence[str]) -> None:
    """Raises NotFound for a project that is none of the caller's."""
    if not any(fnmatchcase(project, pattern) for pattern in patterns):
        raise NotFound(f"There is no project {project!r}.")


def _check_kind(kind: str, known: Sequence[str]) -> None:
    if kind not in known:
        message = f"one of {', '.join(known)}"
        raise InvalidInput(f"kind: {message}", errors=(ErrorAt("kind", message),))


def _shown(template: StoredTemplate) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(template)
    return shown
