"""Releases are evaluated again when somebody asks for it."""


class NoReevaluations:
    """`application.ports.ReevaluationRequests` where nothing is evaluated again by itself."""

    async def request(self, reason: str, *, policy: str | None = None, project: str | None = None) -> None:
        return None
