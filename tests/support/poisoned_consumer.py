"""`python -m tests.support.poisoned_consumer BROKER_URL PREFIX`: a service that dies of the first message, five times.

Each life is a process of its own, which a handler ends with SIGKILL as the kernel would for want of memory.
"""

import asyncio
import os
import signal
import sys

from shared.messaging.broker import TRIES, Message, Outcome, Subscription
from shared.messaging.rabbitmq import RabbitBroker
from tests.support.post_office import SHORT_DELAYS, WRITTEN


async def live(url: str, prefix: str) -> None:
    """Consume until a message comes."""

    async def deliver(_message: Message) -> Outcome:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    async def bury(message: Message, reason: str) -> None:
        raise AssertionError(f"{message.id} is buried here: {reason}")

    broker = RabbitBroker(url, prefix, SHORT_DELAYS)
    broker.subscribe(Subscription("clerk", (WRITTEN,), deliver, bury))
    await broker.start()
    await asyncio.sleep(30)


def main() -> None:
    for _ in range(TRIES):
        child = os.fork()
        if child == 0:
            asyncio.run(live(*sys.argv[1:]))
            os._exit(1)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.exit("no message came")


if __name__ == "__main__":
    main()
