"""What every service with a database and events is made of, started and stopped in the right order."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

from fastapi import FastAPI

from shared.clock import Clock, NewId, SystemClock, id_source
from shared.loop_watch import watched_loop
from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer
from shared.messaging.outbox import OutboxRelay
from shared.messaging.unit_of_work import UnitOfWork
from shared.messaging.upkeep import Upkeep
from shared.observability import Metrics
from shared.persistence.engine import Database
from shared.web.app import Service, create_service_app

Unit = TypeVar("Unit", bound=UnitOfWork)
Resource = AbstractAsyncContextManager[object]


class ServiceRuntime:
    """The database, the broker, the outbox relay and the metrics of one service."""

    def __init__(self, name: str, database_url: str, broker: Broker, clock: Clock | None = None) -> None:
        self.name = name
        self.clock = clock or SystemClock()
        self.new_id: NewId = id_source(self.clock)
        self.database = Database(database_url)
        self.broker = broker
        self.metrics = Metrics(name)
        self._relay = OutboxRelay(name, self.database, broker, self.clock, self.metrics)

    def unit_of_work(self, kind: type[Unit]) -> Callable[[], Unit]:
        """Return a function that makes units of work of that kind."""
        return lambda: kind(self.database, self.name, self.clock, self.new_id, self._relay.wake)

    def app(
        self, internal_key: str | None, consumer: Consumer[Any] | None = None, resources: tuple[Resource, ...] = ()
    ) -> FastAPI:
        """Return the service's application, whose lifespan runs the resources, the consumer and the relay.

        Without an `internal_key` the application guards itself. The consumer subscribes here already: where services
        share a broker, none publishes before all have subscribed.
        """
        if consumer is not None:
            self.broker.subscribe(consumer.subscription())

        @asynccontextmanager
        async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
            async with AsyncExitStack() as stack:
                stack.push_async_callback(self.database.close)
                await stack.enter_async_context(watched_loop(self.metrics))
                for resource in resources:
                    await stack.enter_async_context(resource)
                await stack.enter_async_context(Upkeep(self.name, self.database, self.clock, self.metrics).running())
                await self._start_messaging(stack)
                yield

        service = Service(
            self.name,
            self.clock,
            self.metrics,
            internal_key,
            ready=(self.database.check,),
            degraded=lambda: [] if self.broker.connected else ["broker"],
        )
        return create_service_app(service, lifespan)

    async def _start_messaging(self, stack: AsyncExitStack) -> None:
        await self.broker.start()
        stack.push_async_callback(self.broker.close)
        self._relay.start()
        stack.push_async_callback(self._relay.stop)
