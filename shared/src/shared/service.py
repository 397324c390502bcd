"""What every service with a database and events is made of, started and stopped in the right order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

from fastapi import FastAPI

from shared.clock import Clock, NewId, SystemClock, id_source
from shared.loop_watch import watched_loop
from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer
from shared.messaging.outbox import OutboxRelay
from shared.messaging.traced import TracedBroker
from shared.messaging.unit_of_work import UnitOfWork
from shared.messaging.upkeep import Upkeep
from shared.observability import Metrics
from shared.persistence.engine import Database
from shared.tracing import Tracing
from shared.web.app import Service, create_service_app
from shared.web.traced import TracedRequests

Unit = TypeVar("Unit", bound=UnitOfWork)
Resource = AbstractAsyncContextManager[object]


class ServiceRuntime:
    """The database, the broker, the outbox relay and the metrics of one service; traces go to `traces_url`, if any."""

    def __init__(
        self, name: str, database_url: str, broker: Broker, clock: Clock | None = None, traces_url: str = ""
    ) -> None:
        self.name = name
        self.clock = clock or SystemClock()
        self.new_id: NewId = id_source(self.clock)
        self.database = Database(database_url)
        self._tracing = Tracing(name, traces_url) if traces_url else None
        self.broker: Broker = broker if self._tracing is None else TracedBroker(broker, self._tracing)
        self.metrics = Metrics(name)
        self.metrics.watch_pool("database", self.database.most_connections, self.database.connections_in_use)
        self._relay = OutboxRelay(name, self.database, self.broker, self.clock)

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
                if self._tracing is not None:
                    stack.push_async_callback(asyncio.to_thread, self._tracing.close)
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
        app = create_service_app(service, lifespan)
        if self._tracing is not None:
            app.add_middleware(TracedRequests, tracing=self._tracing)
        return app

    async def _start_messaging(self, stack: AsyncExitStack) -> None:
        await self.broker.start()
        stack.push_async_callback(self.broker.close)
        self._relay.start()
        stack.push_async_callback(self._relay.stop)
