"""What the use cases need of the outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Protocol, Self

import msgspec

from obligations.domain.derive import Obligation
from obligations.domain.notice import Notice
from shared.contracts.questions import LicenseQuestion, LicenseVerdicts


class DecisionSource(Protocol):
    """Where decided components come from."""

    async def fetch(self, sha256: str) -> bytes:
        """Return an encoded `DecidedRelease`; raises Unavailable while its owner is away, NotFound."""
        ...


class LicenseJudge(Protocol):
    """Who says what the policy thinks of a licence."""

    async def judge(self, question: LicenseQuestion) -> LicenseVerdicts:
        """Return the verdicts; raises Unavailable while their owner is away."""
        ...


class Renderer(Protocol):
    """Renders a NOTICE; the same notice always gives the same bytes."""

    def __call__(self, notice: Notice) -> bytes: ...


@dataclass(frozen=True, slots=True)
class DerivationRecord:
    """What is told of the obligations and the NOTICE of one evaluation; `notices` maps formats to digests."""

    evaluation_id: str
    release_id: str
    project: str
    version: str
    revision: int
    derived_at: str
    notice_status: Literal["draft", "final"]
    notices: Mapping[str, str]
    open_points: list[str]


class Derivations(Protocol):
    """The derivations, inside one transaction."""

    async def newest_revision(self, release_id: str) -> int:
        """Return the revision that was derived last, -1 if none; the release stays locked until the end."""
        ...

    async def add(self, record: DerivationRecord, obligations: list[Obligation], current: bool) -> None:
        """Store the derivation, as the current one of its release if so."""
        ...


class UnitOfWork(Protocol):
    """One transaction over derivations and events."""

    @property
    def derivations(self) -> Derivations: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def accept(self, consumer: str, message_id: str) -> bool: ...

    async def emit(self, type_: str, subject: str, data: msgspec.Struct) -> str: ...

    async def commit(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ObligationFilter:
    """Which obligations are asked for; None means any."""

    status: str | None = None
    kind: str | None = None
    license: str | None = None
    purl: str | None = None


class DerivationReader(Protocol):
    """Stored derivations, for reading. Every method raises NotFound for what is not there."""

    async def record(self, release_id: str, evaluation_id: str | None) -> DerivationRecord: ...

    async def obligations(
        self, evaluation_id: str, wanted: ObligationFilter, after: int, limit: int
    ) -> list[dict[str, Any]]:
        """Return obligations as the API shows them, with their `position`, from the one after `after` on."""
        ...
