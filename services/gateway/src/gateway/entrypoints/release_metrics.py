"""Shows in the metrics how long releases have been waited for."""

from datetime import datetime

from gateway.application.ports import AwaitedReleases
from gateway.domain.stages import STAGES
from shared.clock import Clock
from shared.observability import Metrics


async def measure(releases: AwaitedReleases, clock: Clock, metrics: Metrics) -> None:
    """Look once."""
    found = await releases.by_stage()
    for stage in STAGES:
        awaited = found.get(stage)
        age = (clock.now() - datetime.fromisoformat(awaited.since)).total_seconds() if awaited else 0.0
        metrics.releases_awaited.labels(stage).set(awaited.releases if awaited else 0)
        metrics.release_awaited.labels(stage).set(max(0.0, age))
