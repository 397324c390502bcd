"""Shows in the metrics how many inquiries are open, and how long the first of them is overdue."""

from datetime import datetime
from typing import get_args

from obligations.application.inquiry_ports import Inquiries
from obligations.domain.inquiries import Kind
from shared.clock import Clock
from shared.observability import Metrics


async def measure(inquiries: Inquiries, clock: Clock, metrics: Metrics) -> None:
    """Look once."""
    found = await inquiries.open()
    for kind in get_args(Kind):
        of_kind = found.get(kind)
        metrics.inquiries_open.labels(kind).set(of_kind.count if of_kind else 0)
        due_at = of_kind.due_at if of_kind else None
        overdue = (clock.now() - datetime.fromisoformat(due_at)).total_seconds() if due_at else 0.0
        metrics.inquiry_overdue.labels(kind).set(max(0.0, overdue))
