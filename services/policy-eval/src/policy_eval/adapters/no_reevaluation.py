"""Nobody evaluates again by itself: releases keep their verdict until somebody asks for a new one."""


class NoReevaluation:
    """`application.ports.ReevaluationRequests` that does nothing."""

    async def request(self, reason: str, *, policy: str | None = None, project: str | None = None) -> None:
        return None
