"""Follow what the gateway archives: a release that was a mistake asks nothing of anybody."""

from collections.abc import Callable
from dataclasses import dataclass

from policy_eval.application.evaluate_release import CONSUMER
from policy_eval.application.ports import UnitOfWork
from shared.contracts.envelope import Envelope, data_of
from shared.contracts.events import ReleaseArchived


@dataclass(frozen=True, slots=True)
class FollowArchive:
    """The use case, with what it needs. An archived release is evaluated as before, so that it can come back."""

    unit_of_work: Callable[[], UnitOfWork]

    async def handle(self, envelope: Envelope) -> None:
        """Take the questions of an archived release out of the queue, or put those of one that is back into it; once."""
        event: ReleaseArchived = data_of(envelope)
        async with self.unit_of_work() as unit:
            if not await unit.accept(CONSUMER, envelope.id):
                return
            await unit.evaluations.newest_revision(event.release_id)
            await unit.evaluations.archive(event)
            await unit.commit()
