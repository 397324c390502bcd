"""Shows in the metrics how old the oldest question of each route is."""

from policy_eval.application.watch_queue import WatchQueue
from shared.observability import Metrics


async def measure(watch: WatchQueue, metrics: Metrics) -> None:
    """Look once."""
    for each in await watch():
        metrics.question_oldest.labels(each.route).set(each.age)
        metrics.question_overdue.labels(each.route).set(each.overdue)
