"""What a project prints its notices by: its header and its templates, each in numbered versions that never change."""

from dataclasses import dataclass
from typing import Final, Protocol

from obligations.domain.notice import Notice

HEADER: Final = "header"
KINDS: Final = (HEADER, "text", "markdown", "html")


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """A version of the header or of the template for a format; `sha256` is that of its source."""

    project: str
    kind: str
    version: int
    given_by: str
    given_at: str
    sha256: str


class Templates(Protocol):
    """The stored versions."""

    async def add(self, template: StoredTemplate) -> StoredTemplate:
        """Store it as the next version, whatever its number says; return it with its number."""
        ...

    async def of(self, project: str) -> list[StoredTemplate]:
        """Return all of the project, by kind and version."""
        ...

    async def one(self, project: str, kind: str, version: int | None) -> StoredTemplate:
        """Return a version, the newest without a number; raises NotFound."""
        ...


class TemplateEngine(Protocol):
    """Prints by templates."""

    def check(self, kind: str, source: str) -> None:
        """Raises InvalidInput with the line for a template that is broken or does more than print, OverLimit."""
        ...

    def render(self, kind: str, source: str, notice: Notice) -> bytes:
        """The NOTICE in this format as the template prints it; raises InvalidInput, OverLimit."""
        ...
